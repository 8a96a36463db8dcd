"""Measure how the members of a run and their ensemble agree with the truth on the test set."""

from degu import job, predictions
from degu.dataset import Dataset
from degu.tables import card, join, performance


def main(
    run: str,
    data: str,
    table: str,
    summary: str,
    listing: str,
    resamples: int,
    seed: int,
) -> None:
    """Write agreement, its mean over members with an interval, and single predictions."""
    run, known = predictions.read(run), Dataset(data).measured
    measured = performance.performance(run, card.noise_ceilings(data), resamples, seed)
    for rows, path in [
        (measured, table),
        (performance.summary(measured), summary),
        (performance.scatter(run), listing),
    ]:
        join.write(performance.against(rows, known), path)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        run=snakemake.input.predictions,
        data=snakemake.input.data,
        table=snakemake.output.performance,
        summary=snakemake.output.summary,
        listing=snakemake.output.predictions,
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
