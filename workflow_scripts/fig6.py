"""Draw figure 6: effects of variants in K562, by recipe, by certainty, and as maps."""

from degu import plotting
from degu.job import begin
from degu.tables import join

OF = {"role": "k562", "place": 0}
MAPS = ["measured", "effect", "alt_aleatoric", "alt_epistemic"]
BLOCKS = [plotting.Block(3.0, "ab", plotting.by_locus), plotting.Block(3.2, "c", plotting.maps)]


def main(
    variants: list[str],
    effects: list[str],
    names: dict,
    paper: dict[str, str],
    ranking: str,
    files: dict[str, str],
) -> None:
    """Boxes of members for all variants (a) and by certainty (b), maps of one student (c)."""
    names = plotting.Names(**names)
    table, listing = (
        names.place(join.read(paths, join.SCORED), paper) for paths in (variants, effects)
    )
    table = plotting.drawn(table, names)
    boxes = {
        "a": OF | {"certainty": "own", "share": 1.0},
        "b": OF | plotting.strata(table, ranking, names),
    }
    student = plotting.ranking_student(listing["recipe"], ranking, names)
    maps = {"c": OF | {"recipe": student, "member": "0", "metric": MAPS}}
    panels = plotting.select(table, boxes)
    panels |= plotting.select(plotting.substitutions(listing), maps)
    figure = plotting.blocks(BLOCKS, panels, names)
    missing = {"reference base or not measured": plotting.MISSING} if "c" in panels else {}
    plotting.legend(figure, plotting.explained(panels, names) | missing)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        variants=snakemake.input.variants,
        effects=snakemake.input.effects,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        ranking=snakemake.params.ranking,
        files=dict(snakemake.output.items()),
    )
