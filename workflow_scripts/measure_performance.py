"""Measure how each member and its ensemble agree with the truth on the test set."""

from degu import predictions, tables
from degu.job import log_to


def main(runs: list[str], files: list[str], table: str, summary: str) -> None:
    """Write the table of all members, and their means with confidence intervals."""
    measured = tables.of_runs(runs, files, lambda file: tables.performance(predictions.read(file)))
    tables.write(measured, table)
    tables.write(tables.summary(measured), summary)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        runs=snakemake.params.runs,
        files=snakemake.input.predictions,
        table=snakemake.output.table,
        summary=snakemake.output.summary,
    )
