"""Panels on variants: which rows they show, ranks, ticks, lines of ensembles, maps."""

from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import plot_variant_maps
from degu import plotting

NAMES = plotting.Names(
    datasets={"lenti": "lentiMPRA"},
    variants={"satmut": "mutagenesis"},
    recipes={"standard": "plain", "noisy": "noisy", "degu": "DEGU", "shuffled": "shuffled DEGU"},
    teachers={"degu": "noisy", "shuffled": "noisy"},
    targets={"lenti": {"activity": ["activity", "log2(RNA/DNA)"]}},
    units={"satmut": "log2"},
)
METRICS = {"pearson": 0.4, "spearman": 0.5}


@pytest.fixture(autouse=True)
def closed():
    """Leave no figure open."""
    yield
    plt.close("all")


@pytest.fixture
def figure():
    """Return an empty page."""
    return plt.figure(figsize=(6, 4))


def agreement(shares=(1.0,), recipes=("standard", "noisy", "degu"), certainty="own"):
    """Rows of the table of variants: ensembles are better by 0.1, one in a hundred by share."""
    labels = product(["A", "B"], recipes, ["0", "1", "ensemble"], shares, METRICS)
    table = pd.DataFrame(labels, columns=["locus", "recipe", "member", "share", "metric"])
    value = table["metric"].map(METRICS) + 0.1 * (table["member"] == "ensemble")
    number = (table["share"] * table["locus"].map({"A": 100, "B": 20})).astype(int)
    table = table.assign(value=value + table["share"] / 100, number=number)
    return table.assign(dataset="lenti", output="activity", certainty=certainty)


def effects(metrics, recipes=("degu",), loci=("A",), first=1001):
    """Rows of the table of effects: every substitution at three positions."""
    labels = product(loci, recipes, metrics, range(first, first + 3), "ACGT")
    table = pd.DataFrame(labels, columns=["locus", "recipe", "metric", "pos", "alt"])
    table["ref"] = table["pos"].map(lambda place: "ACG"[place - first])
    table = table[table["alt"] != table["ref"]]
    value = np.arange(len(table)) * np.where(table["metric"].isin(["effect", "measured"]), -1.0, 1)
    labels = {"variants": "satmut", "dataset": "lenti", "output": "activity", "member": "0"}
    return table.assign(chrom="chr1", value=value, **labels)


def test_the_named_student_ranks_else_the_first_one():
    recipes = ["shuffled", "standard", "degu"]
    assert plotting.ranking_student(recipes, "shuffled", NAMES) == "shuffled"
    assert plotting.ranking_student(recipes, "own", NAMES) == "degu"
    assert plotting.ranking_student(["shuffled", "noisy"], "degu", NAMES) == "shuffled"
    assert plotting.ranking_student(["standard", "noisy"], "own", NAMES) == ""


def test_strata_are_of_the_ranking_student_where_the_table_has_them():
    table = agreement(recipes=("standard", "degu", "shuffled"), certainty="shuffled")
    expected = {"certainty": "shuffled", "recipe": ["standard", "noisy", "shuffled"]}
    assert plotting.strata(table, "shuffled", NAMES) == expected
    own = table.assign(certainty="own")
    expected = {"certainty": "own", "recipe": ["standard", "noisy", "shuffled"]}
    assert plotting.strata(own, "shuffled", NAMES) == expected
    assert plotting.strata(own, "own", NAMES)["recipe"] == ["standard", "noisy", "degu"]


def ensembles(table):
    """Recipes whose ensembles a table has."""
    return set(table[table["member"] == "ensemble"]["recipe"])


def test_ensembles_of_teachers_are_drawn_if_there_are_students():
    table = agreement()
    kept = plotting.drawn(table, NAMES)
    assert ensembles(kept) == {"noisy"}
    members = table["member"] != "ensemble"
    pd.testing.assert_frame_equal(kept[kept["member"] != "ensemble"], table[members])
    assert list(plotting.explained({"a": kept}, NAMES)) == [
        "plain", "noisy", "DEGU", "ensemble of noisy",
    ]  # fmt: skip
    singles = agreement(recipes=("standard", "noisy"))
    pd.testing.assert_frame_equal(plotting.drawn(singles, NAMES), singles)
    nothing = pd.DataFrame(columns=["recipe"])
    assert plotting.drawn(nothing, NAMES).empty


