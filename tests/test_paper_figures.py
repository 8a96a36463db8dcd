"""Figures of the paper as their rules draw them, from made-up tables: legible, with their data."""

import re
import runpy
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import made_tables
from degu import plotting
from workflow import CONFIG, ROOT, handed, rule_texts

# Letters of the panels.
PANELS = {
    "fig2": "abcd",
    "fig3": "abc",
    "fig4": "abc",
    "fig5": "abcd",
    "fig6": "abc",
    "supp1": "abc",
    "supp2": "ab",
    "supp3": "ab",
    "supp4": "ab",
    "supp5": "abcd",
    "supp6": "abcd",
    "supp7": "abcd",
    "supp8": "abcd",
    "supp9": "abcd",
    "supp10": "ab",
    "supp11": "abcd",
    "supp12": "ab",
    "supp13": "",
    "supp14": "",
    "supp15": "",
}
TOLERANCE = 2  # pixels, of 250 an inch


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Folder with the tables of all runs of the paper."""
    folder = tmp_path_factory.mktemp("made")
    made_tables.write_all(folder)
    return folder


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Ask what the rules hand to the figures' scripts."""
    return handed(PANELS, tmp_path_factory.mktemp("handed") / "handed.json")


@pytest.fixture(scope="module", params=PANELS)
def drawn(request, tables, given):
    """Draw a figure: its name, the figure, and its source data."""
    name, closed = request.param, []
    files = {end: str(tables / f"{name}.{end}") for end in ("pdf", "png", "source")}
    job = SimpleNamespace(
        input=SimpleNamespace(**given[name]["input"]),
        params=SimpleNamespace(**given[name]["params"]),
        output=files,
        log=[str(tables / f"{name}.log")],
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tables)
        patch.syspath_prepend(str(ROOT / "workflow_scripts"))
        patch.setattr("degu.job.log_to", lambda path: None)
        patch.setattr(plt, "close", closed.append)
        patch.setattr(Figure, "savefig", lambda figure, path: Path(path).touch())
        patch.setattr("degu.plotting.style.paint", lambda figure, path: Path(path).touch())
        script = str(ROOT / f"workflow_scripts/{name}.py")
        runpy.run_path(script, {"snakemake": job}, "__main__")
    (figure,) = closed
    figure.canvas.draw()
    yield name, figure, pd.read_table(files["source"], dtype={"panel": str}, keep_default_na=False)
    plt.close(figure)


def shown(figure):
    """Axes that are drawn."""
    return [axes for axes in figure.axes if axes.get_visible()]


def letters(figure):
    """Letters of panels with their texts, from the upper left."""
    texts = [text for axes in shown(figure) for text in axes.texts if text.get_weight() == "bold"]
    places = {text: text.get_window_extent() for text in texts}
    return sorted(texts, key=lambda text: (-round(places[text].y0, -2), places[text].x0))


def ticks(axis):
    """Texts of the ticks that are drawn."""
    low, high = sorted(axis.get_view_interval())
    room = 1e-6 * (high - low) if axis.axes.axison else -np.inf
    places = axis.get_majorticklocs()
    drawn = [
        tick
        for tick, place in zip(axis.get_major_ticks(len(places)), places, strict=True)
        if low - room <= place <= high + room
    ]
    found = [text for tick in drawn for text in (tick.label1, tick.label2)]
    return [text for text in found if text.get_visible() and text.get_text()]


def titles(axes):
    """Titles of a panel."""
    return [axes.title, axes._left_title, axes._right_title]


def texts(figure):
    """Titles, labels of axes and ticks, letters and titles of parts, by what they say."""
    found = [*figure.texts, *(text for part in figure.subfigs for text in part.texts)]
    found += [part._suptitle for part in (figure, *figure.subfigs) if part._suptitle]
    for axes in shown(figure):
        found += titles(axes)
        for axis in (axes.xaxis, axes.yaxis):
            found += [*ticks(axis), *([axis.label] if axes.axison else [])]
    return [text for text in [*found, *letters(figure)] if text.get_text().strip()]


def test_panels_have_their_letters_in_order(drawn):
    name, figure, _ = drawn
    assert "".join(text.get_text() for text in letters(figure)) == PANELS[name]


