"""Heads and sequences to explain, references, the correction, and maps of all members."""

import h5py
import numpy as np
import pytest

from conftest import HEADS
from degu import attribution, dataset, models
from degu.dataset import Dataset
from degu.heads import Heads
from degu.job import InputError
from degu.sequences import decode, encode

RNG = np.random.default_rng(0)


def test_correction_takes_each_positions_mean_away():
    scores = np.array([[[1.0, 2, 3, 6], [0, 0, 0, 0]], [[4, 4, 4, 4], [-1, 1, -2, 2]]])
    before = scores.copy()
    corrected = attribution.correct(scores)
    np.testing.assert_array_equal(scores, before)
    np.testing.assert_array_equal(
        corrected, [[[-2, -1, 0, 3], [0, 0, 0, 0]], [[0, 0, 0, 0], [-1, 1, -2, 2]]]
    )
    random = attribution.correct(RNG.normal(size=(3, 30, 4)))
    np.testing.assert_allclose(random.sum(axis=-1), 0, atol=1e-14)
    np.testing.assert_allclose(attribution.correct(random), random, atol=1e-15)


@pytest.fixture
def data(tmp_path):
    """Test sequences s4 to s9, the second activity is measured largest for the first of them."""
    largest = [0, 1, 0, 1, 3, 7, 5, 7, -1, 4]
    targets = np.stack([largest, np.arange(10)[::-1]], axis=1).astype(np.float32)
    records = dataset.Records(
        np.array([f"s{row}" for row in range(10)]),
        RNG.integers(0, 4, (10, 20), dtype=np.uint8),
        targets,
        ["y", "z"],
        np.array(["train", "train", "validation", "validation", *["test"] * 6]),
    )
    dataset.write(tmp_path / "data.h5", records)
    return Dataset(tmp_path / "data.h5")


def test_the_sequences_measured_largest_are_explained(data):
    some = attribution.most_active({}, data, "y", 3)
    assert some.names == ["s5", "s7", "s6"] and some.asked == 0 and some.references is None
    np.testing.assert_array_equal(some.codes, data.codes("test")[[1, 3, 2]])
    assert attribution.most_active({}, data, "z", 2).names == ["s4", "s5"]
    assert len(attribution.most_active({}, data, "y", 100).names) == 6


def test_each_measured_unit_is_explained_once(tmp_path):
    """The strand that is measured larger stands for both, or else the first."""
    measured = [0, 1, 0, 1, 3, 7, 5, 7, -1, 5]
    records = dataset.Records(
        np.array([f"s{row}" for row in range(10)]),
        RNG.integers(0, 4, (10, 20), dtype=np.uint8),
        np.array(measured, np.float32)[:, None],
        ["y"],
        np.array(["train", "train", "validation", "validation", *["test"] * 6]),
        units=np.array([0, 1, 2, 3, 4, 5, 4, 5, 6, 7]),
    )
    dataset.write(tmp_path / "data.h5", records)
    strands = Dataset(tmp_path / "data.h5")
    assert attribution.most_active({}, strands, "y", 3).names == ["s5", "s6", "s9"]
    assert attribution.most_active({}, strands, "y", 100).names == ["s5", "s6", "s9", "s8"]


def test_a_sequence_that_was_not_measured_is_not_explained(tmp_path):
    measured = np.array([0, 1, 0, 1, 3, np.nan, 5, np.nan], np.float32)
    records = dataset.Records(
        np.array([f"s{row}" for row in range(8)]),
        RNG.integers(0, 4, (8, 20), dtype=np.uint8),
        measured[:, None],
        ["y"],
        np.array(["train", "train", "validation", "validation", *["test"] * 4]),
        masked=True,
    )
    dataset.write(tmp_path / "data.h5", records)
    masked = Dataset(tmp_path / "data.h5")
    assert attribution.most_active({}, masked, "y", 100).names == ["s6", "s4"]


