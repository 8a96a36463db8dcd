"""Gather groups of foreign sequences beside a data set."""

from degu.dataset import Dataset
from degu.job import begin, seed
from degu.outliers import groups


def main(
    data: str, files: dict[str, str], asked: dict, source: dict, output: str, seed: int
) -> None:
    """Write groups as models take them, files by `{group}_{role}`, and the test set."""
    groups.write(output, Dataset(data), asked, files, groups.Source(**source), seed)


if __name__ == "__main__":
    begin(snakemake)
    beside = ("data", "code")
    main(
        data=snakemake.input.data,
        files={role: path for role, path in snakemake.input.items() if role not in beside},
        asked=snakemake.params.asked,
        source=snakemake.params.source,
        output=snakemake.output[0],
        seed=seed(snakemake.params.base_seed, snakemake.wildcards.dataset, "outliers"),
    )
