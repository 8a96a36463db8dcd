"""Train one member of an ensemble on measurements."""

from degu import augment, distill, feed, losses
from degu.dataset import Dataset, subset
from degu.job import log_to
from degu.training import train_member, words_of


def main(
    data: str, fraction: float, aleatoric: bool, recipe: dict, fraction_seed: int, **training
) -> None:
    """Train on the fraction's rows; validate on the whole validation set."""
    data = Dataset(data)
    targets = distill.head_names(data.activities, aleatoric, with_epistemic=False)
    loss, outputs, moments = losses.objective(recipe.get("likelihood"), data.is_profile)
    rows = subset(data.size("train"), fraction, fraction_seed)
    train_member(
        outputs=outputs * len(targets),
        train=feed.measured(data, "train", targets, rows),
        validation=feed.measured(data, "validation", targets, cropped=True),
        loss=loss,
        moments=moments,
        recipe=recipe,
        augmentation=lambda: augment.AUGMENTATIONS.get(recipe.get("augment")),
        **training,
    )


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(**words_of(snakemake))
