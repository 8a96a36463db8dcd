"""Draw supplementary figure 10: epistemic heads as deviations or log-variances."""

from degu import plotting
from degu.job import begin
from degu.tables import join

PANELS = {
    "a": {"place": 0, "kind": "epistemic"},
    "b": {"place": 1, "kind": "epistemic"},
}
TITLES = {"degu": "standard deviation", "degu_logvar": "log-variance"}


def main(performance: list[str], names: dict, paper: dict[str, str], files: dict[str, str]) -> None:
    """One panel an activity."""
    names = plotting.Names(**names)
    names = names._replace(recipes=names.recipes | TITLES)
    table = names.place(join.read(performance), paper)
    figure, panels = plotting.recipe_page(table, PANELS, names, width=4.8)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        performance=snakemake.input.performance,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        files=dict(snakemake.output.items()),
    )
