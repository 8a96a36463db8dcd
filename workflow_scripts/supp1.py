"""Draw supplementary figure 1: profiles, their attribution maps, and their intervals."""

from degu import plotting
from degu.job import begin
from degu.tables import join

HEAD = {"role": "atac", "metric": "pearson"}
HEADS = {f"a {kind}": HEAD | {"kind": kind} for kind in ("activity", "aleatoric", "epistemic")}
MAP = {"role": "atac", "kind": "activity", "method": "saliency"}
MAPS = {f"b {metric}": MAP | {"metric": metric} for metric in ("rmse", "spread")}


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
    heads = plotting.select(names.place(join.read(performance), paper), HEADS)
    maps = plotting.select(names.place(join.read(consistency), paper), MAPS)
    points = plotting.measures(names.place(join.read(intervals), paper), methods)
    marks = plotting.select(points, plotting.sides("c", role="atac"))
    figure, placed = plotting.lined([heads, maps, marks], [2.2, 2.9, 2.0])
    plotting.draw_panels(plotting.recipe_panel, placed, heads, names)
    plotting.draw_panels(plotting.maps_panel, placed, maps, names)
    plotting.draw_panels(plotting.method_panel, placed, marks, "coverage", names, level)
    looks = {"ensemble of the teachers": plotting.ENSEMBLE._replace(marker="")} if heads else {}
    looks |= plotting.method_looks(marks.values(), names)
    plotting.legend(figure, looks, plotting.nominal(level) if marks else {})
    plotting.save(figure, heads | maps | marks, **files)


if __name__ == "__main__":
    begin(snakemake)
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
