"""Show all data cards on one page."""

from pathlib import Path

import pandas as pd

from degu.job import begin
from degu.report import cards, page


def main(paths: list[str], output: str) -> None:
    """Write the page; a card's file is called data_{name}.tsv."""
    shown = {
        Path(path).stem.removeprefix("data_"): cards.readable(pd.read_table(path)) for path in paths
    }
    page.write(output, "data.html", cards=shown)


if __name__ == "__main__":
    begin(snakemake)
    main(paths=snakemake.input.cards, output=snakemake.output[0])
