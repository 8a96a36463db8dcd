"""Motif files: what they hold, both strands or one, and what is refused."""

import numpy as np
import pytest

from degu.job import InputError
from degu.motifs import meme

HEAD = "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\n"
ROWS = "0.7 0.1 0.1 0.1\n 0.0\t0.0 0.5 0.5\n"
ONE = "MOTIF MA1.1 GATA1\nletter-probability matrix: alength= 4 w= 2 nsites= 9 E= 0\n" + ROWS
MATRIX = [[0.7, 0.1, 0.1, 0.1], [0, 0, 0.5, 0.5]]


def made(tmp_path, text):
    path = tmp_path / "motifs.meme"
    path.write_text(text)
    return path


def test_a_file_of_dna(tmp_path):
    """URLs, blank lines and a motif without a second name are read over."""
    more = "URL http://x.org/1\n\nMOTIF M2\n\nletter-probability matrix:\n0.25 0.25 0.25 0.25\n"
    motifs = meme.read(made(tmp_path, HEAD + ONE + more))
    assert list(motifs.matrices) == ["MA1.1", "M2"]
    np.testing.assert_allclose(motifs.matrices["MA1.1"], MATRIX)
    np.testing.assert_allclose(motifs.matrices["M2"], [[0.25] * 4])
    assert motifs.titles == {"MA1.1": "GATA1", "M2": "M2"}
    assert motifs.both_strands


@pytest.mark.parametrize(
    ("head", "both"),
    [
        ("MEME version 4\nALPHABET= ACGU\nstrands: + -\n", False),
        ('MEME version 5\nALPHABET "RNA" RNA-LIKE\n', False),
        ("MEME version 4\nALPHABET= ACGT\nstrands: +\n", False),
        ("MEME version 4\n", True),
    ],
)
def test_rna_and_files_of_one_strand_match_one_strand(tmp_path, head, both):
    """U stands where T does."""
    motifs = meme.read(made(tmp_path, head + ONE))
    assert motifs.both_strands is both
    np.testing.assert_allclose(motifs.matrices["MA1.1"], MATRIX)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (">seq\nACGT\n", "is no motif file in MEME's text format: no line 'MEME version'."),
        (HEAD, "has no motif: no line starts with 'MOTIF'."),
        (
            "MEME version 4\nALPHABET= ACDEFGHIKLMNPQRSTVWY\n" + ONE,
            "'ACDEFGHIKLMNPQRSTVWY': allowed",
        ),
        (HEAD + ONE + ONE, "line 11: motif 'MA1.1' stands twice."),
        (HEAD + "MOTIF\n" + ROWS, "line 7: motif '' has no name."),
        (HEAD + "MOTIF A\n\nMOTIF B\n", "line 7: motif 'A' has no letter-probability matrix."),
        (HEAD + ONE.replace("0.5 0.5", "0.5 0.6"), "position 2: [0.0, 0.0, 0.5, 0.6] are no"),
        (HEAD + ONE.replace("0.7 0.1", "1.7 -0.9"), "position 1: [1.7, -0.9, 0.1, 0.1] are no"),
        (HEAD + ONE.replace("0.7 0.1", "0.7"), "has rows of other than 4 numbers"),
    ],
)
def test_what_is_no_motif_file_is_refused(tmp_path, text, problem):
    with pytest.raises(InputError) as refused:
        meme.read(made(tmp_path, text))
    assert problem in str(refused.value) and "motifs.meme" in str(refused.value)


def test_what_is_written_is_read_again(tmp_path):
    path = tmp_path / "made.meme"
    meme.write(path, {"a": np.array(MATRIX)}, both_strands=False)
    motifs = meme.read(path)
    np.testing.assert_allclose(motifs.matrices["a"], MATRIX)
    assert not motifs.both_strands
