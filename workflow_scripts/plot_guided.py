"""Draw guided students beside baseline, teachers and ensembles, and the ranks of their losses."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(tables: list[str], names: dict, files: dict[str, str]) -> None:
    """One panel a task, and one of percentile ranks by loss."""
    tables = map(pd.read_table, tables)
    figure, panels = plotting.guided_page(*tables, plotting.Names(**names))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    given = snakemake.input
    main(
        tables=[given.table, given.variants, given.tests],
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
