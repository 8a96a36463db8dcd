"""Draw how attribution maps by each pair of methods agree."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, pdf: str, png: str) -> None:
    """One row a data set and output, one column a recipe: means over members of Pearson's r."""
    values = pd.read_table(table)
    values["row"] = values["dataset"] + ": " + values["output"]
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
