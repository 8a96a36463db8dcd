"""Cut the sequences around measured variants, and count what was left out."""

from degu.genome import Genome
from degu.job import begin, errors_name
from degu.tables import join
from degu.variants import satmut, scored, table


def main(
    files: dict[str, str], assay: str, options: dict, loci: list[str], output: str, counts: str
) -> None:
    """Write the variants, and the counts of each locus; all loci that are asked for are there."""
    if assay == "table":
        variants, counted = table.load(files["variants"])
        with errors_name(files["variants"]), Genome(files["genome"]) as genome:
            variants = scored.windows(variants, genome.fetch, options["window"])
    else:
        variants, counted = satmut.load(files, **options)
    with errors_name("variants"):
        scored.of_loci(variants, loci)
    join.write(variants, output)
    join.write(counted.reset_index(), counts)


if __name__ == "__main__":
    begin(snakemake)
    main(
        files={role: path for role, path in snakemake.input.items() if role != "code"},
        assay=snakemake.params.assay,
        options=snakemake.params.options,
        loci=snakemake.params.loci,
        output=snakemake.output.variants,
        counts=snakemake.output.counts,
    )
