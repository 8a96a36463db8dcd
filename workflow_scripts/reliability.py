"""Draw observed against nominal coverage of intervals, before and after conformal calibration."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, pdf: str, png: str) -> None:
    """One panel an output, means over members: as predicted solid, conformal dashed."""
    table = pd.read_table(table)
    largest = table.groupby(["dataset", "recipe"])["fraction"].transform("max")
    table = table[table["fraction"] == largest]
    table["kind"] = table["recipe"] + ", " + table["uncertainty"]
    keys = ["dataset", "output", "kind", "metric", "level"]
    curves = table.groupby(keys, sort=False)["value"].mean().reset_index()
    colours = plotting.colours(curves["kind"])
    figure, panels = plotting.grid(curves, "dataset", "output", width=3.2)
    for (dataset, output), axes in panels.items():
        shown = curves.query(f"dataset == '{dataset}' and output == '{output}'")
        for (kind, metric), curve in shown.groupby(["kind", "metric"], sort=False):
            style = {"coverage": "-", "conformal_coverage": "--"}[metric]
            axes.plot(curve["level"], curve["value"], style, color=colours[kind], linewidth=0.9)
        axes.axline((0, 0), (1, 1), color="grey", linewidth=0.6, linestyle=":")
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="nominal coverage")
        axes.set_title(f"{dataset}: {output}")
    next(iter(panels.values())).set_ylabel("observed coverage")
    plotting.legend(figure, colours, {"as predicted": "-", "conformal": "--"})
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input.table, snakemake.output.pdf, snakemake.output.png)
