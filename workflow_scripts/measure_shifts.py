"""Measure members against an oracle ensemble on shifted test sequences."""

from degu import job, shift_tables, tables


def main(
    runs: list[str],
    files: list[str],
    oracles: list[str],
    output: str,
    distributions: str,
    coverage: str,
    bootstrap: dict[str, int],
    **how: float | str,
) -> None:
    """Write the joint tables of all runs."""
    pairs = list(zip(files, oracles, strict=True))
    for path, tabulate in [
        (output, lambda pair: shift_tables.shifts(*pair, **bootstrap)),
        (distributions, lambda pair: shift_tables.distributions(pair[0])),
        (coverage, lambda pair: shift_tables.coverage(*pair, **how, **bootstrap)),
    ]:
        tables.write(tables.of_runs(runs, pairs, tabulate), path)


if __name__ == "__main__":
    job.log_to(snakemake.log[0])
    params = snakemake.params
    main(
        runs=params.runs,
        files=snakemake.input.predictions,
        oracles=snakemake.input.oracles,
        output=snakemake.output.table,
        distributions=snakemake.output.distributions,
        coverage=snakemake.output.coverage,
        level=params.level,
        smallest_std=params.smallest_std,
        quantile=params.quantile,
        bootstrap={"resamples": params.resamples, "seed": job.seed(params.base_seed, "bootstrap")},
    )
