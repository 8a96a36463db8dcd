"""Draw studies: the best trial so far, and trials against their values."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, names: dict, files: dict[str, str]) -> None:
    """One section a study: trials in their order, and against each parameter."""
    figure, panels = plotting.tuning_page(pd.read_table(table), plotting.Names(**names))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
