"""Predictions of a run come back as they were written, and the scripts that write them."""

import h5py
import numpy as np
import pytest

import predict
import sample_dropout
from conftest import LENGTH, tiny
from degu import dataset, models, predictions, uncertainty
from degu.dataset import Records
from degu.heads import Heads
from degu.job import InputError, seed
from degu.parts import Parts
from degu.predictions import Predictions, Shifted, Split
from degu.splits import SPLITS

RNG = np.random.default_rng(0)
HEADS = Heads.of(["Dev", "Hk"], "aleatoric", "epistemic")
TRAINED = Heads.of(["y"], "aleatoric")


def split(n, heads):
    return Split(
        names=np.array([f"séquence {row}" for row in range(n)]),
        units=RNG.integers(n, size=n),
        truth=RNG.normal(size=(n, heads)).astype(np.float32),
        predictions=RNG.normal(size=(2, n, heads)).astype(np.float32),
    )


def test_what_is_written_is_read(tmp_path):
    run = Predictions(HEADS, validation=split(4, 6), test=split(3, 6))
    path = tmp_path / "new" / "run.h5"
    predictions.write(path, run)
    back = predictions.read(path)
    assert back.heads == HEADS
    for written, read in [(run.validation, back.validation), (run.test, back.test)]:
        assert read.names.tolist() == written.names.tolist()
        assert read.units.tolist() == written.units.tolist()
        np.testing.assert_array_equal(read.truth, written.truth, strict=True)
        np.testing.assert_array_equal(read.predictions, written.predictions, strict=True)
    with h5py.File(path) as file:
        assert file["test/predictions"].shape == (2, 3, 6)
        assert file["validation/truth"].shape == (4, 6)


def test_moments_of_profiles_are_kept(tmp_path):
    moments = RNG.normal(size=(5, 3, 6, 6))
    kept = split(3, 6)
    kept.moments = moments
    predictions.write(tmp_path / "run.h5", Predictions(HEADS, split(4, 6), kept))
    back = predictions.read(tmp_path / "run.h5")
    np.testing.assert_array_equal(back.test.moments, moments, strict=True)
    assert back.validation.moments is None


def test_truth_is_known_of_heads_that_were_measured_somewhere():
    run = Predictions(HEADS, split(4, 6), split(3, 6))
    run.test.truth[:, 4] = np.nan
    run.test.truth[1, 5] = np.nan
    run.validation.truth[0, 0] = np.nan
    known = {"Dev": 0, "Hk": 1, "Dev_aleatoric": 2, "Hk_aleatoric": 3, "Hk_epistemic": 5}
    assert run.with_truth() == known


def test_shifts_are_held_against_the_mean_of_an_oracle(tmp_path):
    """The oracle lists its heads in another order, and has others; uncertainties stay unknown."""
    own, oracle = Heads.of(["Dev", "Hk"], "epistemic"), Heads.of(["Hk", "Dev"])
    # Shifts keep the order in which they were written.
    values = {
        split: {shift: RNG.normal(size=(2, 3, 4)).astype(np.float32) for shift in ("small", "big")}
        for split in ("validation", "test")
    }
    known = {
        split: {shift: RNG.normal(size=(5, 3, 2)).astype(np.float32) for shift in ("small", "big")}
        for split in ("validation", "test")
    }
    units = {"validation": np.array([5, 6, 7]), "test": np.array([1, 1, 2])}
    predictions.write_shifted(tmp_path / "own.h5", Shifted(own, values, units))
    predictions.write_shifted(tmp_path / "oracle.h5", Shifted(oracle, known, units))
    run, other = (predictions.read_shifted(tmp_path / f"{name}.h5") for name in ("own", "oracle"))
    assert (run.heads, other.heads) == (own, oracle)
    assert run.shifts == ["small", "big"]
    found = run.against(other, "big")
    assert found.test.units.tolist() == [1, 1, 2]
    assert found.validation.units.tolist() == [5, 6, 7]
    assert found.heads == own
    for name, part in {"validation": found.validation, "test": found.test}.items():
        np.testing.assert_array_equal(part.predictions, values[name]["big"], strict=True)
        means = known[name]["big"].mean(axis=0)
        np.testing.assert_array_equal(part.truth[:, 0], means[:, 1])
        np.testing.assert_array_equal(part.truth[:, 1], means[:, 0])
        assert np.isnan(part.truth[:, 2:]).all()


