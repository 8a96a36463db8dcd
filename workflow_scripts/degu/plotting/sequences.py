"""Panels on sequences: logos, heat maps of position by base, matrices of numbers."""

import textwrap
from collections.abc import Mapping, Sequence

import logomaker
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator

from degu.plotting.marks import rows
from degu.plotting.names import Names
from degu.plotting.pages import canvas
from degu.plotting.style import PAGE, Look, room

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


def logo_panel(
    axes: Axes, scores: pd.DataFrame, names: Names, regions: Mapping[str, Mapping[str, list[int]]]
) -> None:
    """Draw the logo of one member or of the mean, with the known regions of its data set.

    Parameters
    ----------
    scores
        Rows of the table of attributions.
    regions
        Regions, [start, end) by name, by data set.
    """
    one = scores.iloc[0]
    logo(axes, scores)
    shade(axes, regions.get(one["dataset"], {}), scores["position"])
    who = "one member" if one["member"].isdigit() else "mean of the members"
    explained = names.explained(*one[["dataset", "output", "method"]])
    # The unit stands in the title: a logo is too low for it beside its axis.
    scored = names.axis(explained, one["dataset"], one["output"])
    title = f"{scored}, {one['name']}: {names.recipes[one['recipe']]}, {who}"
    axes.set_title(textwrap.fill(title, room(axes)), loc="left", pad=9)
    axes.set_ylabel("score")
    axes.set_xlim(scores["position"].min() - 1, scores["position"].max() + 1)


def one_height(logos: Sequence[Axes]) -> None:
    """Give logos below one another, which are to be compared, one scale and one axis."""
    for above in logos[:-1]:
        above.tick_params(labelbottom=False)
    for last in logos[-1:]:
        last.set_xlabel("position, from 0")
    limits = {axes: axes.get_ylim() for axes in logos}
    for axes in limits:
        axes.set_ylim(
            min(low for low, _ in limits.values()), max(high for _, high in limits.values())
        )


def logo_page(
    table: pd.DataFrame, names: Names, regions: Mapping[str, Mapping[str, list[int]]]
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw logos below one another: of each head, sequence and method those of `exemplary` runs.

    Parameters
    ----------
    table
        Rows of the table of attributions.
    regions
        Regions, [start, end) by name, by data set.

    Returns
    -------
    figure, panels : Figure, dict of title to DataFrame
        Rows of each logo.
    """
    by = ["dataset", "output", "name", "method"]
    parts = [exemplary(part, names) for _, part in table.groupby("dataset", sort=False)]
    shown = readable(pd.concat(parts), by)
    groups = [
        [maps for _, maps in group.groupby(["recipe", "member"], sort=False)]
        for _, group in shown.groupby(by, sort=False)
    ]
    figure, axes = canvas(sum(map(len, groups)), 1, width=PAGE, height=0.9)
    left, panels = iter(axes[:, 0]), {}
    for group in groups:
        placed = [next(left) for _ in group]
        for ax, maps in zip(placed, group, strict=True):
            logo_panel(ax, maps, names, regions)
            panels[ax.get_title(loc="left")] = maps
        one_height(placed)
    return figure, panels


def compared(maps: pd.DataFrame, names: Names, keys: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Cut maps of the first sequence, by a teacher and by a student of it, to the same bases.

    Parameters
    ----------
    maps
        Rows of the table of attributions of one member of each recipe, one head and one method.
    keys
        Keys of both.
    """
    pair = names.pairs(maps["recipe"])[0]
    first = rows(maps, name=maps["name"].iloc[0], recipe=list(pair))
    shown = readable(first, ["name"])
    parts = [rows(shown, recipe=recipe) for recipe in pair]
    return dict(zip(keys, parts, strict=True))


def exemplary(maps: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Keep, of one data set, the first teachers that have students, and the first of these.

    Of students the first member is kept, of teachers their mean as well.
    """
    recipes = list(names.looks(maps["recipe"]))
    pair = next(iter(names.pairs(recipes)), recipes[:1])
    parts = [rows(maps, recipe=pair[0])]
    parts += [rows(maps, recipe=student, member="0") for student in pair[1:]]
    return pd.concat(parts)


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


def cells(axes: Axes, values: pd.DataFrame) -> AxesImage:
    """Draw correlations as a matrix with its numbers and names; what is not known stays white."""
    image = axes.imshow(values, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        colour = "white" if abs(value) > 0.6 else "black"
        text = "" if np.isnan(value) else f"{value:.2f}"
        axes.text(column, row, text, ha="center", va="center", c=colour, fontsize=6)
    axes.set_xticks(range(values.shape[1]), values.columns)
    axes.set_yticks(range(len(values)), values.index)
    return image


def readable(table: pd.DataFrame, keys: list[str], length: int = 120) -> pd.DataFrame:
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
