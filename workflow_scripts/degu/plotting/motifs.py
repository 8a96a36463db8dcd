"""Motifs with the seqlets that match them, by head, and motifs that maps repeat."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D

from degu.plotting.marks import rows
from degu.plotting.names import Names
from degu.plotting.pages import broken, remark
from degu.plotting.sequences import logo
from degu.plotting.style import PAGE, wrapped

RUN = ["dataset", "recipe", "fraction"]
# Colour of each kind of head; words of uncertainty stand beside those of activity.
COLOURS = {"activity": "#0072B2", "epistemic": "#D55E00", "aleatoric": "#999933"}
_MOST = 8  # Families, and discovered motifs of each head, that are drawn.
_LINE, _HEADING = 0.42, 0.75  # Heights in inches.
_COLUMNS = 4  # Discovered motifs beside one another.


def motif_page(
    counts: pd.DataFrame,
    logos: pd.DataFrame,
    discovered: pd.DataFrame,
    patterns: pd.DataFrame,
    names: Names,
) -> tuple[Figure, dict[str, pd.DataFrame]]:
    """Draw a section a run: motifs with their share of seqlets by head, then discovered motifs.

    Of each data set its first recipe that has students is shown, and the first of these.

    Parameters
    ----------
    counts, logos
        Tables of the families of motifs that seqlets match, and of the letters of their motifs.
    discovered, patterns
        Tables of motifs that maps repeat, and of their letters; without rows where none were asked
        for.

    Returns
    -------
    figure, panels : Figure, dict of title to DataFrame
        Rows of each section.
    """
    matched = counts[counts["family"] != "none"]
    # The motifs of most seqlets by head.
    found = discovered.sort_values("seqlets", ascending=False, kind="stable")
    found = found.groupby([*RUN, "output"], sort=False).head(_MOST)
    sections = []
    for run in _shown(counts, names):
        labels = dict(zip(RUN, run, strict=True))
        families = _largest(rows(matched, **labels))
        own = rows(found, **labels).sort_values("output", kind="stable")
        if len(families):
            height = _HEADING + _LINE * families["family"].nunique()
            sections.append((height, _families, families, rows(logos, **labels)))
        if len(own):
            lines = sum(len(broken(part.index, _COLUMNS)) for _, part in own.groupby("output"))
            sections.append(
                (_HEADING / 2 + 2 * _LINE * lines, _patterns, own, rows(patterns, **labels))
            )
    if not sections:
        return remark("No seqlet matches a motif, and no motif was discovered."), {"none": counts}
    figure = plt.figure(figsize=(PAGE, sum(height for height, *_ in sections)))
    heights = [height for height, *_ in sections]
    parts = figure.subfigures(len(sections), 1, height_ratios=heights, squeeze=False)[:, 0]
    panels = {}
    for part, (_, draw, table, letters) in zip(parts, sections, strict=True):
        panels[draw(part, table, letters, names)] = table
    return figure, panels


def _shown(counts: pd.DataFrame, names: Names) -> list[tuple]:
    """Choose the runs that are drawn: of each data set teachers with students, and a student."""
    found = []
    for _, part in counts.groupby("dataset", sort=False):
        recipes = list(names.looks(part["recipe"]))
        for recipe in next(iter(names.pairs(recipes)), recipes[:1]):
            runs = part.loc[part["recipe"] == recipe, RUN].drop_duplicates()
            found += list(runs.itertuples(index=False, name=None))
    return found


def _largest(counts: pd.DataFrame) -> pd.DataFrame:
    """Rows of the families with the largest share of the seqlets of any head, largest first."""
    shares = counts.groupby("family")["share"].max().sort_values(ascending=False, kind="stable")
    order = {family: place for place, family in enumerate(shares.index[:_MOST])}
    kept = counts[counts["family"].isin(order)]
    return kept.sort_values("family", key=lambda names: names.map(order), kind="stable")


def _headed(part: SubFigure, table: pd.DataFrame, kind: str, names: Names) -> str:
    """Write the title of a section above it."""
    first = table.iloc[0]
    title = f"{names.datasets[first['dataset']]}, {names.recipes[first['recipe']]}: {kind}"
    part.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=7.5)
    return title


def _families(part: SubFigure, counts: pd.DataFrame, letters: pd.DataFrame, names: Names) -> str:
    """Draw motifs below one another, and beside each its share of the seqlets of each head."""
    title = _headed(part, counts, "matched motifs", names)
    families = list(dict.fromkeys(counts["family"]))
    grid = part.add_gridspec(len(families), 2, width_ratios=[1, 2])
    bars = part.add_subplot(grid[:, 1])
    for place, family in enumerate(families):
        own = counts[counts["family"] == family]
        axes = part.add_subplot(grid[place, 0])
        logo(axes, rows(letters, family=family).assign(std=0.0))
        axes.set_axis_off()
        axes.set_ylim(0, 2)
        axes.set_title(own["title"].iloc[0], loc="left", fontsize=6, pad=1)
    heads = list(dict.fromkeys(counts["output"]))
    _share_bars(bars, counts, families, heads, names)
    return title


def _share_bars(
    axes: Axes, counts: pd.DataFrame, families: list[str], heads: list[str], names: Names
) -> None:
    """Draw a bar a head for each family: seqlets that raise it to the right, others to the left."""
    thickness, handles = 0.8 / len(heads), []
    for number, head in enumerate(heads):
        own = counts[counts["output"] == head]
        kind, dataset = own[["kind", "dataset"]].iloc[0]
        total = own["seqlets"] / own["share"]
        at = own["family"].map(families.index) - 0.4 + thickness * (number + 0.5)
        # Heads of one kind, such as two activities, differ in shade.
        alike = counts[(counts["kind"] == kind) & counts["output"].isin(heads[:number])]
        look = {"color": COLOURS.get(kind, "grey"), "alpha": 0.55 ** alike["output"].nunique()}
        for sign, side in (("raising", 1), ("lowering", -1)):
            axes.barh(at, side * own[sign] / total, thickness, **look, linewidth=0)
        handles.append(Line2D([], [], **look, linewidth=4, label=names.head(dataset, head)))
    axes.axvline(0, color="black", linewidth=0.6)
    axes.set_ylim(len(families) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):.0%}")
    axes.set_xlabel("share of the head's seqlets: lowering it (left of 0), raising it (right)")
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)


def _patterns(
    part: SubFigure, discovered: pd.DataFrame, letters: pd.DataFrame, names: Names
) -> str:
    """Draw discovered motifs by their mean contributions, a head behind the other."""
    title = _headed(part, discovered, "discovered motifs", names)
    lines = [
        line
        for _, own in discovered.groupby("output", sort=False)
        for line in broken(own.itertuples(), _COLUMNS)
    ]
    placed = part.subplots(len(lines), _COLUMNS, squeeze=False)
    for axes in placed.flat:
        axes.set_axis_off()
    for line, row in zip(lines, placed, strict=True):
        for pattern, axes in zip(line, row, strict=False):
            shown = rows(letters, output=pattern.output, pattern=pattern.pattern)
            logo(axes, shown.assign(std=0.0))
            axes.axhline(0, color="black", linewidth=0.4)
            sums = shown.groupby("position")["score"].sum()
            axes.set_ylim(min(sums.min(), 0) * 1.1, max(sums.max(), 0) * 1.1)
            head = names.head(pattern.dataset, pattern.output)
            match = "no match" if pattern.motif == "none" else pattern.title
            said = f"{head}, {pattern.seqlets} seqlets: {match} (q = {pattern.q:.1g})"
            axes.set_title(wrapped(said, 34), loc="left", fontsize=6, pad=2)
    return title
