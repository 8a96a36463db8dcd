"""Unpack a genome's FASTA and index it."""

import gzip
import shutil
from pathlib import Path

import pyfaidx

from degu.job import atomic, log_to


def main(packed: str, fasta: str, index: str) -> None:
    """Write the FASTA, unpacked if its first bytes say gzip, and its .fai."""
    with Path(packed).open("rb") as raw:
        opener = gzip.open if raw.read(2) == b"\x1f\x8b" else open
    with opener(packed, "rb") as source, atomic(fasta) as temporary, temporary.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    with atomic(index) as temporary:
        pyfaidx.Faidx(fasta, indexname=str(temporary)).close()


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input[0], snakemake.output.fasta, snakemake.output.index)
