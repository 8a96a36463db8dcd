"""Train one student on the mean and the spread of its teachers."""

from degu import distill, feed, profiles
from degu.dataset import Dataset, subset
from degu.job import log_to, seed
from degu.training import train_member


def main(
    data: str,
    labels: str,
    teachers: list[str],
    fraction: float,
    aleatoric: bool,
    recipe: dict,
    fraction_seed: int,
    **training,
) -> None:
    """Train on the labels of the fraction's rows; validate on measurements."""
    data = Dataset(data)
    rows = subset(data.size("train"), fraction, fraction_seed)
    lesson = (profiles if data.is_profile else distill).lesson(
        labels, data, rows, aleatoric, recipe
    )
    train_member(
        outputs=lesson.outputs,
        train=(feed.sequences(data, "train", rows), lesson.train),
        validation=(feed.sequences(data, "validation", cropped=True), lesson.validation),
        loss=lesson.loss,
        recipe=recipe,
        augmentation=lambda: distill.augmentation(recipe, teachers, len(data.activities)),
        **training,
    )


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
        labels=snakemake.input.labels,
        teachers=snakemake.input.teachers,
        fraction=float(snakemake.wildcards.fraction),
        aleatoric=snakemake.params.aleatoric,
        recipe=snakemake.params.recipe,
        fraction_seed=seed(snakemake.params.base_seed, snakemake.wildcards.dataset, "fraction"),
        architecture=snakemake.params.architecture,
        settings=snakemake.params.training,
        seed=seed(snakemake.params.seed),
        threads=snakemake.threads,
        model_path=snakemake.output.model,
        history_path=snakemake.output.history,
    )
