"""Draw attribution logos of a member, its ensemble and a student."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(
    table: str, regions: dict[str, dict[str, list[int]]], names: dict, files: dict[str, str]
) -> None:
    """One block a sequence, head and method: a member, the mean with its deviation, a student.

    Of the recipes of a data set its first teachers with students are shown, and their first
    students; of long sequences a part. Known regions are shaded.
    """
    names = plotting.Names(**names)
    table = pd.read_table(table, dtype={"member": str})
    figure, panels = plotting.logo_page(table, names, regions)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        regions=snakemake.params.regions,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
