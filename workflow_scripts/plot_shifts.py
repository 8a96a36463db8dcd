"""Draw distances to the oracle ensemble under shift, and distributions of predictions."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, distributions: str, oracle: str, names: dict, files: dict[str, str]) -> None:
    """Distances of members by activity; distributions of the first member's predictions."""
    names = plotting.Names(**names)
    errors = pd.read_table(table, dtype={"member": str}).query("metric == 'mse'")
    quantiles = pd.read_table(distributions)
    figure, panels = plotting.shift_page(errors, quantiles, names, oracle)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        distributions=snakemake.input.distributions,
        oracle=snakemake.params.oracle,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
