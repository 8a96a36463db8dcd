"""Draw predicted against measured activity."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, performance: str, names: dict, files: dict[str, str]) -> None:
    """One section an output, one panel a recipe: its first member.

    Figure `performance` has Pearson's r of all members and of the ensembles.
    """
    points, performance = (
        pd.read_table(path, dtype={"member": str}) for path in (table, performance)
    )
    points = plotting.rows(points, member="0", kind="activity")
    figure, panels = plotting.against_truth(points, plotting.Names(**names), performance)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        performance=snakemake.input.performance,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
