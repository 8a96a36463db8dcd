"""The paper's numbers beside ours, on small tables by hand."""

import numpy as np
import pandas as pd
import pytest

import compare_paper
from degu.tables import comparison
from degu.tables.comparison import Group, Measured, Study

STARR = Study("flies", ["a", "b"], "standard", "degu")
MPRA = Study("cells", ["y"], "aleatoric", "degu_aleatoric")


def long(columns, *rows):
    """Make a table whose labels are text."""
    table = pd.DataFrame(rows, columns=columns.split())
    labels = [name for name in comparison.LABELS if name in table and table[name].notna().all()]
    return table.astype(dict.fromkeys(labels, str))


RUN = "dataset recipe fraction member output metric value"
PERFORMANCE = long(
    RUN,
    ("flies", "standard", 0.5, 0, "a", "pearson", 0.1),
    ("flies", "standard", 1.0, 0, "a", "pearson", 0.4),
    ("flies", "standard", 1.0, 1, "a", "pearson", 0.5),
    ("flies", "standard", 1.0, "ensemble", "a", "pearson", 0.6),
    ("flies", "standard", 1.0, 0, "a", "mse", 9.0),
    ("flies", "degu", 1.0, 0, "a", "pearson", 0.3),
    ("flies", "degu", 1.0, 1, "a", "pearson", 0.2),
    ("flies", "degu", 1.0, 2, "a", "pearson", 0.4),
    ("flies", "degu", 1.0, 0, "a_epistemic", "pearson", 0.9),
    ("flies", "constant", 1.0, 0, "a", "pearson", np.nan),
    ("flies", "constant", 1.0, 1, "a", "pearson", 0.9),
    ("cells", "aleatoric", 1.0, 0, "y", "pearson", 0.7),
)
CONSISTENCY = long(
    "dataset recipe fraction method member output name metric value",
    ("cells", "aleatoric", 1.0, "saliency", np.nan, "y", "s1", "spread", 2.0),
    ("cells", "aleatoric", 1.0, "saliency", np.nan, "y", "s2", "spread", 4.0),
    ("cells", "aleatoric", 1.0, "saliency", np.nan, "y", "s3", "spread", 6.0),
    ("cells", "aleatoric", 1.0, "deepshap", np.nan, "y", "s3", "spread", 99.0),
)
VARIANTS = long(
    "variants dataset recipe fraction locus member output certainty share metric value",
    ("sites", "cells", "aleatoric", 1.0, "P", 0, "y", "own", 1.0, "pearson", 0.2),
    ("sites", "cells", "aleatoric", 1.0, "Q", 0, "y", "own", 1.0, "pearson", 0.4),
    ("sites", "cells", "aleatoric", 1.0, "P", 0, "y", "own", 0.25, "pearson", 0.8),
    ("sites", "cells", "aleatoric", 1.0, "P", 0, "y", "degu", 1.0, "pearson", 9.0),
    ("other", "cells", "aleatoric", 1.0, "R", 0, "y", "own", 1.0, "pearson", 9.0),
)
TABLES = {
    "performance": PERFORMANCE,
    "attribution_consistency": CONSISTENCY,
    "variants": VARIANTS,
}
MEASURED = Measured(TABLES, {"starrseq": STARR, "k562": MPRA}, "sites")


