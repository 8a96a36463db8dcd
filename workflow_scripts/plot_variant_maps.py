"""Draw effects and uncertainties of all substitutions of a locus: position by base."""

import pandas as pd

from degu import plotting
from degu.job import begin

BLOCK = ["variants", "dataset", "output", "locus"]
APART = "No map: the variants of each locus lie too far apart, or on several chromosomes."


def main(table: str, names: dict, files: dict[str, str]) -> None:
    """Draw a block a locus, a row a recipe: its first student, or the ensemble of its members."""
    names = plotting.Names(**names)
    table = plotting.substitutions(pd.read_table(table, dtype={"member": str, "chrom": str}))
    student = table["recipe"].isin(names.teachers)
    table = table[table["member"] == student.map({True: "0", False: "ensemble"})]
    loci = table.groupby(BLOCK, sort=False)
    panels = {", ".join(key): shown for key, shown in loci if plotting.mapped(shown)}
    blocks = [
        plotting.Block(0.9 + 0.6 * (1 + len(shown["recipe"].unique())), [key], plotting.recipe_maps)
        for key, shown in panels.items()
    ]
    if panels:
        figure = plotting.blocks(blocks, panels, names)
        plotting.legend(figure, {"reference base or not measured": plotting.MISSING})
    else:
        figure = plotting.remark(APART)
    plotting.save(figure, panels or {"": table.head(0)}, **files)


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        names=snakemake.params.names,
        files=dict(snakemake.output.items()),
    )
