"""Draw predicted against measured activity."""

import pandas as pd

from degu import plotting
from degu.job import log_to


def main(table: str, performance: str, pdf: str, png: str) -> None:
    """One row a data set and output; a panel for a member and the ensemble of each recipe."""
    points = pd.read_table(table, dtype={"member": str})
    points = points[points["kind"] == "activity"]
    points["column"] = points["recipe"] + ", " + points["member"].replace("0", "member 0")
    figure = plotting.against_truth(points, "column", performance, "measured", "predicted")
    plotting.save(figure, pdf, png)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.table,
        performance=snakemake.input.performance,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
