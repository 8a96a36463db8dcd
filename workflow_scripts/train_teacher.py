"""Train one member of an ensemble on measurements."""

from degu import chosen, device, distill, job, lengths, plan, tasks
from degu.dataset import Dataset
from degu.tasks.guided import guided
from degu.training import train_member


def main(
    data: str,
    asked: dict,
    fraction: float,
    fraction_seed: int,
    recipe: dict,
    guides: list[str] | tuple[str, ...] = (),
    **more,
) -> None:
    """Train on the fraction's rows; validate on the whole validation set."""
    data = Dataset(data)
    lengths.check(data.crop, data.size("train"), **asked)
    rows = data.fraction(fraction, fraction_seed)
    supervision = tasks.of(data).from_measurements(data, rows, recipe)
    supervision = guided(supervision, data, rows, recipe, guides)
    if recipe.get("shuffled"):
        supervision = supervision.shuffled(data.units("train"), rows, more["seed"])
    train_member(
        supervision=supervision,
        recipe=recipe,
        augmentation=lambda: distill.augmentation(recipe),
        **more,
    )


if __name__ == "__main__":
    job.begin(snakemake)
    device.claim(snakemake.config["device"], sharers=snakemake.resources.sharers)
    params, wildcards = snakemake.params, snakemake.wildcards
    main(
        data=snakemake.input.data,
        guides=snakemake.input.guides,
        asked=snakemake.config["asked"][wildcards.dataset],
        fraction=float(wildcards.fraction),
        fraction_seed=job.seed(params.base_seed, wildcards.dataset, "fraction"),
        **chosen.settled(params, snakemake.input.tuned),
        seed=job.seed(params.seed),
        threads=snakemake.threads,
        model_path=snakemake.output.model,
        history_path=snakemake.output.history,
        code=plan.digest(*snakemake.input.code),
    )
