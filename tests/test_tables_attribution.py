"""Tables of attribution maps of small runs, all numbers by hand."""

import math

import numpy as np
import pandas as pd
import pytest

import compare_attributions
from degu import bootstrap, maps, metrics
from degu.consistency import compare, consistency
from degu.heads import Heads
from degu.job import InputError
from degu.sequences import encode
from degu.tables import attribution as tables

CODES = encode(["AT", "GN"])
NAMES = np.array(["wild type", "s1"])
METRICS = ["rmse", "rmse_others", "spread"]
METRICS += [f"normalised_{metric}" for metric in METRICS]


KINDS = Heads.of(["y"], "epistemic").kinds


def made(scores, asked=0, codes=CODES, **more):
    """Make maps of heads from their scores."""
    return {
        head: maps.Maps(KINDS[head], NAMES, codes, asked, np.asarray(values, np.float32), **more)
        for head, values in scores.items()
    }


@pytest.fixture
def teachers():
    """Two members; the map of one base is its position and member, or ten times that."""
    scores = np.zeros((2, 2, 2, 4))
    scores[0, 0, :, 0], scores[1, 0, :, 0] = 1, 3
    scores[:, 1] = [[[10.0, 0, 0, 0], [0, 0, 0, 0]], [[30, 0, 0, 0], [0, 0, 0, 0]]]
    return made({"y": scores})


@pytest.fixture
def student():
    """One member with a head that its teachers do not have."""
    scores = np.zeros((1, 2, 2, 4))
    return made({"y": scores, "y_epistemic": scores})


def values(table, head, metric):
    rows = table[(table["output"] == head) & (table["metric"] == metric)]
    return rows["value"].tolist()


def test_contributions_of_a_member_and_of_the_mean():
    scores = np.arange(32).reshape(2, 2, 2, 4)
    run = made({"y": scores}, asked=2)
    table = tables.contributions(run, "ism")
    columns = [
        "method",
        "member",
        "output",
        "kind",
        "name",
        "position",
        "base",
        "score",
        "std",
        "z",
    ]
    assert table.columns.tolist() == columns
    known = table[table["member"] == "0"]
    assert known.iloc[:, :8].values.tolist() == [
        ["ism", "0", "y", "activity", "wild type", 0, "A", 0],
        ["ism", "0", "y", "activity", "wild type", 1, "T", 7],
        ["ism", "0", "y", "activity", "s1", 0, "G", 10],
        ["ism", "0", "y", "activity", "s1", 1, "N", 0],
    ]
    assert known[["std", "z"]].isna().all(axis=None)
    mean = table[table["member"] == "ensemble"]
    # Two members that lie 16 apart: deviations are 16 / sqrt(2), ddof 1.
    std = 8 * math.sqrt(2)
    expected = [[8, std, 8 / std], [15, std, 15 / std], [18, std, 18 / std], [0, 0, 0]]
    np.testing.assert_allclose(mean[["score", "std", "z"]], expected, rtol=1e-12)


def test_where_nothing_is_asked_for_the_first_sequence_is_shown(student):
    table = tables.contributions(student, "ism")
    assert table["name"].unique().tolist() == ["wild type"]
    assert table["member"].unique().tolist() == ["0"]  # one member has no error bars


def test_consistency_of_teachers(teachers):
    table = tables.measure(teachers, teachers, "ism")
    columns = ["method", "member", "output", "kind", "name", "metric", "value"]
    assert table.columns.tolist() == columns
    # Differences to the average: 1 at two of eight scores, 10 at one of eight.
    rmse = (math.sqrt(2 / 8) + math.sqrt(100 / 8)) / 2
    assert values(table, "y", "rmse") == pytest.approx([rmse, rmse])
    # Each is one of two maps in the average: twice as far from the other.
    assert values(table, "y", "rmse_others") == pytest.approx([2 * rmse, 2 * rmse])
    assert values(table, "y", "spread") == pytest.approx([2, math.sqrt(200)])
    assert (
        values(table, "y", "normalised_rmse") == values(table, "y", "normalised_spread") == [0, 0]
    )
    rows = table.set_index("metric")
    assert rows.loc["rmse", "member"].tolist() == ["0", "1"]
    assert rows.loc["rmse", "name"].isna().all()
    assert rows.loc["spread", "name"].tolist() == NAMES.tolist()
    assert rows.loc["spread", "member"].isna().all()


