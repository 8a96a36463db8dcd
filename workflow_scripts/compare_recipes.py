"""Compare the recipes of a data set and fraction with each other."""

from pathlib import Path

import pandas as pd

from degu import job, predictions
from degu.tables import join, recipes


def main(
    runs: list[str],
    trainings: list[str],
    against: list[str],
    output: str,
    resamples: int,
    seed: int,
) -> None:
    """Write the table; the recipe of a run stands in its files' paths."""
    steps = {Path(path).parent.name: pd.read_table(path)["steps"].mean() for path in trainings}
    predicted = {Path(run).parent.name: predictions.read(run) for run in runs}
    join.write(recipes.compare(predicted, against, steps, resamples, seed), output)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        runs=snakemake.input.predictions,
        trainings=snakemake.input.trainings,
        against=snakemake.params.against,
        output=snakemake.output[0],
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