def test_all_that_is_explained_looks_different(drawn):
    """Colour, marker, filling and line; a figure has one legend at most."""
    _, figure, _ = drawn
    assert len(figure.legends) <= 1
    for legend in [*figure.legends, *(axes.legend_ for axes in shown(figure) if axes.legend_)]:
        looks = [look(handle) for handle in legend.legend_handles]
        assert len(set(looks)) == len(looks), looks


def look(handle):
    """Look of what a legend shows beside a title."""
    if not isinstance(handle, Line2D):
        return tuple(map(tuple, np.atleast_2d(handle.get_facecolor())))
    colours = [to_hex(c, keep_alpha=True) for c in (handle.get_color(), handle.get_mfc())]
    return *colours, handle.get_marker(), handle.get_fillstyle(), handle.get_linestyle()


def test_axes_with_numbers_have_labels(drawn):
    """A panel's own title may tell what its bar of colours means."""
    _, figure, _ = drawn
    for axes in shown(figure):
        for axis in (axes.xaxis, axes.yaxis):
            numbers = [text for text in ticks(axis) if re.match(r"[−\d.,$%]", text.get_text())]
            named = axis.label.get_text()
            if hasattr(axes, "_colorbar"):
                named = named or "[" in axes._colorbar.mappable.axes.get_title("left")
            assert named or not numbers, [title.get_text() for title in titles(axes)]


def test_no_text_leaves_the_page(drawn):
    _, figure, _ = drawn
    width, height = figure.canvas.get_width_height()
    assert figure.get_figwidth() <= plotting.PAGE
    every = [*texts(figure), *(t for axes in shown(figure) for t in axes.texts), *figure.legends]
    for text in every:
        box = text.get_window_extent()
        assert box.x0 >= -TOLERANCE and box.y0 >= -TOLERANCE, text
        assert box.x1 <= width + TOLERANCE and box.y1 <= height + TOLERANCE, text


def test_no_texts_overlap(drawn):
    _, figure, _ = drawn
    boxes = [
        (str(text), text.get_window_extent())
        for text in [*texts(figure), *figure.legends]
        if getattr(text, "get_rotation", int)() % 90 == 0
    ]
    for (one, first), (other, second) in combinations(boxes, 2):
        width = min(first.x1, second.x1) - max(first.x0, second.x0)
        height = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert min(width, height) <= TOLERANCE, (one, other)


def test_each_panel_shows_something(drawn):
    _, figure, _ = drawn
    assert all(axes.has_data() for axes in shown(figure) if axes.axison)


# Rows of source data: recipes, members, correlations, shares, loci and single substitutions.
BOXES = (6 * 10 + 1) * 2
STRATA = (3 * 10 + 1) * 2 * 5
ROWS = {
    "fig2": 2 * (2 * 5) + 2 * (3 * 5 + 1),
    "fig6": BOXES + STRATA + 4 * 120 * 3,
    "supp13": 3 * BOXES,
    "supp14": 5 * 120 * 3,
    "supp15": 3 * STRATA,
}


def test_source_data_are_the_rows_of_the_panels(drawn):
    name, figure, source = drawn
    assert source.columns[0] == "panel"
    marked = {text.get_text() for text in letters(figure)}
    assert {panel[:1] for panel in source["panel"]} == (marked or {""})
    assert not source.duplicated().any()
    assert len(source) == ROWS.get(name, len(source))


def test_recipes_of_the_paper_look_different(given):
    names = plotting.Names(**given["fig2"]["params"]["names"])
    looks = names.looks(names.recipes)
    assert len({look[:3] for look in looks.values()}) == len(looks) == len(names.recipes) > 20
    # In grey, too, among those that measurements train and among students.
    for student in (False, True):
        group = [look for recipe, look in looks.items() if (recipe in names.teachers) == student]
        assert len({(look.marker, look.line) for look in group}) == len(group)


def test_figures_of_the_paper_are_those_of_the_rules():
    rules = [name for name in rule_texts() if re.fullmatch(r"(fig|supp)\d+", name)]
    assert sorted(rules) == sorted(PANELS)
    assert [name for name in CONFIG["figures"] if name in PANELS] == list(PANELS)
