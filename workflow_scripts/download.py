"""Fetch one file of the config: from its address, or as the entry of an archive's manifest."""

from degu.download import fetch
from degu.download.archives import entry
from degu.job import begin


def main(path: str, file: dict, manifest: str | list, mirror: str | None) -> None:
    """Fetch to `path`; `file` has url, sha256 and size, or else name or replicate in a manifest."""
    if "url" in file:
        fetch(path=path, mirror=mirror, **file)
        return
    if "name" in file:
        wanted = {"name": file["name"]}
    else:
        wanted = {"biological_replicate": file["replicate"]}
    found = entry(manifest, **wanted)
    fetch(
        found["url"], path, md5=found["md5"], size=found["size"], mirror=mirror, name=found["name"]
    )


if __name__ == "__main__":
    begin(snakemake)
    main(
        path=snakemake.output[0],
        file=snakemake.params.file,
        manifest=snakemake.input.manifest,
        mirror=snakemake.params.mirror,
    )
