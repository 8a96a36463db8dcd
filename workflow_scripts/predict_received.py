"""Put the answers of a foreign ensemble for validation and test set beside the truth."""

from degu import predictions
from degu.dataset import Dataset
from degu.foreign import kept
from degu.job import begin

if __name__ == "__main__":
    begin(snakemake)
    found = kept.predictions(snakemake.input.answers, Dataset(snakemake.input.data))
    predictions.write(snakemake.output[0], found)
