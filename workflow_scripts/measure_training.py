"""Measure how long the members of a run were trained, and whether that was long enough."""

import pandas as pd

from degu.job import begin
from degu.tables import join, training


def main(
    histories: list[str], schedule: str, patience: int, starts: list[int | None], output: str
) -> None:
    """Write a row a member."""
    trainings = [pd.read_table(path) for path in histories]
    join.write(training.summarise(trainings, schedule, patience, starts), output)


if __name__ == "__main__":
    begin(snakemake)
    main(
        histories=snakemake.input.histories,
        schedule=snakemake.params.schedule,
        patience=snakemake.params.patience,
        starts=snakemake.params.starts,
        output=snakemake.output[0],
    )
