"""Figures: one style, and one function for each kind of panel."""

from degu.plotting.panels import (
    against_truth,
    base_map,
    beside,
    boxes,
    density,
    members,
    readable,
    reference,
    rows,
    shade,
)
from degu.plotting.style import (
    COLOURS,
    GREY,
    MARKERS,
    canvas,
    colours,
    grid,
    legend,
    markers,
    save,
    shown,
)

__all__ = [
    "COLOURS",
    "GREY",
    "MARKERS",
    "against_truth",
    "base_map",
    "beside",
    "boxes",
    "canvas",
    "colours",
    "density",
    "grid",
    "legend",
    "markers",
    "members",
    "readable",
    "reference",
    "rows",
    "save",
    "shade",
    "shown",
]
