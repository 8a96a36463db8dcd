"""Calibrate the intervals of a run on its validation set."""

from degu import calibration, intervals
from degu.job import log_to


def main(
    predictions: str, dropout: str | None, output: str, level: float, **how: float | str
) -> None:
    """Write the factors of every member, activity, kind of uncertainty, level and group."""
    levels = sorted({level, *calibration.LEVELS})
    estimates = intervals.read_estimates(predictions, dropout, "validation")
    calibrations = [intervals.calibrate(estimate, levels, **how) for estimate in estimates]
    intervals.write(output, calibrations)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        predictions=snakemake.input.predictions,
        dropout=snakemake.input.get("dropout") or None,
        output=snakemake.output[0],
        **dict(snakemake.params.items()),
    )