def test_strata_stand_from_all_variants_to_the_most_certain(figure):
    axes = figure.subplots()
    table = plotting.drawn(agreement((0.1, 0.5, 1.0), certainty="degu"), NAMES)
    plotting.by_share(axes, plotting.rows(table, locus="A", metric="pearson"), NAMES)
    ticks = [text.get_text() for text in axes.get_xticklabels()]
    assert ticks == ["all\n100", "50%\n50", "10%\n10"]
    assert axes.get_xlabel() == "most certain variants by DEGU"
    assert axes.get_ylabel() == "Pearson r"
    (marks,) = [line for line in axes.lines if line.get_marker() == "D" and len(line.get_xdata())]
    places = dict(zip(marks.get_xdata(), marks.get_ydata(), strict=True))
    # Above the second of three boxes.
    assert places == pytest.approx({0: 0.51, 1: 0.505, 2: 0.501})


def test_a_member_without_a_correlation_leaves_the_others_their_box(figure):
    axes = figure.subplots()
    table = plotting.rows(agreement(recipes=("degu",)), locus="A", metric="pearson")
    table = table[table["member"] != "ensemble"].assign(value=[np.nan, 0.3])
    plotting.by_share(axes, table, NAMES)
    (dots,) = axes.collections
    assert dots.get_offsets()[:, 1].tolist() == [0.3]
    assert {y for line in axes.lines for y in line.get_ydata()} == {0.3}


def test_ensembles_are_lines_across_where_all_variants_stand_alone(figure):
    axes = figure.subplots()
    table = plotting.drawn(agreement(), NAMES)
    plotting.by_share(axes, plotting.rows(table, locus="B", metric="spearman"), NAMES)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("all 20 variants", "Spearman ρ")
    assert len(axes.get_xticks()) == 0
    (across,) = [line for line in axes.lines if list(line.get_xdata()) == [0, 1]]
    assert list(across.get_ydata()) == pytest.approx([0.61, 0.61])
    look = NAMES.looks(["noisy"])["noisy"]
    assert across.get_linestyle() == look.line
    assert across.get_color() == plotting.ENSEMBLE.colour
    bottom, top = axes.get_ylim()
    assert top - bottom >= 0.06


def test_correlations_are_rows_and_loci_of_panels_columns(figure):
    panels = {"a": agreement(), "b": agreement((0.5, 1.0))}
    plotting.by_locus(figure, panels, NAMES)
    axes = np.reshape(figure.axes, (2, 4))
    titles = [[ax.get_title() for ax in line] for line in axes]
    assert titles == [["lentiMPRA: A", "lentiMPRA: B"] * 2, [""] * 4]
    assert [ax.get_ylabel() for ax in axes[:, 0]] == ["Pearson r", "Spearman ρ"]
    assert [ax.get_xlabel() for ax in axes[0]] == [""] * 4
    letters = [[text.get_text() for text in ax.texts] for ax in axes[0]]
    assert letters == [["a"], [], ["b"], []]
    widths = [ax.get_position().width for ax in axes[0]]
    assert widths == pytest.approx([widths[0], widths[0], 2 * widths[0], 2 * widths[0]])


def test_effects_are_coloured_by_the_uncertainties_that_exist(figure):
    table = effects(["epistemic", "effect", "measured"], loci=("A", "B"))
    plotting.coloured_effects(figure, {"": table}, NAMES)
    panels = [ax for ax in figure.axes if ax.get_title()]
    assert [ax.get_title() for ax in panels] == [f"{one}: epistemic uncertainty" for one in "AB"]
    assert panels[0].get_xlabel() == "measured effect [log2]"
    assert panels[0].get_ylabel() == "predicted effect [log2(RNA/DNA)]"
    points = panels[0].collections[0]
    # Nine substitutions, of which the most uncertain one is drawn last; values count the rows.
    assert points.get_array().tolist() == list(range(9))
    np.testing.assert_array_equal(points.get_offsets()[-1], [-26, -17])
    labels = [ax.get_ylabel() for ax in figure.axes if ax not in panels]
    assert labels == ["standard deviation [log2(RNA/DNA)]"] * 2


