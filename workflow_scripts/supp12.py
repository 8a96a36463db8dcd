"""Draw supplementary figure 12: intervals by method after conformal calibration."""

from degu import plotting
from degu.job import begin
from degu.tables import join

PARTS = {"a": "k562", "b": "hepg2"}
MEASURES = {"coverage": "coverage", "r": "pearson"}


def main(
    intervals: list[str],
    names: dict,
    paper: dict[str, str],
    methods: dict[str, list[str]],
    level: float,
    files: dict[str, str],
) -> None:
    """One row a data set: coverage and accuracy against width, a mark a member."""
    names = plotting.Names(**names)
    points = plotting.measures(names.place(join.read(intervals), paper), methods)
    labels = {
        key: kinds
        for letter, role in PARTS.items()
        for measure in MEASURES
        for key, kinds in plotting.sides(f"{letter} {measure}", role=role).items()
    }
    panels = plotting.select(points, labels)
    figure, placed = plotting.lettered(panels, columns=2, height=1.8)
    for key, axes in placed.items():
        measure = MEASURES[key.split()[1]]
        plotting.method_panel(axes, panels[key], measure, names, level, "conformal_")
    plotting.legend(figure, plotting.method_looks(panels.values(), names), plotting.nominal(level))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        intervals=snakemake.input.intervals,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        methods=snakemake.params.methods,
        level=snakemake.params.level,
        files=dict(snakemake.output.items()),
    )
