"""Parts of a result: kept until it is written, and of the same facts only."""

import numpy as np
import pytest

from degu.parts import Parts, fingerprint


class Killed(Exception):
    pass


def counted(calls, value, killed=False):
    def compute():
        if killed:
            raise Killed
        calls.append(value)
        return {"x": np.array([value])}

    return compute


@pytest.fixture
def output(tmp_path):
    return tmp_path / "run" / "1.0.h5"


def test_a_killed_job_goes_on_from_its_parts(output):
    calls, codes = [], np.arange(3)
    parts = Parts(output, "code", 5)
    assert parts.get("test0", [codes], counted(calls, 1))["x"] == [1]
    with pytest.raises(Killed):
        parts.get("test1", [codes], counted(calls, 2, killed=True))
    again = Parts(output, "code", 5)
    assert again.get("test0", [codes], counted(calls, 3))["x"] == [1]
    assert again.get("test1", [codes], counted(calls, 4))["x"] == [4]
    assert calls == [1, 4]
    assert sorted(path.name for path in output.parent.iterdir()) == [
        "1.0.test0.part.npz",
        "1.0.test1.part.npz",
    ]
    (output.parent / "1.0.tsv").write_text("of something else")
    (output.parent / "0.5.test0.part.npz").write_text("of another run")
    again.delete()
    assert sorted(path.name for path in output.parent.iterdir()) == [
        "0.5.test0.part.npz",
        "1.0.tsv",
    ]


def test_parts_of_other_facts_are_computed_again(output, tmp_path):
    model = tmp_path / "0.keras"
    model.write_text("weights")
    calls, codes = [], np.arange(3)
    Parts(output, "code").get("a", [model, codes], counted(calls, 1))
    Parts(output, "code").get("a", [model, codes], counted(calls, 2))
    Parts(output, "other code").get("a", [model, codes], counted(calls, 3))
    Parts(output, "other code").get("a", [model, codes + 1], counted(calls, 4))
    model.write_text("other weights")
    Parts(output, "other code").get("a", [model, codes + 1], counted(calls, 5))
    assert calls == [1, 3, 4, 5]


def test_a_part_that_cannot_be_read_is_computed_again(output):
    calls = []
    Parts(output).get("a", [], counted(calls, 1))
    path = output.parent / "1.0.a.part.npz"
    path.write_bytes(path.read_bytes()[:40])
    assert Parts(output).get("a", [], counted(calls, 2))["x"] == [2]


def test_without_a_file_nothing_is_kept(tmp_path):
    calls, parts = [], Parts(None)
    for value in (1, 2):
        assert parts.get("a", [], counted(calls, value))["x"] == [value]
    parts.delete()
    assert calls == [1, 2]


def test_arrays_of_other_shapes_have_other_fingerprints():
    codes = np.arange(6)
    found = {
        fingerprint(*facts)
        for facts in ([codes], [codes.reshape(2, 3)], [codes.astype(np.int32)], ["a", "b"], ["ab"])
    }
    assert len(found) == 5
    assert fingerprint(codes, {"b": 1, "a": 2}) == fingerprint(codes.copy(), {"a": 2, "b": 1})
