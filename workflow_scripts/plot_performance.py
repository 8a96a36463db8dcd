"""Draw Pearson's r of members, ensembles and students on the test set."""

import pandas as pd

from degu import plotting
from degu.job import begin


def main(
    members: str, summary: str, baseline: str | None, names: dict, files: dict[str, str]
) -> None:
    """Recipes below one another at their largest fraction; curves of those with several."""
    members = pd.read_table(members, dtype={"member": str}).query("metric == 'pearson'")
    means = pd.read_table(summary).query("metric == 'pearson'")
    ridge = pd.read_table(baseline).query("metric == 'pearson'") if baseline else None
    names = plotting.Names(**names)
    figure, panels = plotting.performance_page(means, plotting.single(members), names, ridge)
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        members=snakemake.input.table,
        summary=snakemake.input.summary,
        baseline=snakemake.input.get("baseline") or None,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
