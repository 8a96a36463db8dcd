"""Draw sizes, GC content and targets of the data sets."""

import pandas as pd

from degu import plotting
from degu.job import begin
from degu.tables.warnings import kept_rows


def main(cards: list[str], names: dict, files: dict[str, str]) -> None:
    """One row a data set; boxes from quantiles: 5, 25, 50, 75 and 95 %."""
    names = plotting.Names(**names)
    tables = pd.concat(pd.read_table(card) for card in cards)
    kept = {dataset: kept_rows(card) for dataset, card in tables.groupby("dataset")}
    parts = tables.query("split != 'all'")
    figure, placed = plotting.grid(parts, "dataset", "output", height=2.0)
    panels = {}
    for (dataset, output), axes in placed.items():
        shown = plotting.rows(parts, dataset=dataset, output=output)
        panels[f"{dataset}, {output}"] = shown
        values = shown.set_index(["split", "metric"])["value"]
        if output == "sequence":
            plotting.quantile_boxes(axes, values, "GC quantile")
            title = plotting.sequences_title(values, kept[dataset])
            axes.set_ylabel("GC share")
        else:
            plotting.quantile_boxes(axes, values, "quantile")
            title = names.head(dataset, output) + plotting.ceiling_title(values)
            axes.set_ylabel(plotting.wrapped(names.axis("measured", dataset, output), 24))
        if ("train", "number") in values:
            counts = values.xs("number", level="metric").map("{:,.0f}".format)
            axes.set_xticks(range(len(counts)), counts.index + "\n" + counts)
        plotting.titled(axes, f"{names.datasets[dataset]}: {title}")
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        cards=snakemake.input.cards,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
