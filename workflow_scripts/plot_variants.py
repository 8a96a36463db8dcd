"""Draw correlations of predicted and measured effects of variants, by certainty."""

import pandas as pd

from degu import plotting
from degu.job import begin

ROW = ["variants", "dataset", "output", "locus", "certainty"]


def main(table: str, names: dict, files: dict[str, str]) -> None:
    """One row a locus, model and ranking, one column a correlation: boxes of members."""
    names = plotting.Names(**names)
    table = plotting.drawn(pd.read_table(table, dtype={"member": str}), names)
    pages = table.assign(row=table[ROW].agg(tuple, axis=1))
    figure, placed = plotting.grid(pages, "row", "metric", width=plotting.PAGE / 2)
    panels = {}
    for (row, metric), axes in placed.items():
        variants, dataset, output, locus, _ = row
        shown = plotting.rows(table, metric=metric, **dict(zip(ROW, row, strict=True)))
        plotting.by_share(axes, shown, names)
        axes.set_title(f"{names.variants[variants]}, {locus}\n{names.panel(dataset, output)}")
        panels[", ".join([*row, metric])] = shown
    looks = names.legend(table["recipe"])
    plotting.legend(figure, looks | {"ensemble": plotting.ENSEMBLE._replace(line="none")})
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
