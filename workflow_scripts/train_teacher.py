"""Train one member of an ensemble on measurements."""

from degu import augment, distill, losses
from degu.dataset import Dataset, subset
from degu.job import log_to, seed
from degu.training import train_member


def main(
    data: str, fraction: float, aleatoric: bool, recipe: dict, fraction_seed: int, **training
) -> None:
    """Train on the fraction's rows; validate on the whole validation set."""
    data = Dataset(data)
    targets = distill.head_names(data.activities, aleatoric, with_epistemic=False)
    loss, outputs, moments = losses.objective(recipe.get("likelihood"))
    rows = subset(data.size("train"), fraction, fraction_seed)
    train_member(
        outputs=outputs * len(targets),
        train=(data.codes("train")[rows], distill.measured(data, "train", targets)[rows]),
        validation=(data.codes("validation"), distill.measured(data, "validation", targets)),
        loss=loss,
        moments=moments,
        recipe=recipe,
        augmentation=lambda: augment.AUGMENTATIONS.get(recipe.get("augment")),
        **training,
    )


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
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
