"""Draw how intervals cover what the oracle ensemble says under shift, and how wide they are."""

import pandas as pd

from degu import plotting
from degu.job import log_to

CALIBRATIONS = {
    "": {"marker": "o", "mfc": "none"},
    "conformal_": {"marker": "o"},
    "mondrian_": {"marker": "D", "mfc": "none"},
}


def main(table: str, level: float, oracle: str, pdf: str, png: str) -> None:
    """One row an output: coverage and width by shift, means over members."""
    table = pd.read_table(table)
    table["row"] = table["dataset"] + ": " + table["output"]
    table["kind"] = table["recipe"] + ", " + table["uncertainty"]
    table["measure"] = table["metric"].str.rpartition("_")[2]
    shifts, colours = list(table["shift"].unique()), plotting.colours(table["kind"])
    keys = ["row", "measure", "kind", "metric", "shift"]
    means = table.groupby(keys, sort=False)["value"].mean().reset_index()
    figure, panels = plotting.grid(means, "row", "measure", width=3.6)
    for (row, measure), axes in panels.items():
        shown = means[(means["row"] == row) & (means["measure"] == measure)]
        for number, (kind, colour) in enumerate(colours.items()):
            aside = (number - (len(colours) - 1) / 2) * 0.8 / len(colours)
            points = shown[shown["kind"] == kind]
            for prefix, marker in CALIBRATIONS.items():
                some = points[points["metric"] == prefix + measure]
                at = some["shift"].map(shifts.index) + aside
                axes.plot(at, some["value"], ms=4, c=colour, linestyle="none", **marker)
        axes.set_xticks(range(len(shifts)), shifts)
        axes.set_title(row)
        axes.set_ylabel({"coverage": f"share of {oracle}'s means covered"}.get(measure, measure))
        if measure == "coverage":
            axes.axhline(level, color="grey", linewidth=0.6, linestyle=":")
            axes.set_ylim(0, 1.02)
    names = {"as predicted": "hollow", "conformal": "o", "conformal, on the same shift": "D"}
    plotting.legend(figure, colours, names)
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        level=snakemake.params.level,
        oracle=snakemake.params.oracle,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
