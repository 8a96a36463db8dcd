"""Gene sets and genes of sequences from files."""

import pytest

from degu.job import InputError
from degu.motifs import genes


def test_gene_sets_with_and_without_weights(tmp_path):
    path = tmp_path / "sets.gmt"
    path.write_text("first\thttp://x\tGATA1\tTAL1,1.0\t\n\nsecond\t\tKLF1\n")
    assert genes.read_gmt(path) == {"first": {"GATA1", "TAL1"}, "second": {"KLF1"}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [("a\tb\tG\nGATA1 TAL1\n", "line 2: 'GATA1 TAL1' has no genes"), ("\n", "has no gene sets.")],
)
def test_what_is_no_gmt_is_refused(tmp_path, text, problem):
    path = tmp_path / "sets.gmt"
    path.write_text(text)
    with pytest.raises(InputError, match=problem):
        genes.read_gmt(path)


def test_genes_of_sequences_by_columns(tmp_path):
    path = tmp_path / "genes.tsv"
    path.write_text("oligo\tx\tsymbol\ns1\t1\tGATA1\ns2\t2\t\n")
    assert genes.read_genes(path, "oligo", "symbol") == {"s1": "GATA1"}
    with pytest.raises(InputError, match="has no column 'gene': it has oligo, x, symbol"):
        genes.read_genes(path, "oligo", "gene")
