"""Panels on variants: agreement by locus and certainty, effects by uncertainty, maps of a locus."""

from collections.abc import Iterable, Mapping
from itertools import product

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from degu.plotting.agreement import SPAN, by_tick, coloured
from degu.plotting.marks import level, roomy, rows
from degu.plotting.names import Names, of_ensemble, with_unit
from degu.plotting.pages import mark
from degu.plotting.sequences import BASES, base_maps
from degu.plotting.style import Look, wrapped

CORRELATIONS = {"pearson": "Pearson r", "spearman": "Spearman ρ"}
# Deviations of the alternate allele alone stand in maps: those of an effect mix both alleles.
TITLES = {
    "measured": "measured effect",
    "effect": "predicted effect",
    "total": "total uncertainty",
    "aleatoric": "aleatoric uncertainty",
    "epistemic": "epistemic uncertainty",
    "alt_aleatoric": "aleatoric uncertainty",
    "alt_epistemic": "epistemic uncertainty",
    "spread": "spread of members",
}
SIGNED = ("measured", "effect")
# Certainty of each run itself, in the table of variants.
OWN = "own"
# Column of each measure in an overview of maps.
COLUMNS = {
    "effect": "effect",
    "alt_epistemic": "epistemic",
    "spread": "epistemic",
    "alt_aleatoric": "aleatoric",
}
VARIANT = ["pos", "ref", "alt"]
# Bases that the map of a locus has room for.
LONGEST_MAP = 10_000


def ranking_student(recipes: Iterable[str], ranking: str, names: Names) -> str:
    """Student whose uncertainty ranks variants: the named one, else the first of those shown."""
    students = [one for one in names.looks(recipes) if one in names.teachers]
    return ranking if ranking in students else next(iter(students), "")


def strata(points: pd.DataFrame, ranking: str, names: Names) -> dict[str, object]:
    """Labels of rows by certainty: of all models but students, and of the student that ranks.

    Parameters
    ----------
    points
        Rows of the table of variants.
    ranking
        Recipe of the student that ranks; without rows by it runs rank by their own uncertainty.
    """
    student = ranking_student(points["recipe"], ranking, names)
    singles = [one for one in names.recipes if one not in names.teachers]
    certainty = OWN if rows(points, certainty=ranking).empty else ranking
    return {"certainty": certainty, "recipe": [*singles, student]}


