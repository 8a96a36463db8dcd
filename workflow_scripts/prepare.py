"""Turn the raw files of a data set into the layout of `degu.dataset`."""

from importlib import import_module
from pathlib import Path

from degu import dataset, splits
from degu.job import begin, errors_name, seed


def main(
    files: dict[str, str],
    output: str,
    name: str,
    options: dict,
    split_seed: int,
    holdout: float | None,
    shards: int,
    adaptors: dict[str, str],
) -> None:
    """Load, or stream, the files by the module of the assay, and write what comes out checked."""
    assay = import_module(f"degu.assays.{name}")
    paths = {role: Path(path) for role, path in files.items()}
    if hasattr(assay, "stream"):
        assay.stream(output, paths, **options)
    else:
        records = assay.load(paths, split_seed, **options)
        with errors_name(", ".join(files.values())):
            splits.check_adaptors(records.codes, **adaptors)
            dataset.write(output, records, holdout, split_seed)
    dataset.Dataset(output).check_shards(shards)


if __name__ == "__main__":
    begin(snakemake)
    definition = snakemake.config["datasets"][snakemake.wildcards.dataset]
    main(
        files={role: path for role, path in snakemake.input.items() if role != "code"},
        output=snakemake.output[0],
        name=snakemake.params.assay,
        options=snakemake.params.options,
        holdout=snakemake.params.holdout,
        split_seed=seed(snakemake.params.base_seed, snakemake.wildcards.dataset, "split"),
        # No parameters of the rule: a change of them prepares nothing again.
        shards=definition.get("shards", 1),
        adaptors=definition.get("adaptors", {"left": "", "right": ""}),
    )
