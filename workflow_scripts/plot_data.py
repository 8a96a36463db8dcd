"""Draw sizes, GC content and targets of the data sets."""

import pandas as pd

from degu import plotting
from degu.job import log_to

QUANTILES = {"whislo": 0.05, "q1": 0.25, "med": 0.5, "q3": 0.75, "whishi": 0.95}


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
        splits = list(dict.fromkeys(shown["split"]))
        prefix = "GC quantile" if output == "sequence" else "quantile"
        boxes = [
            {key: values[split, f"{prefix} {q:g}"] for key, q in QUANTILES.items()}
            for split in splits
        ]
        line = {"color": "black", "linewidth": 0.8}
        axes.bxp(boxes, range(len(splits)), showfliers=False, widths=0.5, medianprops=line)
        if output == "sequence":
            title = f"sequences of {values['train', 'length']:,.0f} bases"
            splits = [f"{split}\n{values[split, 'number']:,.0f}" for split in splits]
            axes.set_ylabel("GC share")
        else:
            title = names.head(dataset, output) + ceiling(values)
            axes.set_ylabel(names.axis("measured", dataset, output))
        axes.set_xticks(range(len(splits)), splits)
        plotting.titled(axes, f"{names.datasets[dataset]}: {title}")
    plotting.save(figure, panels, **files)


def ceiling(values: pd.Series) -> str:
    """Agreement of replicates and the noise ceiling of r, where replicates tell them."""
    if ("test", "noise_ceiling") not in values:
        return ""
    r, most = values["test", "replicate_pearson"], values["test", "noise_ceiling"]
    return f" (r of replicates {r:.2f}, noise ceiling {most:.2f})"


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        cards=snakemake.input.cards,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
