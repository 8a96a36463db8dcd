"""Measure how members agree with an oracle ensemble on shifted test sequences."""

from degu import shift_tables, tables
from degu.job import log_to


def main(
    runs: list[str], files: list[str], oracles: list[str], output: str, distributions: str
) -> None:
    """Write the joint tables of all runs."""
    pairs = list(zip(files, oracles, strict=True))
    tables.write(tables.of_runs(runs, pairs, lambda pair: shift_tables.shifts(*pair)), output)
    tables.write(tables.of_runs(runs, files, shift_tables.distributions), distributions)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        runs=snakemake.params.runs,
        files=snakemake.input.predictions,
        oracles=snakemake.input.oracles,
        output=snakemake.output.table,
        distributions=snakemake.output.distributions,
    )
