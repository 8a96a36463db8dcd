"""Units of axes: each figure of quantities that have the unit of an activity says which."""

from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import made_tables
import plot_data
import plot_epistemic
import plot_intervals
import plot_logos
import plot_predictions
import plot_shift_intervals
import plot_shifts
import plot_variant_maps
from degu.plotting import Names
from degu.tables.join import write

STARRSEQ, K562, SET = (made_tables.PAPER[role] for role in ("starrseq", "k562", "variants"))
RUNS = [(STARRSEQ, "standard"), (STARRSEQ, "degu"), (K562, "aleatoric"), (K562, "degu_aleatoric")]
# Dev and Hk are in A and B, the activity of the second data set in C, measured effects in D.
NAMES = Names(
    datasets={STARRSEQ: "STARR-seq", K562: "MPRA"},
    variants={SET: "mutagenesis"},
    recipes={recipe: recipe for _, recipe in RUNS},
    teachers={"degu": "standard", "degu_aleatoric": "aleatoric"},
    targets={
        STARRSEQ: {"Dev": ["developmental", "A"], "Hk": ["housekeeping", "B"]},
        K562: {"activity": ["expression", "C"]},
    },
    units={SET: "D"},
)._asdict()


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Write the joined tables of four runs; return the path of each."""
    rng, folder, found = np.random.default_rng(0), tmp_path_factory.mktemp("tables"), {}
    for dataset, recipe in RUNS:
        for name, rows in made_tables.tables_of(rng, dataset, recipe, "1.0"):
            labelled = rows.assign(dataset=dataset, recipe=recipe, fraction=1.0)
            found.setdefault(name, []).append(labelled)
    found |= {"card": [card()], "shift_intervals": [shift_intervals()]}
    paths = {name: folder / f"{name}.tsv" for name in found}
    for name, path in paths.items():
        write(pd.concat(found[name]), path)
    return paths


def card():
    """Quantiles of two targets and of the share of G and C, as a data card has them."""
    quantiles = [0.05, 0.25, 0.5, 0.75, 0.95]
    rows = [
        (STARRSEQ, split, output, f"{prefix} {q:g}", q)
        for split in ("train", "test")
        for output, prefix in [("sequence", "GC quantile"), *((a, "quantile") for a in "DH")]
        for q in quantiles
    ]
    rows += [
        (STARRSEQ, split, "sequence", metric, 249.0)
        for split, metric in product(["train", "test"], ["number", "length"])
    ]
    columns = ["dataset", "split", "output", "metric", "value"]
    names = {"D": "Dev", "H": "Hk"}
    return pd.DataFrame(rows, columns=columns).replace({"output": names})


def shift_intervals():
    """Coverage and width under two shifts."""
    rows = product(["Dev", "Hk"], ["coverage", "width"], ["none", "small"])
    table = pd.DataFrame(rows, columns=["output", "metric", "shift"])
    return table.assign(dataset=STARRSEQ, recipe="degu", kind="epistemic", value=0.5)


def labels(figure):
    """Names of axes, of bars of colours and of panels that tell a unit, up to it."""
    shown = [axes for axes in figure.axes if axes.get_visible() and axes.axison]
    said = {axis.get_label_text() for axes in shown for axis in (axes.xaxis, axes.yaxis)}
    said |= {axes.get_title("left") for axes in shown}
    return {" ".join(label.split("]")[0].split()) + "]" for label in said if "[" in label}


def in_all(*titles):
    """Titles with the units of all activities."""
    return {f"{title} [{unit}]" for title in titles for unit in "ABC"}


FIGURES = {
    "data": (plot_data, ["card"], {}, {"measured [A]", "measured [B]"}),
    "predictions": (
        plot_predictions,
        ["predictions", "performance"],
        {},
        in_all("measured", "predicted"),
    ),
    "epistemic": (
        plot_epistemic,
        ["predictions", "performance"],
        {},
        in_all("spread of teachers", "epistemic head"),
    ),
    "intervals": (plot_intervals, ["intervals"], {"level": 0.95}, in_all("mean width")),
    "shifts": (
        plot_shifts,
        ["shift", "shift_distributions"],
        {"oracle": "standard"},
        {f"MSE to ensemble of standard [({unit})²]" for unit in "AB"}
        | {"predicted [A]", "predicted [B]"},
    ),
    "shift intervals": (
        plot_shift_intervals,
        ["shift_intervals"],
        {"level": 0.95, "oracle": "standard"},
        {"mean width [A]", "mean width [B]"},
    ),
    "logos": (
        plot_logos,
        ["attributions"],
        {"regions": {}},
        {
            f"{title}, {method} [{unit}]"
            for method in ("saliency", "DeepSHAP")
            for title, unit in [
                ("STARR-seq: developmental", "A"),
                ("STARR-seq: housekeeping", "B"),
                ("MPRA: expression", "C"),
            ]
        },
    ),
    "variant maps": (
        plot_variant_maps,
        ["variant_effects"],
        {},
        {"measured effect [D]", "predicted effect [C]"}
        | {f"{kind} uncertainty [C]" for kind in ("epistemic", "aleatoric")},
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_axes_have_the_units_of_their_activities(name, tables, tmp_path, monkeypatch):
    script, read, options, expected = FIGURES[name]
    closed = []
    monkeypatch.setattr(plt, "close", closed.append)
    monkeypatch.setattr(Figure, "savefig", lambda figure, path: Path(path).touch())
    monkeypatch.setattr("degu.plotting.style.paint", lambda figure, path: Path(path).touch())
    first, *others = [tables[key] for key in read]
    files = {end: tmp_path / f"made.{end}" for end in ("pdf", "png", "source")}
    given = [first] if script is plot_data else first
    script.main(given, *others, names=NAMES, files=files, **options)
    monkeypatch.undo()
    assert labels(closed[0]) == expected
    plt.close(closed[0])
