"""Write the data card of a data set."""

from degu.dataset import Dataset
from degu.job import begin
from degu.tables import card, join

if __name__ == "__main__":
    begin(snakemake)
    table = card.describe(Dataset(snakemake.input.data), snakemake.input.unlabelled)
    table.insert(0, "dataset", snakemake.wildcards.dataset)
    join.write(table, snakemake.output[0])
