"""Shift the validation and the test set away from what models are trained on."""

from degu import shift
from degu.dataset import Dataset
from degu.job import begin, seed


def main(data: str, output: str, shift_seed: int) -> None:
    """Write a small, a moderate and a large shift beside the sequences themselves."""
    data = Dataset(data)
    splits = ("validation", "test")
    codes, units = ({split: read(split) for split in splits} for read in (data.codes, data.units))
    shift.write(output, codes, units, shift_seed)


if __name__ == "__main__":
    begin(snakemake)
    main(
        data=snakemake.input.data,
        output=snakemake.output[0],
        shift_seed=seed(snakemake.params.base_seed, snakemake.wildcards.dataset, "shift"),
    )
