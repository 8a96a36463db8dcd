"""Draw sizes, GC content and targets of the data sets."""

from pathlib import Path

import pandas as pd

from degu import plotting
from degu.job import log_to

BOX = {"whislo": 0.05, "q1": 0.25, "med": 0.5, "q3": 0.75, "whishi": 0.95}


def main(cards: list[str], pdf: str, png: str) -> None:
    """One row a data set; boxes from quantiles: 5, 25, 50, 75 and 95 %."""
    table = pd.concat(
        pd.read_table(card).assign(dataset=Path(card).stem.removeprefix("data_")) for card in cards
    )
    parts = table[table["split"] != "all"]
    figure, panels = plotting.grid(parts, "dataset", "output")
    for (dataset, output), axes in panels.items():
        shown = plotting.rows(parts, dataset=dataset, output=output)
        values = shown.set_index(["split", "metric"])["value"]
        prefix = "GC " if output == "sequence" else ""
        splits = list(dict.fromkeys(shown["split"]))
        boxes = [
            {key: values[split, f"{prefix}quantile {q:g}"] for key, q in BOX.items()}
            for split in splits
        ]
        axes.bxp(boxes, showfliers=False, widths=0.5)
        labels = splits
        if output == "sequence":
            labels = [f"{split}\n{values[split, 'number']:,.0f}" for split in splits]
        axes.set_xticks(range(1, len(splits) + 1), labels)
        axes.set_title(f"{dataset}\n{title(output, values)}")
    plotting.save(figure, pdf, png)


def title(output: str, values: pd.Series) -> str:
    """Title of a panel, with the noise ceiling where replicates tell it."""
    if output == "sequence":
        return f"GC share, {values['train', 'length']:.0f} bases"
    if ("test", "noise_ceiling") in values:
        r, ceiling = values["test", "replicate_pearson"], values["test", "noise_ceiling"]
        return f"{output}, replicates r {r:.2f}, ceiling {ceiling:.2f}"
    return output


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input.cards, snakemake.output.pdf, snakemake.output.png)
