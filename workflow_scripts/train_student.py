"""Train one student on the mean and the spread of its teachers."""

from degu import distill, losses
from degu.dataset import Dataset, subset
from degu.job import log_to, seed
from degu.training import train_member


def main(
    data: str,
    labels: str,
    fraction: float,
    aleatoric: bool,
    scale: str,
    weights: dict[str, float],
    fraction_seed: int,
    **training,
) -> None:
    """Train on the labels of the fraction's rows; validate on measurements."""
    data = Dataset(data)
    shared = distill.head_names(data.activities, aleatoric, student=False)
    train_targets, validation_targets = distill.student_targets(labels, data, shared, scale)
    codes = data.codes("train")
    rows = subset(len(codes), fraction, fraction_seed)
    heads = distill.head_names(data.activities, aleatoric, student=True)
    train_member(
        train=(codes[rows], train_targets),
        validation=(data.codes("validation"), validation_targets),
        loss=losses.distillation(distill.head_weights(heads, data.activities, **weights)),
        **training,
    )


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
        labels=snakemake.input.labels,
        fraction=float(snakemake.wildcards.fraction),
        aleatoric=snakemake.params.aleatoric,
        scale=snakemake.params.scale,
        weights=snakemake.params.weights,
        fraction_seed=seed(snakemake.params.base_seed, snakemake.wildcards.dataset, "fraction"),
        architecture=snakemake.params.architecture,
        settings=snakemake.params.training,
        seed=seed(snakemake.params.seed),
        threads=snakemake.threads,
        model_path=snakemake.output.model,
        history_path=snakemake.output.history,
    )
