"""Call the seqlets of a run's attribution maps, and find the motifs that they match."""

from degu import job, maps
from degu.motifs import meme, table
from degu.tables import join


def main(attributions: str, motifs: str, seqlets: str, counts: str, logos: str, **settings) -> None:
    """Write tables of seqlets, of the families of motifs that they match, and of their letters."""
    motifs = meme.read(motifs)
    found = table.annotate(maps.read(attributions), motifs, **settings)
    join.write(found, seqlets)
    counted = table.count(found, motifs)
    join.write(counted, counts)
    join.write(table.drawn(counted, motifs), logos)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        attributions=snakemake.input.attributions,
        motifs=snakemake.input.motifs,
        **dict(snakemake.output.items()),
        **dict(snakemake.params.items()),
    )
