"""Draw effects and uncertainties of all variants of a locus: position by base."""

import pandas as pd

from degu import plotting
from degu.job import log_to

BASES = list("ACGT")
# Effects, and deviations of the alternate allele alone: those of an effect mix both alleles.
SHOWN = ("measured", "effect", "spread", "alt_epistemic", "alt_aleatoric", "alt_total")


def main(table: str, pdf: str, png: str) -> None:
    """Draw a column a locus, a row a set and measure: a recipe's first student, or its ensemble."""
    table = pd.read_table(table, dtype={"member": str})
    table = table[table["ref"].isin(BASES) & table["alt"].isin(BASES)]
    student = table["recipe"].isin(table[table["metric"] == "epistemic"]["recipe"])
    table = table[table["member"] == student.map({True: "0", False: "ensemble"})]
    table = table[table["metric"].isin(SHOWN)]
    measured = table["metric"] == "measured"
    names = table["recipe"] + ", " + table["output"] + ", " + table["metric"]
    table["row"] = names.mask(measured, "measured")
    table["place"] = table["variants"] + ", " + table["locus"] + ", " + table["dataset"]
    measures = sorted(table["row"].unique(), key=lambda row: row != "measured")
    sets = {name: list(part["place"].unique()) for name, part in table.groupby("variants")}
    rows = [(places, measure) for places in sets.values() for measure in measures]
    columns = max(map(len, sets.values()))
    figure, axes = plotting.canvas(len(rows), columns, width=4.2, height=0.9)
    for ax in axes.flat:
        ax.set_axis_off()
    for (places, measure), line in zip(rows, axes, strict=True):
        for place, ax in zip(places, line, strict=False):
            shown = plotting.rows(table, row=measure, place=place)
            if not shown.empty:
                ax.set_axis_on()
                signed = measure.endswith(("measured", "effect"))
                plotting.base_map(figure, ax, _grid(shown), signed)
                ax.set_title(f"{place}: {measure}", loc="left", fontsize=7)
    plotting.save(figure, pdf, png)


def _grid(shown: pd.DataFrame) -> pd.DataFrame:
    """Bases by all positions; a measurement stands there once for each recipe and output."""
    values = shown.pivot_table(index="alt", columns="pos", values="value", aggfunc="first")
    return values.reindex(index=BASES, columns=range(shown["pos"].min(), shown["pos"].max() + 1))


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input.table, snakemake.output.pdf, snakemake.output.png)
