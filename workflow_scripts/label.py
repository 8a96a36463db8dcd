"""Write the mean and spread of an ensemble of teachers: what students learn."""

from degu import distill, profiles
from degu.dataset import Dataset, subset
from degu.job import log_to, seed


def main(
    data: str,
    models: list[str],
    output: str,
    fraction: float,
    aleatoric: bool,
    fraction_seed: int,
) -> None:
    """Label the rows that the teachers were trained on, and all others."""
    data = Dataset(data)
    heads = distill.head_names(data.activities, aleatoric, with_epistemic=False)
    rows = subset(data.size("train"), fraction, fraction_seed)
    write_labels = profiles.write_labels if data.is_profile else distill.write_labels
    write_labels(output, models, data, heads, rows)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
        models=snakemake.input.models,
        output=snakemake.output[0],
        fraction=float(snakemake.wildcards.fraction),
        aleatoric=snakemake.params.aleatoric,
        fraction_seed=seed(snakemake.params.base_seed, snakemake.wildcards.dataset, "fraction"),
    )
