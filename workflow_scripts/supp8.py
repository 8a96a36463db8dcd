"""Draw supplementary figure 8: figure 5 for further heads and data."""

from degu import plotting
from degu.job import begin
from degu.tables import join

CURVES = {
    "a": {"role": "starrseq", "place": 1, "kind": "epistemic"},
    "a right": {"role": "hepg2", "kind": "epistemic"},
    "b": {"role": "hepg2", "kind": "aleatoric"},
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
    figure, panels = plotting.method_page(agreement, points, CURVES, "hepg2", names, level)
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
