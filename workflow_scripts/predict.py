"""Predict validation and test sequences with all members of a run."""

from degu import distill, predictions, profiles
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
    scale: str | None,
    stride: int | None,
) -> None:
    """Write predictions beside the truth; uncertainties become standard deviations.

    A member that fell out of its ensemble is refused.
    """
    data, ensemble = Dataset(data), Ensemble(models)
    heads = distill.head_names(data.activities, aleatoric, epistemic)

    def predicted(split: str) -> predictions.Split:
        if data.is_profile:
            return profiles.predict(models, data, split, heads, labels, stride)
        said = distill.to_std(ensemble.predict(data.codes(split)), heads, data, scale)
        return predictions.Split(data.names(split), distill.truth(data, split, heads, labels), said)

    validation, count = predicted("validation"), len(data.activities)
    said, known = validation.predictions[..., :count], validation.truth[:, :count]
    distill.check_members(said, known, models)
    run = predictions.Predictions(heads, data.activities, validation, predicted("test"))
    predictions.write(output, run)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    options = dict(snakemake.params.items(), labels=snakemake.input.get("labels") or None)
    files = {"data": snakemake.input.data, "models": snakemake.input.models}
    main(**files, output=snakemake.output[0], **options)
