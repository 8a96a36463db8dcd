"""Draw effects and uncertainties of all variants of a locus: position by base."""

import pandas as pd

from degu import plotting
from degu.job import log_to

BASES = list("ACGT")


def main(table: str, pdf: str, png: str) -> None:
    """One column a locus, one row a measure: the first student of a recipe, else its ensemble."""
    table = pd.read_table(table, dtype={"member": str})
    table = table[table["ref"].isin(BASES) & table["alt"].isin(BASES)]
    student = table["recipe"].isin(table[table["metric"] == "epistemic"]["recipe"])
    table = table[table["member"] == student.map({True: "0", False: "ensemble"})]
    measured = table["metric"] == "measured"
    names = table["recipe"] + ", " + table["output"] + ", " + table["metric"]
    table["row"] = names.mask(measured, "measured")
    table["place"] = table["variants"] + ", " + table["locus"] + ", " + table["dataset"]
    rows = sorted(table["row"].unique(), key=lambda row: row != "measured")
    places = list(table["place"].unique())
    figure, axes = plotting.panels(len(rows), len(places), width=5.0, height=0.9)
    for ax, (row, place) in zip(axes.flat, [(r, p) for r in rows for p in places], strict=True):
        shown = table[(table["row"] == row) & (table["place"] == place)]
        if shown.empty:
            ax.set_axis_off()
            continue
        _draw(figure, ax, shown, signed=row.endswith(("measured", "effect")))
        ax.set_title(f"{place}: {row}", loc="left")
    plotting.save(figure, pdf, png)


def _draw(figure, ax, shown: pd.DataFrame, signed: bool) -> None:
    positions = range(shown["pos"].min(), shown["pos"].max() + 1)
    # A measurement stands there once for each recipe and output.
    grid = shown.pivot_table(index="alt", columns="pos", values="value", aggfunc="first")
    grid = grid.reindex(index=BASES, columns=positions)
    limit = grid.abs().max(axis=None)
    image = ax.imshow(
        grid,
        aspect="auto",
        interpolation="none",
        cmap="RdBu_r" if signed else "viridis",
        vmin=-limit if signed else 0,
        vmax=limit,
        extent=(positions[0] - 0.5, positions[-1] + 0.5, 3.5, -0.5),
    )
    ax.set_yticks(range(4), BASES)
    ax.ticklabel_format(axis="x", style="plain", useOffset=False)
    ax.locator_params(axis="x", nbins=4)
    figure.colorbar(image, ax=ax, pad=0.01)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input.table, snakemake.output.pdf, snakemake.output.png)
