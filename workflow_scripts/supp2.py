"""Draw supplementary figure 2: agreement by training fraction, with EvoAug and without."""

from degu import plotting
from degu.job import begin
from degu.tables import join

PANELS = {
    "a": {"place": 0, "kind": "activity"},
    "a right": {"place": 0, "kind": "epistemic"},
    "b": {"place": 1, "kind": "activity"},
    "b right": {"place": 1, "kind": "epistemic"},
}
LINES = {"standard": "-", "degu": "-", "evoaug": "--", "degu_evoaug": "--"}


def main(summary: list[str], names: dict, paper: dict[str, str], files: dict[str, str]) -> None:
    """One row an activity: the activity's head, and the epistemic one of students."""
    names = plotting.Names(**names, lines=LINES)
    table = names.place(join.read(summary), paper)
    panels = plotting.select(plotting.rows(table, metric="pearson"), PANELS)
    figure, placed = plotting.lettered(panels, columns=2)
    for key, axes in placed.items():
        plotting.curve_panel(axes, panels[key], names)
    plotting.legend(figure, names.explain(panels.values()))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        summary=snakemake.input.summary,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        files=dict(snakemake.output.items()),
    )
