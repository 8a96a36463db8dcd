"""Measure how the members of a run, and its methods, agree on which bases matter."""

from pathlib import Path

import pandas as pd

from degu import job, maps
from degu.tables import attribution, join


def main(
    runs: list[str],
    teachers: list[str],
    consistency: str,
    contributions: str,
    agreement: str,
    resamples: int,
    seed: int,
) -> None:
    """Write consistency of maps, contributions of bases, and agreement of pairs of methods."""
    read, measured, listed = {}, [], []
    for run, of_teachers in zip(runs, teachers, strict=True):
        method, own = Path(run).stem, maps.read(run)
        read[method] = own
        measured.append(attribution.measure(own, maps.read(of_teachers), method))
        listed.append(attribution.contributions(own, method))
    join.write(pd.concat(measured), consistency)
    join.write(pd.concat(listed), contributions)
    join.write(attribution.agreement(read, resamples, seed), agreement)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        runs=snakemake.input.attributions,
        teachers=snakemake.input.teachers,
        **dict(snakemake.output.items()),
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
