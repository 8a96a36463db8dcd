"""Draw coverage against width of intervals, before and after conformal calibration."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, level: float, pdf: str, png: str) -> None:
    """One panel an output: hollow markers as predicted, filled ones after calibration."""
    table = pd.read_table(table, dtype={"member": str})
    table["kind"] = table["recipe"] + ", " + table["uncertainty"]
    keys = ["dataset", "output", "fraction", "kind", "member"]
    table = table.pivot(index=keys, columns="metric", values="value").reset_index()
    colours = plotting.colours(table["kind"])
    figure, panels = plotting.grid(table, "dataset", "output", width=3.2)
    for (dataset, output), axes in panels.items():
        shown = table.query(f"dataset == '{dataset}' and output == '{output}'")
        for kind, points in shown.groupby("kind"):
            style = {"s": 14, "edgecolors": colours[kind], "linewidths": 0.8}
            axes.scatter(points["width"], points["coverage"], facecolors="none", **style)
            axes.scatter(
                points["conformal_width"],
                points["conformal_coverage"],
                facecolors=colours[kind],
                **style,
            )
        axes.axhline(level, color="grey", linewidth=0.6, linestyle=":")
        axes.set_ylim(0, 1.02)
        axes.set_xlim(0)
        axes.set_title(f"{dataset}: {output}")
        axes.set_xlabel("mean width of the interval")
    next(iter(panels.values())).set_ylabel(f"coverage (nominal {level:g})")
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
