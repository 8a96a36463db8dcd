"""Colours that mean the same in all figures, grids of panels, legends, and files."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from degu import plotting
from degu.plotting import style


@pytest.fixture(autouse=True)
def closed():
    """Leave no figure open."""
    yield
    plt.close("all")


RECIPES = [f"recipe {number}" for number in range(30)]


@pytest.mark.parametrize("students", [[], RECIPES])
def test_recipes_of_one_group_look_different_with_and_without_colour(students):
    found = plotting.looks(RECIPES, students)
    assert len(set(found.values())) == len({look[:2] for look in found.values()}) == 30
    assert len({(look.marker, look.line) for look in list(found.values())[:28]}) == 28


def test_teachers_students_and_ensembles_share_neither_colour_nor_marker():
    found = plotting.looks(RECIPES, RECIPES[15:])
    groups = [list(found.values())[:15], list(found.values())[15:], [plotting.ENSEMBLE]]
    for part in (0, 1):
        values = [{look[part] for look in group} for group in groups]
        assert len(set.union(*values)) == sum(map(len, values))


def test_a_look_is_given_by_the_place_in_its_group():
    assert plotting.looks(["standard", "degu"], ["degu"]) == {
        "standard": plotting.Look("#0072B2", "o", "-"),
        "degu": plotting.Look("#D55E00", "s", "-"),
    }
    assert plotting.looks(["degu", "evoaug", "standard"], ["degu"])["evoaug"].marker == "o"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("STARR-seq: Dev", ["STARR-seq: Dev"]),
        ("STARR-seq: developmental promoter", ["STARR-seq:", "developmental", "promoter"]),
        ("heteroscedasticregression", ["heteroscedasticregression"]),
    ],
)
def test_a_text_is_broken_after_its_colon_and_between_words(text, lines):
    assert plotting.wrapped(text, 14).split("\n") == lines


@pytest.mark.parametrize(("names", "slant"), [(["one", "two words"], 0), (["a" * 40, "b"], 25)])
def test_ticks_are_named_upright_where_there_is_room(names, slant):
    _, axes = plotting.canvas(1, 1)
    plotting.named(axes[0, 0], names)
    labels = axes[0, 0].get_xticklabels()
    assert [label.get_text() for label in labels] == names
    assert {label.get_rotation() for label in labels} == {slant}


def test_only_the_first_panel_of_a_line_keeps_its_label():
    _, axes = plotting.canvas(2, 2)
    for ax in axes.flat:
        ax.set_ylabel("loss")
        plotting.inner(ax)
    assert [ax.get_ylabel() for ax in axes.flat] == ["loss", "", "loss", ""]


@pytest.mark.parametrize(("titles", "columns"), [(["aa"] * 6, 6), (["a" * 50] * 6, 2), (["a"], 1)])
def test_a_legend_has_the_columns_that_fit(titles, columns):
    figure, _ = plotting.canvas(1, 3)
    looks = {f"{title}{number}": plotting.ENSEMBLE for number, title in enumerate(titles)}
    plotting.legend(figure, looks)
    assert figure.legends[0]._ncols == columns


def test_a_legend_leaves_no_title_alone_in_its_row():
    """Six titles of which five fit side by side stand in two rows of three."""
    figure, _ = plotting.canvas(1, 3)
    plotting.legend(figure, {"a" * 18 + str(number): plotting.ENSEMBLE for number in range(6)})
    assert figure.legends[0]._ncols == 3


def test_a_legend_explains_looks_markers_and_lines():
    figure, _ = plotting.canvas(1, 3)
    styles = {
        "member": "o", "hollow one": "hollow", "half one": "half",
        "as predicted": "-", "ceiling": ":",
    }  # fmt: skip
    looks = {"standard": plotting.Look("#0072B2", "o", "-"), "ensemble": plotting.ENSEMBLE}
    plotting.legend(figure, looks, styles)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [*looks, *styles]
    handles = dict(zip([*looks, *styles], legend.legend_handles, strict=True))
    found = {
        name: (line.get_marker(), line.get_linestyle(), line.get_fillstyle())
        for name, line in handles.items()
        if name in styles
    }
    assert found == {
        "member": ("o", "None", "full"),
        "hollow one": ("o", "None", "none"),
        "half one": ("o", "None", "left"),
        "as predicted": ("", "-", "full"),
        "ceiling": ("", ":", "full"),
    }
    shown = handles["ensemble"]
    assert (shown.get_color(), shown.get_marker(), shown.get_linestyle()) == ("#009E73", "D", "--")
    assert shown.get_markerfacecolor() == "white"
    assert handles["standard"].get_markerfacecolor() == "#0072B2"


def test_a_figure_is_saved_with_its_source_data_and_closed(tmp_path):
    figure, _ = plotting.canvas(1, 1)
    files = {name: str(tmp_path / f"new/f.{ending}")
             for name, ending in {"pdf": "pdf", "png": "png", "source": "tsv"}.items()}  # fmt: skip
    panels = {"a": pd.DataFrame({"x": [1, 2]}), "b": pd.DataFrame({"x": [3], "y": [0.5]})}
    plotting.save(figure, panels, **files)
    folder = tmp_path / "new"
    assert sorted(path.name for path in folder.iterdir()) == ["f.pdf", "f.png", "f.tsv"]
    assert (folder / "f.pdf").read_bytes().startswith(b"%PDF-")
    assert (folder / "f.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "f.tsv").read_text() == "panel\tx\ty\na\t1\t\na\t2\t\nb\t3\t0.5\n"
    assert plt.get_fignums() == []


def test_a_picture_has_a_palette_and_keeps_white_and_its_colours(tmp_path):
    figure, axes = plotting.canvas(1, 1)
    axes[0, 0].axhspan(0, 1, color="#E69F00")
    axes[0, 0].imshow(np.arange(400).reshape(20, 20), cmap="viridis", extent=(0, 0.5, 0, 0.5))
    axes[0, 0].set(xlim=(0, 1), ylim=(0, 1))
    style.paint(figure, tmp_path / "f.png")
    picture = Image.open(tmp_path / "f.png")
    assert picture.mode == "P"
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    assert pixels[0, 0].tolist() == [255, 255, 255]
    orange = np.abs(pixels - [0xE6, 0x9F, 0x00]).max(axis=-1)
    assert (orange <= 4).mean() > 0.2
