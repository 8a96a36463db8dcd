"""Draw predicted against measured activity."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, performance: str, pdf: str, png: str) -> None:
    """One row a data set and output; a panel for a member and the ensemble of each recipe."""
    points = pd.read_table(table, dtype={"member": str})
    points = points[~points["output"].str.contains("_epistemic|_aleatoric")]
    points["row"] = points["dataset"] + ": " + points["output"]
    points["column"] = points["recipe"] + ", " + points["member"].replace("0", "member 0")
    r = plotting.pearson_of(performance)
    figure, panels = plotting.grid(points, "row", "column")
    for (row, column), axes in panels.items():
        shown = points[(points["row"] == row) & (points["column"] == column)]
        plotting.density(axes, shown["truth"], shown["predicted"])
        axes.set_title(f"{row}\n{column}, r = {r(shown.iloc[0]):.3f}")
        axes.set_xlabel("measured")
    next(iter(panels.values())).set_ylabel("predicted")
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        performance=snakemake.input.performance,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
