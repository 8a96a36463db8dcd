"""Measure how members of a run agree on which bases matter, and test students against teachers."""

from degu import attribution_tables, tables
from degu.job import log_to


def main(
    runs: list[str], files: list[str], teachers: list[str], output: str, comparisons: str
) -> None:
    """Write the joint table of all runs, and the tests of those that are not their own teachers."""
    pairs = list(zip(files, teachers, strict=True))
    measured = tables.of_runs(runs, pairs, lambda pair: attribution_tables.consistency(*pair))
    tables.write(measured, output)
    tested = tables.of_runs(runs, pairs, lambda pair: attribution_tables.comparison(*pair))
    tables.write(tested, comparisons)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        runs=snakemake.params.runs,
        files=snakemake.input.attributions,
        teachers=snakemake.input.teachers,
        output=snakemake.output.table,
        comparisons=snakemake.output.tests,
    )
