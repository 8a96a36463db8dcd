"""List truth and prediction of each test sequence."""

from degu import predictions, tables
from degu.job import log_to


def main(runs: list[str], files: list[str], output: str) -> None:
    """Write the joint table of all runs."""
    table = tables.of_runs(runs, files, lambda file: tables.scatter(predictions.read(file)))
    tables.write(table, output)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.params.runs, snakemake.input.predictions, snakemake.output[0])
