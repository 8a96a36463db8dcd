"""Write the mean and spread of an ensemble of teachers: the labels that students learn."""

from degu import device, shards, tasks
from degu.dataset import Dataset
from degu.job import begin, seed


def main(
    data: str,
    models: list[str],
    output: str,
    fraction: float,
    fraction_seed: int,
    shard: str = "",
    strands: str = "forward",
) -> None:
    """Label the rows that the teachers were trained on, and all others, or a shard of them."""
    data, shard = Dataset(data), shards.Shard.named(shard)
    data.check_shards(shard.of)
    rows = data.fraction(fraction, fraction_seed)
    tasks.of(data).write_labels(output, models, data, rows, shard, strands)


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    main(
        data=snakemake.input.data,
        models=snakemake.input.models,
        output=snakemake.output[0],
        fraction=float(snakemake.wildcards.fraction),
        fraction_seed=seed(snakemake.params.base_seed, snakemake.wildcards.dataset, "fraction"),
        shard=snakemake.wildcards.shard,
        strands=snakemake.params.strands,
    )
