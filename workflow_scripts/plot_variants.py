"""Draw correlations of predicted and measured effects of variants, by certainty."""

import pandas as pd

from degu import plotting
from degu.job import log_to

NAMES = {"pearson": "Pearson r", "spearman": "Spearman rho"}


def main(table: str, recipes: list[str], pdf: str, png: str) -> None:
    """One row a set and measure, one column a locus: members as dots, ensembles as diamonds."""
    table = pd.read_table(table, dtype={"member": str})
    model = table["dataset"] + ": " + table["output"]
    table["place"] = table["variants"] + ", " + table["locus"] + "\n" + model
    table["row"] = table["variants"] + ", " + table["metric"] + ", " + table["certainty"]
    colours = plotting.shown(plotting.colours(recipes), table["recipe"])
    shares = sorted(table["share"].unique())
    figure, panels = plotting.grid(table, "row", "place", width=3.0)
    for (row, place), axes in panels.items():
        shown = plotting.rows(table, row=row, place=place)
        plotting.by_tick(axes, shown, "share", shares, colours)
        plotting.reference(axes, 0)
        axes.set_xticks(range(len(shares)), [f"{share:.0%}" for share in shares])
        axes.set_xlim(-0.6, len(shares) - 0.4)
        axes.set_title(place)
        certainty = shown["certainty"].iloc[0]
        axes.set_xlabel(f"most certain variants, by {certainty}")
        axes.set_ylabel(NAMES[shown["metric"].iloc[0]])
    plotting.legend(figure, colours, {"member": "o", "ensemble": "D"})
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        recipes=snakemake.params.recipes,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
