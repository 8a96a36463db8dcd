"""Train one member of an ensemble on measurements."""

from degu import distill, losses
from degu.dataset import Dataset, subset
from degu.job import log_to, seed
from degu.training import train_member


def main(data: str, fraction: float, aleatoric: bool, fraction_seed: int, **training) -> None:
    """Train on the fraction's rows; validate on the whole validation set."""
    data = Dataset(data)
    heads = distill.head_names(data.activities, aleatoric, student=False)
    codes = data.codes("train")
    rows = subset(len(codes), fraction, fraction_seed)
    train_member(
        train=(codes[rows], distill.measured(data, "train", heads)[rows]),
        validation=(data.codes("validation"), distill.measured(data, "validation", heads)),
        loss=losses.mse,
        **training,
    )


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
        fraction=float(snakemake.wildcards.fraction),
        aleatoric=snakemake.params.aleatoric,
        fraction_seed=seed(snakemake.params.base_seed, snakemake.wildcards.dataset, "fraction"),
        architecture=snakemake.params.architecture,
        settings=snakemake.params.training,
        seed=seed(snakemake.params.seed),
        threads=snakemake.threads,
        model_path=snakemake.output.model,
        history_path=snakemake.output.history,
    )
