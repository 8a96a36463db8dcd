"""Intervals of effects with a locus left out, which cover planted effects as often as they say."""

import numpy as np
import pandas as pd
import pytest

from degu.heads import Heads
from degu.variants import calibrated
from degu.variants.scored import Scored

PAIRED = Heads.of(["y"]).with_members(5)


def made(loci, heads=PAIRED, members=1):
    """Variants of loci, {name: (chrom, positions)}, without effects; all are measured."""
    frame = pd.concat(
        pd.DataFrame({"locus": name, "chrom": chrom, "pos": positions})
        for name, (chrom, positions) in loci.items()
    )
    frame = frame.assign(ref="A", alt="C", value=0.0).reset_index(drop=True)
    zeros = np.zeros((members, len(frame), len(heads)), np.float32)
    return Scored(frame, heads, zeros, zeros.copy())


def test_loci_that_overlap_are_left_out_together():
    scored = made(
        {
            "A": ("chr1", [10, 20]),
            "B": ("chr1", [30, 40]),
            "A2": ("chr1", [18, 31]),
            "C": ("chr2", [10, 20]),
            "B2": ("chr1", [40, 50]),
            "D": ("chr1", [51, 60]),
        }
    )
    scored.table.loc[0, "value"] = np.nan
    locus, together = calibrated.loci(scored)
    assert locus.tolist() == [*"ABB", "A2", "A2", *"CC", "B2", "B2", *"DD"]
    assert dict(zip(locus, together, strict=True)) == {
        **dict.fromkeys(["A", "B", "A2", "B2"], "A+A2+B+B2"),
        "C": "C",
        "D": "D",
    }


def test_estimates_of_a_student_of_members_and_of_teachers():
    scored = made({"A": ("chr1", [10, 10, 12]), "B": ("chr1", [12, 30, 40])})
    scored.table["value"] = [1.0, 2, np.nan, 4, 5, 6]
    scored.alt[0, :, 0] = np.arange(6)
    scored.alt[0, :, 1] = 3
    scored.ref[0, :, 1] = 4
    scored.alt[0, :, 2:] = np.array([0, 0, 1, 2, 2])
    found = {one.kind: one for one in calibrated.estimates(scored)}
    assert list(found) == ["paired", "epistemic"]
    assert found["paired"].truth.tolist() == [1, 2, 4, 5, 6]
    assert found["paired"].mean.tolist() == [0, 1, 3, 4, 5]
    # Positions are units, also of two experiments.
    assert found["paired"].units.tolist() == [0, 0, 1, 2, 3]
    np.testing.assert_allclose(found["paired"].std, np.sqrt(0.8), rtol=1e-6)
    assert found["epistemic"].std.tolist() == [5] * 5
    teachers = made({"A": ("chr1", [10])}, Heads.of(["y"]), members=2)
    teachers.alt[:, 0, 0] = 1, 3
    (one,) = calibrated.estimates(teachers)
    assert (one.member, one.kind, one.mean.tolist(), one.std.tolist()) == (
        *("ensemble", "ensemble", [2], [1]),
    )


def test_each_locus_is_calibrated_on_the_others():
    scored = made({name: (name, range(1, 11)) for name in ("c1", "c2", "c3")})
    scored.table["value"] = np.repeat([1.0, 2, 3], 10)
    (one,) = [one for one in calibrated.estimates(scored) if one.kind == "epistemic"]
    one = one._replace(std=np.ones(30))
    _, groups = calibrated.loci(scored)
    found = calibrated.leave_one_out(one, groups, [0.5], smallest_std=1e-3, score="plain")
    # Rank 10.5 of 20 scores is the eleventh.
    assert {name: of.factors[0.5] for name, of in found.items()} == {
        "c1": [3], "c2": [3], "c3": [2],
    }  # fmt: skip
    assert calibrated.leave_one_out(one, np.array(["c1"] * 30), [0.5], smallest_std=1) == {}


def world(seed, loci=60, positions=40):
    """Planted effects of three alternatives a position, and teachers that are wrong together.

    Errors that all teachers share, which their spread does not tell, are as large as those that
    it does; loci differ in how wrong teachers are. Teachers disagree about a sequence more than
    about its changes.
    """
    rng = np.random.default_rng(seed)
    places = {f"l{n}": (f"chr{n}", np.repeat(np.arange(1, positions + 1), 3)) for n in range(loci)}
    scored = made(places)
    n = len(scored.table)
    effect = rng.standard_t(3, n) * 0.3
    hard = np.exp(rng.normal(0, 0.3, loci)).repeat(3 * positions) * np.exp(rng.normal(0, 0.5, n))
    own = rng.normal(0, 0.2, (5, n)) * hard
    shared = rng.normal(0, 0.2, n) * hard
    level = rng.normal(0, 1, n) + rng.normal(0, 0.6, (5, n))
    heads = level + effect + shared + own
    scored.table["value"] = effect + rng.normal(0, 0.1, n)
    scored.ref[0, :, 2:] = level.T
    scored.alt[0, :, 2:] = heads.T
    for allele in (scored.ref, scored.alt):
        allele[..., 0] = allele[..., 2:].mean(axis=-1)
        allele[..., 1] = allele[..., 2:].std(axis=-1)
    return scored


def coverage(scored):
    """Mean over loci of the coverage by intervals of 90 % that the other loci calibrate."""
    one = next(one for one in calibrated.estimates(scored) if one.kind == "paired")
    locus, groups = calibrated.loci(scored)
    factors = calibrated.leave_one_out(one, groups, [0.9], smallest_std=1e-3)
    half = np.empty(len(locus))
    for name, found in factors.items():
        rows = groups == name
        half[rows] = found.half_width(one.mean[rows], one.std[rows], 0.9)
    covered = np.abs(one.truth - one.mean) <= half
    return np.array([covered[locus == name].mean() for name in pd.unique(locus)])


def test_intervals_of_planted_worlds_cover_as_often_as_they_say():
    """Twenty worlds of sixty loci; Gaussian intervals of the same deviations cover far less."""
    covered = [coverage(world(seed)) for seed in range(20)]
    assert all(len(one) == 60 for one in covered)
    means = np.array([one.mean() for one in covered])
    assert 0.88 <= means.mean() <= 0.92
    assert ((means >= 0.88) & (means <= 0.92)).all()
    one = next(one for one in calibrated.estimates(world(0)) if one.kind == "paired")
    assert (np.abs(one.truth - one.mean) <= 1.645 * one.std).mean() < 0.8


@pytest.mark.parametrize("seed", range(3))
def test_paired_deviations_rank_errors_of_planted_worlds_better_than_root_sums(seed):
    found = {one.kind: one for one in calibrated.estimates(world(seed))}
    rho = {
        kind: pd.Series(np.abs(one.truth - one.mean)).corr(pd.Series(one.std), method="spearman")
        for kind, one in found.items()
    }
    assert rho["paired"] > rho["epistemic"] + 0.1
    assert (found["epistemic"].std / found["paired"].std).mean() > 3
