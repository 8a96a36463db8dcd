"""Draw effects and uncertainties of all substitutions of a locus: position by base."""

import pandas as pd

from degu import plotting
from degu.job import begin

BLOCK = ["variants", "dataset", "output", "locus"]


def main(table: str, names: dict, files: dict[str, str]) -> None:
    """Draw a block a locus, a row a recipe: its first student, or the ensemble of its members."""
    names = plotting.Names(**names)
    table = plotting.substitutions(pd.read_table(table, dtype={"member": str, "chrom": str}))
    student = table["recipe"].isin(names.teachers)
    table = table[table["member"] == student.map({True: "0", False: "ensemble"})]
    panels = {", ".join(key): shown for key, shown in table.groupby(BLOCK, sort=False)}
    blocks = [
        plotting.Block(0.9 + 0.6 * (1 + len(shown["recipe"].unique())), [key], plotting.recipe_maps)
        for key, shown in panels.items()
    ]
    figure = plotting.blocks(blocks, panels, names)
    plotting.legend(figure, {"reference base or not measured": plotting.MISSING})
    plotting.save(figure, panels, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
