"""Draw figure 4: attribution maps, and their agreement with the ensemble's and between members."""

from degu import plotting
from degu.job import begin
from degu.tables import join

STARRSEQ = {"role": "starrseq", "place": 0, "kind": "activity", "method": "deepshap"}
K562 = {"role": "k562", "kind": "activity", "method": "saliency"}
PANELS = {
    "b left": STARRSEQ | {"metric": "rmse"},
    "b right": K562 | {"metric": "rmse"},
    "c left": STARRSEQ | {"metric": "spread"},
    "c right": K562 | {"metric": "spread"},
}


def main(
    attributions: list[str],
    consistency: list[str],
    names: dict,
    paper: dict[str, str],
    regions: dict[str, dict[str, list[int]]],
    files: dict[str, str],
) -> None:
    """Logos of one sequence by a teacher and a student, boxes over members, a dot a sequence."""
    names = plotting.Names(**names)
    maps, measures = (names.place(join.read(paths), paper) for paths in (attributions, consistency))
    found = plotting.select(maps, {"a": STARRSEQ | {"member": "0"}})
    logos = plotting.compared(found["a"], names, ["a top", "a bottom"]) if found else {}
    panels = plotting.select(measures, PANELS)
    figure, placed = plotting.lined([[[key] for key in logos], panels], [2.4, 2.4])
    plotting.draw_panels(plotting.logo_panel, placed, logos, names, regions)
    plotting.one_height([placed[key] for key in logos])
    plotting.draw_panels(plotting.maps_panel, placed, panels, names)
    plotting.save(figure, logos | panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        attributions=snakemake.input.attributions,
        consistency=snakemake.input.consistency,
        names=snakemake.params.names,
        paper=snakemake.params.paper,
        regions=snakemake.params.regions,
        files=dict(snakemake.output.items()),
    )
