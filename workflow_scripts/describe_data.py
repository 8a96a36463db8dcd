"""Write the data card of a data set."""

from degu.dataset import Dataset
from degu.job import log_to
from degu.tables import card, join

if __name__ == "__main__":
    log_to(snakemake.log[0])
    table = card.describe(Dataset(snakemake.input.data))
    table.insert(0, "dataset", snakemake.wildcards.dataset)
    join.write(table, snakemake.output[0])
