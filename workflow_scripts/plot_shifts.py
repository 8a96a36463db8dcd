"""Draw distances to the oracle ensemble under shift, and distributions of predictions."""

import pandas as pd

from degu import plotting
from degu.job import log_to

DISTANCE = "distance"
# Shades of grey, the paler the larger the shift.
GREYS = ("0", "0.4", "0.6", "0.8")


def main(
    table: str, distributions: str, oracle: str, recipes: list[str], pdf: str, png: str
) -> None:
    """One row an output: MSE to the oracle, then the first member's predictions by recipe."""
    errors = pd.read_table(table).query("metric == 'mse'").assign(column=DISTANCE)
    curves = pd.read_table(distributions).assign(column=lambda rows: rows["recipe"])
    for rows in (errors, curves):
        rows["row"] = rows["dataset"] + ": " + rows["output"]
    colours = plotting.shown(plotting.colours(recipes), errors["recipe"])
    shifts = dict(zip(errors["shift"].unique(), GREYS, strict=True))
    figure, panels = plotting.grid(pd.concat([errors, curves]), "row", "column")
    for (row, column), axes in panels.items():
        if column == DISTANCE:
            shown = plotting.rows(errors, row=row)
            plotting.by_tick(axes, shown, "shift", list(shifts), colours)
            axes.set_xticks(range(len(shifts)), shifts)
            axes.set_title(row)
            axes.set_ylabel(f"MSE to the mean of {oracle}")
        else:
            shown = plotting.rows(curves, row=row, column=column)
            for shift, curve in shown.groupby("shift", sort=False):
                axes.plot(curve["value"], curve["probability"], c=shifts[shift], linewidth=1)
            axes.set_title(f"{row}\n{column}, member 0")
            axes.set_xlabel("predicted")
    shades = {f"shift: {shift}": colour for shift, colour in shifts.items()}
    plotting.legend(figure, colours | shades, {"member": "o", "ensemble": "D"})
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        distributions=snakemake.input.distributions,
        oracle=snakemake.params.oracle,
        recipes=snakemake.params.recipes,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
