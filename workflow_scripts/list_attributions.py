"""List the attribution of each base of the explained sequences."""

from degu import attribution_tables, tables
from degu.job import log_to


def main(runs: list[str], files: list[str], output: str) -> None:
    """Write the joint table of all runs."""
    tables.write(tables.of_runs(runs, files, attribution_tables.contributions), output)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.params.runs, snakemake.input.attributions, snakemake.output[0])
