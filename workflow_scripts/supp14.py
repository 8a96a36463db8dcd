"""Draw supplementary figure 14: effects of variants in K562 with their uncertainties."""

from degu import plotting
from degu.job import begin
from degu.tables import join

OF = {"role": "k562", "place": 0, "member": "0"}
MEASURES = ["measured", "effect", "total", "aleatoric", "epistemic"]


def main(
    effects: list[str], names: dict, paper: dict[str, str], ranking: str, files: dict[str, str]
) -> None:
    """One panel a kind of uncertainty, in whose colour each variant is drawn."""
    names = plotting.Names(**names)
    table = names.place(join.read(effects, join.SCORED), paper)
    student = plotting.ranking_student(table["recipe"], ranking, names)
    panels = plotting.select(table, {"": OF | {"recipe": student, "metric": MEASURES}})
    figure = plotting.blocks([plotting.Block(2.6, [""], plotting.coloured_effects)], panels, names)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        effects=snakemake.input.effects,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        ranking=snakemake.params.ranking,
        files=dict(snakemake.output.items()),
    )
