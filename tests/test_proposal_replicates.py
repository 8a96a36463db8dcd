"""Columns that are one activity, by their titles: every way in which replicates are called."""

import numpy as np
import pytest

from degu.proposal import replicates
from degu.proposal.replicates import Parts

RNG = np.random.default_rng(0)
ACTIVITY = RNG.normal(size=50)


def noisy(titles):
    """Make columns of one activity with some noise."""
    return {title: ACTIVITY + 0.5 * RNG.normal(size=50) for title in titles}


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (["rep1", "rep2"], ""),
        (["Rep 1", "Rep 2", "Rep 3"], ""),
        (["replicate_1", "replicate_2"], ""),
        (["repA", "repB"], ""),
        (["r1", "r2"], ""),
        (["BR1", "BR2"], ""),
        (["biorep1", "biorep2"], ""),
        (["Bio_Rep_1", "Bio_Rep_2"], ""),
        (["activity_r1", "activity_r2"], "activity"),
        (["activity_rep1", "activity_rep2", "activity_rep10"], "activity"),
        (["rep1_K562", "rep2_K562"], "K562"),
        (["K562_rep1_log2", "K562_rep2_log2"], "K562_log2"),
        (["actRep1", "actRep2"], "act"),
        (["K562Rep1", "K562Rep2"], "K562"),
        (["log2(RNA/DNA) rep1", "log2(RNA/DNA) rep2"], "log2(RNA/DNA)"),
        (["activity (rep 1)", "activity (rep 2)"], "activity"),
        (["activity", "activity.1", "activity.2"], "activity"),
        (["activity.1", "activity.2"], "activity"),
        (["activity_1", "activity_2"], "activity"),
        (["act0", "act1"], "act"),
    ],
)
def test_replicates_of_one_activity(titles, name):
    assert replicates.assemble(noisy(titles)) == ([Parts(name, titles, [], None, None)], [])


def test_replicates_of_several_activities():
    titles = ["K562_rep1", "HepG2_rep1", "K562_rep2", "HepG2_rep2", "other"]
    made, _ = replicates.assemble(noisy(titles))
    assert made == [
        Parts("K562", ["K562_rep1", "K562_rep2"], [], None, None),
        Parts("HepG2", ["HepG2_rep1", "HepG2_rep2"], [], None, None),
        Parts("other", [], [], "other", None),
    ]


@pytest.mark.parametrize(
    "titles",
    [
        ["K562", "A549"],
        ["HepG2", "HepG7"],
        ["chr1", "chr3"],
        ["prior7", "other"],
        ["pc5", "pc6"],
    ],
)
def test_what_differs_otherwise_is_no_replicate(titles):
    made, _ = replicates.assemble(noisy(titles))
    assert made == [Parts(title, [], [], title, None) for title in titles]


def test_numbered_columns_that_do_not_agree_are_no_replicates():
    values = noisy(["pc1"]) | {"pc2": RNG.normal(size=50)}
    made, _ = replicates.assemble(values)
    assert [parts.title for parts in made] == ["pc1", "pc2"]
    values["pc2"][:] = np.nan
    assert len(replicates.assemble(values)[0]) == 2


def test_a_single_replicate_is_a_mean():
    made, _ = replicates.assemble(noisy(["K562_rep1"]))
    assert made == [Parts("K562", [], [], "K562_rep1", None)]


def test_means_and_deviations_belong_to_their_activity():
    titles = ["mean_K562", "sd_K562", "HepG2 avg", "HepG2 stdev", "K562", "std"]
    made, left = replicates.assemble(noisy(titles))
    assert made == [
        Parts("K562", [], [], "mean_K562", "sd_K562"),
        Parts("HepG2", [], [], "HepG2 avg", "HepG2 stdev"),
        Parts("K562", [], [], "K562", None),
    ]
    assert left == ["std"]
    titles = ["K562_rep1", "K562_rep2", "K562_mean", "K562_std"]
    made, _ = replicates.assemble(noisy(titles))
    assert made == [Parts("K562", titles[:2], [], "K562_mean", "K562_std")]
    made, _ = replicates.assemble(noisy(["log2FC", "sd"]))
    assert made == [Parts("log2FC", [], [], "log2FC", "sd")]


def test_bins_are_whole_numbers_in_the_order_of_their_own():
    reads = {f"bin{number}": RNG.integers(0, 9, 50).astype(float) for number in (2, 0, 1, 10)}
    made, _ = replicates.assemble(reads)
    assert made == [Parts("bin", [], ["bin0", "bin1", "bin2", "bin10"], None, None)]
    made, _ = replicates.assemble({title: column + 0.5 for title, column in reads.items()})
    assert not any(parts.bins for parts in made)
