"""Test gene sets for genes whose sequences carry a motif."""

import pandas as pd

from degu import job, maps
from degu.motifs import enrichment, genes
from degu.tables import join


def main(
    attributions: str,
    seqlets: str,
    gene_sets: list[str],
    libraries: list[str],
    output: str,
    columns: list,
) -> None:
    """Write the gene sets of each family of motifs, of all libraries."""
    run = maps.read(attributions)
    names = {name for of_head in run.values() for name in of_head.names[of_head.asked :]}
    known = genes.read_genes(*columns) if columns else {name: name for name in names}
    background = {known[name] for name in names if name in known}
    if not background:
        raise job.InputError(
            f"{columns[0]} has no gene of the {len(names)} sequences that were explained, such as "
            f"{min(names)!r}."
        )
    sets = {name: genes.read_gmt(path) for name, path in zip(libraries, gene_sets, strict=True)}
    table = pd.read_table(seqlets, keep_default_na=False)
    join.write(enrichment.enrich(table, known, background, sets), output)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        attributions=snakemake.input.attributions,
        seqlets=snakemake.input.seqlets,
        gene_sets=snakemake.input.gene_sets,
        libraries=snakemake.params.libraries,
        output=snakemake.output[0],
        columns=[*snakemake.input.genes, *snakemake.params.columns],
    )
