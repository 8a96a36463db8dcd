"""Pages on all runs of a config, as large as their number asks for."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.plotting.agreement import bands, curve_panel, distributions, shift_panel
from degu.plotting.marks import largest, reference, rows
from degu.plotting.names import KINDS, SHIFT_LOOKS, SHIFTS, Names
from degu.plotting.pages import broken, grid, lined
from degu.plotting.style import ENSEMBLE, GREY, PAGE, inner, legend, titled, wrapped

# Line of the ridge on k-mer counts.
RIDGE = "-."
# Outputs side by side at most; letters of a title's line.
MOST, LETTERS = 4, 24


def quantile_boxes(axes: Axes, values: pd.Series, prefix: str) -> None:
    """Draw a box a split from quantiles: 5, 25, 50, 75 and 95 %.

    Parameters
    ----------
    values : Series
        Indexed by split and by metric.
    prefix
        What stands before a quantile in its metric.
    """
    parts = {"whislo": 0.05, "q1": 0.25, "med": 0.5, "q3": 0.75, "whishi": 0.95}
    splits = list(values.index.get_level_values("split").unique())
    boxes = [
        {part: values[split, f"{prefix} {q:g}"] for part, q in parts.items()} for split in splits
    ]
    lines = {
        f"{part}props": {"c": "black", "lw": 0.8} for part in ("box", "whisker", "cap", "median")
    }
    axes.bxp(boxes, range(len(splits)), showfliers=False, widths=0.5, **lines)
    axes.set_xticks(range(len(splits)), splits)


def sequences_title(values: pd.Series, kept: tuple[int, int] | None) -> str:
    """Title of a panel on sequences: their length, and how many rows of a table are kept.

    Parameters
    ----------
    values : Series
        Indexed by split and by metric.
    kept
        Rows that are kept, and rows of the table; None where it does not tell.
    """
    title = f"sequences of {values['train', 'length']:,.0f} bases"
    if kept is None or kept[0] == kept[1]:
        return title
    return f"{title} (kept {kept[0]:,} of {kept[1]:,} rows)"


def ceiling_title(values: pd.Series) -> str:
    """Agreement of replicates and the noise ceiling of r, where replicates tell them."""
    if ("test", "noise_ceiling") not in values:
        return ""
    r, most = values["test", "replicate_pearson"], values["test", "noise_ceiling"]
    return f" (r of replicates {r:.2f}, noise ceiling {most:.2f})"


def performance_page(
    means: pd.DataFrame,
    members: pd.DataFrame,
    names: Names,
    baseline: pd.DataFrame | None = None,
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw agreement of all outputs: by recipe at its largest fraction, and by training fraction.

    Parameters
    ----------
    means
        Rows of summaries of performance, of one metric.
    members
        Rows of performance of single members, of that metric.
    baseline
        Rows of the baseline, of that metric; None where there is none.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    keys = ["dataset", "fraction", "output"]
    known = {} if baseline is None else baseline.set_index(keys)["value"].to_dict()
    means = means.assign(
        ridge=[known.get(key, np.nan) for key in zip(*map(means.get, keys), strict=True)]
    )
    by_recipe, by_fraction, lines, heights = {}, {}, [], []
    for dataset, part in means.groupby("dataset", sort=False):
        several = part[part.groupby("recipe")["fraction"].transform("nunique") > 1]
        tall = 0.9 + 0.14 * part["recipe"].nunique()
        for shown, panels, height in [(largest(part), by_recipe, tall), (several, by_fraction, 2)]:
            form = "at the largest fraction" if panels is by_recipe else "by fraction"
            for outputs in broken(dict.fromkeys(shown["output"]), MOST):
                found = {f"{names.panel(dataset, one)}, {form}": one for one in outputs}
                panels |= {key: rows(shown, output=one) for key, one in found.items()}
                lines.append([*found])
                heights.append(height)
    figure, placed = lined(lines, heights)
    for key, panel in by_fraction.items():
        curve_panel(placed[key], panel, names)
        for ceiling in panel["ceiling"].dropna().unique():
            reference(placed[key], ceiling)
        ridge = panel.drop_duplicates("fraction").sort_values("fraction")
        placed[key].plot(ridge["fraction"], ridge["ridge"], **GREY | {"linestyle": RIDGE})
    for key, panel in by_recipe.items():
        recipe_rows(placed[key], panel, members, means, names)
    for key, panel in (by_recipe | by_fraction).items():
        title = names.panel(*panel.iloc[0][["dataset", "output"]])
        placed[key].set_title(wrapped(title, LETTERS))
        inner(placed[key])
    styles = {"member": "o", "mean with 95 % band": "|"}
    styles |= {"ridge on k-mer counts": RIDGE} if means["ridge"].notna().any() else {}
    styles |= {"noise ceiling": ":"} if means["ceiling"].notna().any() else {}
    looks = names.explain(by_fraction.values()) | {"ensemble": ENSEMBLE}
    legend(figure, looks, styles)
    return figure, by_recipe | by_fraction


def recipe_rows(
    axes: Axes, panel: pd.DataFrame, members: pd.DataFrame, means: pd.DataFrame, names: Names
) -> None:
    """Draw `bands` of one output with the noise ceiling; names stand at the first panel of a line.

    Parameters
    ----------
    panel
        Rows of the summary: a row a recipe.
    members
        Rows of members of all outputs.
    means
        Rows of the summaries of all outputs: recipes stand at the same height in all of a data set.
    """
    dataset, output = panel.iloc[0][["dataset", "output"]]
    whole = largest(rows(means, dataset=dataset))
    looks = names.looks(whole["recipe"])
    dots = largest(rows(members, dataset=dataset, output=output))
    bands(axes, dots, panel, looks)
    for ceiling in panel["ceiling"].dropna().unique():
        axes.axvline(ceiling, **GREY)
    for ridge in panel["ridge"].dropna().unique():
        axes.axvline(ridge, **GREY | {"linestyle": RIDGE})
    fractions = whole.set_index("recipe")["fraction"].to_dict()
    most = max(fractions.values())
    labels = [
        names.recipes[one] + ("" if fractions[one] == most else f", {fractions[one]:.0%}")
        for one in looks
    ]
    first = axes.get_subplotspec().is_first_col()
    axes.set_yticks(range(len(looks)), labels if first else [])


def kind_grid(
    table: pd.DataFrame, names: Names, width: float = 1.2
) -> tuple[Figure, dict[tuple[str, str], Axes]]:
    """Make a grid of panels: a line a row of a table, a column a kind of uncertainty, its title.

    Parameters
    ----------
    table
        Columns row, kind.
    width
        Least width of a panel, in inches.
    """
    order = [kind for kind in KINDS if kind in set(table["kind"])]
    ordered = pd.concat(rows(table, kind=kind) for kind in order)
    lines = pd.concat(rows(ordered, row=line) for line in table["row"].unique())
    width = min(PAGE, max(width, min(2.4, PAGE / len(order))))
    figure, placed = grid(lines, "row", "kind", width, height=1.8)
    for (_, kind), axes in placed.items():
        axes.set_title(names.kind(kind))
    return figure, placed


def name_lines(placed: Mapping[tuple[str, str], Axes]) -> None:
    """Name each line of a grid at its left, above the label of the vertical axis."""
    for (line, _), axes in placed.items():
        axes.set_ylabel("\n".join(wrapped(part, LETTERS) for part in [line, axes.get_ylabel()]))
        inner(axes)


def shift_page(
    errors: pd.DataFrame, quantiles: pd.DataFrame, names: Names, oracle: str
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw distances by shift, a box a recipe, and below them distributions of predictions.

    Parameters
    ----------
    errors
        Rows of members and ensembles by shift, of one metric.
    quantiles
        Rows of distributions of predictions by shift.
    oracle
        Recipe of the oracle.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    errors, quantiles = names.with_row(errors), names.with_row(quantiles)
    quantiles["key"] = quantiles["row"] + ", " + quantiles["recipe"].map(names.recipes)
    boxed, curves = (
        {key: part.drop(columns=["row", "key"], errors="ignore") for key, part in groups}
        for groups in (errors.groupby("row", sort=False), quantiles.groupby("key", sort=False))
    )
    lines = []
    for row in boxed:
        below = list(rows(quantiles, row=row)["key"].unique())
        lines += [[row, *below]] if len(below) < MOST else [[row], *broken(below, MOST + 1)]
    figure, placed = lined(lines, [2.1 if line[0] in boxed else 1.4 for line in lines])
    for key, axes in placed.items():
        if key in boxed:
            shift_panel(axes, boxed[key], names, oracle)
        else:
            distributions(axes, curves[key], "shift", SHIFT_LOOKS)
            dataset, output = curves[key].iloc[0][["dataset", "output"]]
            axes.set_xlabel(wrapped(names.axis("predicted", dataset, output), LETTERS))
            axes.set_ylabel("share below")
            inner(axes)
        titled(axes, key if key in boxed else names.recipes[curves[key]["recipe"].iloc[0]])
    shifts = {SHIFTS[shift]: look for shift, look in SHIFT_LOOKS.items()}
    legend(figure, names.marks(errors["recipe"]) | {"ensemble": ENSEMBLE} | shifts)
    return figure, boxed | curves
