"""Files of teachers: order, own and fitted outputs, and what is refused."""

import h5py
import numpy as np
import pytest

import made_teacher
from degu.job import InputError
from degu.splits import SPLITS
from degu.teachers import files


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return made_teacher.data(tmp_path_factory.mktemp("data"))


def read(path):
    with h5py.File(path) as file:
        return {
            key: {split: file[f"{split}/{key}"][:] for split in SPLITS}
            for key in ("features", "outputs")
        }


def test_features_stand_in_the_order_of_the_data_and_outputs_are_fitted(data, tmp_path):
    vectors = made_teacher.vectors(tmp_path / "v.h5", data)
    files.write(tmp_path / "t.h5", vectors, data, np.arange(40), "fitted")
    found = read(tmp_path / "t.h5")
    for split in SPLITS:
        assert (found["features"][split] == made_teacher.features_of(data.codes(split))).all()
        # The activity is a sum over the features; the smallest penalty shrinks it a little.
        assert found["outputs"][split] == pytest.approx(data.targets(split), abs=0.05)


def test_own_outputs_are_kept_and_stand_for_features_that_are_not_there(data, tmp_path):
    outputs = np.arange(90.0)[:, None]
    vectors = made_teacher.vectors(
        tmp_path / "v.h5", data, outputs, lambda file: file.pop("embedding")
    )
    files.write(tmp_path / "t.h5", vectors, data, None, "own")
    found = read(tmp_path / "t.h5")
    own = np.concatenate([found["outputs"][split] for split in SPLITS])
    assert (own[::-1] == outputs).all()
    assert (found["features"]["train"] == found["outputs"]["train"]).all()


def replaced(key, row, value):
    def change(file):
        file[key][row] = value

    return change


def ragged(file):
    file.pop("embedding")
    file["embedding"] = np.array([np.zeros(n % 2 + 1) for n in range(90)], h5py.vlen_dtype("f4"))


REFUSED = {
    "another sequence": (replaced("hashes", 3, "0" * 32), "'s86' is of another sequence than"),
    "a missing id": (replaced("ids", 89, "x"), "no embedding of 's0' .1 of 90 sequences lack"),
    "NaN": (replaced("embedding", 5, np.nan), "'s84' has a value that is no finite number"),
    "another width in some rows": (ragged, "numbers of one width are needed in all rows"),
    "no outputs": (None, "has no 'outputs': `outputs: fitted` makes some"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_wrong_with_vectors_is_told_in_one_line(data, tmp_path, fault):
    change, message = REFUSED[fault]
    vectors = made_teacher.vectors(tmp_path / "v.h5", data, change=change)
    with pytest.raises(InputError, match=message):
        files.write(tmp_path / "t.h5", vectors, data, None, "own" if change is None else "fitted")
    assert not (tmp_path / "t.h5").exists()


def test_own_outputs_are_one_an_activity(data, tmp_path):
    vectors = made_teacher.vectors(tmp_path / "v.h5", data, np.zeros((90, 3)))
    with pytest.raises(InputError, match=r"has 3 outputs a sequence, but .* has 1 \(y\)"):
        files.write(tmp_path / "t.h5", vectors, data, None, "own")


def test_a_file_of_nothing(data, tmp_path):
    with h5py.File(tmp_path / "v.h5", "w") as file:
        file["ids"] = ["a"]
    with pytest.raises(InputError, match="neither 'embedding' nor 'outputs'"):
        files.write(tmp_path / "t.h5", tmp_path / "v.h5", data, None, "fitted")
