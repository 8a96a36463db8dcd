"""Draw how far members are from the oracle ensemble under shift, and what they predict there."""

import numpy as np
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
    rng = np.random.default_rng(0)
    for number, (recipe, of_recipe) in enumerate(errors.groupby("recipe", sort=False)):
        at = of_recipe["shift"].map(shifts.index) + (number - (len(colours) - 1) / 2) * 0.15
        ensemble = of_recipe["member"] == "ensemble"
        at_members = at[~ensemble] + rng.uniform(-0.04, 0.04, (~ensemble).sum())
        colour = colours[recipe]
        axes.scatter(at_members, of_recipe["value"][~ensemble], s=7, alpha=0.5, c=colour)
        axes.plot(at[ensemble], of_recipe["value"][ensemble], "D", ms=4, mfc="none", c=colour)
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
