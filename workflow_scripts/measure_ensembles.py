"""Measure the mean of an ensemble on the test set, by the number of its members."""

from pathlib import Path

import pandas as pd

from degu import job
from degu.dataset import Dataset
from degu.tables import ensembles, join


def main(labels: list[str], data: str, output: str, resamples: int, seed: int) -> None:
    """Write one table; the number of members stands in the name of a file of labels."""
    parts, data = [], Dataset(data)
    for path in labels:
        part = ensembles.measure(path, data, resamples, seed)
        part.insert(0, "size", int(Path(path).stem))
        parts.append(part)
    join.write(pd.concat(parts), output)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        labels=snakemake.input.labels,
        data=snakemake.input.data,
        output=snakemake.output[0],
        resamples=snakemake.params.resamples,
        seed=job.seed(snakemake.params.base_seed, "bootstrap"),
    )
