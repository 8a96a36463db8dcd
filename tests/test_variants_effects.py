"""Deviations of effects, signs, intervals and calls by hand."""

import numpy as np

from degu.heads import Heads
from degu.variants import effects

# Mean, epistemic, and three heads of teachers.
HEADS = Heads.of(["y"]).with_members(3)
REF = np.array([[1.0, 3, 0, 1, 2], [0, 1, 0, 0, 0]])
ALT = np.array([[3.0, 4, 3, 3, 3], [0, 1, -1, -1, 2]])


def test_deviations_are_paired_where_there_are_heads_of_teachers():
    found = effects.deviations(HEADS, REF, ALT, "y")
    # Effects 3, 2, 1 and -1, -1, 2.
    np.testing.assert_allclose(found["paired"], [np.sqrt(2 / 3), np.sqrt(2)])
    np.testing.assert_allclose(found["epistemic"], [5, np.sqrt(2)])
    assert effects.preferred(found) == "paired"
    plain = effects.deviations(Heads.of(["y"], "epistemic"), REF[:, :2], ALT[:, :2], "y")
    assert list(plain) == ["epistemic"] and effects.preferred(plain) == "epistemic"
    assert effects.preferred({"aleatoric": 0, "total": 0}) == "total"
    assert effects.preferred({}) is None


def test_what_all_teachers_share_and_what_differs_by_sequence_cancels():
    shifted = REF + np.array([0, 0, 10, -7, 4]), ALT + np.array([0, 0, 10, -7, 4])
    paired = effects.deviations(HEADS, *shifted, "y")["paired"]
    np.testing.assert_allclose(paired, effects.deviations(HEADS, REF, ALT, "y")["paired"])


def test_agreement_of_signs():
    alt = ALT.copy()
    alt[1, 2:] = -1, -1, 1
    np.testing.assert_allclose(effects.sign_agreement(HEADS, REF, alt, "y"), [1, 2 / 3])
    plain = Heads.of(["y"], "epistemic")
    assert np.isnan(effects.sign_agreement(plain, REF[:, :2], ALT[:, :2], "y")).all()
