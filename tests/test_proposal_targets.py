"""Activities among columns of numbers, their units and names; columns that are none are told."""

import numpy as np
import pandas as pd
import pytest

from degu.job import InputError
from degu.proposal import targets

RNG = np.random.default_rng(0)
ROWS = 50
LETTERS = ["".join(RNG.choice(list("ACGTacgt"), 20 + row % 3)) for row in range(ROWS)]
SEQUENCES = pd.Series(LETTERS, index=range(2, ROWS + 2))
RICH = np.array([sum(letter in "GCgc" for letter in one) for one in LETTERS])
LENGTHS = np.array([len(one) for one in LETTERS])


def find(**values):
    """Find activities among columns, written with three decimals; None is an empty cell."""
    frame = pd.DataFrame(
        {
            title.replace("__", " "): ["" if v is None else f"{v:.3f}" for v in column]
            for title, column in values.items()
        },
        index=SEQUENCES.index,
    )
    return targets.find(frame, list(frame), SEQUENCES, "t.tsv")


def noise():
    """Draw some numbers."""
    return list(RNG.normal(size=ROWS))


def few(known):
    """Draw positive numbers, in the first rows alone."""
    return [*RNG.random(known) + 0.1, *[None] * (ROWS - known)]


def hows(found):
    """How each activity is measured, by its name."""
    return {target.name: target.how for target in found.targets}


def test_activities_are_called_so_and_other_numbers_are_told():
    found = find(start=noise(), activity=noise(), age=noise(), padj=noise(), n_barcodes=noise())
    assert hows(found) == {"activity": {"mean": "activity"}}
    assert found.undecided == ["age"]
    assert found.others == {"start": "a place", "padj": "a test", "n_barcodes": "a count"}
    found = find(y=noise(), y_pred=noise(), cluster=noise())
    assert found.others == {"y_pred": "a prediction", "cluster": "a group"}


def test_columns_that_no_title_tells_are_all_activities():
    found = find(K562=noise(), HepG2=noise(), length=noise())
    assert hows(found) == {"K562": {"mean": "K562"}, "HepG2": {"mean": "HepG2"}}
    assert found.undecided == []
    assert found.others == {"length": "a length or composition"}


@pytest.mark.parametrize(
    ("column", "what"),
    [
        (LENGTHS, "a length or composition"),
        (RICH, "a length or composition"),
        (np.round(RICH / LENGTHS, 2), "a length or composition"),
        (100 * RICH / LENGTHS, "a length or composition"),
        (np.arange(ROWS) + 7, "a number of the row"),
        (np.full(ROWS, 3), "one value in all rows"),
        (np.arange(ROWS) % 2, "0 and 1 only"),
    ],
)
def test_columns_that_follow_from_others_are_no_activities(column, what):
    found = find(x=column, K562=noise())
    assert found.others == {"x": what} and hows(found) == {"K562": {"mean": "K562"}}


def test_an_activity_may_be_the_content_of_g_and_c():
    assert hows(find(activity=RICH / LENGTHS)) == {"activity": {"mean": "activity"}}


def test_counts_are_no_activities_but_their_ratios_are():
    found = find(dna_rep1=noise(), dna_rep2=noise(), rna_rep1=noise(), log2_rna_dna=noise())
    assert hows(found) == {"log2_rna_dna": {"mean": "log2_rna_dna"}}
    assert found.others == dict.fromkeys(["dna_rep1", "dna_rep2", "rna_rep1"], "a count")
    with pytest.raises(InputError, match=r"^t\.tsv has no column of measurements.* dna_rep1 \(a c"):
        find(dna_rep1=noise(), rna_rep1=noise())


def test_replicates_leave_their_summaries_out():
    first, second = np.array(noise()), np.array(noise())
    mean, std = (first + second) / 2, np.abs(first - second) / np.sqrt(2)
    found = find(rep1=first, rep2=second, mean=mean, std=std, log2FC=mean)
    assert hows(found) == {"activity": {"replicates": ["rep1", "rep2"]}}
    assert found.others == dict.fromkeys(["mean", "std", "log2FC"], "a summary of the replicates")


