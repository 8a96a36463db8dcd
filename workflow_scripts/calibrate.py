"""Calibrate the intervals of a run on its validation set."""

from degu import calibration, intervals
from degu.dataset import Dataset
from degu.job import begin


def main(
    predictions: str,
    dropout: str | None,
    data: str,
    output: str,
    level: float,
    **how: float | str,
) -> None:
    """Write the factors of every member, activity, kind of uncertainty, level and group."""
    levels = dict.fromkeys([level, *calibration.LEVELS])
    units = Dataset(data).calibrating_units()
    calibrations = [
        intervals.calibrate(estimate.of_units(units), levels, **how)
        for estimate in intervals.read_estimates(predictions, dropout, "validation")
    ]
    intervals.write(output, calibrations)


if __name__ == "__main__":
    begin(snakemake)
    main(
        predictions=snakemake.input.predictions,
        dropout=snakemake.input.get("dropout") or None,
        data=snakemake.input.data,
        output=snakemake.output[0],
        **dict(snakemake.params.items()),
    )
