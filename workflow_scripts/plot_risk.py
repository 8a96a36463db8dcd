"""Draw how good predictions are once the least certain ones are left out."""

import pandas as pd

from degu import plotting
from degu.job import begin

PLACE = ["dataset", "output", "variants", "locus"]
COLUMNS = [*PLACE, "recipe", "member", "kind", "share", "number", "metric", "value", "low", "high"]


def main(tables: list[str], names: dict, files: dict[str, str]) -> None:
    """One row an activity, or a locus of variants, one column a measure."""
    names = plotting.Names(**names)
    read = [pd.read_table(path, dtype={"member": str}) for path in tables]
    table = plotting.abstaining(pd.concat(read).reindex(columns=COLUMNS), names)
    keys = zip(*(table[name].fillna("") for name in PLACE), strict=True)
    table["row"] = [title(*key, names) for key in keys]
    figure, placed = plotting.grid(table, "row", "metric", width=plotting.PAGE / 2)
    panels = {}
    for (row, metric), axes in placed.items():
        panel = panels[f"{row}: {metric}"] = plotting.rows(table, row=row, metric=metric)
        plotting.by_abstention(axes, panel, names)
        plotting.titled(axes, row)
    students = [one for one in table["recipe"].unique() if one in names.teachers]
    ensembles = [one for one in table["recipe"].unique() if one not in names.teachers]
    looks = names.legend(students, ensembles)
    plotting.legend(figure, looks, {"left out at random": ":"})
    plotting.save(figure, panels, **files)


def title(dataset: str, output: str, variants: str, locus: str, names: plotting.Names) -> str:
    """Title of a panel."""
    panel = names.panel(dataset, output)
    return f"{names.variants[variants]}, {locus}: {panel}" if variants else panel


if __name__ == "__main__":
    begin(snakemake)
    main(
        tables=snakemake.input.tables,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
