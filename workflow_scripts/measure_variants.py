"""Measure how predicted effects of variants agree with measured ones."""

from functools import partial

from degu import job, tables, variant_tables, variants


def main(
    runs: list[str], files: list[str], agreement: str, effects: str, resamples: int, seed: int
) -> None:
    """Write the joint tables of all runs, named set/dataset/recipe/fraction."""

    def joint(tabulate, path: str) -> None:
        def of_file(file):
            return tabulate(variants.read(file))

        tables.write(tables.of_runs(runs, files, of_file, "variants"), path)

    joint(partial(variant_tables.agreement, resamples=resamples, seed=seed), agreement)
    joint(variant_tables.listing, effects)


if __name__ == "__main__":
    job.log_to(snakemake.log[0])
    main(
        runs=snakemake.params.runs,
        files=snakemake.input.variants,
        agreement=snakemake.output.agreement,
        effects=snakemake.output.effects,
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
