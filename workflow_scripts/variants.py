"""Draw correlations of predicted and measured effects of variants, by certainty."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, pdf: str, png: str) -> None:
    """One row a set and measure, one column a locus: members as dots, ensembles as diamonds."""
    table = pd.read_table(table, dtype={"member": str})
    model = table["dataset"] + ": " + table["output"]
    table["place"] = table["variants"] + ", " + table["locus"] + "\n" + model
    table["row"] = table["variants"] + ", " + table["metric"]
    colours = plotting.colours(table["recipe"])
    shares = sorted(table["share"].unique())
    figure, panels = plotting.grid(table, "row", "place", width=3.0)
    for (row, place), axes in panels.items():
        shown = table[(table["row"] == row) & (table["place"] == place)]
        for number, (recipe, colour) in enumerate(colours.items()):
            points = shown[shown["recipe"] == recipe]
            shift = (number - (len(colours) - 1) / 2) * 0.8 / len(colours)
            at = points["share"].map(shares.index) + shift
            plotting.members(axes, at, points["value"], points["member"] == "ensemble", colour)
        axes.axhline(0, color="grey", linewidth=0.6, linestyle=":")
        axes.set_xticks(range(len(shares)), [f"{share:.0%}" for share in shares])
        axes.set_xlim(-0.6, len(shares) - 0.4)
        axes.set_title(place)
        axes.set_xlabel("most certain variants")
        names = {"pearson": "Pearson r", "spearman": "Spearman rho"}
        axes.set_ylabel(names[shown["metric"].iloc[0]])
    plotting.legend(figure, colours, {"member": "o", "ensemble": "D"})
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input.table, snakemake.output.pdf, snakemake.output.png)
