"""Draw supplementary figure 4: distributions of predictions under shift."""

from degu import plotting
from degu.job import begin
from degu.tables import join

PANELS = {
    "a": {"role": "starrseq", "place": 0},
    "b": {"role": "starrseq", "place": 1},
}


def main(
    distributions: list[str], names: dict, paper: dict[str, str], files: dict[str, str]
) -> None:
    """One panel an activity: cumulative distributions of a student's predictions by shift."""
    names = plotting.Names(**names)
    panels = plotting.select(names.place(join.read(distributions), paper), PANELS)
    figure, placed = plotting.lettered(panels, columns=2)
    plotting.draw_panels(plotting.distribution_panel, placed, panels, names)
    looks = plotting.SHIFT_LOOKS
    plotting.legend(figure, {title: looks[shift] for shift, title in plotting.SHIFTS.items()})
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        distributions=snakemake.input.distributions,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        files=dict(snakemake.output.items()),
    )
