"""Join the scores of all shards of a VCF into one table and one VCF."""

from degu.job import begin
from degu.variants import outputs

if __name__ == "__main__":
    begin(snakemake)
    outputs.join(snakemake.input.tables, snakemake.output.table)
    outputs.join(snakemake.input.records, snakemake.output.records)
