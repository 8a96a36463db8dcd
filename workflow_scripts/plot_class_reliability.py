"""Draw accuracy against confidence of predicted classes."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, names: dict, files: dict[str, str]) -> None:
    """Draw all runs at their largest fraction."""
    table = pd.read_table(table, dtype={"member": str})
    figure, panels = plotting.class_reliability_page(table, plotting.Names(**names))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
