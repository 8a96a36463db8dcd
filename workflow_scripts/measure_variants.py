"""Measure how the effects of variants that a run predicts agree with measured ones."""

from degu import job
from degu.tables import join, variants
from degu.variants import scored


def main(run: str, agreement: str, effects: str, resamples: int, seed: int) -> None:
    """Write the agreement at each locus, and the effects themselves."""
    run = scored.read(run)
    join.write(variants.agreement(run, resamples, seed), agreement)
    join.write(variants.listing(run), effects)


if __name__ == "__main__":
    job.log_to(snakemake.log[0])
    main(
        run=snakemake.input.variants,
        agreement=snakemake.output.agreement,
        effects=snakemake.output.effects,
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
