"""Draw how members of a run agree on which bases matter."""

import numpy as np
import pandas as pd

from degu import plotting
from degu.job import log_to

METRICS = {
    "rmse": "RMSE to the teachers' average",
    "spread": "spread over members",
    "normalised_rmse": "RMSE, normalised maps",
    "normalised_spread": "spread, normalised maps",
}


def main(table: str, tests: str, pdf: str, png: str) -> None:
    """One row an output and method: boxes over members for RMSE, over sequences for the spread."""
    values, tests = pd.read_table(table), pd.read_table(tests)
    values = values[values["metric"].isin(METRICS)]
    row = ["dataset", "output", "method"]
    values["row"] = values[row].agg(": ".join, axis=1)
    tests["row"] = tests[row].agg(": ".join, axis=1)
    colours = plotting.colours(values["recipe"])
    figure, panels = plotting.grid(values, "row", "metric")
    for (name, metric), axes in panels.items():
        shown = values[(values["row"] == name) & (values["metric"] == metric)]
        _draw(axes, shown, colours)
        known = tests[(tests["row"] == name) & (tests["metric"] == metric)]
        p = [
            f"{recipe}: p = {p:.1e}" for recipe, p in zip(known["recipe"], known["p"], strict=True)
        ]
        axes.set_title("\n".join([name, *p]))
        axes.set_ylabel(METRICS[metric])
    plotting.legend(figure, colours, {"mean": "D"})
    plotting.save(figure, pdf, png)


def _draw(axes, values: pd.DataFrame, colours: dict[str, str]) -> None:
    rng = np.random.default_rng(0)
    groups = values.groupby("recipe", sort=False)["value"]
    for number, (recipe, of_recipe) in enumerate(groups):
        colour = colours[recipe]
        # Whiskers to the whole range, as in the paper.
        parts = ("boxprops", "whiskerprops", "capprops", "medianprops")
        lines = {key: {"color": colour} for key in parts}
        axes.boxplot(of_recipe, positions=[number], widths=0.6, whis=(0, 100), **lines)
        few = of_recipe if len(of_recipe) <= 200 else of_recipe.sample(200, random_state=0)
        axes.scatter(
            number + rng.uniform(-0.2, 0.2, len(few)),
            few,
            s=4,
            alpha=0.4,
            color=colour,
            linewidths=0,
        )
        axes.plot(number, of_recipe.mean(), "D", ms=4, mfc="none", c=colour)
    axes.set_xticks(range(len(groups)), list(groups.groups), rotation=20)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        tests=snakemake.input.tests,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
