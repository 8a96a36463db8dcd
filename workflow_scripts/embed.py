"""Features and outputs of a model for all sequences of a data set, in the model's environment."""

from degu import job
from degu.dataset import Dataset
from degu.teachers import asked

if __name__ == "__main__":
    job.begin(snakemake)
    params, wildcards, data = snakemake.params, snakemake.wildcards, Dataset(snakemake.input.data)
    # A frozen model sees no measurement.
    fraction = 1.0 if wildcards.tuned == "frozen" else float(wildcards.tuned)
    asked.ask(
        path=snakemake.output[0],
        data=data,
        python=params.python,
        model=params.model,
        rows=data.fraction(fraction, job.seed(params.base_seed, wildcards.dataset, "fraction")),
    )
