"""Panels on members: a box a recipe or a number of teachers, and what their ensembles reach."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.plotting.agreement import SPAN, box, boxes
from degu.plotting.marks import level, roomy, rows, select, single
from degu.plotting.names import Names
from degu.plotting.pages import lettered
from degu.plotting.style import ENSEMBLE, PAGE, Look, artist, legend, titled

# Look of ensembles that stand alone, without a curve.
ALONE = ENSEMBLE._replace(line="none")


def recipe_panel(axes: Axes, table: pd.DataFrame, names: Names) -> None:
    """Draw Pearson's r of members, a box a recipe; ensembles as lines, across their students, too.

    Parameters
    ----------
    table
        Rows of performance of one output.
    names
        Students stand behind their teachers.
    """
    dataset, output = table.iloc[0][["dataset", "output"]]
    families, teachers = names.families(table["recipe"]), names.taught(table["recipe"])
    order = [recipe for family in families for recipe in family]
    groups = {names.recipes[one]: rows(single(table), recipe=one)["value"] for one in order}
    boxes(axes, groups, names.legend(order))
    for family in (family for family in families if family[0] in teachers):
        first = order.index(family[0])
        value = rows(table, recipe=family[0], member="ensemble")["value"]
        line = {"color": ENSEMBLE.colour, "linewidth": 1, "linestyles": ENSEMBLE.line}
        axes.hlines(value, first - 0.4, first + len(family) - 0.6, **line)
    titled(axes, names.panel(dataset, output))
    axes.set_ylabel("Pearson r")
    roomy(axes, SPAN, high=1)


def recipe_page(
    table: pd.DataFrame,
    panels: Mapping[str, Mapping[str, object]],
    names: Names,
    height: float = 2.1,
    width: float = PAGE,
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw a page of recipe panels, two a row.

    Parameters
    ----------
    table
        Rows of performance, by `Names.place`.
    panels
        Labels of the rows of each panel, by its letter.
    height, width
        Height of a row and width of the page, in inches.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    shown = select(rows(table, metric="pearson"), panels)
    figure, placed = lettered(shown, 2, height, width)
    for letter, axes in placed.items():
        recipe_panel(axes, shown[letter], names)
    if any(names.taught(panel["recipe"]) for panel in shown.values()):
        legend(figure, {"ensemble of the teachers": ENSEMBLE._replace(marker="")})
    return figure, shown


def size_panel(axes: Axes, table: pd.DataFrame, names: Names) -> None:
    """Draw Pearson's r by number of teachers: boxes of students, ensembles, the teachers' mean.

    Parameters
    ----------
    table
        Rows of performance of one output, with the column `size`: of students their number of
        teachers, of ensembles their number of members, of teachers missing.
    """
    dataset, output = table.iloc[0][["dataset", "output"]]
    looks = [*size_looks(table, names).values()]
    sized, teachers = table[table["size"].notna()], table[table["size"].isna()]
    sizes = sorted(sized["size"].unique().astype(int))
    for place, size in enumerate(sizes):
        box(axes, place, rows(single(sized), size=size)["value"], looks[0], 0.5)
    own = rows(sized, member="ensemble")
    errors = [own["value"] - own["low"], own["high"] - own["value"]]
    bars = artist(ALONE) | {"ms": 4, "capsize": 2, "elinewidth": 0.8}
    axes.errorbar(own["size"].map(sizes.index), own["value"], errors, **bars)
    if len(teachers):
        level(axes, teachers["value"].mean(), looks[-1])
    axes.set_xticks(range(len(sizes)), sizes)
    axes.set_xlim(-0.6, len(sizes) - 0.4)
    axes.set(xlabel="number of teachers", ylabel="Pearson r")
    axes.margins(y=0.1)
    titled(axes, names.panel(dataset, output))
    roomy(axes, SPAN, high=1)


def size_looks(table: pd.DataFrame, names: Names) -> dict[str, Look]:
    """Return looks, by title, of the students, ensembles and teachers that a `size_panel` shows."""
    looks, shown = names.looks(table["recipe"]), {}
    students = [recipe for recipe in looks if recipe in names.teachers]
    teacher = names.teachers[students[0]] if students else next(iter(looks))
    if students:
        shown["students"] = looks[students[0]]._replace(line="none")
    if (table["member"] == "ensemble").any():
        shown[names.ensemble(teacher)] = ALONE
    if table["size"].isna().any():
        shown[f"mean of {names.recipes[teacher]}"] = looks[teacher]._replace(marker="")
    return shown