# Files of the scripts that predict


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Twelve sequences with an activity and its noise, four a split."""
    rng = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("data") / "made.h5"
    records = Records(
        names=np.array([f"s{row}" for row in range(12)]),
        codes=rng.integers(0, 4, (12, LENGTH), dtype=np.uint8),
        targets=rng.normal(size=(12, 2)).astype(np.float32),
        target_names=TRAINED.names,
        splits=np.repeat(SPLITS, 4),
    )
    dataset.write(path, records)
    return path


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    """Three saved models with two heads that agree by and large."""
    folder = tmp_path_factory.mktemp("run")
    paths = [str(folder / f"{member}.keras") for member in range(3)]
    model, rng = tiny(2), np.random.default_rng(0)
    for path in paths:
        for weight in model.trainable_weights:
            weight.assign(weight + rng.normal(0, 0.01, weight.shape))
        models.save(model, path, TRAINED)
    return paths


def test_passes_with_dropout_are_summarised(data, members, tmp_path):
    path = tmp_path / "dropout.h5"
    sample_dropout.main(data, members, Parts(path), passes=6, names=[0, "made"], strands="forward")
    run, made = predictions.read(path), dataset.Dataset(data)
    assert run.heads == Heads.of(["y"], "epistemic")
    for name, split in [("validation", run.validation), ("test", run.test)]:
        assert split.names.tolist() == made.names(name).tolist()
        np.testing.assert_array_equal(split.truth[:, 0], made.targets(name)[:, 0])
        for number, member in enumerate(members):
            own = seed(0, "made", number, "dropout", name)
            drawn = uncertainty.mc_dropout(models.load(member), made.codes(name), 6, own)[..., 0]
            expected = np.stack([drawn.mean(axis=0), drawn.std(axis=0)], axis=1)
            np.testing.assert_allclose(split.predictions[number], expected, atol=1e-6)
    spreads = run.test.predictions[..., 1]
    assert (spreads > 0).all() and len(np.unique(spreads)) == spreads.size


def test_passes_that_were_killed_go_on(data, members, tmp_path, monkeypatch):
    """There are six parts, three members in two splits; four are not sampled again."""
    options = {"passes": 3, "names": [0, "made"], "strands": "forward"}
    sample_dropout.main(data, members, Parts(tmp_path / "whole.h5"), **options)
    sampled, calls = uncertainty.sampled, []

    def killed(*arguments):
        calls.append(arguments)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return sampled(*arguments)

    monkeypatch.setattr(uncertainty, "sampled", killed)
    with pytest.raises(KeyboardInterrupt):
        sample_dropout.main(data, members, Parts(tmp_path / "killed.h5"), **options)
    sample_dropout.main(data, members, Parts(tmp_path / "killed.h5"), **options)
    assert len(calls) == 5 + 2
    again, whole = (predictions.read(tmp_path / f"{name}.h5") for name in ("killed", "whole"))
    np.testing.assert_array_equal(again.test.predictions, whole.test.predictions)
    np.testing.assert_array_equal(again.validation.predictions, whole.validation.predictions)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["killed.h5", "whole.h5"]


def test_a_member_that_came_out_constant_is_named(data, members, tmp_path):
    network = models.load(members[0])
    for weight in network.trainable_weights:
        weight.assign(0 * weight)
    models.save(network, tmp_path / "3.keras", TRAINED)
    rest = {"labels": None, "stride": None}
    with pytest.raises(InputError, match=r"3\.keras fell out .* undefined \(constant"):
        predict.main(data, [*members, str(tmp_path / "3.keras")], output=tmp_path / "p.h5", **rest)
    assert not (tmp_path / "p.h5").exists()
    predict.main(data, members, output=tmp_path / "p.h5", **rest)
    assert predictions.read(tmp_path / "p.h5").test.predictions.shape == (3, 4, 2)
    # Members of a control may predict anything.
    every = [*members, str(tmp_path / "3.keras")]
    predict.main(data, every, output=tmp_path / "c.h5", control=True, **rest)
    assert predictions.read(tmp_path / "c.h5").test.predictions.shape == (4, 4, 2)
