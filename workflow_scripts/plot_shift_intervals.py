"""Draw coverage and width of intervals under shift, against the oracle ensemble's means."""

import pandas as pd

from degu import plotting
from degu.job import begin

STYLES = {"as predicted": "hollow", "calibrated": "o", "calibrated on the same shift": "half"}


def main(table: str, level: float, oracle: str, names: dict, files: dict[str, str]) -> None:
    """One row an activity and kind of uncertainty: coverage and width by shift, member means."""
    names = plotting.Names(**names)
    table = names.with_row(pd.read_table(table))
    table["row"] += ", " + table["kind"].map(names.kind)
    table["measure"] = table["metric"].str.rpartition("_")[2]
    keys = ["row", "dataset", "output", "kind", "measure", "recipe", "metric", "shift"]
    means = table.groupby(keys, sort=False)["value"].mean().reset_index()
    shifts = list(means["shift"].unique())
    figure, placed = plotting.grid(means, "row", "measure", width=3.6, height=1.7)
    panels = {}
    for (row, measure), axes in placed.items():
        panel = panels[f"{row}: {measure}"] = plotting.rows(means, row=row, measure=measure)
        plotting.by_shift(axes, panel, measure, shifts, names.looks(panel["recipe"]))
        axes.set(title=plotting.wrapped(row, 48), xlabel="shift")
        if measure == "coverage":
            plotting.reference(axes, level)
            axes.set(ylim=(0, 1.04), ylabel=f"coverage of the\n{names.ensemble(oracle)}")
        else:
            width = names.axis("mean width", *panel.iloc[0][["dataset", "output"]])
            axes.set(ylim=(0, 1.05 * axes.get_ylim()[1]), ylabel=plotting.wrapped(width, 20))
    plotting.legend(figure, names.marks(means["recipe"]), STYLES | plotting.nominal(level))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        level=snakemake.params.level,
        oracle=snakemake.params.oracle,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
