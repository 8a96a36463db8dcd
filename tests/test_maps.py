"""The file of attribution maps."""

import numpy as np
import pytest

from degu import maps
from degu.sequences import encode

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("with_references", [False, True])
def test_maps_are_read_as_they_are_written(with_references, tmp_path):
    shape = (3, 2, 5, 4)
    more = {"hypothetical": RNG.normal(size=shape), "errors": RNG.normal(size=(3, 2, 7))}
    codes, scores = encode(["ACGTN", "GATTA"]), RNG.normal(size=shape)
    written = maps.Maps(
        "epistemic", ["wild type", "β"], codes, 1, scores, **more if with_references else {}
    )
    maps.write(tmp_path / "maps.h5", {"z": written, "a": written})
    read = maps.read(tmp_path / "maps.h5")
    assert set(read) == {"a", "z"}
    for found in read.values():
        assert found.kind == "epistemic"
        assert found.names.tolist() == ["wild type", "β"] and found.asked == 1
        for key in ("codes", "scores", "hypothetical", "errors"):
            np.testing.assert_array_equal(getattr(found, key), getattr(written, key))


def test_contributions_are_scores_of_the_bases_that_stand_there():
    scores = np.arange(24.0).reshape(1, 2, 3, 4)
    codes = encode(["ATN", "GGC"])
    contributions = [[[0, 7, 0], [14, 18, 21]]]
    plain = maps.Maps("activity", ["a", "b"], codes, 0, scores)
    np.testing.assert_array_equal(plain.contributions(), contributions)
    # Methods with references contribute the scores that are complete.
    complete = maps.Maps("activity", ["a", "b"], codes, 0, -scores, scores, np.zeros((1, 2, 1)))
    np.testing.assert_array_equal(complete.contributions(), contributions)