def paper(*rows):
    """Make rows of the paper: role, output, condition, metric, models, value, direction, than."""
    names = ["role", "output", "condition", "metric", "models", "value", "direction", "than"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(figure="9", fraction="1.0", than_condition="", source="table", note="")


@pytest.mark.parametrize(
    "models, recipes",
    [
        ("standard", ("standard", "aleatoric")),
        ("ensemble", ("standard", "aleatoric")),
        ("distilled", ("degu", "degu_aleatoric")),
        ("distilled_dynamic_shuffle", ("degu_dynamic_shuffle", "degu_aleatoric_dynamic_shuffle")),
        ("evoaug ensemble", ("evoaug", "evoaug")),
        ("degu_heteroscedastic", ("degu_heteroscedastic", "degu_heteroscedastic")),
    ],
)
def test_models_of_the_paper_are_recipes_of_a_data_set(models, recipes):
    assert (STARR.recipe(models), MPRA.recipe(models)) == recipes


def test_outputs_of_the_paper_are_heads_in_the_order_of_the_data_set():
    assert [STARR.head("starrseq", name) for name in ("Dev", "Hk_epistemic")] == [
        "a",
        "b_epistemic",
    ]
    assert MPRA.head("k562", "activity_aleatoric") == "y_aleatoric"
    assert MPRA.head("starrseq", "Hk") is None


def test_means_are_over_members_and_an_ensemble_is_one_value():
    assert MEASURED.mean("starrseq", "Dev", Group("standard")) == (pytest.approx(0.45), 2)
    assert MEASURED.mean("starrseq", "Dev", Group("ensemble")) == (0.6, 2)
    assert MEASURED.mean("starrseq", "Dev", Group("standard", fraction="0.5")) == (0.1, 1)
    assert MEASURED.mean("starrseq", "Dev_epistemic", Group("distilled")) == (0.9, 1)
    assert MEASURED.mean("starrseq", "Dev", Group("ensemble", fraction="0.5"))[1] == 0
    assert MEASURED.mean("starrseq", "Hk", Group("standard"))[1] == 0
    assert MEASURED.mean("hepg2", "activity", Group("standard"))[1] == 0
    spread = Group("standard", "spread", "method saliency")
    assert MEASURED.mean("k562", "activity", spread) == (4, 3)
    assert MEASURED.mean("k562", "activity", Group("standard", "mse", "shift small"))[1] == 0


def test_variants_are_those_of_the_papers_set_by_own_certainty():
    whole = Group("standard", "pearson", "share 1.0")
    assert MEASURED.mean("k562", "activity", whole) == (pytest.approx(0.3), 1)
    part = Group("standard", "pearson", "share 0.25, locus P")
    assert MEASURED.mean("k562", "activity", part) == (0.8, 1)
    assert MEASURED.loci() == {"k562": ["P", "Q"]}


def test_numbers_stand_beside_those_of_the_paper_with_their_directions():
    table = comparison.compare(
        paper(
            ("starrseq", "Dev", "", "pearson", "standard", 0.5, "", ""),
            ("starrseq", "Dev", "", "pearson", "distilled", 0.6, "higher", "standard"),
            ("starrseq", "Dev", "", "pearson", "ensemble", 0.7, "higher", "standard"),
            ("starrseq", "Dev", "", "pearson", "distilled", np.nan, "lower", "ensemble"),
            ("starrseq", "Hk", "", "pearson", "distilled", 0.6, "higher", "standard"),
            ("k562", "activity", "", "pearson", "distilled", 0.6, "higher", "standard"),
            ("atac", "activity", "", "pearson", "distilled", 0.6, "higher", "standard"),
        ),
        MEASURED,
    )
    assert table.columns.tolist() == comparison.COLUMNS
    assert table["ours"].tolist() == pytest.approx(
        [0.45, 0.3, 0.6, 0.3, np.nan, np.nan, np.nan], nan_ok=True
    )
    assert table["difference"].tolist() == pytest.approx(
        [-0.05, -0.3, -0.1, np.nan, np.nan, np.nan, np.nan], nan_ok=True
    )
    # Ours are worse than standard models, where the paper's are better.
    assert table["direction"].tolist() == ["", "opposite", "same", "same", "", "", ""]
    assert table["n"].tolist() == [2, 3, 2, 3, 0, 0, 0]
    assert table["dataset"].tolist() == ["flies"] * 5 + ["cells", ""]
    assert table["output"].tolist() == ["a"] * 4 + ["b", "y", "activity"]
    assert table["recipe"].tolist() == [
        *("standard", "degu", "standard", "degu", "degu", "degu_aleatoric", ""),
    ]
    assert table["note"].tolist() == ["table"] * 4 + ["table; not run"] * 3


def test_a_member_without_a_value_is_not_dropped_in_silence():
    row = ("starrseq", "Dev", "", "pearson", "constant", 0.5, "higher", "standard")
    (found,) = comparison.compare(paper(row), MEASURED).itertuples()
    assert np.isnan(found.ours) and (found.direction, found.n) == ("", 2)
    assert found.note == "table; a value is not finite"


def test_a_direction_of_the_text_holds_between_conditions():
    row = paper(
        ("k562", "activity", "share 0.25", "pearson", "standard", np.nan, "lower", "standard")
    )
    row = row.assign(than_condition="share 1.0", source="text")
    (found,) = comparison.compare(row, MEASURED).itertuples()
    assert found.direction == "opposite"
    assert found.note == "text: lower than standard share 1.0"


def test_directions_of_the_paper_are_those_of_its_numbers():
    table = comparison.reference()
    keys = ["figure", "role", "output", "condition", "metric", "fraction"]
    assert not table.duplicated([*keys, "models"]).any()
    assert set(table["source"]) == {"vector figure", "read by eye", "table", "text"}
    assert (table["value"].isna() == (table["source"] == "text")).all()
    standard = table[table["models"] == "standard"].set_index(keys)["value"]
    numbers = table[table["value"].notna() & (table["models"] != "standard")]
    known = {"higher": 0, "lower": 0, "": 0}
    for row in numbers.itertuples():
        base = standard.get(tuple(getattr(row, key) for key in keys))
        expected = "" if base is None else "higher" if row.value > base else "lower"
        assert (row.direction, row.than) == (expected, "standard" if expected else ""), row
        known[expected] += 1
    # Higher: Fig. 2a,b, ensembles of 5b, and its students of the smallest fraction. Lower: its
    # other students, RMSE of four panels, a spread, three shifts for each of both oracles.
    assert known == {"higher": 20 + 5 + 1, "lower": 4 + 4 + 1 + 6, "": 20}
    assert table.query("source == 'text'")["direction"].isin(["higher", "lower"]).all()


def test_conditions_of_the_paper_name_tables_and_columns():
    for row in comparison.reference().itertuples():
        group = Group(row.models, row.metric, row.condition)
        assert group.table in comparison.TABLES.values()
        assert row.role in ("starrseq", "k562", "hepg2", "atac")
        assert row.output.split("_")[0] in comparison.outputs(row.role)


def test_both_tables_are_written_from_joined_ones(tmp_path):
    for name, table in TABLES.items():
        table.to_csv(tmp_path / f"{name}.tsv", sep="\t", index=False)
    written = tmp_path / "comparison.tsv", tmp_path / "claims.tsv"
    compare_paper.main(
        tables=[str(tmp_path / f"{name}.tsv") for name in TABLES],
        studies={"starrseq": STARR._asdict()},
        variants=None,
        level=0.95,
        numbers=written[0],
        judged=written[1],
    )
    numbers, claims = map(pd.read_table, written)
    assert len(numbers) == len(comparison.reference())
    row = numbers.query("figure == '2a' and models == 'distilled' and fraction == 1").iloc[0]
    assert (row["ours"], row["direction"], row["n"]) == (pytest.approx(0.3), "opposite", 3)
    assert {"held", "not held", "not testable"} >= set(claims["verdict"])
