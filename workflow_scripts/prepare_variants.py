"""Cut the sequences around measured variants, and count what was left out."""

from degu import tables, variants
from degu.assays import satmut, variant_table
from degu.job import log_to


def main(files: dict[str, str], options: dict, output: str, counts: str) -> None:
    """Write the variants, and the counts of each locus in long form."""
    if "variants" in files:
        table, counted = variant_table.load(files["variants"])
        table = variants.windows(table, satmut.reader(files["genome"]), options["window"])
    else:
        table, counted = satmut.load(files, **options)
    tables.write(table, output)
    long = counted.reset_index().melt(id_vars="locus", var_name="metric")
    tables.write(long.rename(columns={"locus": "output"}), counts)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        files={role: path for role, path in snakemake.input.items() if role != "code"},
        options=snakemake.params.options,
        output=snakemake.output.variants,
        counts=snakemake.output.counts,
    )
