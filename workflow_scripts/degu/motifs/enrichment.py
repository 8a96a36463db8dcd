"""Gene sets that genes whose sequences carry a motif are enriched in, by gseapy, offline."""

from collections.abc import Mapping

import gseapy
import pandas as pd

from degu.motifs.table import LABELS, NONE

ENRICHED = [*LABELS, "family", "title", "library", "term", "genes", "overlap", "p", "q", "found"]


def enrich(
    seqlets: pd.DataFrame,
    genes: Mapping[str, str],
    background: set[str],
    libraries: Mapping[str, Mapping[str, set[str]]],
) -> pd.DataFrame:
    """Test the gene sets of each family of motifs, against the genes of all explained sequences.

    Parameters
    ----------
    seqlets
        From `degu.motifs.table.annotate`.
    genes
        Gene of each sequence, by its name; those that it lacks count for nothing.
    background
        Genes of all sequences that were explained.
    libraries
        Gene sets by name, by library.

    Returns
    -------
    table : DataFrame
        output, kind, family, title, library, term (gene set), genes (of the background in the set),
        overlap (those of them that carry the motif), p (hypergeometric), q (Benjamini and Hochberg,
        over the sets of a library), found (the overlap by name).
    """
    matched = seqlets[seqlets["family"] != NONE]
    namesakes = matched[matched["motif"] == matched["family"]].drop_duplicates("family")
    titles = namesakes.set_index("family")["title"]
    parts = []
    for labels, part in matched.groupby([*LABELS, "family"], sort=False):
        carriers = sorted({genes[name] for name in part["name"] if name in genes})
        named = dict(zip([*LABELS, "family"], labels, strict=True))
        for library, sets in libraries.items():
            known = {term: sorted(some & background) for term, some in sets.items()}
            known = {term: some for term, some in known.items() if some}
            if carriers and set(carriers) & set().union(*known.values()):
                result = _tested(carriers, known, sorted(background))
                title = titles[labels[-1]]
                parts.append(result.assign(**named, title=title, library=library))
    return pd.concat(parts)[ENRICHED] if parts else pd.DataFrame(columns=ENRICHED)


def _tested(
    carriers: list[str], sets: Mapping[str, list[str]], background: list[str]
) -> pd.DataFrame:
    """Rows of the sets that have one of the genes."""
    found = gseapy.enrich(carriers, dict(sets), background=background, no_plot=True).results
    return pd.DataFrame(
        {
            "term": found["Term"],
            "genes": [len(sets[term]) for term in found["Term"]],
            "overlap": [len(names.split(";")) for names in found["Genes"]],
            "p": found["P-value"],
            "q": found["Adjusted P-value"],
            "found": [";".join(sorted(names.split(";"))) for names in found["Genes"]],
        }
    ).sort_values("p", kind="stable")
