"""Draw figure 5: agreement of uncertainties, and intervals by method."""

from degu import plotting
from degu.job import begin
from degu.tables import join

CURVES = {
    "a": {"role": "starrseq", "place": 0, "kind": "epistemic"},
    "a right": {"role": "k562", "kind": "epistemic"},
    "b": {"role": "k562", "kind": "aleatoric"},
}


def main(
    summary: list[str],
    intervals: list[str],
    names: dict,
    paper: dict[str, str],
    methods: dict[str, list[str]],
    level: float,
    files: dict[str, str],
) -> None:
    """Curves of uncertainty heads; coverage and accuracy against width, a mark a member."""
    names = plotting.Names(**names)
    agreement = names.place(join.read(summary), paper)
    points = plotting.measures(names.place(join.read(intervals), paper), methods)
    figure, panels = plotting.method_page(agreement, points, CURVES, "k562", names, level)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        summary=snakemake.input.summary,
        intervals=snakemake.input.intervals,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        methods=snakemake.params.methods,
        level=snakemake.params.level,
        files=dict(snakemake.output.items()),
    )
