"""Vectors by hand, from files and of words, and every file that does not fit by its message."""

import hashlib

import h5py
import numpy as np
import pytest

from degu import dataset, embeddings, feed
from degu.assays import table
from degu.dataset import Dataset
from degu.job import InputError
from degu.sequences import encode

NAMES = np.array(["a", "b", "c"])
SEQUENCES = ["ACGTAC", "GGGTTT", "CATCAT"]
CODES = encode(SEQUENCES)
VECTORS = np.arange(12, dtype=np.float16).reshape(3, 4)


@pytest.fixture
def path(tmp_path):
    """Vectors of the three sequences in another order, with one more."""
    embeddings.write(
        tmp_path / "e.h5", ["c", "x", "a", "b"], ["CAUCAU", "AAA", "acgtac", "GGGTTT"],
        np.concatenate([VECTORS[2:], [[9, 9, 9, 9]], VECTORS[:2]]),
    )  # fmt: skip
    return tmp_path / "e.h5"


def test_vectors_are_those_of_the_names(path):
    found = embeddings.read(path, NAMES, CODES)
    np.testing.assert_array_equal(found, VECTORS)
    assert found.dtype == np.float16


def test_a_hash_is_that_of_the_letters_padded_or_not():
    wanted = hashlib.sha256(b"ACNGT").hexdigest()[:32]
    assert embeddings.hashes(encode(["NNACNGT", "ACNGTNN"])).tolist() == [wanted] * 2
    assert embeddings.hashes(encode(["ACGT", "CCGT"]))[0] != wanted


def changed(path, key, values):
    with h5py.File(path, "a") as file:
        del file[key]
        file[key] = values


STRINGS = h5py.string_dtype()
RAGGED = np.array([np.zeros(3), np.zeros(4), np.zeros(4), np.zeros(4)], object)


@pytest.mark.parametrize(
    ("key", "values", "message"),
    [
        ("hashes", np.array(["0"] * 4, STRINGS), r"of 'a' is of another sequence .* \(3 of 3 hash"),
        ("ids", np.array(list("cxay"), STRINGS), r"no embedding of 'b' \(1 of 3 sequences lack"),
        ("ids", np.array(list("ccab"), STRINGS), "the id 'c' stands twice"),
        ("ids", np.array(list("cxa"), STRINGS), "has 4 embeddings, 3 ids and 4 hashes"),
        ("embedding", np.full((4, 2), [1, np.nan]), "of 'a' has a value that is no finite number"),
        ("embedding", np.full((4, 2), 1e6), "of 'a' has a value that is no finite number of 16"),
        (
            "embedding",
            np.zeros((4, 2, 2)),
            r"has shape \(4, 2, 2\) and type float64: numbers of one",
        ),
        ("embedding", np.zeros((4, 2), int), "and type int64: numbers of one width"),
    ],
)
def test_files_that_do_not_fit_are_named(path, key, values, message):
    changed(path, key, values)
    with pytest.raises(InputError, match=message):
        embeddings.read(path, NAMES, CODES)


def test_rows_of_several_widths_are_named(path):
    with h5py.File(path, "a") as file:
        del file["embedding"]
        ragged = file.create_dataset("embedding", 4, h5py.vlen_dtype(np.float16))
        ragged[:] = RAGGED
    with pytest.raises(InputError, match=r"numbers of one width are needed in all rows"):
        embeddings.read(path, NAMES, CODES)


def test_other_files_are_named(path, tmp_path):
    with h5py.File(path, "a") as file:
        del file["hashes"]
    with pytest.raises(
        InputError, match="has no 'hashes': a file of embeddings has embedding, ids"
    ):
        embeddings.read(path, NAMES, CODES)
    (tmp_path / "t.h5").write_text("text")
    with pytest.raises(InputError, match="is no HDF5 file of embeddings"):
        embeddings.read(tmp_path / "t.h5", NAMES, CODES)


def test_words_by_hand():
    """A and T are one word, C and G another; AC and GT, CA and TG, and so on."""
    found = embeddings.of_kmers(encode(["AACN"]), 1)
    np.testing.assert_allclose(found, [[2 / 1.5, 1 / 1.5]], rtol=1e-3)
    assert embeddings.of_kmers(CODES, 2).shape == (3, 2 + 10)
    # The other strand has the same words.
    np.testing.assert_array_equal(
        embeddings.of_kmers(encode(["ATGATG"]), 3), embeddings.of_kmers(CODES[2:], 3)
    )
    # No base is known.
    assert not embeddings.of_kmers(encode(["NNN"]), 2).any()
    with pytest.raises(InputError, match="Words of 7 bases are longer than sequences of 6"):
        embeddings.of_kmers(CODES, 7)


@pytest.mark.parametrize("inputs", ["embeddings", {"kmers": 2}])
def test_a_table_whose_models_take_vectors(tmp_path, inputs):
    rng = np.random.default_rng(0)
    names = [f"s{row}" for row in range(12)]
    sequences = ["".join(rng.choice(list("ACGT"), 8)) for _ in names]
    vectors = rng.normal(size=(12, 5)).astype(np.float16)
    embeddings.write(tmp_path / "e.h5", names[::-1], sequences[::-1], vectors[::-1])
    splits = ["train", "validation", "test"] * 4
    rows = zip(names, sequences, splits, map(str, range(12)), strict=True)
    text = "\n".join(["id\tseq\tset\ty", *map("\t".join, rows)])
    (tmp_path / "t.tsv").write_text(text)
    records = table.load(
        {"table": tmp_path / "t.tsv", "embeddings": tmp_path / "e.h5"},
        0,
        {"name": "id", "sequence": "seq", "split": "set"},
        {"y": {"mean": "y"}},
        inputs=inputs,
    )
    dataset.write(tmp_path / "d.h5", records)
    data = Dataset(tmp_path / "d.h5")
    assert data.inputs == "vectors"
    wanted = vectors if inputs == "embeddings" else embeddings.of_kmers(encode(sequences), 2)
    found, targets = feed.measured(data, "test", ["y"], np.array([3, 0]))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[:], wanted[[11, 2]])
    np.testing.assert_array_equal(targets[:], [[11], [2]])
    np.testing.assert_array_equal(feed.codes(data, "test")[:], encode(sequences)[2::3])
