"""Draw training and validation losses of every member."""

import pandas as pd

from degu import plotting
from degu.job import begin

LINES = {"validation": "-", "training": "--", "validation, moving averages": ":"}
NOTE = (
    "* A student's training loss is against its teachers' labels, its validation loss against "
    "measurements, unless labels validate it."
)


def main(table: str, names: dict, files: dict[str, str]) -> None:
    """One panel a recipe: validation loss solid, training loss dashed, moving averages dotted."""
    names = plotting.Names(**names)
    histories = plotting.largest(pd.read_table(table))
    most = histories.groupby("dataset")["recipe"].nunique().max()
    width = plotting.PAGE / min(5, max(3, most))
    figure, placed = plotting.grid(histories, "dataset", "recipe", width, height=1.7)
    panels = {}
    for (dataset, recipe), axes in placed.items():
        star = "*" if recipe in names.teachers else ""
        title = f"{names.datasets[dataset]}: {names.recipes[recipe]}{star}"
        panels[title] = plotting.rows(histories, dataset=dataset, recipe=recipe)
        plotting.losses(axes, panels[title])
        plotting.titled(axes, title)
        axes.set_ylabel("loss")
        plotting.inner(axes)
    if any(recipe in names.teachers for _, recipe in placed):
        figure.suptitle(plotting.wrapped(NOTE, int(figure.get_figwidth() / 0.057)), fontsize=7)
    plotting.legend(figure, {}, LINES)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
