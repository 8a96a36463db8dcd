"""Measure how the classes that a run predicts agree with the truth, and how sure it may be."""

from degu import job, predictions
from degu.dataset import Dataset
from degu.tables import classes, join


def main(
    run: str,
    data: str,
    table: str,
    confusion: str,
    calibration: str,
    reliability: str,
    level: float,
    resamples: int,
    seed: int,
) -> None:
    """Write agreement, confusion of the ensemble, and calibration as predicted and rescaled."""
    run, units = predictions.read(run), Dataset(data).calibrating_units()
    calibrated, bins = classes.calibration(run, units, level, resamples, seed)
    join.write(classes.agreement(run, resamples, seed), table)
    join.write(classes.confusion(run), confusion)
    join.write(calibrated, calibration)
    join.write(bins, reliability)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        run=snakemake.input.predictions,
        data=snakemake.input.data,
        table=snakemake.output.classes,
        confusion=snakemake.output.confusion,
        calibration=snakemake.output.calibration,
        reliability=snakemake.output.reliability,
        level=snakemake.params.level,
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
