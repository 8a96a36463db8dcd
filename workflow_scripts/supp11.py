"""Draw supplementary figure 11: noise from replicates or a heteroscedastic loss."""

from degu import plotting
from degu.job import begin
from degu.tables import join

PANELS = {
    "a": {"role": "k562", "kind": "activity"},
    "b": {"role": "k562", "kind": "aleatoric"},
    "c": {"role": "hepg2", "kind": "activity"},
    "d": {"role": "hepg2", "kind": "aleatoric"},
}


def main(performance: list[str], names: dict, paper: dict[str, str], files: dict[str, str]) -> None:
    """One row a data set: the activity, and the deviation between replicates."""
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
