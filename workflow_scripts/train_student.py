"""Train one student on the mean and the spread of its teachers."""

from degu import chosen, device, distill, job, plan, tasks
from degu.dataset import Dataset
from degu.tasks.guided import guided
from degu.training import train_member


def main(
    data: str,
    labels: str,
    unlabelled: list[str],
    teachers: list[str],
    fraction: float,
    fraction_seed: int,
    recipe: dict,
    guides: list[str] | tuple[str, ...] = (),
    **training: object,
) -> None:
    """Train on labels of the fraction's rows, and of `unlabelled`."""
    data = Dataset(data)
    rows = data.fraction(fraction, fraction_seed)
    supervision = tasks.of(data).from_teachers(data, rows, recipe, labels, unlabelled)
    train_member(
        supervision=guided(supervision, data, rows, recipe, guides),
        recipe=recipe,
        augmentation=lambda: distill.augmentation(recipe, teachers),
        **training,
    )


if __name__ == "__main__":
    job.begin(snakemake)
    device.claim(snakemake.config["device"], sharers=snakemake.resources.sharers)
    params, wildcards = snakemake.params, snakemake.wildcards
    main(
        **{
            role: snakemake.input[role]
            for role in snakemake.input.keys() - {"start", "tuned", "code"}
        },
        fraction=float(wildcards.fraction),
        fraction_seed=job.seed(params.base_seed, wildcards.dataset, "fraction"),
        teacher=snakemake.input.get("start") or None,
        **chosen.settled(params, snakemake.input.tuned),
        seed=job.seed(params.seed),
        threads=snakemake.threads,
        model_path=snakemake.output.model,
        history_path=snakemake.output.history,
        code=plan.digest(*snakemake.input.code),
    )
