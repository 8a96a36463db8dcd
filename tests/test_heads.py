"""Heads of a model: names, kinds, columns, scales, and the place in its file where they stand."""

import json
import zipfile

import keras
import numpy as np
import pytest

from degu import heads
from degu.heads import Head, Heads
from degu.job import InputError
from workflow import imports

TWO = ["Dev", "Hk"]
ALL = Heads.of(TWO, "aleatoric", "epistemic")
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        ((), "Dev Hk"),
        (("aleatoric",), "Dev Hk Dev_aleatoric Hk_aleatoric"),
        (("epistemic",), "Dev Hk Dev_epistemic Hk_epistemic"),
        (
            ("aleatoric", "epistemic"),
            "Dev Hk Dev_aleatoric Hk_aleatoric Dev_epistemic Hk_epistemic",
        ),
    ],
)
def test_order_of_heads(kinds, names):
    assert Heads.of(TWO, *kinds).names == names.split()


@pytest.mark.parametrize("kinds", [(), ("aleatoric",)])
@pytest.mark.parametrize("scale", ("std", "logvar"))
def test_a_student_has_the_heads_of_its_teachers_and_epistemic_ones(kinds, scale):
    student = Heads.of(TWO, *kinds).with_epistemic(scale)
    assert student == Heads.of(TWO, *kinds, "epistemic", scale=scale)
    assert [head.scale for head in student] == ["std"] * (len(student) - 2) + [scale] * 2


def test_a_student_of_classes_has_their_spread_and_one_information():
    teacher = Heads.of_classes(TWO)
    assert teacher.names == teacher.activities == TWO
    assert set(teacher.kinds.values()) == {"class"}
    student = teacher.with_epistemic("logvar")
    assert student.names == [*TWO, "Dev_epistemic", "Hk_epistemic", "mutual_information"]
    assert [head.scale for head in student] == ["std", "std", "logvar", "logvar", "std"]
    assert student.columns("information") == [4] and student.activities == TWO


def test_names_of_targets_and_heads():
    assert (heads.aleatoric("Dev"), heads.epistemic("Dev")) == ("Dev_aleatoric", "Dev_epistemic")
    kinds = ("activity", "aleatoric", "epistemic", "class", "information")
    assert [Head("Dev", kind).name for kind in kinds] == [
        *("Dev", "Dev_aleatoric", "Dev_epistemic", "Dev", "Dev"),
    ]
    assert Head("Dev", "member", member=3).name == "Dev_member3"


def test_a_student_of_members_has_a_head_for_each_of_them_behind_all_others():
    heads_of = Heads.of(TWO, "aleatoric").with_members(2)
    assert heads_of[:6] == ALL
    assert heads_of.names[6:] == ["Dev_member0", "Hk_member0", "Dev_member1", "Hk_member1"]
    assert (heads_of.members("Dev"), heads_of.members("Hk")) == ([6, 8], [7, 9])
    assert ALL.members("Dev") == []
    assert Heads.from_json(heads_of.to_json()) == heads_of
    assert heads_of.activities == TWO


def test_kinds_and_columns():
    assert ALL.activities == TWO
    assert ALL.kinds == {
        "Dev": "activity",
        "Hk": "activity",
        "Dev_aleatoric": "aleatoric",
        "Hk_aleatoric": "aleatoric",
        "Dev_epistemic": "epistemic",
        "Hk_epistemic": "epistemic",
    }
    assert {kind: ALL.columns(kind) for kind in heads.KINDS} == {
        "activity": [0, 1],
        "aleatoric": [2, 3],
        "epistemic": [4, 5],
        "member": [],
        "class": [],
        "information": [],
    }
    assert [ALL.column(name) for name in ("Hk", "Dev_aleatoric", "Hk_epistemic")] == [1, 2, 5]
    assert ALL.of_kind("aleatoric") == (Head("Dev", "aleatoric"), Head("Hk", "aleatoric"))
    assert Heads.of(TWO).columns("epistemic") == []
    assert not Heads.of(TWO).of_kind("epistemic")


def test_an_activity_may_have_the_name_of_an_uncertainty():
    """Kinds are stored, not read off names."""
    odd = Heads.of(["x_epistemic", "x"])
    assert set(odd.kinds.values()) == {"activity"}
    assert odd.activities == ["x_epistemic", "x"]


