"""Language models as teachers: letters, and a tiny encoder where its packages are installed."""

import numpy as np
import pytest

from degu.teachers import language_models
from degu.teachers.language_models import LanguageTeacher, spelled


def test_sequences_in_the_letters_of_a_model():
    assert spelled("NNACGTNACN", "dna") == "ACGTNAC"
    assert spelled("ACGTNACN", "rna") == "ACGUNAC"
    # Start, tryptophan, stop, an unknown codon, and two bases of no codon.
    assert spelled("ATGTGGTAAANGCC", "protein") == "MWXX"
    codons = {"TTT": "F", "TTA": "L", "CTG": "L", "ATG": "M", "GTA": "V", "TCA": "S", "CCC": "P"}
    codons |= {"GCG": "A", "TAC": "Y", "CAT": "H", "CAA": "Q", "AAC": "N", "AAG": "K", "GAC": "D"}
    codons |= {"GAG": "E", "TGT": "C", "TGG": "W", "CGT": "R", "AGC": "S", "AGA": "R", "GGG": "G"}
    assert {codon: spelled(codon, "protein") for codon in codons} == codons


def test_the_models_of_the_paper_are_known():
    letters = {name: told[2] for name, told in language_models.READY.items()}
    assert sorted(letters.values()) == ["dna", "protein", "rna", "rna", "rna", "rna"]


@pytest.fixture
def tiny(tmp_path):
    """Save an encoder of random weights that reads letters, and return its folder."""
    pytest.importorskip(
        "torch", reason="torch is not installed here: no model of Hugging Face runs"
    )
    transformers = pytest.importorskip("transformers", reason="transformers is not installed here")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"acgt"]
    (tmp_path / "vocab.txt").write_text("\n".join([*words, *(f"##{one}" for one in "acgt")]))
    transformers.BertTokenizer(str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    config = transformers.BertConfig(
        vocab_size=13,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
    )
    transformers.BertModel(config).save_pretrained(tmp_path)
    return tmp_path


def test_features_are_means_over_letters_and_fine_tuning_learns(tiny):
    sequences = ["".join(row) for row in np.random.default_rng(0).choice(list("ACGT"), (40, 6))]
    asked = {"model": str(tiny), "letters": "dna", "revision": "main"}
    teacher = LanguageTeacher(asked, [*sequences, sequences[0] + "NN"])
    features, outputs = teacher.predict()
    assert features.shape == (41, 8) and outputs is None
    # Padding and special tokens do not count.
    assert features[40] == pytest.approx(features[0], abs=1e-5)
    truth = np.array([[one.count("G")] for one in sequences], np.float32)
    measured = {"train": np.arange(30), "validation": np.arange(30, 40)}
    measured |= {"train_targets": truth[:30], "validation_targets": truth[30:]}
    first = teacher.fit(measured, False, 8, 1e-6, 1, 1)
    assert teacher.fit(measured, False, 8, 1e-2, 20, 20) < first
    teacher.keep()
    teacher.restore()
    assert teacher.predict()[1].shape == (41, 1)
