"""Measure a ridge regression on k-mer counts: a baseline that networks have to beat."""

from degu import job
from degu.dataset import Dataset
from degu.tables import baseline, join


def main(
    data: str, fraction: float, fraction_seed: int, output: str, resamples: int, seed: int
) -> None:
    """Fit on the rows that members of the fraction are trained on."""
    data = Dataset(data)
    rows = data.fraction(fraction, fraction_seed)
    measure = baseline.measure_classes if data.is_classes else baseline.measure
    join.write(measure(data, rows, resamples=resamples, seed=seed), output)


if __name__ == "__main__":
    job.begin(snakemake)
    params, wildcards = snakemake.params, snakemake.wildcards
    main(
        data=snakemake.input.data,
        fraction=float(wildcards.fraction),
        fraction_seed=job.seed(params.base_seed, wildcards.dataset, "fraction"),
        output=snakemake.output[0],
        resamples=params.resamples,
        seed=job.seed(params.base_seed, "bootstrap"),
    )
