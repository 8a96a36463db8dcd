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
    names = [Path(run).parent.name for run in runs]
    steps = {
        name: pd.read_table(table)["steps"].mean()
        for name, table in zip(names, trainings, strict=True)
    }
    predicted = {name: predictions.read(run) for name, run in zip(names, runs, strict=True)}
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
