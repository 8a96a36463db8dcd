"""Turn the raw files of a data set into the layout of `degu.dataset`."""

from importlib import import_module
from pathlib import Path

from degu import dataset
from degu.job import log_to, naming, seed


def main(assay: str, files: dict[str, str], output: str, options: dict, split_seed: int) -> None:
    """Load the files with the assay's module, check what comes out, and write it."""
    loader = import_module(f"degu.assays.{assay}")
    paths = {role: Path(path) for role, path in files.items()}
    records = loader.load(paths, split_seed, **options)
    with naming(", ".join(files.values())):
        dataset.write(output, records)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        assay=snakemake.params.assay,
        files={role: path for role, path in snakemake.input.items() if role != "code"},
        output=snakemake.output[0],
        options=snakemake.params.options,
        split_seed=seed(snakemake.params.base_seed, snakemake.wildcards.dataset, "split"),
    )
