"""Draw figure 3: a toy of one-dimensional functions, and distances to the oracle under shift."""

import pandas as pd

from degu import plotting
from degu.job import begin
from degu.tables import join

PANELS = {
    "b": {"role": "starrseq", "place": 0},
    "c": {"role": "starrseq", "place": 1},
}


def main(
    shift: list[str],
    toy: str,
    names: dict,
    paper: dict[str, str],
    oracle: str,
    files: dict[str, str],
) -> None:
    """One panel an activity: boxes over members, recipes side by side at each shift."""
    names = plotting.Names(**names)
    table = plotting.single(names.place(join.read(shift), paper))
    table = plotting.rows(table, metric="mse")
    curves, panels = {"a": pd.read_table(toy)}, plotting.select(table, PANELS)
    figure, placed = plotting.lined([curves, panels], [2.0, 2.4])
    plotting.toy_panel(placed["a"], curves["a"])
    plotting.draw_panels(plotting.shift_panel, placed, panels, names, oracle)
    plotting.legend(figure, names.legend(table["recipe"]))
    plotting.save(figure, curves | panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        shift=snakemake.input.shift,
        toy=snakemake.input.toy,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        oracle=snakemake.params.oracle,
        files=dict(snakemake.output.items()),
    )