def test_rows_are_counted_in_which_an_activity_is_measured():
    first, second = noise(), noise()
    first[:10], second[5:20] = [None] * 10, [None] * 15
    (target,) = find(rep1=first, rep2=second).targets
    assert (target.measured, target.deviating) == (45, 30)
    assert target.notes == ["2 replicates"]
    (target,) = find(y=first).targets
    assert (target.measured, target.deviating) == (40, 0)


def test_deviations_of_few_rows_are_left_out():
    found = find(mean=noise(), std=few(25))
    assert hows(found) == {"activity": {"mean": "mean", "std": "std"}}
    assert found.targets[0].deviating == 25
    found = find(mean=noise(), std=few(24))
    assert hows(found) == {"activity": {"mean": "mean"}}
    assert found.others == {"std": "a deviation that only 24 rows have"}


def test_what_is_known_of_hardly_any_row_is_left_out():
    found = find(activity=noise(), other_activity=few(9), K562_mean=noise(), K562_sd=[0.1] * ROWS)
    assert hows(found) == {"activity": {"mean": "activity"}, "K562": {"mean": "K562_mean"}}
    assert found.others == {
        "other_activity": "measured in 9 rows alone",
        "K562_sd": "one value in all rows",
    }
    assert len(find(activity=noise(), other_activity=few(10)).targets) == 2


def test_standard_errors_are_no_deviations():
    found = find(log2FC=noise(), lfcSE=few(50), K562_sem=few(50), sd_x=few(50), z=noise())
    assert hows(found) == {"log2FC": {"mean": "log2FC"}}
    assert found.others == {
        "lfcSE": "a standard error or bound",
        "K562_sem": "a standard error or bound",
        "sd_x": "a standard deviation, of which activity is not told",
    }
    assert found.undecided == ["z"]


def test_reads_in_bins():
    reads = {f"ct_{number}": RNG.integers(0, 2, ROWS) for number in range(4)}
    (target,) = find(**reads).targets
    assert (target.name, target.how) == ("activity", {"bins": list(reads)})
    assert target.unit == "mean bin"


@pytest.mark.parametrize(
    "title",
    ["log2FoldChange", "fold_change", "tss_activity", "no_drug_expression", "n_ratio", "RNA/DNA"],
)
def test_titles_that_say_activity_are_activities_whatever_else_they_say(title):
    assert [target.how for target in find(**{title: noise()}).targets] == [{"mean": title}]


@pytest.mark.parametrize("title", ["activity_se", "log2FC_pvalue", "activity_predicted"])
def test_what_is_told_of_activities_is_none(title):
    assert list(find(**{title: noise(), "K562": noise()}).others) == [title]


@pytest.mark.parametrize(
    ("title", "name", "unit"),
    [
        ("log2FoldChange", "log2FoldChange", "log2 fold change"),
        ("K562_log2FC", "K562_log2FC", "log2 fold change"),
        ("log2(RNA/DNA)", "log2_RNA_DNA", "log2(RNA/DNA)"),
        ("activity (log2 RNA/DNA)", "activity", "log2 RNA/DNA"),
        ("Activity [RLU]", "Activity", "RLU"),
        ("Dev_log2_enrichment", "Dev_log2_enrichment", "log2 enrichment"),
        ("log10 ratio", "log10_ratio", "log10 ratio"),
        ("log expression", "log_expression", "log"),
        ("score é", "score", ""),
        ("activity_aleatoric", "activity", ""),
        ("mean", "activity", ""),
        ("y" * 70, "y" * 60, ""),
    ],
)
def test_names_and_units(title, name, unit):
    (target,) = find(**{title: noise()}).targets
    assert (target.name, target.unit) == (name, unit)


def test_names_differ():
    found = find(**{"act.a": noise(), "act a": noise(), "ACT A": noise()})
    assert list(hows(found)) == ["act_a", "act_a_2", "ACT_A_3"]
