"""Bytes that are no UTF-8 text, by what they are and where they stand."""

import pytest

from degu import text
from degu.job import InputError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_text_comes_with_a_mark_of_its_order_or_without(encoding):
    assert text.decode("−35\nä\n".encode(encoding), "x") == "−35\nä\n"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("name".encode("utf-16"), "x is UTF-16 text: save it as UTF-8"),
        ("name".encode("utf-16-be").join([b"\xfe\xff", b""]), "x is UTF-16 text"),
        (b"PK\x03\x04\x14\x00", "x is an Excel workbook or another archive: save the table as"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "x is an old Excel workbook"),
        (
            "a\nb\ncafé".encode("latin-1"),
            "x, line 3: the byte 0xe9 is no UTF-8 text: save",
        ),
    ],
)
def test_what_is_no_text_is_told_apart(raw, message):
    with pytest.raises(InputError, match=f"^{message}"):
        text.decode(raw, "x")
