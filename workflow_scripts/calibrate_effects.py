"""Calibrate the intervals of a run's effects of variants on measured ones, and measure them."""

import pandas as pd

from degu import calibration, intervals, job
from degu.tables import effects, join
from degu.tables import risk as abstention
from degu.variants import calibrated, scored


def main(
    run: str,
    overlaps: str,
    output: str,
    table: str,
    risk: str,
    level: float,
    bootstrap: dict[str, int],
    **how: float | str,
) -> None:
    """Write factors of all loci together, and the coverage of each locus by those of the others."""
    run = scored.read(run)
    levels = dict.fromkeys([level, *calibration.LEVELS])
    calibrations = [
        intervals.calibrate(estimate, levels, **how) for estimate in calibrated.estimates(run)
    ]
    intervals.write(output, calibrations)
    shown = sorted({level, effects.LEVEL})
    measured = effects.measure(run, shown, **how, **bootstrap)
    known = pd.read_table(overlaps).set_index("locus")["training_sequences"]
    join.write(measured.assign(overlapping=measured["locus"].map(known)), table)
    join.write(abstention.of_variants(run, bootstrap["seed"]), risk)


if __name__ == "__main__":
    job.begin(snakemake)
    params = dict(snakemake.params.items())
    seed = job.seed(params.pop("base_seed"), "bootstrap")
    main(
        run=snakemake.input.variants,
        overlaps=snakemake.input.overlaps,
        output=snakemake.output.calibration,
        table=snakemake.output.table,
        risk=snakemake.output.risk,
        bootstrap={"resamples": params.pop("resamples"), "seed": seed},
        **params,
    )
