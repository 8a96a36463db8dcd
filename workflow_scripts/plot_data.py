"""Draw sizes, GC content and targets of the data sets."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(cards: list[str], names: dict, files: dict[str, str]) -> None:
    """One row a data set; boxes from quantiles: 5, 25, 50, 75 and 95 %."""
    names = plotting.Names(**names)
    parts = pd.concat(pd.read_table(card) for card in cards).query("split != 'all'")
    figure, placed = plotting.grid(parts, "dataset", "output", height=2.0)
    panels = {}
    for (dataset, output), axes in placed.items():
        shown = plotting.rows(parts, dataset=dataset, output=output)
        panels[f"{dataset}, {output}"] = shown
        values = shown.set_index(["split", "metric"])["value"]
        if output == "sequence":
            plotting.quantile_boxes(axes, values, "GC quantile")
            title = f"sequences of {values['train', 'length']:,.0f} bases"
            axes.set_ylabel("GC share")
        else:
            plotting.quantile_boxes(axes, values, "quantile")
            title = names.head(dataset, output) + ceiling(values)
            axes.set_ylabel(plotting.wrapped(names.axis("measured", dataset, output), 24))
        if ("train", "number") in values:
            counts = values.xs("number", level="metric").map("{:,.0f}".format)
            axes.set_xticks(range(len(counts)), counts.index + "\n" + counts)
        plotting.titled(axes, f"{names.datasets[dataset]}: {title}")
    plotting.save(figure, panels, **files)


def ceiling(values: pd.Series) -> str:
    """Agreement of replicates and the noise ceiling of r, where replicates tell them."""
    if ("test", "noise_ceiling") not in values:
        return ""
    r, most = values["test", "replicate_pearson"], values["test", "noise_ceiling"]
    return f" (r of replicates {r:.2f}, noise ceiling {most:.2f})"


if __name__ == "__main__":
    begin(snakemake)
    main(
        cards=snakemake.input.cards,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
