"""Draw how attribution maps by each pair of methods agree."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, names: dict, files: dict[str, str]) -> None:
    """One section an output, maps beside contributions: recipes by pairs of methods, mean r."""
    figure, panels = plotting.agreement_page(pd.read_table(table), plotting.Names(**names))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
