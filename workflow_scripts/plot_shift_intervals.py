"""Draw coverage and width of intervals under shift, against the oracle ensemble's means."""

import pandas as pd

from degu import plotting
from degu.job import log_to

STYLES = {"as predicted": "hollow", "calibrated": "o", "calibrated on the same shift": "half"}


def main(table: str, level: float, oracle: str, names: dict, files: dict[str, str]) -> None:
    """One row an activity and measure, one column a kind of uncertainty: means over members."""
    names = plotting.Names(**names)
    table = names.with_row(pd.read_table(table))
    table["measure"] = table["metric"].str.rpartition("_")[2]
    table["row"] += table["measure"].map("\n{}".format)
    keys = ["row", "dataset", "output", "measure", "kind", "recipe", "metric", "shift"]
    means = table.groupby(keys, sort=False)["value"].mean().reset_index()
    shifts = list(means["shift"].unique())
    crowd = 0.07 * means["recipe"].nunique() * len(shifts)
    figure, placed = plotting.kind_grid(means, names, width=max(1.8, crowd))
    panels = {}
    for (row, kind), axes in placed.items():
        panel = panels[f"{row}, {kind}"] = plotting.rows(means, row=row, kind=kind)
        plotting.by_shift(axes, panel, shifts, names.looks(panel["recipe"]), level)
        title, measure = row.split("\n")
        axes.set_ylabel("TODO")
    plotting.name_lines(placed)
    plotting.legend(figure, names.marks(means["recipe"]), STYLES | plotting.nominal(level))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        level=snakemake.params.level,
        oracle=snakemake.params.oracle,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
