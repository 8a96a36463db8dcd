"""Draw how members of a run agree on which bases matter."""

import pandas as pd

from degu import plotting
from degu.job import log_to

METRICS = {
    "rmse": "RMSE to the teachers' average",
    "spread": "spread over members",
    "normalised_rmse": "RMSE, normalised maps",
    "normalised_spread": "spread, normalised maps",
}


def main(table: str, tests: str, recipes: list[str], pdf: str, png: str) -> None:
    """One row an output and method: boxes over members for RMSE, over sequences for the spread."""
    values, tests = pd.read_table(table), pd.read_table(tests)
    values = values[values["metric"].isin(METRICS)]
    row = ["dataset", "output", "method"]
    values["row"] = values[row].agg(": ".join, axis=1)
    tests["row"] = tests[row].agg(": ".join, axis=1)
    colours = plotting.shown(plotting.colours(recipes), values["recipe"])
    figure, panels = plotting.grid(values, "row", "metric")
    for (name, metric), axes in panels.items():
        shown = plotting.rows(values, row=name, metric=metric)
        groups = {recipe: plotting.rows(shown, recipe=recipe)["value"] for recipe in colours}
        plotting.boxes(axes, {name: of for name, of in groups.items() if len(of)}, colours)
        known = plotting.rows(tests, row=name, metric=metric)
        p = [
            f"{recipe}: p = {p:.1e}" for recipe, p in zip(known["recipe"], known["p"], strict=True)
        ]
        axes.set_title("\n".join([name, *p]))
        axes.set_ylabel(METRICS[metric])
    plotting.legend(figure, colours, {"mean": "D"})
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        tests=snakemake.input.tests,
        recipes=snakemake.params.recipes,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