def test_weights_follow_the_heads():
    assert ALL.weights(epistemic=0.5, aleatoric=3) == [1, 1, 3, 3, 0.5, 0.5]
    assert Heads.of(TWO, "epistemic").weights(epistemic=2, aleatoric=3) == [1, 1, 2, 2]
    assert ALL.weights() == [1] * 6


def test_heads_come_back_from_json():
    written = Heads.of(["Dev", "activité"], "aleatoric", "epistemic", scale="logvar")
    read = Heads.from_json(written.to_json())
    assert read == written and isinstance(read, Heads)
    assert [head.scale for head in read] == ["std"] * 4 + ["logvar"] * 2
    assert json.loads(Heads.of(["y"], "epistemic", scale="logvar").to_json()) == [
        {"activity": "y", "kind": "activity", "scale": "std", "noise": "replicates"},
        {"activity": "y", "kind": "epistemic", "scale": "logvar", "noise": "replicates"},
    ]


def test_the_noise_of_aleatoric_heads_is_kept():
    """A student learns that of its teachers, and a file holds it; other heads have none."""
    teacher = Heads.of(["y"], "aleatoric", noise="residuals")
    assert teacher != Heads.of(["y"], "aleatoric")
    student = Heads.from_json(teacher.with_epistemic("logvar").to_json())
    assert student == Heads(
        [
            Head("y"),
            Head("y", "aleatoric", noise="residuals"),
            Head("y", "epistemic", scale="logvar"),
        ]
    )
    assert student == Heads.of(["y"], "aleatoric", "epistemic", scale="logvar", noise="residuals")


@pytest.mark.parametrize(("dtype", "zero"), [(np.float64, 1e-10), (np.float32, 1e-6)])
def test_deviations_come_back_from_log_variances(dtype, zero):
    std = np.array([0, 0.01, 0.1, 1, 50], dtype)
    logvar = heads.to_logvar(std)
    assert logvar.dtype == dtype
    np.testing.assert_allclose(logvar, np.log(std.astype(float) ** 2 + 1e-6), rtol=1e-6, atol=1e-7)
    assert logvar[0] == pytest.approx(-13.815511)
    back = heads.to_std(logvar)
    assert back.dtype == dtype
    np.testing.assert_allclose(back[1:], std[1:], rtol=1e-4)
    assert 0 <= back[0] < zero


def test_log_variances_below_that_of_zero_are_zero():
    np.testing.assert_array_equal(heads.to_std(np.array([-14.0, -100.0])), [0, 0])


def test_log_variances_alone_become_deviations():
    names = Heads.of(TWO, "aleatoric", "epistemic", scale="logvar")
    predictions = RNG.normal(size=(3, 5, 6)).astype(np.float32)
    before = predictions.copy()
    converted = names.to_std(predictions)
    np.testing.assert_array_equal(predictions, before)
    np.testing.assert_array_equal(converted[..., :4], before[..., :4])
    exact = np.sqrt(np.exp(before[..., 4:].astype(np.float64)) - 1e-6)
    np.testing.assert_allclose(converted[..., 4:], exact, rtol=1e-5)
    assert converted.dtype == np.float32
    for unchanged in (ALL, Heads.of(TWO)):
        values = before[..., : len(unchanged)]
        np.testing.assert_array_equal(unchanged.to_std(values), values)


def test_variances_add():
    np.testing.assert_array_equal(
        heads.total(np.array([3.0, 0.0, 5.0]), np.array([4.0, 2.0, 12.0])), [5, 2, 13]
    )


def test_small_deviations_are_raised():
    std = np.array([-1.0, 0.0, 0.05, 0.1, 2.0])
    clipped, raised = heads.clip(std, 0.1)
    np.testing.assert_array_equal(clipped, [0.1, 0.1, 0.1, 0.1, 2])
    assert raised.tolist() == [True, True, True, False, False]
    np.testing.assert_array_equal(std, [-1, 0, 0.05, 0.1, 2])


