"""Draw what one model of each recipe reaches against a mean member and its ensemble."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, names: dict, files: dict[str, str]) -> None:
    """One line an activity: gain in r, agreement with the ensemble, epistemic r, steps."""
    figure, panels = plotting.recipes_page(pd.read_table(table), plotting.Names(**names))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
