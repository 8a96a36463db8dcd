"""Lines of YAML with comments for who will read them."""

import textwrap
from collections.abc import Mapping

import yaml

_WIDTH = 96
# Column in which remarks stand behind a value.
_REMARKS = 44


def remark(text: str, indent: int = 0) -> list[str]:
    """Write a comment, broken into lines."""
    lead = " " * indent + "# "
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=lead,
        subsequent_indent=lead,
        break_on_hyphens=False,
        break_long_words=False,
    )


def entry(indent: int, key: str, value: object = None, why: str = "") -> list[str]:
    """Write a key, its value, and a remark.

    Parameters
    ----------
    indent
        Blanks in front.
    key, value
        Key, and its value; None where its block follows.
    why
        Remark behind the value, or above it where the line would be too long.
    """
    line = f"{' ' * indent}{flow(key)}:" + ("" if value is None else f" {flow(value)}")
    if not why:
        return [line]
    beside = f"{line:<{_REMARKS}}  # {why}"
    return [beside] if len(beside) <= _WIDTH else [*remark(why, indent), line]


def flow(value: object) -> str:
    """Write a value in one line, in quotes where it would be read as another one without."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{flow(key)}: {flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    # In a list what ends an item of it stands in quotes.
    written = yaml.safe_dump([value], default_flow_style=True, width=10**9, allow_unicode=True)
    return written.strip()[1:-1]
