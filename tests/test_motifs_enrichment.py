"""Gene sets of the genes that carry a motif, against the hypergeometric test of scipy."""

import pandas as pd
import pytest
from scipy.stats import hypergeom

from degu.motifs.enrichment import ENRICHED, enrich

GENES = {f"s{number}": f"G{number}" for number in range(20)}
SETS = {"lib": {"odd": {f"G{n}" for n in (1, 3, 5, 7)} | {"elsewhere"}, "rest": {"G10", "G11"}}}


def seqlets(*names, family="left"):
    labels = {"output": "a", "kind": "activity", "title": "L"}
    return pd.DataFrame({"name": names, "motif": family, "family": family}).assign(**labels)


def test_p_is_that_of_the_hypergeometric_test():
    """Five of 20 genes carry the motif, among them three of the four in the set."""
    table = seqlets("s1", "s1", "s3", "s5", "s8", "s9", "unknown")
    (row,) = enrich(table, GENES, set(GENES.values()), SETS).to_dict("records")
    assert (row["family"], row["library"], row["term"]) == ("left", "lib", "odd")
    assert (row["genes"], row["overlap"], row["found"]) == (4, 3, "G1;G3;G5")
    assert row["p"] == pytest.approx(hypergeom.sf(2, 20, 4, 5))


def test_motifs_without_genes_and_seqlets_without_motifs_have_no_rows():
    tables = [seqlets("s1", "s3", family="none"), seqlets("s15")]
    for table in tables:
        found = enrich(table, GENES, set(GENES.values()), SETS)
        assert found.empty and list(found) == ENRICHED
