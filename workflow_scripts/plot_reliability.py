"""Draw observed against nominal coverage of intervals, before and after conformal calibration."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, recipes: list[str], pdf: str, png: str) -> None:
    """One panel an output, means over members: as predicted solid, conformal dashed."""
    table = pd.read_table(table)
    largest = table.groupby(["dataset", "recipe"])["fraction"].transform("max")
    table = table[table["fraction"] == largest]
    keys = ["dataset", "output", "recipe", "kind", "metric", "level"]
    curves = table.groupby(keys, sort=False)["value"].mean().reset_index()
    colours = plotting.shown(plotting.colours(recipes), curves["recipe"])
    figure, panels = plotting.grid(curves, "dataset", "output", width=3.2)
    for (dataset, output), axes in panels.items():
        shown = plotting.rows(curves, dataset=dataset, output=output)
        plotting.reliability(axes, shown, colours)
        axes.set_title(f"{dataset}: {output}")
    next(iter(panels.values())).set_ylabel("observed coverage")
    styles = {"as predicted": "-", "conformal": "--"} | plotting.markers(curves["kind"])
    plotting.legend(figure, colours, styles)
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        recipes=snakemake.params.recipes,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
