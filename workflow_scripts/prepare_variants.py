"""Cut the sequences around measured variants, and count what was left out."""

from degu import tables
from degu.assays import satmut
from degu.job import log_to


def main(files: dict[str, str], options: dict, variants: str, counts: str) -> None:
    """Write the variants, and the counts of each locus in long form."""
    table, counted = satmut.load(files, **options)
    tables.write(table, variants)
    long = counted.reset_index().melt(id_vars="locus", var_name="metric")
    tables.write(long.rename(columns={"locus": "output"}), counts)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        files={role: path for role, path in snakemake.input.items() if role != "code"},
        options=snakemake.params.options,
        variants=snakemake.output.variants,
        counts=snakemake.output.counts,
    )