@pytest.fixture
def profiles(data, tmp_path):
    """Put profiles in windows of 20 bases into it, of which models take 11."""
    with h5py.File(tmp_path / "data.h5", "r+") as file:
        targets = np.zeros((6, 20, 2), np.float16)
        targets[[1, 4], :, 0] = 1
        targets[2, 5, 0] = 10  # the largest base, but a smaller mean
        targets[0, [3, 15], 0] = 1000  # on both sides of the middle
        names = [f"chr8:{start}-{start + 20}".encode() for start in range(0, 120, 20)]
        file.attrs["crop"] = 11
        new = {"test/targets": targets, "test/names": names, "train/targets": targets[:2]}
        for key, values in new.items():
            del file[key]
            file[key] = values
    return Dataset(tmp_path / "data.h5")


def test_middles_of_profiles_are_ranked_by_their_mean(profiles):
    some = attribution.most_active({}, profiles, "y", 3)
    assert some.names == ["chr8:24-35", "chr8:84-95", "chr8:44-55"]
    np.testing.assert_array_equal(some.codes, profiles.codes("test")[[1, 4, 2], 4:15])
    assert attribution.most_active({"mine": "ACGTACGTACG"}, profiles, "y", 1).codes.shape == (2, 11)
    with pytest.raises(InputError, match=r"'mine' .* has 20 bases, but those .* have 11"):
        attribution.most_active({"mine": "ACGTA" * 4}, profiles, "y", 1)


def test_references_of_profiles_are_middles(profiles):
    some = attribution.most_active({}, profiles, "y", 2)
    drawn = attribution.with_references(some, "test", 6, profiles, seed=1).references
    found = {row.tobytes() for row in drawn}
    assert found == {row.tobytes() for row in profiles.codes("test")[:, 4:15]}
    shuffled = attribution.with_references(some, "dinucleotide_shuffle", 3, profiles, seed=1)
    assert shuffled.references.shape == (2, 3, 11)


def test_sequences_are_explained_by_their_names(data):
    wanted = {"wild type": "ACGTN" * 4, "mutant": "acgta" * 4}
    some = attribution.most_active(wanted, data, "y", 1)
    assert some.names == ["wild type", "mutant", "s5"] and some.asked == 2
    assert decode(some.codes[:2]) == ["ACGTN" * 4, "ACGTA" * 4]
    np.testing.assert_array_equal(some.codes[2], data.codes("test")[1])


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"wild type": "ACGT"}, r"sequence 'wild type' .* has 4 bases, but those .* have 20"),
        (
            {"a": "ACGT" * 5, "b": "ACGT"},
            "'b' to be explained has 4 bases, but those that models take have 20",
        ),
        ({"a": "ACGX" * 5}, r"sequence 'a' has 'X' at position 4: allowed are"),
    ],
)
def test_sequences_that_cannot_be_explained_are_named(data, wanted, message):
    with pytest.raises(InputError, match=message):
        attribution.most_active(wanted, data, "y", 1)


TEACHER = Heads.of(["y", "z"], "aleatoric")
STUDENT = TEACHER.with_epistemic()


@pytest.mark.parametrize(
    ("asked", "heads", "expected"),
    [
        ("activities", STUDENT, {"y": "y", "z": "z"}),
        ("all", Heads.of(["y"], "aleatoric"), {"y": "y", "y_aleatoric": "y"}),
        # In the order of the model's outputs.
        (["z_epistemic", "y"], STUDENT, {"y": "y", "z_epistemic": "z"}),
        (["z_epistemic", "y"], TEACHER, {"y": "y"}),
        (["z_epistemic"], TEACHER, {}),
    ],
)
def test_heads_to_explain(asked, heads, expected):
    found = attribution.heads_of(asked, heads)
    assert isinstance(found, Heads)
    assert [(head.name, head.activity) for head in found] == list(expected.items())


def test_a_head_that_does_not_exist_is_named():
    allowed = "y, y_aleatoric, y_epistemic"
    with pytest.raises(InputError, match=f"no head 'x_epistemic' .*: allowed are {allowed}"):
        attribution.heads_of(["y", "x_epistemic"], Heads.of(["y"]))


