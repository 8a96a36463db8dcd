"""Draw effects and uncertainties of all variants of a locus: position by base."""

import pandas as pd

from degu import plotting
from degu.job import log_to

BASES = list("ACGT")
SIGNED = ("measured", "effect")


def main(table: str, pdf: str, png: str) -> None:
    """One row for each locus, recipe and measure; of students the first, else the ensemble."""
    table = pd.read_table(table, dtype={"member": str})
    heads = table[table["metric"].isin(["epistemic", "aleatoric"])]["recipe"].unique()
    student = table["recipe"].isin(heads)
    table = table[table["member"] == student.map({True: "0", False: "ensemble"})]
    keys = ["variants", "locus", "dataset", "output", "recipe", "metric"]
    maps = list(table.groupby(keys, sort=False))
    longest = table.groupby(["variants", "locus"])["pos"].agg(lambda at: at.max() - at.min()).max()
    figure, axes = plotting.panels(len(maps), 1, width=max(4.0, 0.025 * longest), height=0.9)
    for ax, (names, shown) in zip(axes[:, 0], maps, strict=True):
        _draw(figure, ax, shown, signed=names[-1] in SIGNED)
        ax.set_title(", ".join(names), loc="left")
    plotting.save(figure, pdf, png)


def _draw(figure, ax, shown: pd.DataFrame, signed: bool) -> None:
    positions = range(shown["pos"].min(), shown["pos"].max() + 1)
    grid = shown.pivot_table(index="alt", columns="pos", values="value").reindex(
        index=BASES, columns=positions
    )
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
    figure.colorbar(image, ax=ax, pad=0.01)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input.table, snakemake.output.pdf, snakemake.output.png)
