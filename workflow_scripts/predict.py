"""Predict validation and test sequences with all members of a run."""

from degu import distill, predictions
from degu.dataset import Dataset
from degu.ensemble import Ensemble
from degu.job import log_to


def main(
    data: str,
    models: list[str],
    labels: str | None,
    output: str,
    aleatoric: bool,
    epistemic: bool,
    scale: str,
) -> None:
    """Write predictions beside the truth; uncertainties become standard deviations."""
    data, ensemble = Dataset(data), Ensemble(models)
    heads = distill.head_names(data.activities, aleatoric, epistemic)
    splits = {
        split: predictions.Split(
            names=data.names(split),
            truth=distill.truth(data, split, heads, labels),
            predictions=distill.to_std(ensemble.predict(data.codes(split)), heads, data, scale),
        )
        for split in ("validation", "test")
    }
    predictions.write(output, predictions.Predictions(heads, data.activities, **splits))


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
        models=snakemake.input.models,
        labels=snakemake.input.get("labels") or None,
        output=snakemake.output[0],
        aleatoric=snakemake.params.aleatoric,
        epistemic=snakemake.params.epistemic,
        scale=snakemake.params.scale,
    )
