"""Maps written block by block: those of all sequences at once, in the layout of `degu.maps`."""

import numpy as np
import pytest

import small_student
from degu import maps
from degu.attribution import Explained, explain, streamed
from degu.students import load
from small_networks import made

CODES = made(5, 20, bases=5)
NAMES = [f"s{row}" for row in range(5)]


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    return load(small_student.save(tmp_path_factory.mktemp("streamed")))


def write(path, student, method, sizes, outputs=(0, 2)):
    ends = np.cumsum(sizes)
    blocks = [(NAMES[b - a : b], CODES[b - a : b]) for a, b in zip(sizes, ends, strict=True)]
    streamed.write(path, student.model, student.heads, outputs, blocks, method, references=4)
    return maps.read(path)


@pytest.mark.parametrize("method", ["saliency", "ism", "tism"])
def test_blocks_change_nothing(student, tmp_path, method):
    found = write(tmp_path / "maps.h5", student, method, [2, 2, 1])
    some = Explained(NAMES, CODES, 5)
    expected = explain([str(student.path)], {"y": some, "y_epistemic": some}, method, steps=1)
    assert found.keys() == expected.keys()
    for head, one in expected.items():
        assert (found[head].kind, found[head].asked) == (one.kind, 5)
        assert list(found[head].names) == NAMES
        np.testing.assert_array_equal(found[head].codes, CODES)
        np.testing.assert_allclose(found[head].scores, one.scores, rtol=1e-5, atol=1e-7)


def test_deepshap_is_complete_for_its_references(student, tmp_path):
    found = write(tmp_path / "maps.h5", student, "deepshap", [3, 2], outputs=[0])["y"]
    assert found.scores.shape == found.hypothetical.shape == (1, 5, 20, 4)
    assert found.errors.shape == (1, 5, 4) and np.abs(found.errors).max() < 1e-4
    again = write(tmp_path / "again.h5", student, "deepshap", [3, 2], outputs=[0])["y"]
    np.testing.assert_allclose(again.scores, found.scores, rtol=1e-5, atol=1e-7)


def test_the_first_maps_are_read_alone(student, tmp_path):
    whole = write(tmp_path / "maps.h5", student, "saliency", [5], outputs=[0])["y"]
    first = streamed.first(tmp_path / "maps.h5", 2)["y"]
    assert list(first.names) == NAMES[:2] and first.asked == 2
    np.testing.assert_array_equal(first.scores, whole.scores[:, :2])