def test_a_student_is_held_against_its_teachers_average(student, teachers):
    table = tables.measure(student, teachers, "ism")
    # The average is 2 at two of eight scores, then 20 at one of eight.
    assert values(table, "y", "rmse") == pytest.approx([(1 + math.sqrt(50)) / 2])
    assert values(table, "y", "rmse_others") == values(table, "y", "rmse")
    # Normalised: 1 at two, and at one.
    expected = (math.sqrt(2 / 8) + math.sqrt(1 / 8)) / 2
    assert values(table, "y", "normalised_rmse") == pytest.approx([expected])
    assert values(table, "y_epistemic", "rmse") == []
    assert np.isnan(values(table, "y_epistemic", "spread")).all()


def test_sequences_that_were_asked_for_do_not_count():
    scores = np.zeros((2, 2, 2, 4))
    scores[1, 0], scores[1, 1, 0, 0] = 100, 2
    run = made({"y": scores}, asked=1)
    table = tables.measure(run, run, "ism")
    assert values(table, "y", "spread") == pytest.approx([math.sqrt(2)])
    assert values(table, "y", "rmse") == pytest.approx([math.sqrt(1 / 8)] * 2)


def test_the_largest_completeness_error_of_each_member_is_shown():
    scores = np.zeros((2, 2, 2, 4))
    errors = np.array([[[1, -3, 2], [0, 0, 0]], [[0, 0, 0], [0, 4, -1]]]) / 1e6
    more = {"hypothetical": scores, "errors": errors}
    run = made({"y": scores}, **more)
    table = tables.measure(run, run, "ism")
    assert values(table, "y", "completeness_error") == pytest.approx([3e-6, 4e-6])


def test_students_are_compared_with_their_teachers(teachers):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(3, 2, 2, 4)).astype(np.float32)
    run = made({"y": scores, "y_epistemic": scores})
    table = tables.tests(run, teachers, "saliency")
    assert table.columns.tolist() == tables.TEST
    assert set(table["output"]) == {"y"} and set(table["method"]) == {"saliency"}
    assert table["metric"].tolist() == METRICS
    of_teachers = teachers["y"].scores
    average = of_teachers.mean(axis=0)
    expected = compare(consistency(scores, average), consistency(of_teachers, average, 2))
    shown = ["students", "teachers", "n_students", "n_teachers", "t", "p"]
    np.testing.assert_allclose(table[shown].iloc[:3], expected[shown])


def test_heads_that_teachers_lack_are_not_compared(student, teachers):
    table = tables.tests({"y_epistemic": student["y_epistemic"]}, teachers, "saliency")
    assert table.empty and table.columns.tolist() == tables.TEST


def test_all_students_of_a_data_set_are_compared(tmp_path, teachers, student):
    """Recipe, fraction and method stand in the path of a file; teachers are no rows."""
    paths = [tmp_path / f"{name}/0.5/saliency.h5" for name in ("standard", "degu")]
    for path, run in zip(paths, (teachers, student), strict=True):
        maps.write(path, run)
    compare_attributions.main([str(paths[1])], [str(paths[0])], tmp_path / "tests.tsv")
    table = pd.read_table(tmp_path / "tests.tsv")
    assert table.columns.tolist() == ["recipe", "fraction", *tables.TEST, "p_holm"]
    labels = table[["recipe", "fraction", "method", "output", "kind"]].drop_duplicates()
    assert labels.values.tolist() == [["degu", 0.5, "saliency", "y", "activity"]]
    assert table["metric"].tolist() == METRICS
    # All tests of the data set are one family.
    np.testing.assert_allclose(table["p_holm"], metrics.holm(table["p"].to_numpy()))
    assert (table["n_students"] == [1, 1, 2, 1, 1, 2]).all() and (table["n_teachers"] == 2).all()


