"""Join a table of all runs."""

from degu.job import log_to
from degu.tables import join

if __name__ == "__main__":
    log_to(snakemake.log[0])
    join.join(snakemake.input.tables, snakemake.params.names, snakemake.output[0])
