"""Draw motifs that seqlets match, by head, and motifs that attribution maps repeat."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(tables: list[str], discovered: list[str], names: dict, files: dict[str, str]) -> None:
    """One section a run: motifs with their shares of seqlets, then discovered ones, if any."""
    labels = ["dataset", "recipe", "fraction", "output", "seqlets"]
    found = [pd.read_table(table, keep_default_na=False) for table in discovered]
    found = found or [pd.DataFrame(columns=labels)] * 2
    counts, logos = (pd.read_table(table, keep_default_na=False) for table in tables)
    figure, panels = plotting.motif_page(counts, logos, *found, plotting.Names(**names))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        tables=snakemake.input.tables,
        discovered=snakemake.input.discovered,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
