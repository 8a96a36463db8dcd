"""Calibrate the intervals of a run on its validation set under each shift."""

from degu import intervals
from degu.dataset import Dataset
from degu.job import begin
from degu.predictions import read_shifted


def main(
    predictions: str, oracle: str, data: str, output: str, level: float, **how: float | str
) -> None:
    """Write the factors of intervals that are to cover the oracle ensemble's mean, by shift."""
    run, known = read_shifted(predictions), read_shifted(oracle)
    units = Dataset(data).calibrating_units()
    calibrations = [
        intervals.calibrate(estimate.of_units(units), [level], **how, shift=shift)
        for shift in run.shifts
        for estimate in intervals.estimates(run.against(known, shift), "validation")
    ]
    intervals.write(output, calibrations)


if __name__ == "__main__":
    begin(snakemake)
    main(
        predictions=snakemake.input.predictions,
        oracle=snakemake.input.oracle,
        data=snakemake.input.data,
        output=snakemake.output[0],
        **dict(snakemake.params.items()),
    )
