"""Join the predictions for all shards of a data set."""

from degu import predictions
from degu.job import begin

if __name__ == "__main__":
    begin(snakemake)
    shards = [predictions.read(path) for path in snakemake.input.shards]
    predictions.write(snakemake.output[0], predictions.join(shards))
