"""VCF files, bgzipped or not: variants in, one an alternative allele, and scores out as INFO."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import pandas as pd
import pysam

from degu.job import InputError

# Reasons, in a word, why an allele has no effect: its status.
SCORED = "scored"
_BASES = frozenset("ACGT")
# Columns of text; all others are numbers.
_TEXTS = ("aligned", "status", "output", "sigma_kind", "interval", "call")
_FIXED = ("chrom", "pos", "id", "ref", "alt")
_OUTPUT = "output"
_GZIP = b"\x1f\x8b"
# The empty block that ends each file of bgzip (SAM specification, 4.1.2).
_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


class Variant(NamedTuple):
    """One alternative allele of a record.

    Attributes
    ----------
    chrom, pos, id, ref, alt
        As in the file, pos from 1; alleles in upper case.
    status
        "scored" for letters of ACGT, else why no effect can be told: "no_alternative" (.),
        "spanning_deletion" (*), "symbolic" (<DEL>), "breakend", "iupac" (other letters).
    """

    chrom: str
    pos: int
    id: str
    ref: str
    alt: str
    status: str = SCORED


def read(path: str | Path) -> Iterator[Variant]:
    """Give the variants of a VCF in the order of the file, each alternative allele by itself.

    Raises
    ------
    InputError
        For a file that is not there, empty, without header, cut off, gzipped by another program
        than bgzip, or no VCF, and for a record that cannot be read.
    """
    path, records = Path(path), 0
    before = pysam.set_verbosity(0)
    try:
        _check_file(path)
        with pysam.VariantFile(str(path)) as file:
            for one in file:
                records += 1
                ref, name = one.ref.upper(), one.id or "."
                for alt in one.alts or (".",):
                    status = _status(ref, alt)
                    alt = alt.upper() if status == SCORED else alt
                    yield Variant(one.chrom, one.pos, name, ref, alt, status)
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path} is no VCF: its first lines must be a header, from ##fileformat=VCF to #CHROM."
        ) from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be read behind record {records}: what follows is no record of a VCF, "
            "or damaged."
        ) from error
    finally:
        pysam.set_verbosity(before)


def _check_file(path: Path) -> None:
    """Refuse a file that is not there, empty, cut off, or gzipped by another program."""
    if not path.is_file():
        raise InputError(f"{path} is not there: a VCF is needed.")
    with path.open("rb") as file:
        start, size = file.read(16), path.stat().st_size
        file.seek(max(0, size - len(_END)))
        end = file.read()
    if not start:
        raise InputError(f"{path} is empty: a VCF with a header is needed.")
    if start.startswith(_GZIP) and start[12:14] != b"BC":
        raise InputError(
            f"{path} is compressed by gzip, but bgzip is needed: gunzip it, then bgzip it."
        )
    if start.startswith(_GZIP) and end != _END:
        raise InputError(f"{path} is cut off: copy it again.")


def _status(ref: str, alt: str) -> str:
    if alt == ".":
        return "no_alternative"
    if alt == "*":
        return "spanning_deletion"
    if alt.startswith("<"):
        return "symbolic"
    if "[" in alt or "]" in alt or alt.startswith(".") or alt.endswith("."):
        return "breakend"
    return SCORED if _BASES.issuperset(ref) and _BASES.issuperset(alt.upper()) else "iupac"


@contextmanager
def writer(path: str | Path, contigs: dict[str, int], about: Sequence[str]) -> Iterator["Writer"]:
    """Open a VCF for scored variants, bgzipped if its name ends in .gz.

    Parameters
    ----------
    path
        File to write.
    contigs
        Lengths of the genome's chromosomes.
    about
        Lines for the header, behind ##.
    """
    packed = str(path).endswith(".gz")
    with pysam.BGZFile(str(path), "wb") if packed else Path(path).open("wb") as file:
        yield Writer(file, contigs, about)


class Writer:
    """Write blocks of the table of scores as records of a VCF, one an allele.

    Each column is a key of INFO, DEGU_ and its name; of several activities it has a value each.
    """

    def __init__(self, file: IO[bytes], contigs: dict[str, int], about: Sequence[str]):
        self._file, self._contigs, self._about, self._started = file, contigs, about, False

    def write(self, table: pd.DataFrame, descriptions: dict[str, str]) -> None:
        """Write a block.

        Parameters
        ----------
        table
            Of `degu.variants.scoring`: rows of one variant stand together, one an activity.
        descriptions
            Meaning of each column.
        """
        columns = [name for name in table.columns if name not in _FIXED]
        if not self._started:
            self._header(columns, descriptions)
            self._started = True
        outputs = max(1, table[_OUTPUT].nunique())
        alike = {name: texts(table[name], missing=".") for name in (*_FIXED, *columns)}
        lines = []
        for at in range(0, len(table), outputs):
            place = [alike[name][at] for name in _FIXED]
            values = (f"DEGU_{name}={','.join(alike[name][at : at + outputs])}" for name in columns)
            lines.append("\t".join([*place, ".", ".", ";".join(values)]))
        self._file.write("".join(f"{line}\n" for line in lines).encode())

    def _header(self, columns: list[str], descriptions: dict[str, str]) -> None:
        lines = ["##fileformat=VCFv4.3", *(f"##{line}" for line in self._about)]
        lines += [f"##contig=<ID={name},length={size}>" for name, size in self._contigs.items()]
        for name in columns:
            kind = "String" if name in _TEXTS else "Float"
            said = f'Number=.,Type={kind},Description="{descriptions[name]}"'
            lines.append(f"##INFO=<ID=DEGU_{name},{said}>")
        lines.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO")
        self._file.write("".join(f"{line}\n" for line in lines).encode())


def texts(column: pd.Series, missing: str) -> list[str]:
    """Write a column: numbers with six digits, and a word for what is not known."""
    values = column.tolist()
    if column.dtype.kind == "f":
        return [missing if math.isnan(value) else f"{value:.6g}" for value in values]
    return [str(value) or missing for value in values]
