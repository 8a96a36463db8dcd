"""Write down which files an archive offers for a record: the manifest of its downloads."""

from degu.archives import resolve
from degu.job import log_to


def main(path, source, base):
    """Ask the archive that `source` names, at the address `base` (None: its own)."""
    resolve(source, path, base)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    params = dict(snakemake.params.items())
    base = params.pop("base", None)
    source = {key: value for key, value in params.items() if value is not None}
    main(snakemake.output[0], source, base)
