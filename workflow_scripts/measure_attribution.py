"""Measure how the members of a run agree on which bases matter."""

from pathlib import Path

import pandas as pd

from degu import maps
from degu.job import log_to
from degu.tables import attribution, join


def main(runs: list[str], teachers: list[str], consistency: str, contributions: str) -> None:
    """Write consistency of maps and contributions of bases, over all methods."""
    measured, listed = [], []
    for run, of_teachers in zip(runs, teachers, strict=True):
        method, own = Path(run).stem, maps.read(run)
        measured.append(attribution.measure(own, maps.read(of_teachers), method))
        listed.append(attribution.contributions(own, method))
    join.write(pd.concat(measured), consistency)
    join.write(pd.concat(listed), contributions)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        runs=snakemake.input.attributions,
        teachers=snakemake.input.teachers,
        consistency=snakemake.output.consistency,
        contributions=snakemake.output.contributions,
    )
