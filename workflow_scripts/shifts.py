"""Draw how far members are from the oracle ensemble under shift, and what they predict there."""

import pandas as pd

from degu import plotting
from degu.job import log_to

DISTANCE = "distance"


def main(table: str, distributions: str, oracle: str, pdf: str, png: str) -> None:
    """One row an output: MSE to the oracle, then the first member's predictions by recipe."""
    errors = pd.read_table(table).query("metric == 'mse'").assign(column=DISTANCE)
    curves = pd.read_table(distributions).assign(column=lambda rows: rows["recipe"])
    for rows in (errors, curves):
        rows["row"] = rows["dataset"] + ": " + rows["output"]
    recipes = plotting.colours(errors["recipe"])
    # Shades of grey, the paler the further away.
    shifts = dict(zip(errors["shift"].unique(), ("0", "0.4", "0.6", "0.8"), strict=True))
    figure, panels = plotting.grid(pd.concat([errors, curves]), "row", "column")
    for (row, column), axes in panels.items():
        if column == DISTANCE:
            _draw_errors(axes, errors[errors["row"] == row], recipes, list(shifts))
            axes.set_title(row)
            axes.set_ylabel(f"MSE to the mean of {oracle}")
        else:
            shown = curves[(curves["row"] == row) & (curves["column"] == column)]
            for shift, curve in shown.groupby("shift", sort=False):
                axes.plot(curve["value"], curve["probability"], c=shifts[shift], linewidth=1)
            axes.set_title(f"{row}\n{column}, member 0")
            axes.set_xlabel("predicted")
    plotting.legend(
        figure,
        recipes | {f"shift: {shift}": colour for shift, colour in shifts.items()},
        {"member": "o", "ensemble": "D"},
    )
    plotting.save(figure, pdf, png)


def _draw_errors(axes, errors: pd.DataFrame, colours: dict[str, str], shifts: list[str]) -> None:
    for number, (recipe, points) in enumerate(errors.groupby("recipe", sort=False)):
        at = points["shift"].map(shifts.index) + (number - (len(colours) - 1) / 2) * 0.15
        alone = points["member"] == "ensemble"
        plotting.members(axes, at, points["value"], alone, colours[recipe])
    axes.set_xticks(range(len(shifts)), shifts)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        distributions=snakemake.input.distributions,
        oracle=snakemake.params.oracle,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
