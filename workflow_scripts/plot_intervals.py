"""Draw coverage and accuracy against width of intervals, before and after calibration."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, level: float, recipes: list[str], pdf: str, png: str) -> None:
    """One row an output: hollow markers as predicted, filled ones after calibration."""
    table = pd.read_table(table, dtype={"member": str})
    table["row"] = table["dataset"] + ": " + table["output"]
    keys = ["row", "fraction", "recipe", "kind", "member"]
    table = table.pivot(index=keys, columns="metric", values="value").reset_index()
    colours = plotting.shown(plotting.colours(recipes), table["recipe"])
    measures = {"coverage": f"coverage (nominal {level:g})", "pearson": "Pearson r of the activity"}
    both = pd.concat(table.assign(measure=measure) for measure in measures)
    figure, panels = plotting.grid(both, "row", "measure", width=3.2)
    for (row, measure), axes in panels.items():
        plotting.widths(axes, plotting.rows(table, row=row), measure, colours)
        axes.set_title(row)
        axes.set_ylabel(measures[measure])
        if measure == "coverage":
            plotting.reference(axes, level)
            axes.set_ylim(0, 1.02)
    styles = {"as predicted": "hollow", "conformal": "o"}
    plotting.legend(figure, colours, styles | plotting.markers(table["kind"]))
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        level=snakemake.params.level,
        recipes=snakemake.params.recipes,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
