"""Hold guided students of a data set and fraction beside baselines, teachers and ensembles."""

from pathlib import Path

from degu import job, predictions
from degu.dataset import Dataset
from degu.tables import guided, join

if __name__ == "__main__":
    job.begin(snakemake)
    runs = {Path(path).parent.name: predictions.read(path) for path in snakemake.input.predictions}
    table = guided.measure(
        data=Dataset(snakemake.input.data),
        runs=runs,
        teachers={Path(path).parent.name: path for path in snakemake.input.teachers},
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
    join.write(table, snakemake.output[0])
