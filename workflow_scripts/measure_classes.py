"""Measure how the classes that a run predicts agree with the truth, and how sure it may be."""

from degu import job, predictions
from degu.dataset import Dataset
from degu.tables import classes, join


def main(
    run: str,
    dropout: str | None,
    data: str,
    table: str,
    confusion: str,
    calibration: str,
    reliability: str,
    level: float,
    resamples: int,
    seed: int,
) -> None:
    """Write agreement, confusion of the ensemble, and calibration, of passes as well."""
    runs = [predictions.read(path) for path in (run, dropout) if path]
    units = Dataset(data).calibrating_units()
    agreed = [classes.agreement(one, resamples, seed) for one in runs]
    calibrated = [classes.calibration(one, units, level, resamples, seed) for one in runs]
    join.write(classes.by_kind(*agreed), table)
    join.write(classes.confusion(runs[0]), confusion)
    for parts, path in zip(zip(*calibrated, strict=True), (calibration, reliability), strict=True):
        join.write(classes.by_kind(*parts), path)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        run=snakemake.input.predictions,
        dropout=snakemake.input.get("dropout") or None,
        data=snakemake.input.data,
        table=snakemake.output.classes,
        confusion=snakemake.output.confusion,
        calibration=snakemake.output.calibration,
        reliability=snakemake.output.reliability,
        level=snakemake.params.level,
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
