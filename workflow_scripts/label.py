"""Write the mean and spread of teachers, or of their passes: the labels that students learn."""

from degu import device, shards, tasks
from degu.dataset import Dataset
from degu.job import begin, seed
from degu.uncertainty import Draws


def main(
    data: str,
    models: list[str],
    output: str,
    fraction: float,
    fraction_seed: int,
    shard: str = "",
    strands: str = "forward",
    draws: Draws | None = None,
) -> None:
    """Label the rows that the teachers were trained on, and all others, or a shard of them."""
    data, shard = Dataset(data), shards.Shard.named(shard)
    data.check_shards(shard.of)
    rows = data.fraction(fraction, fraction_seed)
    tasks.of(data).write_labels(output, models, data, rows, shard, strands, draws=draws)


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    wildcards = snakemake.wildcards
    main(
        data=snakemake.input.data,
        models=snakemake.input.models,
        output=snakemake.output[0],
        fraction=float(wildcards.fraction),
        fraction_seed=seed(snakemake.params.base_seed, wildcards.dataset, "fraction"),
        shard=wildcards.shard,
        strands=snakemake.params.strands,
        draws=Draws.named(wildcards.teachers, snakemake.params.base_seed, *wildcards),
    )
