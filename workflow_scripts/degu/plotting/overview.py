"""Pages on all runs of a config, as large as their number asks for."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.plotting.agreement import bands, curve_panel
from degu.plotting.marks import largest, reference, rows
from degu.plotting.names import Names
from degu.plotting.style import ENSEMBLE, GREY, broken, legend, lined, wrapped

# Outputs side by side at most; letters of a title's line.
MOST, LETTERS = 4, 24


def performance_page(
    means: pd.DataFrame, members: pd.DataFrame, names: Names
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw agreement of all outputs: by recipe at its largest fraction, and by training fraction.

    Parameters
    ----------
    means
        Rows of summaries of performance, of one metric.
    members
        Rows of performance of single members, of that metric.

    Returns
    -------
    figure, panels : Figure, dict of str to DataFrame
    """
    by_recipe, by_fraction, lines, heights = {}, {}, [], []
    for dataset, part in means.groupby("dataset", sort=False):
        several = part[part.groupby("recipe")["fraction"].transform("nunique") > 1]
        tall = 0.9 + 0.13 * part["recipe"].nunique()
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
    for key, panel in by_recipe.items():
        recipe_rows(placed[key], panel, members, means, names)
    for key, panel in (by_recipe | by_fraction).items():
        title = names.panel(*panel.iloc[0][["dataset", "output"]])
        placed[key].set_title(wrapped(title, LETTERS))
    for line in lines:
        for key in line[1:]:
            placed[key].set_ylabel("")
    styles = {"member": "o", "mean with 95 % band": "|"}
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
    fractions = whole.set_index("recipe")["fraction"].to_dict()
    most = max(fractions.values())
    labels = [
        names.recipes[one] + ("" if fractions[one] == most else f", {fractions[one]:.0%}")
        for one in looks
    ]
    first = axes.get_subplotspec().is_first_col()
    axes.set_yticks(range(len(looks)), labels if first else [])
