"""Draw training and validation losses of every member."""

import pandas as pd
from matplotlib.ticker import MaxNLocator

from degu import plotting
from degu.job import log_to


def main(table: str, pdf: str, png: str) -> None:
    """One panel a recipe: validation loss solid, training loss dashed, moving averages dotted."""
    histories = pd.read_table(table)
    largest = histories.groupby(["dataset", "recipe"])["fraction"].transform("max")
    histories = histories[histories["fraction"] == largest]
    figure, panels = plotting.grid(histories, "dataset", "recipe")
    for (dataset, recipe), axes in panels.items():
        runs = plotting.rows(histories, dataset=dataset, recipe=recipe)
        colours = plotting.colours(runs["member"])
        for member, history in runs.groupby("member"):
            line = {"color": colours[member], "linewidth": 0.9}
            axes.plot(history["epoch"], history["validation_loss"], **line)
            axes.plot(history["epoch"], history["loss"], linestyle="--", alpha=0.6, **line)
            axes.plot(
                history["epoch"],
                history["validation_loss_moving"],
                linestyle=":",
                alpha=0.6,
                **line,
            )
        # Losses with moving averages can be far off; they must not squeeze the others.
        axes.set_ylim(0, 1.5 * runs["validation_loss"].max())
        axes.set_title(f"{dataset}: {recipe}")
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
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
