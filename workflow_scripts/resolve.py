"""Write down which files an archive offers for a record: the manifest of its downloads."""

from degu.download.archives import resolve
from degu.job import begin


def main(path: str, archive: dict) -> None:
    """Ask the archive of the config that `archive` describes, at its `base` if it has one."""
    source = {key: value for key, value in archive.items() if key != "base"}
    resolve(source, path, archive.get("base"))


if __name__ == "__main__":
    begin(snakemake)
    main(path=snakemake.output[0], archive=snakemake.params.archive)
