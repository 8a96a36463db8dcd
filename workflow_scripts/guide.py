"""Hold the vectors of a model against a data set, and write its features and outputs."""

from degu import job
from degu.dataset import Dataset
from degu.teachers import files

if __name__ == "__main__":
    job.begin(snakemake)
    params, wildcards, data = snakemake.params, snakemake.wildcards, Dataset(snakemake.input.data)
    seed = job.seed(params.base_seed, wildcards.dataset, "fraction")
    files.write(
        path=snakemake.output[0],
        vectors=snakemake.input.vectors,
        data=data,
        rows=data.fraction(float(wildcards.fraction), seed),
        outputs=params.outputs,
    )
