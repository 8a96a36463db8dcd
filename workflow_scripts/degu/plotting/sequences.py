"""Panels on sequences: logos, heat maps of position by base, agreement of pairs of methods."""

from collections.abc import Mapping, Sequence

import logomaker
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from degu.plotting.style import Look

BASES = list("ACGT")
# Look of what is missing in a map, such as the bases that stand in a sequence.
MISSING = Look("0.85", "s")


def logo(axes: Axes, scores: pd.DataFrame) -> None:
    """Draw an attribution logo, its standard deviation over members as bars where it is known.

    Parameters
    ----------
    scores
        A row a position: position, base, score, std.
    """
    letters = scores.pivot(index="position", columns="base", values="score").fillna(0)
    logomaker.Logo(letters.reindex(columns=BASES, fill_value=0), ax=axes)
    score, std = scores["score"], scores["std"].fillna(0)
    if std.any():
        axes.errorbar(scores["position"], score, std, fmt="none", c="grey", linewidth=0.5)
    axes.set_ylim(min(0, (score - std).min()), max(0, (score + std).max()))


def base_maps(
    axes: Sequence[Axes], maps: Sequence[pd.DataFrame], signed: bool, label: str = ""
) -> None:
    """Draw matrices of base by position in one scale with its bar; what is missing is grey.

    The scale reaches over 98 % of the values, and around zero if they are signed.

    Parameters
    ----------
    axes
        Panel of each matrix.
    maps
        Matrices with bases as rows and positions as columns.
    signed
        Whether values have a sign.
    label
        Label of the scale.
    """
    low, high = np.nanquantile(np.concatenate(maps, axis=None), [0.01, 0.99])
    if signed:
        high = max(-low, high)
        low = -high
    scale = {"cmap": "RdBu_r" if signed else "viridis", "vmin": low, "vmax": high}
    for ax, values in zip(axes, maps, strict=True):
        first, last = values.columns[[0, -1]]
        place = {"extent": (first - 0.5, last + 0.5, len(values) - 0.5, -0.5), "aspect": "auto"}
        image = ax.imshow(values, interpolation="none", **scale, **place)
        ax.set_facecolor(MISSING.colour)
        ax.set_yticks(range(len(values)), values.index)
        ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        ax.xaxis.set_major_formatter("{x:,.0f}")
    bar = {"extend": "both", "extendfrac": 0.1 / len(axes), "ticks": MaxNLocator(3)}
    bar |= {"pad": 0.01, "fraction": 0.05, "aspect": 8 * len(axes)}
    axes[0].figure.colorbar(image, ax=list(axes), **bar).set_label(label)


def pair_map(ax: Axes, correlations: pd.Series) -> None:
    """Draw correlations of pairs as a symmetric matrix with its numbers.

    Parameters
    ----------
    correlations : Series
        In [-1, 1], indexed by both names of a pair, of which each stands there once.
    """
    names = list(dict.fromkeys([*correlations.index.get_level_values(0), *correlations.index[-1]]))
    matrix = pd.DataFrame(np.eye(len(names)), names, names)
    for (one, other), value in correlations.items():
        matrix.loc[one, other] = matrix.loc[other, one] = value
    ax.imshow(matrix, cmap="RdBu_r", vmin=-1, vmax=1)
    for (row, column), value in np.ndenumerate(matrix):
        colour = "white" if abs(value) > 0.6 else "black"
        ax.text(column, row, f"{value:.2f}", ha="center", va="center", c=colour, fontsize=6)
    ax.set_xticks(range(len(names)), names, rotation=30, ha="right")
    ax.set_yticks(range(len(names)), names)


def readable(table: pd.DataFrame, keys: list[str], length: int = 250) -> pd.DataFrame:
    """Keep, of longer sequences, as many bases where attribution is largest.

    Parameters
    ----------
    table
        Maps in long form, with a position and a score.
    keys
        Labels of a sequence: maps that share them are cut alike, around the largest sum of
        magnitudes of their mean.
    """

    def cut(maps: pd.DataFrame) -> pd.DataFrame:
        size = maps.groupby("position")["score"].mean().abs().to_numpy()
        start = 0
        if len(size) > length:
            start = int(np.argmax(np.convolve(size, np.ones(length), mode="valid")))
        return maps[maps["position"].between(start, start + length - 1)]

    return pd.concat(cut(maps) for _, maps in table.groupby(keys, sort=False))


def shade(ax: Axes, regions: Mapping[str, list[int]], positions: pd.Series) -> None:
    """Shade and name regions, [start, end) by name, as far as positions are shown."""
    first, last = positions.min(), positions.max()
    for region, (start, end) in regions.items():
        start, end = max(start, first), min(end, last + 1)
        if start < end:
            ax.axvspan(start - 0.5, end - 0.5, color="gold", alpha=0.25, linewidth=0)
            middle, above = (start + end - 1) / 2, ax.get_xaxis_transform()
            ax.text(middle, 1.0, region, ha="center", va="bottom", transform=above, fontsize=6)
