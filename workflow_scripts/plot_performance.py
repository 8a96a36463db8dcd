"""Draw Pearson's r of members, ensembles and students on the test set."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(members: str, summary: str, recipes: list[str], pdf: str, png: str) -> None:
    """One panel an output: members as dots, their mean with its 95 % band, the ensemble."""
    members = pd.read_table(members).query("metric == 'pearson' and member != 'ensemble'")
    bands = pd.read_table(summary).query("metric == 'pearson'")
    colours = plotting.shown(plotting.colours(recipes), bands["recipe"])
    figure, panels = plotting.grid(bands, "dataset", "output")
    for (dataset, output), axes in panels.items():
        dots, means = (
            plotting.rows(table, dataset=dataset, output=output) for table in (members, bands)
        )
        plotting.bands(axes, dots, means, plotting.shown(colours, means["recipe"]))
        for ceiling in means["ceiling"].dropna().unique():
            plotting.reference(axes, ceiling)
        axes.set_title(f"{dataset}: {output}")
    next(iter(panels.values())).set_ylabel("Pearson r, test set")
    styles = {"member": "o", "mean and 95 % band": "_", "ensemble": "D"}
    if bands["ceiling"].notna().any():
        styles["noise ceiling"] = ":"
    plotting.legend(figure, colours, styles)
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        members=snakemake.input.table,
        summary=snakemake.input.summary,
        recipes=snakemake.params.recipes,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
