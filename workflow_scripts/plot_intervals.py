"""Draw coverage of intervals against their width, before and after calibration."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, level: float, names: dict, files: dict[str, str]) -> None:
    """One row an activity, one column a kind of uncertainty: the largest fraction."""
    names = plotting.Names(**names)
    table = names.with_row(plotting.largest(pd.read_table(table, dtype={"member": str})))
    keys = ["row", "dataset", "output", "kind", "recipe"]
    means = plotting.measures(table).groupby(keys, sort=False).mean(numeric_only=True).reset_index()
    means = means.drop(columns="fraction")
    figure, placed = plotting.kind_grid(means, names)
    panels = {}
    for (row, kind), axes in placed.items():
        panel = panels[f"{row}, {kind}"] = plotting.rows(means, row=row, kind=kind)
        plotting.coverages(axes, panel, names.looks(panel["recipe"]), level)
        width = names.axis("mean width", *panel.iloc[0][["dataset", "output"]])
        axes.set_xlabel(plotting.wrapped(width, 17))
    plotting.name_lines(placed)
    styles = {"as predicted": "hollow", "calibrated": "o"} | plotting.nominal(level)
    plotting.legend(figure, names.marks(means["recipe"]), styles)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        level=snakemake.params.level,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
