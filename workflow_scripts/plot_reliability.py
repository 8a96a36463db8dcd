"""Draw observed against nominal coverage of intervals, before and after conformal calibration."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, names: dict, files: dict[str, str]) -> None:
    """One row an activity, one column a kind of uncertainty: means over members of each recipe."""
    names = plotting.Names(**names)
    table = names.with_row(plotting.largest(pd.read_table(table)))
    keys = ["row", "dataset", "output", "kind", "recipe", "fraction", "metric", "level"]
    curves = table.groupby(keys, sort=False)["value"].mean().reset_index()
    figure, placed = plotting.kind_grid(curves, names)
    panels = {}
    for (row, kind), axes in placed.items():
        panel = panels[f"{row}, {kind}"] = plotting.rows(curves, row=row, kind=kind)
        plotting.reliability(axes, panel, names.looks(panel["recipe"]))
    plotting.name_lines(placed)
    styles = {"as predicted": "-", "calibrated": "--"}
    plotting.legend(figure, names.marks(curves["recipe"]), styles)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
