"""Draw supplementary figure 9: predictions of a student against the truth."""

from textwrap import fill

from degu import plotting
from degu.job import begin
from degu.tables import join

STUDENT = {"role": "starrseq", "member": "0"}
PANELS = {
    "a": STUDENT | {"place": 0, "kind": "activity"},
    "b": STUDENT | {"place": 1, "kind": "activity"},
    "c": STUDENT | {"place": 0, "kind": "epistemic"},
    "d": STUDENT | {"place": 1, "kind": "epistemic"},
}


def main(
    predictions: list[str],
    performance: list[str],
    names: dict,
    paper: dict[str, str],
    files: dict[str, str],
) -> None:
    """One panel a head: activities against measurements, epistemic heads against teachers."""
    names = plotting.Names(**names)
    panels = plotting.select(names.place(join.read(predictions), paper), PANELS)
    figure, placed = plotting.lettered(panels, columns=2, height=2.8, width=6)
    titles = {
        letter: fill(names.panel(*shown.iloc[0][["dataset", "output"]]), 36)
        for letter, shown in panels.items()
    }
    plotting.truth_panels(placed, panels, titles, join.read(performance))
    for letter, axes in placed.items():
        x, y = plotting.truth_labels(panels[letter].iloc[0], names)
        axes.set(xlabel=x, ylabel=y)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        predictions=snakemake.input.predictions,
        performance=snakemake.input.performance,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        files=dict(snakemake.output.items()),
    )
