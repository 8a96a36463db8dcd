"""Draw supplementary figure 7: spreads of attribution maps divided by their magnitude."""

from degu import plotting
from degu.job import begin
from degu.tables import join

SPREAD = {"role": "starrseq", "kind": "activity", "metric": "normalised_spread"}
PANELS = {
    "a": SPREAD | {"place": 0, "method": "deepshap"},
    "b": SPREAD | {"place": 0, "method": "saliency"},
    "c": SPREAD | {"place": 1, "method": "deepshap"},
    "d": SPREAD | {"place": 1, "method": "saliency"},
}


def main(consistency: list[str], names: dict, paper: dict[str, str], files: dict[str, str]) -> None:
    """One panel an activity and method, a dot a sequence."""
    names = plotting.Names(**names)
    table = names.place(join.read(consistency), paper)
    panels = plotting.select(table, PANELS)
    figure, placed = plotting.lettered(panels, columns=2, height=2.6, width=5.2)
    plotting.draw_panels(plotting.maps_panel, placed, panels, names)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        consistency=snakemake.input.consistency,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        files=dict(snakemake.output.items()),
    )
