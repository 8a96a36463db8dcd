"""Draw the epistemic head of a student against the spread of its teachers."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, performance: str, pdf: str, png: str) -> None:
    """One panel for each data set, output and recipe of students: the first student."""
    points = pd.read_table(table, dtype={"member": str}).query("member == '0'")
    points = points[points["kind"] == "epistemic"]
    labels = "standard deviation over teachers", "epistemic head"
    figure = plotting.against_truth(points, "recipe", performance, *labels)
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        performance=snakemake.input.performance,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
