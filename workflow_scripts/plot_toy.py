"""Draw one-dimensional functions of an ensemble and of its students."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, files: dict[str, str]) -> None:
    """One panel: curves of members, their mean and two students; measured and labelled points."""
    table = pd.read_table(table)
    figure, placed = plotting.lettered(["curves"], columns=1, height=2.4)
    plotting.toy_panel(placed["curves"], table)
    plotting.save(figure, {"curves": table}, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        files=dict(snakemake.output.items()),
    )
