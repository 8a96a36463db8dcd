"""Predict the activities of shifted test sequences with all members of a run."""

from degu import predictions, shift
from degu.dataset import Dataset
from degu.job import log_to


def main(data: str, shifted: str, models: list[str], output: str) -> None:
    """Write the predictions of the activity heads by shift."""
    activities = Dataset(data).activities
    predicted = shift.predict(shifted, models, len(activities))
    predictions.write_shifted(output, activities, predicted)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
        shifted=snakemake.input.shifted,
        models=snakemake.input.models,
        output=snakemake.output[0],
    )
