"""One HTML page that stands by itself, from a template of this folder."""

import math
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from degu.job import atomic

_TEMPLATES = Environment(
    loader=PackageLoader("degu.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def number(value: float) -> str:
    """Write a number to four significant digits, a whole or large one in full; NaN is empty."""
    if math.isnan(value):
        return ""
    whole = float(value).is_integer() or abs(value) >= 10_000
    return f"{value:,.0f}" if whole else f"{value:.4g}"


_TEMPLATES.filters["number"] = number


def write(path: str | Path, template: str, /, **values: object) -> None:
    """Write a page.

    Parameters
    ----------
    path
        HTML file to write.
    template
        Name of a template in `templates/`.
    values
        What the template names; all that is text is escaped.
    """
    with atomic(path) as temporary:
        temporary.write_text(_TEMPLATES.get_template(template).render(values), encoding="utf-8")
