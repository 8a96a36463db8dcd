"""Draw how members of a run agree on which bases matter."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, tests: str, names: dict, files: dict[str, str]) -> None:
    """One section an output and method: boxes over members for RMSE, over sequences for the spread.

    Numbers above boxes are p of the test of a student against its teachers.
    """
    values, tests = pd.read_table(table), pd.read_table(tests)
    figure, panels = plotting.consistency_page(values, tests, plotting.Names(**names))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        tests=snakemake.input.tests,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
