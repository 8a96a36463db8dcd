"""Draw coverage and accuracy against width of intervals, before and after calibration."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, level: float, pdf: str, png: str) -> None:
    """One row an output: hollow markers as predicted, filled ones after calibration."""
    table = pd.read_table(table, dtype={"member": str})
    table["kind"] = table["recipe"] + ", " + table["uncertainty"]
    table["row"] = table["dataset"] + ": " + table["output"]
    keys = ["row", "fraction", "kind", "member"]
    table = table.pivot(index=keys, columns="metric", values="value").reset_index()
    colours = plotting.colours(table["kind"])
    measures = {"coverage": f"coverage (nominal {level:g})", "pearson": "Pearson r of the activity"}
    both = pd.concat(table.assign(measure=measure) for measure in measures)
    figure, panels = plotting.grid(both, "row", "measure", width=3.2)
    for (row, measure), axes in panels.items():
        for kind, points in table[table["row"] == row].groupby("kind"):
            style = {"s": 14, "edgecolors": colours[kind], "linewidths": 0.8}
            for prefix, filling in [("", "none"), ("conformal_", colours[kind])]:
                value = points[f"{prefix}coverage" if measure == "coverage" else measure]
                axes.scatter(points[f"{prefix}width"], value, facecolors=filling, **style)
        axes.set_xlim(0)
        axes.set_title(row)
        axes.set_xlabel("mean width of the interval")
        axes.set_ylabel(measures[measure])
        if measure == "coverage":
            axes.axhline(level, color="grey", linewidth=0.6, linestyle=":")
            axes.set_ylim(0, 1.02)
    plotting.legend(figure, colours, {"as predicted": "hollow", "conformal": "o"})
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        level=snakemake.params.level,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
