"""Draw Pearson's r of members, ensembles and students on the test set."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(members: str, summary: str, pdf: str, png: str) -> None:
    """One panel an output: members as dots, their mean with its 95 % band, the ensemble."""
    members = pd.read_table(members).query("metric == 'pearson' and member != 'ensemble'")
    bands = pd.read_table(summary).query("metric == 'pearson'")
    colours = plotting.colours(bands["recipe"])
    figure, panels = plotting.grid(bands, "dataset", "output")
    for (dataset, output), axes in panels.items():
        of_panel = f"dataset == '{dataset}' and output == '{output}'"
        _draw(axes, members.query(of_panel), bands.query(of_panel), colours)
        for ceiling in bands.query(of_panel)["ceiling"].dropna().unique():
            axes.axhline(ceiling, color="grey", linewidth=0.6, linestyle=":")
        axes.set_title(f"{dataset}: {output}")
    first = next(iter(panels.values()))
    first.set_ylabel("Pearson r, test set")
    styles = {"member": "o", "mean and 95 % band": "_", "ensemble": "D"}
    if bands["ceiling"].notna().any():
        styles["noise ceiling"] = ":"
    plotting.legend(figure, colours, styles)
    plotting.save(figure, pdf, png)


def _draw(axes, members: pd.DataFrame, bands: pd.DataFrame, colours: dict[str, str]) -> None:
    fractions, recipes = sorted(bands["fraction"].unique()), list(bands["recipe"].unique())
    for number, recipe in enumerate(recipes):
        shift = (number - (len(recipes) - 1) / 2) * 0.8 / len(recipes)
        dots, means = members[members["recipe"] == recipe], bands[bands["recipe"] == recipe]
        at = means["fraction"].map(fractions.index) + shift
        colour = colours[recipe]
        axes.scatter(
            dots["fraction"].map(fractions.index) + shift, dots["value"], s=7, alpha=0.5, c=colour
        )
        errors = [means["mean"] - means["low"], means["high"] - means["mean"]]
        axes.errorbar(
            at + 0.05, means["mean"], errors, fmt="_", ms=8, c=colour, capsize=2, linewidth=1
        )
        axes.plot(at - 0.05, means["ensemble"], "D", ms=4, mfc="none", c=colour)
    axes.set_xticks(range(len(fractions)), [f"{fraction:g}" for fraction in fractions])
    axes.set_xlim(-0.6, len(fractions) - 0.4)
    axes.set_xlabel("share of the training set")


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        members=snakemake.input.table,
        summary=snakemake.input.summary,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