def test_uncertainties_of_an_activity_by_hand():
    """Columns: Dev, Hk, their aleatoric and their epistemic heads."""
    predictions = np.array([[9.0, 8, 3, 5, 4, 12], [9, 8, 3, -5, 4, 12], [9, 8, -1, -1, -2, -2]])
    before = predictions.copy()
    dev, hk = (ALL.uncertainties(predictions, activity) for activity in TWO)
    assert list(dev) == ["epistemic", "aleatoric", "total"]
    np.testing.assert_array_equal(dev["epistemic"], [4, 4, 0])
    np.testing.assert_array_equal(dev["aleatoric"], [3, 3, 0])
    np.testing.assert_array_equal(dev["total"], [5, 5, 0])
    np.testing.assert_array_equal(hk["epistemic"], [12, 12, 0])
    # A value below zero does not come back through a square.
    np.testing.assert_array_equal(hk["aleatoric"], [5, 0, 0])
    np.testing.assert_array_equal(hk["total"], [13, 12, 0])
    np.testing.assert_array_equal(predictions, before)
    of_members = ALL.uncertainties(np.stack([predictions] * 2), "Dev")
    np.testing.assert_array_equal(of_members["total"], [[5, 5, 0]] * 2)


@pytest.mark.parametrize(
    ("names", "activity", "expected"),
    [
        (ALL, "Hk", {"epistemic": 5, "aleatoric": 3, "total": np.hypot(5, 3)}),
        (Heads.of(["Dev"], "epistemic"), "Dev", {"epistemic": 1}),
        (Heads.of(["Dev"], "aleatoric"), "Dev", {"aleatoric": 1}),
        (Heads([Head("Dev"), Head("Hk"), Head("Hk", "aleatoric")]), "Dev", {}),
        (Heads.of(TWO), "Dev", {}),
    ],
)
def test_uncertainties_as_far_as_there_are_heads(names, activity, expected):
    assert names.uncertainties(np.arange(6.0), activity) == expected


def saved(path, names=None):
    """Save a small model of Keras, with heads or without."""
    sequence = keras.Input((3, 4))
    keras.Model(sequence, keras.layers.Flatten()(sequence)).save(path)
    if names is not None:
        heads.store(path, names)
    return path


def test_heads_are_stored_in_a_model_and_read(tmp_path):
    path = saved(tmp_path / "0.keras")
    with zipfile.ZipFile(path) as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    heads.store(path, ALL)
    assert heads.read(path) == ALL
    with zipfile.ZipFile(path) as archive:
        after = {name: archive.read(name) for name in archive.namelist()}
    assert json.loads(after.pop("heads.json"))[5]["activity"] == "Hk"
    assert after == before
    assert keras.models.load_model(path).output_shape == (None, 12)


def test_a_file_that_is_no_model_is_named(tmp_path):
    path = tmp_path / "0.keras"
    path.write_text("no archive")
    with pytest.raises(InputError, match=r"0\.keras is no saved model \(\.keras\): .*not a zip"):
        heads.read(path)


def test_a_model_without_heads_is_named(tmp_path):
    path = saved(tmp_path / "0.keras")
    with pytest.raises(InputError, match=r"0\.keras does not name its heads: .*degu\.models\.save"):
        heads.read(path)


def test_members_have_the_same_heads(tmp_path):
    paths = [saved(tmp_path / f"{number}.keras", ALL) for number in range(3)]
    assert heads.read_common(paths) == ALL
    assert heads.read_common(paths[:1]) == ALL
    other = saved(tmp_path / "3.keras", Heads.of(["Dev"], "epistemic"))
    with pytest.raises(InputError) as caught:
        heads.read_common([*paths, other])
    assert str(caught.value) == (
        f"{other} has the heads Dev, Dev_epistemic, but {paths[0]} has Dev, Hk, Dev_aleatoric, "
        "Hk_aleatoric, Dev_epistemic, Hk_epistemic: members of a run have the same heads."
    )


def test_what_figures_need_does_not_need_tensorflow():
    modules = ["heads", "intervals", "maps", "predictions", "splits", "dataset", "consistency"]
    modules += [f"tables.{name}" for name in ("attribution", "card", "intervals", "join")]
    modules += [f"tables.{name}" for name in ("performance", "shift", "variants")]
    found = imports({f"degu.{module}": [] for module in modules}, "h5py", "pandas", "scipy.stats")
    assert [name for name, loaded in found.items() if "tensorflow" in loaded] == []