def drawn(points: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Rows of members, and of ensembles that teach one of the recipes; if none does, of all."""
    alone = rows(points, member="ensemble")
    taught = names.taught(points["recipe"]) or set(points["recipe"])
    return points.drop(alone.index[~alone["recipe"].isin(taught)])


def explained(panels: Mapping[str, pd.DataFrame], names: Names) -> dict[str, Look]:
    """Return looks, by title, of the recipes and the ensembles that panels show."""
    shown = pd.concat(panels.values())
    alone = set(rows(shown, member="ensemble")["recipe"])
    return names.legend(shown["recipe"], [one for one in names.recipes if one in alone])


def by_locus(figure: FigureBase, panels: Mapping[str, pd.DataFrame], names: Names) -> None:
    """Draw a row of panels a correlation, a column a locus of each panel (`by_share`).

    Parameters
    ----------
    panels
        Rows of the table of variants of one data set, output and certainty, by letter.
    """
    columns = [(letter, locus) for letter in panels for locus in panels[letter]["locus"].unique()]
    widths = [1 if len(panels[letter]["share"].unique()) == 1 else 2 for letter, _ in columns]
    shape = {"squeeze": False, "sharex": "col", "width_ratios": widths}
    axes = figure.subplots(len(CORRELATIONS), len(columns), **shape)
    for column, (letter, locus) in enumerate(columns):
        points = rows(panels[letter], locus=locus)
        for ax, metric in zip(axes[:, column], CORRELATIONS, strict=True):
            by_share(ax, rows(points, metric=metric), names)
        top = axes[0, column]
        top.set(title=f"{names.datasets[points['dataset'].iloc[0]]}: {locus}", xlabel="")
        if letter not in [before for before, _ in columns[:column]]:
            mark(top, letter)


def by_share(axes: Axes, points: pd.DataFrame, names: Names) -> None:
    """Draw members as boxes, ensembles as marks, by share of the most certain variants.

    Where all variants stand alone ensembles are lines across, too.

    Parameters
    ----------
    points
        Rows of the table of variants of one locus, output, certainty and metric.
    """
    looks, numbers = names.looks(points["recipe"]), points.groupby("share")["number"].first()
    shares = sorted(numbers.index, reverse=True)
    by_tick(axes, points, "share", shares, looks)
    alone = rows(points, member="ensemble")
    if len(shares) == 1:
        for recipe, value in zip(alone["recipe"], alone["value"], strict=True):
            level(axes, value, of_ensemble(looks[recipe]))
        axes.set_xticks([])
        axes.set_xlabel(f"all {numbers.iloc[0]} variants")
    else:
        titles = ["all" if share == 1 else f"{share:.0%}" for share in shares]
        ticks = [f"{title}\n{numbers[share]}" for title, share in zip(titles, shares, strict=True)]
        axes.set_xticks(range(len(shares)), ticks)
        axes.set_xlabel(wrapped(f"most certain variants by {certainty_of(points, names)}", 34))
    axes.set_ylabel(CORRELATIONS[points["metric"].iloc[0]])
    roomy(axes, SPAN, low=-1, high=1)


def certainty_of(points: pd.DataFrame, names: Names) -> str:
    """Say whose uncertainty tells which variants are certain."""
    certainty = points["certainty"].iloc[0]
    return "each model's own uncertainty" if certainty == OWN else names.recipes[certainty]


def label(metric: str, labels: Mapping[str, str], names: Names) -> str:
    """Title of a measure of variants with its unit.

    Parameters
    ----------
    metric
        Measure of the table of effects.
    labels
        Row of that table: variants, dataset, output.
    """
    if metric == "measured":
        return with_unit(TITLES[metric], names.units[labels["variants"]])
    return names.axis(TITLES[metric], labels["dataset"], labels["output"])


def coloured_effects(figure: FigureBase, panels: Mapping[str, pd.DataFrame], names: Names) -> None:
    """Draw predicted against measured effects, a row a locus, a column a kind of uncertainty.

    Parameters
    ----------
    panels
        Rows of the table of effects of one member: one panel.
    """
    ((letter, effects),) = panels.items()
    first, loci = effects.iloc[0], effects["locus"].unique()
    kinds = [kind for kind in shown_measures(effects) if kind not in SIGNED]
    axes = figure.subplots(len(loci), len(kinds), squeeze=False, sharey="row")
    set_apart(figure)
    for (row, locus), (column, kind) in product(enumerate(loci), enumerate(kinds)):
        ax, own = axes[row, column], rows(effects, locus=locus)
        wide = own.pivot(index=VARIANT, columns="metric", values="value")
        deviation = names.axis("standard deviation", first["dataset"], first["output"])
        coloured(ax, wide["measured"], wide["effect"], wide[kind], deviation)
        ax.set_xlabel(label("measured", first, names))
        ax.set_title(f"{locus}: {TITLES[kind]}")
        axes[row, 0].set_ylabel(label("effect", first, names))
    mark(axes[0, 0], letter)


def maps(figure: FigureBase, panels: Mapping[str, pd.DataFrame], names: Names) -> None:
    """Draw substitutions of loci, base by position: a row a measure in one scale, a column a locus.

    Parameters
    ----------
    panels
        Rows of the table of effects of one member: one panel.
    """
    ((letter, effects),) = panels.items()
    first, loci, metrics = effects.iloc[0], effects["locus"].unique(), shown_measures(effects)
    axes = figure.subplots(len(metrics), len(loci), squeeze=False, sharex="col")
    for metric, line in zip(metrics, axes, strict=True):
        own = [rows(effects, metric=metric, locus=locus) for locus in loci]
        base_maps(line, [by_base(table) for table in own], metric in SIGNED)
        for ax, locus in zip(line, loci, strict=True):
            ax.set_title(f"{locus}: {label(metric, first, names)}", loc="left")
    for ax, table in zip(axes[-1], own, strict=True):
        ax.set_xlabel(position_on(table))
    mark(axes[0, 0], letter)


def recipe_maps(figure: FigureBase, panels: Mapping[str, pd.DataFrame], names: Names) -> None:
    """Draw substitutions of one locus, a row a recipe below the measured effects.

    Effects, epistemic and aleatoric uncertainties have a column and a scale each.

    Parameters
    ----------
    panels
        Rows of the table of effects of one locus, data set and output, one member a recipe: one
        panel.
    """
    (effects,) = panels.values()
    first, recipes = effects.iloc[0], list(names.looks(effects["recipe"]))
    found = effects.assign(column=effects["metric"].map(COLUMNS))
    columns = [
        column for column in dict.fromkeys(COLUMNS.values()) if column in set(found["column"])
    ]
    # The first column has the titles of rows.
    shape = {"squeeze": False, "sharex": True, "width_ratios": [1.4, 1, 1][: len(columns)]}
    axes = figure.subplots(1 + len(recipes), len(columns), **shape)
    set_apart(figure)
    for ax in axes[:, 1:].flat:
        ax.set_visible(False)
    for ax, title in zip(axes[:, 0], ["", *map(names.recipes.get, recipes)], strict=True):
        ax.set_title(title, loc="left")
    measured = rows(effects, metric="measured", recipe=first["recipe"])
    axes[0, 0].set_title(label("measured", first, names), loc="left")
    base_maps(axes[:1, 0], [by_base(measured)], signed=True)
    for column, line in zip(columns, axes[1:].T, strict=True):
        own = dict(list(rows(found, column=column).groupby("recipe")))
        cells = {recipe: ax for recipe, ax in zip(recipes, line, strict=True) if recipe in own}
        matrices = [by_base(own[recipe]) for recipe in cells]
        base_maps(list(cells.values()), matrices, column in SIGNED, label(column, first, names))
        for last in cells.values():
            last.set_visible(True)
        last.set_xlabel(position_on(effects))
        last.tick_params(labelbottom=True)
        last.locator_params(axis="x", nbins=2)
    of = f"{names.variants[first['variants']]}, {first['locus']}"
    figure.suptitle(f"{of}; {names.panel(first['dataset'], first['output'])}", fontsize="medium")


def set_apart(figure: FigureBase) -> None:
    """Leave room between columns: no label of a bar of colours is to seem the next panel's."""
    figure.get_figure(root=True).get_layout_engine().set(wspace=0.1)


def shown_measures(effects: pd.DataFrame) -> list[str]:
    """Measures of a table of effects that figures show, in their order."""
    return [metric for metric in TITLES if metric in set(effects["metric"])]


def position_on(effects: pd.DataFrame) -> str:
    """Label of an axis of positions."""
    return f"position on chromosome {str(effects['chrom'].iloc[0]).removeprefix('chr')}"


def by_base(effects: pd.DataFrame) -> pd.DataFrame:
    """Values of one measure as a matrix of alternate base by all positions."""
    values = effects.pivot_table(index="alt", columns="pos", values="value", aggfunc="first")
    return values.reindex(index=BASES, columns=range(values.columns[0], values.columns[-1] + 1))


def substitutions(effects: pd.DataFrame) -> pd.DataFrame:
    """Rows of single bases that take the place of one another."""
    return rows(effects, ref=BASES, alt=BASES)


def mapped(effects: pd.DataFrame) -> bool:
    """Whether a map has room for the variants of a locus: they lie close on one chromosome."""
    span = effects["pos"].max() - effects["pos"].min()
    return effects["chrom"].nunique() == 1 and span < LONGEST_MAP
