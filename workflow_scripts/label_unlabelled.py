"""Write the mean and spread of teachers, or of their passes, for sequences without measurements."""

from degu import device, tasks
from degu.dataset import Dataset
from degu.job import begin
from degu.shards import Shard
from degu.uncertainty import Draws


def main(
    data: str,
    unlabelled: str,
    models: list[str],
    output: str,
    shard: str = "",
    strands: str = "forward",
    draws: Draws | None = None,
) -> None:
    """Label all sequences, in their order, or a shard of them."""
    room = tasks.of(Dataset(data))
    room.label_unlabelled(output, models, unlabelled, Shard.named(shard), strands, draws=draws)


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    wildcards = snakemake.wildcards
    main(
        data=snakemake.input.data,
        unlabelled=snakemake.input.unlabelled,
        models=snakemake.input.models,
        output=snakemake.output[0],
        shard=wildcards.shard,
        strands=snakemake.params.strands,
        draws=Draws.named(wildcards.teachers, snakemake.config["seed"], *wildcards),
    )
