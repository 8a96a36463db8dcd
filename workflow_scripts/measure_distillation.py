"""Measure what there is to distil of an ensemble, and what its students reached of it."""

import pandas as pd

from degu import job, predictions
from degu.labels import read_labels
from degu.tables import card, distillation, join


def main(
    teachers: tuple[str, ...],
    number: int,
    students: tuple[str, ...] | None,
    labels: str | None,
    data: str,
    output: str,
    resamples: int,
    seed: int,
) -> None:
    """Sides are told by their predictions, and by their table of trainings where there is one."""
    how = card.noise_ceilings(data), resamples, seed
    table = distillation.measure(
        predictions.read(teachers[0]),
        number,
        predictions.read(students[0]) if students else None,
        read_labels(labels, "test")[0] if labels else None,
        *how,
    )
    table["teachers_undertrained"] = _undertrained(teachers[1:], number)
    short = _undertrained(students[1:]) if students else pd.NA
    join.write(table.assign(students_undertrained=short), output)


def _undertrained(trainings: tuple[str, ...], number: int | None = None) -> int:
    """Members whose training was too short; those that were trained elsewhere have no table."""
    return sum(pd.read_table(path)["undertrained"][:number].sum() for path in trainings)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        teachers=tuple(snakemake.input.teachers),
        number=snakemake.params.number,
        students=tuple(snakemake.input.students),
        labels=snakemake.input.get("labels") or None,
        data=snakemake.input.data,
        output=snakemake.output[0],
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
