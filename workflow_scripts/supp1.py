"""Draw supplementary figure 1: profiles, their attribution maps, and their intervals."""

from degu import plotting
from degu.job import log_to
from degu.tables import join

HEADS = {
    "a left": {"role": "atac", "kind": "activity"},
    "a middle": {"role": "atac", "kind": "aleatoric"},
    "a right": {"role": "atac", "kind": "epistemic"},
}
MAPS = {
    "b left": {"role": "atac", "kind": "activity", "method": "saliency", "metric": "rmse"},
    "b right": {"role": "atac", "kind": "activity", "method": "saliency", "metric": "spread"},
}


def main(
    performance: list[str],
    consistency: list[str],
    intervals: list[str],
    names: dict,
    paper: dict[str, str],
    methods: dict[str, list[str]],
    level: float,
    files: dict[str, str],
) -> None:
    """Boxes over members; a dot a sequence; coverage against width, a mark a member."""
    names = plotting.Names(**names)
    agreement = plotting.rows(names.place(join.read(performance), paper), metric="pearson")
    heads = plotting.select(agreement, HEADS)
    maps = plotting.select(names.place(join.read(consistency), paper), MAPS)
    points = plotting.measures(names.place(join.read(intervals), paper), methods)
    marks = plotting.select(points, plotting.sides("c", role="atac"))
    figure, placed = plotting.lined([heads, maps, marks], [2.2, 2.9, 2.0])
    for key, shown in heads.items():
        plotting.recipe_panel(placed[key], shown, names)
    for key, shown in maps.items():
        plotting.maps_panel(placed[key], shown, names)
    for key, shown in marks.items():
        plotting.method_panel(placed[key], shown, "coverage", names, level)
    looks = {"ensemble of the teachers": plotting.ENSEMBLE._replace(marker="")} if heads else {}
    looks |= plotting.method_looks(marks.values(), names)
    plotting.legend(figure, looks, plotting.nominal(level) if marks else {})
    plotting.save(figure, heads | maps | marks, **files)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        performance=snakemake.input.performance,
        consistency=snakemake.input.consistency,
        intervals=snakemake.input.intervals,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        methods=snakemake.params.methods,
        level=snakemake.params.level,
        files=dict(snakemake.output.items()),
    )
