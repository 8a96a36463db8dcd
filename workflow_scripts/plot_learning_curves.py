"""Draw training and validation losses of every member."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, pdf: str, png: str) -> None:
    """One panel a recipe: validation loss solid, training loss dashed, moving averages dotted."""
    histories = pd.read_table(table)
    largest = histories.groupby(["dataset", "recipe"])["fraction"].transform("max")
    histories = histories[histories["fraction"] == largest]
    figure, panels = plotting.grid(histories, "dataset", "recipe")
    for (dataset, recipe), axes in panels.items():
        plotting.losses(axes, plotting.rows(histories, dataset=dataset, recipe=recipe))
        axes.set_title(f"{dataset}: {recipe}")
    next(iter(panels.values())).set_ylabel("loss")
    plotting.legend(
        figure,
        {},
        {"validation": "-", "training": "--", "validation, moving averages": ":"},
    )
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input.table, snakemake.output.pdf, snakemake.output.png)
