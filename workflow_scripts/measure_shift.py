"""Measure the members of a run against an oracle ensemble on shifted test sequences."""

import pandas as pd

from degu import intervals, job
from degu.predictions import read_shifted
from degu.tables import join, shift
from degu.tables.intervals import COLUMNS


def main(
    predictions: str,
    oracle: str,
    teachers: str,
    calibration: str | None,
    table: str,
    distributions: str,
    coverage: str,
    level: float,
    smallest_std: float,
    **bootstrap: int,
) -> None:
    """Write agreement, distributions of predictions, and intervals, which the oracle has not."""
    run, known = read_shifted(predictions), read_shifted(oracle)
    agreements = [
        shift.agreement(run, read_shifted(path), path == predictions, suffix, **bootstrap)
        for path, suffix in [(oracle, ""), (teachers, "_teachers")]
    ]
    join.write(pd.concat(agreements), table)
    join.write(shift.distributions(run), distributions)
    measured = pd.DataFrame(columns=["shift", *COLUMNS])
    if calibration is not None:
        how = intervals.read(calibration), level, smallest_std
        measured = shift.shift_intervals(run, known, *how, **bootstrap)
    join.write(measured, coverage)


if __name__ == "__main__":
    job.begin(snakemake)
    params = dict(snakemake.params.items())
    main(
        **{name: snakemake.input[name] for name in ("predictions", "oracle", "teachers")},
        calibration=snakemake.input.get("calibration") or None,
        table=snakemake.output.shift,
        distributions=snakemake.output.distributions,
        coverage=snakemake.output.intervals,
        seed=job.seed(params.pop("base_seed"), "bootstrap"),
        **params,
    )
