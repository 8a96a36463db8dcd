"""Join a table of all runs."""

from degu.job import begin
from degu.tables import join

if __name__ == "__main__":
    begin(snakemake)
    join.join(snakemake.input.tables, snakemake.params.names, snakemake.output[0])
