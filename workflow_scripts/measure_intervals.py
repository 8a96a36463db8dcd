"""Measure the prediction intervals of a run on the test set, before and after calibration."""

from degu import intervals, job
from degu.dataset import Dataset
from degu.tables import card, join
from degu.tables import intervals as measures
from degu.tables import risk as abstention


def main(
    predictions: str,
    dropout: str | None,
    calibration: str,
    data: str,
    table: str,
    reliability: str,
    risk: str,
    level: float,
    smallest_std: float,
    resamples: int,
    seed: int,
) -> None:
    """Write coverage and width at one level, coverage at many, and what certain shares reach."""
    estimates = intervals.read_estimates(predictions, dropout, "test")
    calibrations = intervals.read(calibration)
    ceilings, data = card.noise_ceilings(data), Dataset(data)
    how = level, smallest_std, ceilings, data.replicates("test"), resamples, seed, data.measured
    join.write(measures.measure(estimates, calibrations, *how), table)
    join.write(measures.reliability(estimates, calibrations, smallest_std), reliability)
    join.write(abstention.measure(estimates, seed), risk)


if __name__ == "__main__":
    job.begin(snakemake)
    params = dict(snakemake.params.items())
    main(
        predictions=snakemake.input.predictions,
        dropout=snakemake.input.get("dropout") or None,
        calibration=snakemake.input.calibration,
        data=snakemake.input.data,
        table=snakemake.output.intervals,
        reliability=snakemake.output.reliability,
        risk=snakemake.output.risk,
        seed=job.seed(params.pop("base_seed"), "bootstrap"),
        **params,
    )
