"""Draw supplementary figure 6: attribution maps, further heads and methods."""

from degu import plotting
from degu.job import begin
from degu.tables import join

HEADS = {
    "a": {"role": "starrseq", "place": 1, "method": "deepshap"},
    "b": {"role": "hepg2", "method": "saliency"},
    "c": {"role": "starrseq", "place": 0, "method": "saliency"},
    "d": {"role": "starrseq", "place": 1, "method": "saliency"},
}
PANELS = {
    f"{letter} {side}": labels | {"kind": "activity", "metric": metric}
    for letter, labels in HEADS.items()
    for side, metric in {"left": "rmse", "right": "spread"}.items()
}


def main(consistency: list[str], names: dict, paper: dict[str, str], files: dict[str, str]) -> None:
    """Boxes of distances over members on the left, spreads by sequence on the right."""
    names = plotting.Names(**names)
    table = names.place(join.read(consistency), paper)
    panels = plotting.select(table, PANELS)
    figure, placed = plotting.lettered(panels, columns=4, height=2.4)
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
