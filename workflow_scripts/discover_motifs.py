"""Find motifs that a run's attribution maps repeat, and hold them against a motif file."""

from degu import job, maps
from degu.motifs import discovery, meme
from degu.tables import join


def main(
    attributions: str, motifs: str, patterns: str, table: str, logos: str, level: float
) -> None:
    """Write the patterns as a motif file, and tables of their matches and of their letters."""
    motifs, run = meme.read(motifs), maps.read(attributions)
    found = {head: discovery.discover(of_head) for head, of_head in run.items()}
    kinds = {head: of_head.kind for head, of_head in run.items()}
    matrices = {
        f"{head}/{name}": pattern.probabilities
        for head, of_head in found.items()
        for name, pattern in of_head.items()
    }
    meme.write(patterns, matrices, motifs.both_strands)
    join.write(discovery.listed(found, kinds, motifs, level), table)
    join.write(discovery.drawn(found), logos)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        attributions=snakemake.input.attributions,
        motifs=snakemake.input.motifs,
        **dict(snakemake.output.items()),
        level=snakemake.params.level,
    )
