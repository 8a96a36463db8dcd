"""Draw training and validation losses of every member."""

import pandas as pd

from degu import plotting
from degu.job import log_to

LINES = {"validation": "-", "training": "--", "validation, moving averages": ":"}
NOTE = (
    "* Students: their training loss is against the teachers' labels, "
    "their validation loss against measurements, another quantity."
)


def main(table: str, names: dict, files: dict[str, str]) -> None:
    """One panel a recipe: validation loss solid, training loss dashed, moving averages dotted."""
    names = plotting.Names(**names)
    histories = plotting.largest(pd.read_table(table))
    figure, placed = plotting.grid(histories, "dataset", "recipe", width=1.44, height=1.6)
    panels = {}
    for (dataset, recipe), axes in placed.items():
        star = " *" if recipe in names.teachers else ""
        title = f"{names.datasets[dataset]}: {names.recipes[recipe]}{star}"
        panels[title] = plotting.rows(histories, dataset=dataset, recipe=recipe)
        plotting.losses(axes, panels[title])
        plotting.titled(axes, title)
        axes.set_ylabel("loss")
        plotting.inner(axes)
    if any(recipe in names.teachers for _, recipe in placed):
        figure.suptitle(NOTE, fontsize=7)
    plotting.legend(figure, {}, LINES)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
