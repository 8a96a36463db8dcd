"""Draw supplementary figure 15: effects of variants in HepG2, by certainty."""

from degu import plotting
from degu.job import begin
from degu.tables import join

OF = {"role": "hepg2", "place": 0}


def main(
    variants: list[str], names: dict, paper: dict[str, str], ranking: str, files: dict[str, str]
) -> None:
    """One column a locus: boxes of members and their teachers' ensembles, by certainty."""
    names = plotting.Names(**names)
    table = plotting.drawn(names.place(join.read(variants, join.SCORED), paper), names)
    panels = plotting.select(table, {"": OF | plotting.strata(table, ranking, names)})
    figure = plotting.blocks([plotting.Block(4.2, [""], plotting.by_locus)], panels, names)
    plotting.legend(figure, plotting.explained(panels, names))
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        variants=snakemake.input.variants,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        ranking=snakemake.params.ranking,
        files=dict(snakemake.output.items()),
    )
