"""Show a table as a page that sorts and searches."""

import pandas as pd

from degu.job import begin
from degu.report import interactive, page


def main(path: str, name: str, about: str, output: str) -> None:
    """Show a long table with its metrics side by side, a large one by its first rows."""
    table = interactive.rounded(interactive.wide(pd.read_table(path)))
    shown = interactive.shortened(table)
    page.write(
        output,
        "table.html",
        name=name,
        about=about,
        path=path,
        shown=len(shown),
        total=len(table),
        table=interactive.to_html(shown),
    )


if __name__ == "__main__":
    begin(snakemake)
    main(
        path=snakemake.input.table,
        name=snakemake.wildcards.table,
        about=snakemake.params.about,
        output=snakemake.output[0],
    )
