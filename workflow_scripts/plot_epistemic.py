"""Draw the epistemic head of students against the spread of their teachers."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(table: str, performance: str, names: dict, files: dict[str, str]) -> None:
    """One section an output, one panel a recipe of students: its first student."""
    points, performance = (
        pd.read_table(path, dtype={"member": str}) for path in (table, performance)
    )
    points = plotting.rows(points, member="0", kind="epistemic")
    figure, panels = plotting.against_truth(points, plotting.Names(**names), performance)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        performance=snakemake.input.performance,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
