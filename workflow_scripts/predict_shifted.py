"""Predict shifted sequences with all members of a run."""

from degu import distill, predictions, shift
from degu.dataset import Dataset
from degu.job import log_to


def main(
    data: str,
    shifted: str,
    models: list[str],
    output: str,
    aleatoric: bool,
    epistemic: bool,
    scale: str,
) -> None:
    """Write the predictions by split and shift; uncertainties become standard deviations."""
    data = Dataset(data)
    heads = distill.head_names(data.activities, aleatoric, epistemic)
    splits = {
        split: {name: distill.to_std(values, heads, data, scale) for name, values in of.items()}
        for split, of in shift.predict(shifted, models).items()
    }
    predictions.write_shifted(output, predictions.Shifted(heads, data.activities, **splits))


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
        shifted=snakemake.input.shifted,
        models=snakemake.input.models,
        output=snakemake.output[0],
        aleatoric=snakemake.params.aleatoric,
        epistemic=snakemake.params.epistemic,
        scale=snakemake.params.scale,
    )
