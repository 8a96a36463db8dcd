"""Logos of one model, a line a sequence and head, in one file."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from degu.job import atomic
from degu.maps import Maps
from degu.plotting.names import explainer
from degu.plotting.pages import canvas
from degu.plotting.sequences import BASES, logo, one_height, readable
from degu.plotting.style import PAGE, paint


def of_maps(found: Mapping[str, Maps], method: str) -> Figure:
    """Draw a logo for each head and sequence; those of a head have one scale.

    Of longer sequences as many bases are shown as can be read (`degu.plotting.sequences.readable`).

    Parameters
    ----------
    found
        Maps of the first member by head.
    method
        Method that made them.
    """
    lines = sum(len(maps.names) for maps in found.values())
    figure, axes = canvas(lines, 1, width=PAGE, height=0.9)
    left = iter(axes[:, 0])
    for head, maps in found.items():
        placed = [next(left) for _ in maps.names]
        contributions = maps.contributions()[0]
        for ax, name, codes, scores in zip(
            placed, maps.names, maps.codes, contributions, strict=True
        ):
            shown = readable(_rows(name, codes, scores), ["name"])
            if shown["score"].any():
                logo(ax, shown)
            ax.set_xlim(shown["position"].min() - 1, shown["position"].max() + 1)
            ax.set_title(f"{explainer(method)} of {head}: {name}", loc="left", pad=9)
            ax.set_ylabel("score")
        one_height(placed)
    return figure


def _rows(name: str, codes: np.ndarray, scores: np.ndarray) -> pd.DataFrame:
    """Rows of one logo; an unknown base has none."""
    known = codes < len(BASES)
    return pd.DataFrame(
        {
            "name": name,
            "position": np.flatnonzero(known),
            "base": np.array(BASES)[codes[known]],
            "score": scores[known],
            "std": np.nan,
        }
    )


def write(figure: Figure, path: Path) -> None:
    """Write a figure as PDF, or as PNG by its name, and close it."""
    with atomic(path) as temporary:
        if path.suffix == ".png":
            paint(figure, temporary)
        else:
            figure.savefig(temporary)
    plt.close(figure)
