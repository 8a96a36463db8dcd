"""Train one student on the mean and the spread of its teachers."""

from degu import distill, feed, profiles
from degu.dataset import Dataset, subset
from degu.job import log_to
from degu.training import train_member, words_of


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
    teach = profiles.lesson if data.is_profile else distill.lesson
    lesson = teach(labels, data, rows, aleatoric, recipe)
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
    of_teachers = {key: snakemake.input[key] for key in ("labels", "teachers")}
    main(**of_teachers, **words_of(snakemake))
