"""Predict and score groups of foreign sequences with all members of a run."""

from degu import device
from degu.dataset import Dataset
from degu.job import begin, seed
from degu.outliers import groups, predicted


def main(
    data: str,
    outliers: str,
    members: list[str],
    output: str,
    passes: int,
    strands: str,
    seed: int,
) -> None:
    """Write scores; passes with dropout are sampled where there are any."""
    sampling = predicted.Sampling(passes, seed) if passes else None
    asked = groups.read(outliers)
    predicted.write(output, members, Dataset(data), asked, sampling, strands, seed)


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    main(
        data=snakemake.input.data,
        outliers=snakemake.input.outliers,
        members=snakemake.input.models,
        output=snakemake.output[0],
        passes=snakemake.params.passes,
        strands=snakemake.params.strands,
        seed=seed(snakemake.params.base_seed, *snakemake.wildcards, "outliers"),
    )
