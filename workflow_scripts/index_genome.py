"""Unpack a genome's FASTA and index it."""

from degu import genome
from degu.job import begin

if __name__ == "__main__":
    begin(snakemake)
    genome.index(snakemake.input[0], snakemake.output.fasta, snakemake.output.index)
