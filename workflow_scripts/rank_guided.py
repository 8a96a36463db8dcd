"""Rank variants of guided students within each task, and test choices against each other."""

import pandas as pd

from degu.job import begin
from degu.tables import guided, join

if __name__ == "__main__":
    begin(snakemake)
    ranked = guided.variants(pd.read_table(snakemake.input.table), snakemake.params.recipes)
    join.write(ranked, snakemake.output.variants)
    join.write(guided.tests(ranked), snakemake.output.tests)
