"""Measure how well the scores of a run tell foreign sequences from test sequences."""

from degu.job import begin, seed
from degu.outliers import scored
from degu.tables import join, outliers


def main(
    run: str, teachers: str | None, table: str, differences: str, resamples: int, seed: int
) -> None:
    """Write areas by score and group, and how far students are from their teachers."""
    run = scored.read(run)
    teachers = scored.read(teachers) if teachers else None
    join.write(outliers.areas(run, resamples, seed), table)
    join.write(outliers.differences(run, teachers, resamples, seed), differences)


if __name__ == "__main__":
    begin(snakemake)
    main(
        run=snakemake.input.scores,
        teachers=snakemake.input.get("teachers") or None,
        table=snakemake.output.outliers,
        differences=snakemake.output.differences,
        resamples=snakemake.params.resamples,
        seed=seed(snakemake.params.base_seed, "bootstrap"),
    )