def test_labels_of_bars_stand_apart_from_the_next_panel(figure):
    table = effects(["aleatoric", "epistemic", "effect", "measured"])
    plotting.coloured_effects(figure, {"": table}, NAMES)
    figure.get_figure(root=True).draw_without_rendering()
    left, right, bar, _ = figure.axes
    label = bar.yaxis.label.get_window_extent()
    numbers = max(tick.get_window_extent().x1 for tick in bar.get_yticklabels())
    assert left.get_title() and right.get_title() and label.width > 0
    assert right.get_tightbbox().x0 - label.x1 > 2 * (label.x0 - numbers)


def test_maps_have_a_row_a_measure_with_units_and_coordinates(figure):
    plotting.maps(figure, {"c": effects(["alt_epistemic", "effect", "measured"])}, NAMES)
    panels = [ax for ax in figure.axes if ax.images]
    assert [ax.get_title("left") for ax in panels] == [
        "A: measured effect [log2]",
        "A: predicted effect [log2(RNA/DNA)]",
        "A: epistemic uncertainty [log2(RNA/DNA)]",
    ]
    assert [ax.get_xlabel() for ax in panels] == ["", "", "position on chromosome 1"]
    shown = np.ma.filled(panels[2].images[0].get_array(), -1)
    # The bases of the sequence are missing; rows of the table are counted from the first one.
    np.testing.assert_array_equal(shown, [[-1, 3, 6], [0, -1, 7], [1, 4, -1], [2, 5, 8]])
    assert [text.get_text() for text in panels[0].texts] == ["c"]
    assert len(figure.axes) == 2 * len(panels)


def test_an_overview_has_a_row_a_recipe_and_a_scale_a_column(figure):
    student = effects(["effect", "measured", "alt_epistemic", "epistemic"])
    single = effects(["effect", "measured"], recipes=("standard",))
    plotting.recipe_maps(figure, {"": pd.concat([student, single])}, NAMES)
    panels = [ax for ax in figure.axes if ax.images]
    titles = [ax.get_title("left") for ax in panels]
    assert titles == ["measured effect [log2]", "plain", "DEGU", ""]
    _, plain, degu, uncertainty = (ax.images[0] for ax in panels)
    assert plain.get_clim() == degu.get_clim() != uncertainty.get_clim()
    bars = [ax.get_ylabel() for ax in figure.axes if not ax.images and ax.get_visible()]
    assert bars == ["", "predicted effect [log2(RNA/DNA)]", "epistemic uncertainty [log2(RNA/DNA)]"]
    assert sum(not ax.get_visible() for ax in figure.axes) == 2
    assert figure._suptitle.get_text() == "mutagenesis, A; lentiMPRA: activity"


def test_substitutions_are_single_bases():
    table = pd.DataFrame({"ref": ["A", "-", "AC", "G"], "alt": ["C", "T", "A", "-"]})
    assert plotting.substitutions(table).index.tolist() == [0]


def test_a_map_is_drawn_of_variants_that_lie_close(tmp_path, monkeypatch):
    near = effects(["effect", "measured"])
    assert plotting.mapped(near)
    assert plotting.mapped(near.replace({"pos": {1003: 11_000}}))
    apart = near.replace({"pos": {1003: 11_001}})
    assert not plotting.mapped(apart)
    assert not plotting.mapped(near.assign(chrom=["chr1", "chr2"] * 9))
    files = {key: str(tmp_path / f"maps.{key}") for key in ("pdf", "png", "source")}
    both = pd.concat([apart, effects(["effect", "measured"], loci=("B",))])
    both.to_csv(tmp_path / "effects.tsv", sep="\t", index=False)
    plot_variant_maps.main(tmp_path / "effects.tsv", NAMES._asdict(), files)
    shown = pd.read_table(files["source"])
    assert shown["panel"].unique().tolist() == ["satmut, lenti, activity, B"] and len(shown) == 18
    apart.to_csv(tmp_path / "effects.tsv", sep="\t", index=False)
    plot_variant_maps.main(tmp_path / "effects.tsv", NAMES._asdict(), files)
    assert pd.read_table(files["source"]).empty
    assert Path(files["png"]).stat().st_size > 1000
