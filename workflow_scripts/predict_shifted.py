"""Predict shifted sequences with all members of a run."""

import h5py

from degu import device, shift
from degu.heads import read_common
from degu.job import begin
from degu.predictions import Shifted, write_shifted


def main(shifted: str, models: list[str], output: str, strands: str) -> None:
    """Write the predictions by split and shift; uncertainties become standard deviations."""
    heads = read_common(models)
    splits = {
        split: {name: heads.to_std(values) for name, values in by_shift.items()}
        for split, by_shift in shift.predict(shifted, models, strands).items()
    }
    with h5py.File(shifted) as file:
        units = {split: file[f"{split}/units"][:] for split in splits}
    write_shifted(output, Shifted(heads, splits, units))


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    main(
        shifted=snakemake.input.shifted,
        models=snakemake.input.models,
        output=snakemake.output[0],
        strands=snakemake.params.strands,
    )
