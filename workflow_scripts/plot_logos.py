"""Draw attribution logos of a member, its ensemble and a student."""

import logomaker
import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, regions: dict[str, dict[str, list[int]]], pdf: str, png: str) -> None:
    """One row for each recipe with a member and the mean, with its standard deviation as bars.

    Known regions are shaded; of long sequences a part is shown.
    """
    keys = ["dataset", "output", "name", "method"]
    scores = plotting.readable(pd.read_table(table, dtype={"member": str}), keys)
    maps = list(scores.groupby([*keys, "recipe", "member"], sort=False))
    longest = max(len(shown) for _, shown in maps)
    figure, axes = plotting.canvas(len(maps), 1, width=max(3.0, 0.095 * longest), height=1.1)
    for ax, (labels, shown) in zip(axes[:, 0], maps, strict=True):
        dataset, output, name, method, recipe, member = labels
        logo = shown.pivot(index="position", columns="base", values="score").fillna(0)
        logomaker.Logo(logo.reindex(columns=list("ACGT"), fill_value=0), ax=ax)
        score, std = shown["score"], shown["std"].fillna(0)
        ax.errorbar(shown["position"], score, std, fmt="none", c="grey", linewidth=0.5)
        ax.set_ylim(min(0, (score - std).min()), max(0, (score + std).max()))
        plotting.shade(ax, regions.get(dataset, {}), shown["position"])
        who = f"member {member}" if member.isdigit() else f"mean of the {member}"
        ax.set_title(f"{dataset}, {name}: {output}, {recipe}, {who}", loc="left", pad=9)
        ax.set_ylabel(method)
    ax.set_xlabel("position from 0")
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        regions=snakemake.params.regions,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
