"""Collect warnings of results that should not be trusted as they are."""

from pathlib import Path

import pandas as pd

from degu.job import begin, log
from degu.tables import join, warnings


def main(
    tables: list[str], cards: list[str], bounds: dict[str, float], controls: list[str], output: str
) -> None:
    """Tables are known by the names of their files."""
    known = {Path(path).stem: pd.read_table(path, dtype={"member": str}) for path in tables}
    known["cards"] = pd.concat([pd.read_table(path) for path in cards])
    found = warnings.collect(known, bounds, controls)
    for row in found.itertuples():
        log.warning(
            "%s %s %s %s: %s %.4g, bound %g (%s)",
            *(row.dataset, row.recipe, row.fraction, row.output),
            *(row.what, row.value, row.bound, row.detail),
        )
    join.write(found, output)


if __name__ == "__main__":
    begin(snakemake)
    main(
        tables=snakemake.input.tables,
        cards=snakemake.input.cards,
        bounds=snakemake.params.bounds,
        controls=snakemake.params.controls,
        output=snakemake.output[0],
    )
