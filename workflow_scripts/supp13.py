"""Draw supplementary figure 13: effects of variants in HepG2, by recipe."""

from degu import plotting
from degu.job import begin
from degu.tables import join

SHOWN = {"role": "hepg2", "place": 0, "certainty": "own", "share": 1.0}


def main(variants: list[str], names: dict, paper: dict[str, str], files: dict[str, str]) -> None:
    """One column a locus: boxes of members, their teachers' ensemble as a line."""
    names = plotting.Names(**names)
    table = names.place(join.read(variants, join.SCORED), paper)
    panels = plotting.select(plotting.drawn(table, names), {"": SHOWN})
    figure = plotting.blocks([plotting.Block(3.6, [""], plotting.by_locus)], panels, names)
    plotting.legend(figure, plotting.explained(panels, names))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        variants=snakemake.input.variants,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        files=dict(snakemake.output.items()),
    )
