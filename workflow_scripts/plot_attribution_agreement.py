"""Draw how attribution maps by each pair of methods agree."""

import pandas as pd

from degu import plotting
from degu.job import log_to

METRICS = {"pearson": "maps", "pearson_contributions": "contributions"}


def main(table: str, pdf: str, png: str) -> None:
    """One row a data set, output and metric, one column a recipe: means over members of r."""
    values = pd.read_table(table)
    values["shown"] = values["metric"].map(METRICS)
    values["row"] = values[["dataset", "output", "shown"]].agg(": ".join, axis=1)
    figure, panels = plotting.grid(values, "row", "recipe")
    for (name, recipe), axes in panels.items():
        shown = plotting.rows(values, row=name, recipe=recipe)
        pairs = shown.groupby(["method", "other"], sort=False)["value"].mean()
        plotting.pair_map(axes, pairs)
        axes.set_title(f"{name}\n{recipe}")
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input.table, snakemake.output.pdf, snakemake.output.png)
