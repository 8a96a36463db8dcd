"""Draw figure 2: agreement with measurements by size of the training set."""

from degu import plotting
from degu.job import begin
from degu.tables import join

PANELS = {
    "a": {"role": "starrseq", "place": 0},
    "b": {"role": "starrseq", "place": 1},
    "c": {"role": "k562"},
    "d": {"role": "hepg2"},
}


def main(summary: list[str], names: dict, paper: dict[str, str], files: dict[str, str]) -> None:
    """One panel an activity: means over members, ensembles, and MPRAnn as a line across."""
    names = plotting.Names(**names)
    table = names.place(join.read(summary), paper)
    table = plotting.rows(table, metric="pearson", kind="activity")
    panels = plotting.select(table, PANELS)
    figure, placed = plotting.lettered(panels, columns=2)
    for letter, axes in placed.items():
        plotting.curve_panel(axes, panels[letter], names)
    recipes = set(table["recipe"])
    plotting.legend(figure, names.legend(recipes, names.taught(recipes)))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        summary=snakemake.input.summary,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        files=dict(snakemake.output.items()),
    )
