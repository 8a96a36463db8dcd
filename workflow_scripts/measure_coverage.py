"""Measure prediction intervals on the test set, before and after conformal calibration."""

from degu import predictions, tables
from degu.job import log_to


def main(runs: list[str], files: list[str], output: str, level: float, smallest_std: float) -> None:
    """Write the joint table of all runs."""

    def tabulate(file: str):
        return tables.coverage(predictions.read(file), level, smallest_std)

    tables.write(tables.of_runs(runs, files, tabulate), output)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        runs=snakemake.params.runs,
        files=snakemake.input.predictions,
        output=snakemake.output[0],
        level=snakemake.params.level,
        smallest_std=snakemake.params.smallest_std,
    )
