"""Hold what the config asks of a data set's models against its sequences."""

import pandas as pd

from degu import lengths
from degu.dataset import Dataset
from degu.job import begin, errors_name
from degu.variants import scored


def main(
    data: str,
    variants: list[str],
    trainings: dict[str, dict],
    explain: dict[str, str],
    regions: dict[str, list[int]],
    windows: dict[str, list[int]],
    loci: dict[str, list[str]],
) -> None:
    """Raise an error for the first thing that training, attribution or scoring stumbles at."""
    data = Dataset(data)
    lengths.check_sequences(data.crop)
    for run, needs in trainings.items():
        with errors_name(run):
            lengths.check_network(needs["architecture"], data.crop)
            lengths.check_kernel(needs["kernel"], data.crop)
            lengths.check_batch(needs["batch_size"], round(data.size("train") * needs["fraction"]))
    with errors_name("attribution"):
        lengths.check_explained(explain, data.crop)
        lengths.check_regions(regions, data.crop)
    for name, (window, left, right) in windows.items():
        with errors_name(f"variants {name}"):
            lengths.check_window(window, left, right, data.crop)
    for path, wanted in zip(variants, loci.values(), strict=True):
        with errors_name(path):
            scored.of_loci(pd.read_table(path), wanted)


if __name__ == "__main__":
    begin(snakemake)
    main(snakemake.input.data, snakemake.input.variants, **dict(snakemake.params.items()))
