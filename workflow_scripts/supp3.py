"""Draw supplementary figure 3: agreement by number of teachers."""

import pandas as pd

from degu import plotting
from degu.job import begin
from degu.tables import join

PANELS = {"a": {"place": 0}, "b": {"place": 1}}


def main(
    sizes: list[str],
    performance: list[str],
    names: dict,
    paper: dict[str, str],
    teachers: dict[str, int],
    files: dict[str, str],
) -> None:
    """One panel an activity: students as boxes, ensembles, and the mean of standard training."""
    names = plotting.Names(**names)
    members = plotting.single(join.read(performance))
    members = members.assign(size=members["recipe"].map(teachers))
    table = pd.concat([members, join.read(sizes).assign(member="ensemble")])
    table = plotting.rows(names.place(table, paper), metric="pearson", kind="activity")
    panels = plotting.select(table, PANELS)
    figure, placed = plotting.lettered(panels, columns=2)
    for letter, axes in placed.items():
        plotting.size_panel(axes, panels[letter], names)
    plotting.legend(figure, plotting.size_looks(table, names))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        sizes=snakemake.input.sizes,
        performance=snakemake.input.performance,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        teachers=snakemake.params.teachers,
        files=dict(snakemake.output.items()),
    )
