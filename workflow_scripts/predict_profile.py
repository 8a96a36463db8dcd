"""Predict the test chromosomes with all members of a run; keep how they agree with the truth."""

from degu import distill, profiles, tables
from degu.dataset import Dataset
from degu.job import log_to


def main(
    data: str, models: list[str], labels: str | None, output: str, aleatoric: bool, epistemic: bool
) -> None:
    """Write the agreement of members and of their mean, over all positions."""
    data = Dataset(data)
    heads = distill.head_names(data.activities, aleatoric, epistemic)
    tables.write(profiles.performance(models, data, heads, labels), output)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
        models=snakemake.input.models,
        labels=snakemake.input.get("labels") or None,
        output=snakemake.output[0],
        aleatoric=snakemake.params.aleatoric,
        epistemic=snakemake.params.epistemic,
    )
