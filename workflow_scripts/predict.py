"""Predict validation and test sequences with all members of a run."""

from degu import device, predictions, tasks
from degu.dataset import Dataset
from degu.heads import read_common
from degu.job import begin
from degu.shards import Shard


def main(
    data: str,
    models: list[str],
    labels: str | None,
    output: str,
    stride: int | None,
    shard: str = "",
    strands: str = "forward",
    control: bool = False,
) -> None:
    """Write predictions beside the truth; refuse a member that fell out, but for controls."""
    data, heads, shard = Dataset(data), read_common(models), Shard.named(shard)
    task = tasks.of(data)
    validation = task.predict(models, data, "validation", labels, stride, shard, strands)
    if len(validation.names) and not control:
        task.check(models, heads, validation)
    test = task.predict(models, data, "test", labels, stride, shard, strands)
    predictions.write(output, predictions.Predictions(heads, validation, test))


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    main(
        data=snakemake.input.data,
        models=snakemake.input.models,
        labels=snakemake.input.get("labels") or None,
        output=snakemake.output[0],
        stride=snakemake.params.stride,
        shard=snakemake.wildcards.shard,
        strands=snakemake.params.strands,
        control=snakemake.params.control,
    )
