"""Write the card of a set of variants: counts by locus, and overlaps with training sequences."""

from pathlib import Path

import pandas as pd

from degu.job import begin
from degu.tables import join


def main(counts: str, overlaps: list[str], output: str) -> None:
    """Write counts in long form; the data set stands in the name of a file of overlaps."""
    parts = [pd.read_table(counts).melt(id_vars="locus", var_name="metric")]
    for path in overlaps:
        table = pd.read_table(path).melt(id_vars="locus", var_name="metric")
        parts.append(table.assign(metric=table["metric"] + f" ({Path(path).stem})"))
    join.write(pd.concat(parts).rename(columns={"locus": "output"}), output)


if __name__ == "__main__":
    begin(snakemake)
    main(snakemake.input.counts, snakemake.input.overlaps, snakemake.output[0])
