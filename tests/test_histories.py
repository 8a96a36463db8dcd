"""Histories of trainings that were long enough, and of those that were not, by hand."""

import numpy as np
import pandas as pd
import pytest

from degu import histories

EARLY, STEADY = "the budget ended before patience", "the rate never decayed"
GAINED = "the second half of the budget still gained"


def history(losses, rates=0.1, waited=0, stage=1):
    """Write a history, of which columns may be one value."""
    columns = {"learning_rate": rates, "waited": waited, "stage": stage}
    return pd.DataFrame({"validation_loss": losses}).assign(**columns)


FLAT = [3.0, 2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("made", "ended", "reason"),
    [
        # Patience of two epochs ran out behind a decay.
        (history(FLAT, [0.1, 0.1, 0.1, 0.01], [0, 0, 1, 2]), "patience", ""),
        (history(FLAT, 0.1, [0, 0, 1, 2]), "patience", STEADY),
        (history(FLAT, [0.1, 0.1, 0.1, 0.01], [0, 0, 1, 1]), "budget", EARLY),
        (history([4.0, 3.0, 2.0, 1.0]), "budget", f"{EARLY} and {STEADY}"),
        (history([4.0]), "budget", f"{EARLY} and {STEADY}"),
        # Finetuning has a lower rate; each stage must come to its end.
        (history(FLAT, [0.1, 0.1, 0.01, 0.01], [1, 2, 1, 2], [1, 1, 2, 2]), "patience", ""),
        (history(FLAT, [0.1, 0.1, 0.01, 0.01], [0, 1, 1, 2], [1, 1, 2, 2]), "patience", EARLY),
        (history(FLAT, [0.1, 0.1, 0.01, 0.01], [1, 2, 0, 1], [1, 1, 2, 2]), "budget", EARLY),
    ],
)
def test_plateaus_by_hand(made, ended, reason):
    assert histories.stopped_by(made, "plateau", 2) == ended
    assert histories.undertrained(made, "plateau", 2) == reason


@pytest.mark.parametrize(
    ("losses", "too_short"),
    [
        # Changes of -.2, -.2, -.2 have no spread: the half epochs gain .6 without noise.
        ([1.2, 1.0, 0.8, 0.6, 0.4, 0.2], True),
        # Changes of 0, -.2, -.2: a standard deviation of sqrt(2) / 15, so that .1333 is noise.
        ([1.2, 0.74, 1.0, 1.0, 0.8, 0.6], True),
        ([1.2, 0.73, 1.0, 1.0, 0.8, 0.6], False),
        ([1.2, 0.5, 0.9, 0.8, 0.7, 0.6], False),
        ([1.2], True),
        ([1.2, 1.1], True),
        ([1.1, 1.2], False),
    ],
)
def test_cosines_by_hand(losses, too_short):
    made = history(losses, np.geomspace(0.1, 0.001, len(losses)))
    assert histories.undertrained(made, "cosine", 2) == (GAINED if too_short else "")
    assert histories.stopped_by(made, "cosine", 0) == "budget"


def test_each_stage_of_a_cosine_is_judged():
    rose, fell = [1.0, 1.1, 1.2, 1.3], [1.0, 0.9, 0.8, 0.7]
    for losses, reason in [(rose + fell, GAINED), (fell + rose, GAINED), (rose + rose, "")]:
        made = history(losses, stage=[1] * 4 + [2] * 4)
        assert histories.undertrained(made, "cosine", 2) == reason