def test_references_of_the_test_set_are_the_same_for_all(data):
    some = attribution.most_active({}, data, "y", 3)
    drawn = attribution.with_references(some, "test", 4, data, seed=1)
    assert drawn.references.shape == (4, 20)
    rows = [(data.codes("test") == row).all(axis=1) for row in drawn.references]
    assert (np.sum(rows, axis=0) <= 1).all() and np.sum(rows) == 4  # none of them twice
    again = attribution.with_references(some, "test", 4, data, seed=1).references
    np.testing.assert_array_equal(again, drawn.references)
    with pytest.raises(InputError, match="6 test sequences, fewer than 7 references"):
        attribution.with_references(some, "test", 7, data, seed=1)


def test_references_by_shuffling_are_each_sequences_own(data):
    some = attribution.most_active({}, data, "y", 3)
    drawn = attribution.with_references(some, "dinucleotide_shuffle", 5, data, seed=1).references
    assert drawn.shape == (3, 5, 20)

    def counts(row):
        return np.bincount(5 * row[:-1] + row[1:], minlength=25)

    for codes, shuffled in zip(some.codes, drawn, strict=True):
        for row in shuffled:
            np.testing.assert_array_equal(counts(row), counts(codes))
    assert len(np.unique(drawn[0], axis=0)) > 1


def explained(members, method, heads=("y_aleatoric",)):
    codes = encode(["ACGTA" * 4, "GATTA" * 4])
    references = encode(["TTGCA" * 4, "CCATG" * 4, "GGGAT" * 4])
    some = attribution.Explained(["wild type", "β"], codes, 1, references)
    return attribution.explain(members, dict.fromkeys(heads, some), method, steps=2)


def test_maps_of_all_members_and_heads(members):
    run = explained(members, "saliency", ["y", "y_aleatoric"])
    assert {head: maps.kind for head, maps in run.items()} == HEADS.kinds
    for output, head in enumerate(run):
        found = run[head]
        assert found.scores.shape == (3, 2, 20, 4) and found.scores.dtype == np.float32
        assert found.errors is None and found.hypothetical is None
        for member, scores in zip(members, found.scores, strict=True):
            gradient = attribution.saliency(models.load(member), found.codes, output)
            expected = gradient - gradient.mean(axis=2, keepdims=True)
            np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("method", ["deepshap", "integrated_gradients"])
def test_maps_with_references_keep_every_pairs_error(members, method):
    found = explained(members, method)["y_aleatoric"]
    assert found.errors.shape == (3, 2, 3)
    predict = models.predictor(models.load(members[1]))
    of_codes = predict(found.codes)[:, 1]
    of_references = predict(encode(["TTGCA" * 4, "CCATG" * 4, "GGGAT" * 4]))[:, 1]
    # Contributions and what they leave over add up to the prediction's difference.
    total = found.contributions()[1].sum(axis=1) - found.errors[1].mean(axis=1)
    np.testing.assert_allclose(total, of_codes - of_references.mean(), atol=1e-5)
    np.testing.assert_allclose(found.scores.sum(axis=-1), 0, atol=1e-6)
    if method == "deepshap":
        assert np.abs(found.errors).max() < 1e-5


def test_scores_of_deepshap_are_complete(members, codes):
    model = models.load(members[0])
    references = RNG.integers(0, 4, (5, 20), dtype=np.uint8)
    scores = attribution.deepshap(model, codes, references, 1)
    assert scores.shape == (7, 20, 4)
    of_codes, of_references = (models.predictor(model)(some)[:, 1] for some in (codes, references))
    assert np.ptp(of_codes) > 1e-3
    np.testing.assert_allclose(
        scores.sum(axis=(1, 2)), of_codes - of_references.mean(), rtol=0, atol=1e-5
    )


@pytest.mark.parametrize("method", ["ism", "tism"])
def test_maps_without_references(members, method):
    found = explained(members, method)["y_aleatoric"]
    direct = getattr(attribution, method)(models.load(members[2]), found.codes, 1)
    np.testing.assert_allclose(found.scores[2], attribution.correct(direct), atol=1e-6)
