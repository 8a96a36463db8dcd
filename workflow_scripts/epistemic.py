"""Draw the epistemic head of a student against the spread of its teachers."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, performance: str, pdf: str, png: str) -> None:
    """One panel for each data set, output and recipe of students: the first student."""
    points = pd.read_table(table, dtype={"member": str}).query("member == '0'")
    points = points[points["output"].str.endswith("_epistemic")]
    points["row"] = points["dataset"] + ": " + points["output"]
    r = plotting.pearson_of(performance)
    figure, panels = plotting.grid(points, "row", "recipe")
    for (row, recipe), axes in panels.items():
        shown = points[(points["row"] == row) & (points["recipe"] == recipe)]
        plotting.density(axes, shown["truth"], shown["predicted"])
        axes.set_title(f"{row}\n{recipe}, r = {r(shown.iloc[0]):.3f}")
        axes.set_xlabel("standard deviation over teachers")
    next(iter(panels.values())).set_ylabel("epistemic head")
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        performance=snakemake.input.performance,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
