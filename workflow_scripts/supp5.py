"""Draw supplementary figure 5: agreement of students with dynamic augmentations."""

from degu import plotting
from degu.job import begin
from degu.tables import join

PANELS = {
    "a": {"place": 0, "kind": "activity"},
    "b": {"place": 1, "kind": "activity"},
    "c": {"place": 0, "kind": "epistemic"},
    "d": {"place": 1, "kind": "epistemic"},
}


def main(performance: list[str], names: dict, paper: dict[str, str], files: dict[str, str]) -> None:
    """One row a kind of head, one column an activity."""
    names = plotting.Names(**names)
    table = names.place(join.read(performance), paper)
    figure, panels = plotting.recipe_page(table, PANELS, names)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        performance=snakemake.input.performance,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        files=dict(snakemake.output.items()),
    )
