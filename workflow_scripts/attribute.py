"""Explain the activity heads of all members of a run."""

from degu import attribution
from degu.dataset import Dataset
from degu.job import log_to


def main(
    data: str, models: list[str], output: str, explain: dict[str, str], sequences: int
) -> None:
    """Explain the given sequences, or else the most active ones of the test set."""
    data = Dataset(data)
    chosen = attribution.chosen(explain, data, sequences)
    attribution.write_maps(output, models, chosen, data.activities)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
        models=snakemake.input.models,
        output=snakemake.output[0],
        explain=snakemake.params.explain,
        sequences=snakemake.params.sequences,
    )
