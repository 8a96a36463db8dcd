"""Draw coverage and width of intervals under shift, against the oracle ensemble's means."""

import pandas as pd

from degu import plotting
from degu.job import log_to

FILLINGS = {"": "none", "conformal_": "full", "mondrian_": "left"}
NAMES = {"as predicted": "hollow", "conformal": "o", "conformal, on the same shift": "half"}


def main(table: str, level: float, oracle: str, recipes: list[str], pdf: str, png: str) -> None:
    """One row an output: coverage and width by shift, means over members."""
    table = pd.read_table(table)
    table["row"] = table["dataset"] + ": " + table["output"]
    table["measure"] = table["metric"].str.rpartition("_")[2]
    shifts = list(table["shift"].unique())
    keys = ["row", "measure", "recipe", "kind", "metric", "shift"]
    means = table.groupby(keys, sort=False)["value"].mean().reset_index()
    colours = plotting.shown(plotting.colours(recipes), means["recipe"])
    groups = list(dict.fromkeys(zip(means["recipe"], means["kind"], strict=True)))
    figure, panels = plotting.grid(means, "row", "measure", width=3.6)
    for (row, measure), axes in panels.items():
        for number, (recipe, kind) in enumerate(groups):
            points = plotting.rows(means, row=row, measure=measure, recipe=recipe, kind=kind)
            offset = plotting.beside(number, len(groups))
            style = {"c": colours[recipe], "ms": 4, "linestyle": "none"}
            for prefix, filling in FILLINGS.items():
                some = plotting.rows(points, metric=prefix + measure)
                at = some["shift"].map(shifts.index) + offset
                marker = {"marker": plotting.MARKERS[kind], "fillstyle": filling}
                axes.plot(at, some["value"], **style, **marker)
        axes.set_xticks(range(len(shifts)), shifts)
        axes.set_title(row)
        axes.set_ylabel({"coverage": f"share of {oracle}'s means covered"}.get(measure, measure))
        if measure == "coverage":
            plotting.reference(axes, level)
            axes.set_ylim(0, 1.02)
    plotting.legend(figure, colours, NAMES | plotting.markers(means["kind"]))
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        level=snakemake.params.level,
        oracle=snakemake.params.oracle,
        recipes=snakemake.params.recipes,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
