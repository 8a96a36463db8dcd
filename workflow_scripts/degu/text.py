"""Text files: kinds of files that are no UTF-8 text, told by their first bytes."""

from pathlib import Path

from degu.job import InputError

_KINDS = {
    b"PK\x03\x04": "is an Excel workbook or another archive: save the table as tab-separated text",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook: save the table as tab-separated text",
    b"\xff\xfe": "is UTF-16 text: save it as UTF-8",
    b"\xfe\xff": "is UTF-16 text: save it as UTF-8",
}


def check_kind(first: bytes, where: str | Path) -> None:
    """Raise `InputError` where the first bytes of a file are those of a workbook or of UTF-16."""
    for start, problem in _KINDS.items():
        if first.startswith(start):
            raise InputError(f"{where} {problem}.")


def decode(raw: bytes, where: str | Path) -> str:
    """Return the letters of UTF-8 text.

    Raises
    ------
    InputError
        For other bytes, which a program may have written in an older encoding, with their line.
    """
    check_kind(raw, where)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + raw[: error.start].count(b"\n")
        raise InputError(f"{where}, line {line}: {no_utf8(error)}.") from error


def no_utf8(error: UnicodeDecodeError) -> str:
    """Name a byte that no UTF-8 text has, and the cure."""
    return f"the byte {error.object[error.start]:#x} is no UTF-8 text: save the file as UTF-8"
