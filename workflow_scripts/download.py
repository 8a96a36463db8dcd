"""Fetch one file: from an address, or as the entry of an archive's manifest."""

from degu.archives import entry
from degu.download import fetch
from degu.job import log_to


def main(path, manifest, name, replicate, mirror, **source):
    """Fetch to `path`; `source` holds url, sha256, md5 and size as `fetch` takes them.

    With a manifest, its entry of that name or biological replicate takes their place.
    """
    if manifest is None:
        fetch(path=path, mirror=mirror, **source)
        return
    wanted = {"name": name} if replicate is None else {"biological_replicate": replicate}
    file = entry(manifest, **wanted)
    fetch(file["url"], path, md5=file["md5"], size=file["size"], mirror=mirror, name=file["name"])


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        path=snakemake.output[0],
        manifest=snakemake.input.get("manifest"),
        name=snakemake.params.get("name"),
        replicate=snakemake.params.get("replicate"),
        mirror=snakemake.params.get("mirror"),
        url=snakemake.params.get("url"),
        sha256=snakemake.params.get("sha256"),
        md5=snakemake.params.get("md5"),
        size=snakemake.params.get("size"),
    )
