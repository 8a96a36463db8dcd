"""Groups of foreign sequences from every source, and what is refused."""

import h5py
import numpy as np
import pytest

from class_data import LENGTH, made
from degu import embeddings
from degu.job import InputError
from degu.outliers import groups
from degu.outliers.groups import Source
from degu.sequences import decode, encode, reverse_complement

COLUMNS = {"sequence": "seq", "name": "id"}
SEQUENCES = ["ACGTACGTACGTACGTACGA", "TTTTTTTTTTTTTTTTTTTT", "TCGTACGTACGTACGTACGT"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return made(tmp_path_factory.mktemp("data") / "data.h5")


def gathered(tmp_path, data, asked, files, **source):
    path = tmp_path / "groups.h5"
    groups.write(path, data, asked, files, Source(COLUMNS, **source), 0)
    return groups.read(path)


def table(tmp_path, sequences, **columns):
    path = tmp_path / "table.tsv"
    titles = ["id", "seq", *columns]
    cells = zip(map(str, range(len(sequences))), sequences, *columns.values(), strict=True)
    path.write_text("\n".join("\t".join(row) for row in [titles, *cells]) + "\n")
    return path


def test_files_and_rows_of_the_own_table(tmp_path, data):
    fasta = tmp_path / "foreign.fa"
    fasta.write_text("".join(f">s{n} words\n{one}\n" for n, one in enumerate(SEQUENCES)))
    rows = table(tmp_path, SEQUENCES, genus=["y", "x", "x"])
    asked = {"fasta": {"file": "f"}, "rows": {"column": "genus", "values": ["x"]}}
    asked["all"] = {"file": "t"}
    found = gathered(tmp_path, data, asked, {"fasta_file": fasta, "table": rows, "all_file": rows})
    assert list(found) == ["test", "fasta", "rows", "all"]
    np.testing.assert_array_equal(found["test"].inputs, data.codes("test"))
    np.testing.assert_array_equal(found["test"].units, data.units("test"))
    for name in ("fasta", "all"):
        assert decode(found[name].inputs) == SEQUENCES
        # The third is the reverse complement of the first.
        assert found[name].units.tolist() == [0, 1, 0]
    assert decode(found["rows"].inputs) == SEQUENCES[1:]


def test_a_value_without_rows(tmp_path, data):
    rows = table(tmp_path, SEQUENCES, genus=["x", "y", "x"])
    asked = {"y": {"column": "genus", "values": ["y", "z"]}}
    with pytest.raises(InputError, match=r"group 'y'.*no row has 'z' in the column 'genus'"):
        gathered(tmp_path, data, asked, {"table": rows})


def test_shuffles_keep_dinucleotides_and_units(tmp_path, data):
    group = gathered(tmp_path, data, {"shuffled": "shuffle"}, {})["shuffled"]

    def pairs(codes):
        return np.sort(codes[:, :-1] * 4 + codes[:, 1:], axis=1)

    np.testing.assert_array_equal(pairs(group.inputs), pairs(data.codes("test")))
    np.testing.assert_array_equal(group.units, data.units("test"))
    assert (group.inputs != data.codes("test")).any(axis=1).mean() > 0.9


def test_another_data_set_gives_its_test_set(tmp_path, data):
    other = made(tmp_path / "other.h5", n=20)
    asked, files = {"other": {"dataset": "other"}}, {"other_dataset": other.path}
    with h5py.File(other.path, "a") as file:
        file["test/codes"][...] = 3 - file["test/codes"][:]
    group = gathered(tmp_path, data, asked, files)["other"]
    np.testing.assert_array_equal(group.inputs, other.codes("test"))


def test_vectors_of_words_and_of_files(tmp_path):
    vectors = np.random.default_rng(0).normal(size=(120, 3)).astype(np.float16)
    data = made(tmp_path / "vectors.h5", vectors=vectors)
    rows = table(tmp_path, SEQUENCES)
    asked = {"foreign": {"file": "t"}}
    found = gathered(tmp_path, data, asked, {"foreign_file": rows}, inputs={"kmers": 1})
    wanted = embeddings.of_kmers(encode(SEQUENCES), 1)
    np.testing.assert_array_equal(found["foreign"].inputs, wanted)
    assert found["foreign"].inputs.dtype == np.float32
    embeddings.write(tmp_path / "e.h5", ["2", "1", "0"], SEQUENCES[::-1], np.eye(3))
    files = {"foreign_file": rows, "foreign_embeddings": tmp_path / "e.h5"}
    found = gathered(tmp_path, data, asked, files, inputs="embeddings")["foreign"]
    np.testing.assert_array_equal(found.inputs, np.eye(3)[::-1])


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ({"pad": "right"}, "ACGNN"),
        ({"pad": "left"}, "NNACG"),
        ({"pad": "both"}, "NACGN"),
    ],
)
def test_shorter_sequences_are_padded_as_those_of_the_data_set(how, wanted):
    assert groups.fitted_to("ACG", 5, how) == wanted


def test_longer_sequences_keep_their_middle():
    assert groups.fitted_to("AACGTTT", 3, "centre") == "CGT"


def training_sequences(data, turned):
    codes = data.codes("train")[:2]
    return decode(reverse_complement(codes) if turned else codes)


@pytest.mark.parametrize(
    ("sequences", "said"),
    [
        ([], "has no rows under its header"),
        (["A" * LENGTH] * 2, "all of its sequences are the same"),
        (["A" * (LENGTH + 1)], f"has {LENGTH + 1} bases, those of the data set {LENGTH}"),
        (["A" * (LENGTH - 1)], "`length` of its assay"),
        (False, "2 of its 2 sequences stand in the training set"),
        (True, "on either strand, such as '0'"),
    ],
)
def test_groups_that_are_none(tmp_path, data, sequences, said):
    if isinstance(sequences, bool):
        sequences = training_sequences(data, sequences)
    files = {"foreign_file": table(tmp_path, sequences)}
    with pytest.raises(InputError, match=f"group 'foreign' of outliers.*{said}"):
        gathered(tmp_path, data, {"foreign": {"file": "t"}}, files)