def test_a_data_set_whose_students_share_no_head_has_no_tests(tmp_path, teachers):
    maps.write(tmp_path / "degu/0.5/ism.h5", {})
    maps.write(tmp_path / "standard/0.5/ism.h5", teachers)
    both = [str(tmp_path / name / "0.5/ism.h5") for name in ("degu", "standard")]
    compare_attributions.main(both[:1], both[1:], tmp_path / "tests.tsv")
    columns = ["recipe", "fraction", *tables.TEST, "p_holm"]
    assert (tmp_path / "tests.tsv").read_text() == "\t".join(columns) + "\n"


def test_a_run_without_the_heads_has_no_rows(teachers):
    run = made({})
    for table in (
        tables.contributions(run, "ism"),
        tables.measure(run, run, "ism"),
        tables.tests(run, teachers, "saliency"),
    ):
        assert table.empty and "output" in table.columns


def test_maps_of_other_sequences_are_refused(teachers):
    codes = encode(["AT", "GC"])
    run = made({"y": np.zeros((1, 2, 2, 4))}, codes=codes)
    with pytest.raises(InputError, match="other sequences than those of the teachers"):
        tables.measure(run, teachers, "ism")


def test_each_pair_of_methods_agrees_by_member_and_head():
    rng = np.random.default_rng(0)
    names, codes = np.array([f"s{row}" for row in range(9)]), np.zeros((9, 5), np.uint8)
    heads = {"y": "activity", "y_epistemic": "epistemic"}
    scores = {m: rng.normal(size=(2, 2, 9, 5, 4)) for m in ("ism", "tism", "saliency")}
    run = {
        method: {
            head: maps.Maps(heads[head], names, codes, 1, of)
            for head, of in zip(heads, values, strict=True)
        }
        for method, values in scores.items()
    }
    run["tism"]["y"].scores[1, 3] = 0  # of this sequence nothing is known
    more = {"hypothetical": rng.normal(size=(2, 9, 5, 4)), "errors": np.zeros((2, 9, 1))}
    run["saliency"]["y"] = run["saliency"]["y"]._replace(**more)
    table = tables.agreement(run, resamples=200, seed=3)
    assert table.columns.tolist() == tables.AGREEMENT
    pairs = [("ism", "tism"), ("ism", "saliency"), ("tism", "saliency")]
    expected = [
        (*pair, str(member), head, metric)
        for pair in pairs
        for head in heads
        for metric in ("pearson", "pearson_contributions")
        for member in range(2)
    ]
    columns = ["method", "other", "member", "output", "metric"]
    assert list(table[columns].itertuples(index=False, name=None)) == expected
    assert table["kind"].tolist() == table["output"].map(heads).tolist()
    for row in table.itertuples():
        both = [run[name][row.output] for name in (row.method, row.other)]
        if row.metric == "pearson":
            both = [some.scores for some in both]
        else:
            # Base A stands everywhere; methods with references have hypothetical scores of it.
            both = [(some.scores if some.hypothetical is None else some.hypothetical)[..., 0]
                    for some in both]  # fmt: skip
        known = [
            np.corrcoef(x.ravel(), y.ravel())[0, 1]
            for x, y in zip(*(some[int(row.member), 1:] for some in both), strict=True)
            if x.any() and y.any()
        ]
        zeros = "tism" in (row.method, row.other) and (row.output, row.member) == ("y", "1")
        assert row.n == len(known) == 8 - zeros
        assert row.value == pytest.approx(np.mean(known))
        bounds = bootstrap.intervals_of_means(np.array(known)[:, None], 200, 3)[:, 0]
        assert [row.low, row.high] == pytest.approx(list(bounds))
        assert row.low < row.value < row.high


def test_a_single_method_agrees_with_none_and_zeros_have_no_number(student):
    assert tables.agreement({"ism": student}, 100, 0).columns.tolist() == tables.AGREEMENT
    assert tables.agreement({"ism": student}, 100, 0).empty
    table = tables.agreement({"ism": student, "tism": student}, 100, 0)
    assert table["n"].tolist() == [0] * 4
    assert table[["value", "low", "high"]].isna().all(axis=None)
