"""Names that people read: of data sets, recipes, heads, ensembles, axes."""

import pandas as pd
import pytest
import yaml

from degu import plotting
from degu.plotting.names import explainer
from plotted import NAMES
from workflow import ROOT


@pytest.mark.parametrize(
    ("dataset", "output", "head", "axis"),
    [
        ("lenti", "activity", "activity", "predicted [log2(RNA/DNA)]"),
        ("starr", "Dev_epistemic", "developmental, epistemic uncertainty", "predicted [log2]"),
        ("starr", "Hk_aleatoric", "housekeeping, aleatoric uncertainty", "predicted"),
    ],
)
def test_heads_and_axes_have_titles_and_units(dataset, output, head, axis):
    assert NAMES.head(dataset, output) == head
    assert NAMES.panel(dataset, output) == f"{NAMES.datasets[dataset]}: {head}"
    assert NAMES.axis("predicted", dataset, output) == axis


def test_rows_are_placed_by_part_of_the_paper_and_activity():
    table = pd.DataFrame({"dataset": ["starr", "lenti"], "output": ["Hk_epistemic", "activity"]})
    placed = NAMES.place(table, {"starrseq": "starr", "k562": "lenti", "atac": "elsewhere"})
    assert placed["role"].tolist() == ["starrseq", "k562"]
    assert placed["place"].tolist() == [1, 0]


def test_ensembles_that_teach_a_shown_recipe_are_shown():
    assert NAMES.taught(["standard", "noisy", "degu"]) == ["standard"]
    assert NAMES.taught(["standard", "noisy"]) == []
    assert NAMES.taught(["noisy", "degu"]) == []
    assert NAMES.taught(["degu"]) == []
    legend = NAMES.legend(["degu", "standard"], ["standard"])
    assert list(legend) == ["standard training", "DEGU", "ensemble of standard training"]
    assert legend["ensemble of standard training"] == plotting.ENSEMBLE._replace(line="-")


def test_a_recipe_looks_the_same_whatever_else_is_shown():
    every = NAMES.looks(["standard", "noisy", "degu"])
    assert NAMES.looks(["degu"]) == {"degu": every["degu"]}
    assert list(every) == ["standard", "noisy", "degu"]


def test_teachers_stand_with_their_students():
    assert NAMES.pairs(["degu", "noisy", "standard"]) == [("standard", "degu")]
    assert NAMES.pairs(["degu", "noisy"]) == []


def test_a_legend_explains_the_ensembles_that_teach_in_the_same_panel():
    panels = [pd.DataFrame({"recipe": ["degu"]}), pd.DataFrame({"recipe": ["standard"]})]
    assert list(NAMES.explain(panels)) == ["standard training", "DEGU"]
    assert list(NAMES.explain([pd.concat(panels)]))[2:] == ["ensemble of standard training"]


def test_methods_are_named_and_look_like_their_recipes_and_ensembles():
    pairs = [
        ("standard", "ensemble"),
        ("standard", "dropout"),
        ("degu", "total"),
        ("degu", "epistemic"),
        ("noisy", "ensemble_total"),
    ]
    points = pd.DataFrame(pairs, columns=["recipe", "kind"])
    looks = NAMES.methods(points)
    blue, orange, green = "#0072B2", "#D55E00", "#009E73"
    assert {title: (look.colour, look.marker, look.filled) for title, look in looks.items()} == {
        "MC dropout": (blue, "o", True),
        "deep ensemble": (green, "D", True),
        "deep ensemble, total uncertainty": (green, "D", False),
        "DEGU": (orange, "s", True),
        "DEGU, total uncertainty": (orange, "s", False),
    }
    assert {look.line for look in looks.values()} == {"none"}
    assert NAMES.with_look(points)["look"].tolist() == [
        "deep ensemble",
        "MC dropout",
        "DEGU, total uncertainty",
        "DEGU",
        "deep ensemble, total uncertainty",
    ]


def test_students_stand_behind_their_teachers():
    names = NAMES._replace(
        recipes={"degu": "DEGU", "noisy": "", "standard": "", "other": ""},
        teachers={"degu": "standard", "other": "noisy"},
    )
    assert names.families(["standard", "degu", "noisy"]) == [["standard", "degu"], ["noisy"]]
    assert names.families(["degu", "other"]) == [["degu"], ["other"]]


def test_a_figure_may_tell_recipes_apart_by_lines_of_its_own():
    names = NAMES._replace(lines={"standard": "--"})
    assert names.looks(["standard", "degu"])["standard"].line == "--"
    assert names.looks(["standard", "degu"])["degu"] == NAMES.looks(["degu"])["degu"]


def test_rows_are_named_by_their_panel_and_no_rows_stay_none():
    table = pd.DataFrame({"dataset": ["starr"], "output": ["Hk_epistemic"]})
    assert NAMES.with_row(table)["row"].tolist() == [
        "STARR-seq: housekeeping, epistemic uncertainty"
    ]
    assert NAMES.place(pd.DataFrame(columns=["dataset"]), {}).empty


def test_each_method_of_attribution_has_a_title():
    """A method without a title of its own is called as in the config: figures need no entry."""
    schema = yaml.safe_load((ROOT / "rules/config.schema.yaml").read_text())
    methods = schema["$defs"]["methods"]["items"]["enum"]
    titles = [explainer(method) for method in methods]
    assert titles == [
        *("saliency", "DeepSHAP", "integrated gradients", "in silico mutagenesis", "Taylor ISM"),
        *("shap's DeepExplainer", "shap's GradientExplainer"),
    ]
    assert explainer("my_method") == "my method"
    assert NAMES.explained("starr", "Dev", "shap_gradient") == (
        "STARR-seq: developmental, shap's GradientExplainer"
    )
