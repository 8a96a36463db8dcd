"""Measure how each member and its ensemble agree with the truth on the test set."""

from degu import card, job, predictions, tables


def main(
    runs: list[str],
    files: list[str],
    data: list[str],
    table: str,
    summary: str,
    resamples: int,
    seed: int,
) -> None:
    """Write the table of all members, and their means with confidence intervals."""

    def tabulate(pair: tuple[str, str]):
        file, dataset = pair
        ceilings = card.noise_ceilings(dataset)
        return tables.performance(predictions.read(file), ceilings, resamples, seed)

    measured = tables.of_runs(runs, list(zip(files, data, strict=True)), tabulate)
    tables.write(measured, table)
    tables.write(tables.summary(measured), summary)


if __name__ == "__main__":
    job.log_to(snakemake.log[0])
    main(
        runs=snakemake.params.runs,
        files=snakemake.input.predictions,
        data=snakemake.input.data,
        table=snakemake.output.table,
        summary=snakemake.output.summary,
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
