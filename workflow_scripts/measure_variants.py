"""Measure how predicted effects of variants agree with measured ones."""

from degu import tables, variant_tables, variants
from degu.job import log_to


def main(runs: list[str], files: list[str], agreement: str, effects: str) -> None:
    """Write the joint tables of all runs, named set/dataset/recipe/fraction."""
    for tabulate, path in [
        (variant_tables.agreement, agreement),
        (variant_tables.listing, effects),
    ]:
        table = tables.of_runs(
            runs, files, lambda file, tabulate=tabulate: tabulate(variants.read(file)), "variants"
        )
        tables.write(table, path)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        runs=snakemake.params.runs,
        files=snakemake.input.variants,
        agreement=snakemake.output.agreement,
        effects=snakemake.output.effects,
    )
