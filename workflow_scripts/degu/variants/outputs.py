"""Files of scored variants: TSV and VCF from one table, and those of shards joined."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import pandas as pd
import pysam

from degu.job import InputError, atomic
from degu.variants import vcf
from degu.variants.scoring import COLUMNS

ENDINGS = (".tsv", ".tsv.gz", ".vcf", ".vcf.gz")


class Outputs:
    """Open files that take blocks of a table of scores, each in its format."""

    def __init__(self, tables: Sequence[IO[str]], records: Sequence[vcf.Writer]):
        self._tables, self._records, self._started = tables, records, False

    def write(self, table: pd.DataFrame) -> None:
        """Write a block behind those before."""
        # Pandas takes several times as long for that as for all the rest of the table.
        rows = [] if self._started else [table.columns]
        rows += zip(*(vcf.texts(table[name], missing="") for name in table.columns), strict=True)
        lines = ["\t".join(row) + "\n" for row in rows]
        for file in self._tables:
            file.writelines(lines)
        for writer in self._records:
            writer.write(table, COLUMNS)
        self._started = True

    def finish(self) -> None:
        """Write the headers of files that have no variants, as of a shard without any."""
        if not self._started:
            self.write(pd.DataFrame(columns=[*COLUMNS]))


@contextmanager
def opened(
    paths: Sequence[str | Path], contigs: dict[str, int], about: Sequence[str]
) -> Iterator[Outputs]:
    """Open files of scores, which are there once all is written.

    Parameters
    ----------
    paths
        Files whose names end in one of `ENDINGS`.
    contigs, about
        As of `degu.variants.vcf.writer`.

    Raises
    ------
    InputError
        For another ending.
    """
    check_endings(paths)
    with ExitStack() as stack:
        tables, records = [], []
        for path in paths:
            temporary = stack.enter_context(atomic(path))
            if ".vcf" in Path(path).suffixes:
                records.append(stack.enter_context(vcf.writer(temporary, contigs, about)))
            else:
                tables.append(stack.enter_context(_text(temporary)))
        files = Outputs(tables, records)
        yield files
        files.finish()


def check_endings(paths: Sequence[str | Path]) -> None:
    """Raise `InputError` unless the names of all files end in one of `ENDINGS`."""
    for path in paths:
        if not str(path).endswith(ENDINGS):
            raise InputError(f"{path} must end in one of {', '.join(ENDINGS)}.")


def join(paths: Sequence[str | Path], path: str | Path) -> None:
    """Join the files of all shards, in their order, into the one that a single job writes."""
    with atomic(path) as temporary, _packed(temporary) as joined:
        for number, shard in enumerate(paths):
            with gzip.open(shard, "rb") as file:
                first = file.readline()
                header = [first]
                while first.startswith(b"##"):
                    first = file.readline()
                    header.append(first)
                if number == 0:
                    joined.write(b"".join(header))
                while block := file.read(1 << 20):
                    joined.write(block)


def _text(path: Path) -> IO[str]:
    return gzip.open(path, "wt") if path.suffix == ".gz" else path.open("w")


def _packed(path: Path) -> IO[bytes]:
    """Open a file to write: a VCF is packed by bgzip, a table by gzip."""
    return pysam.BGZFile(str(path), "wb") if ".vcf" in path.suffixes else gzip.open(path, "wb")
