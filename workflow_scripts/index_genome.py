"""Unpack a genome's FASTA and index it."""

from degu import genome
from degu.job import log_to

if __name__ == "__main__":
    log_to(snakemake.log[0])
    genome.index(snakemake.input[0], snakemake.output.fasta, snakemake.output.index)
