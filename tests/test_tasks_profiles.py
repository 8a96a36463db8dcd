"""Profiles of a simulated genome, by the workflow's own scripts: teachers, labels, a student."""

import h5py
import numpy as np
import pyBigWig
import pytest
import tensorflow as tf
from scipy import stats

import attribute
import predict
import small_run
from degu import ensemble, intervals, maps, metrics, models, predictions, shards, tracks
from degu.assays import profile
from degu.dataset import Dataset
from degu.heads import Heads
from degu.job import InputError
from degu.parts import Parts
from degu.simulated import genome, world
from degu.splits import SPLITS
from degu.tables import attribution, performance
from degu.tables import intervals as interval_tables
from degu.tasks import profiles
from degu.tracks import labels as label_tracks

CHROMOSOMES = {"chr1": 150_000, "chr8": 15_000, "chr9": 15_000}
WINDOW, CROP, STRIDE, FRACTION, TEACHERS = 256, 160, 100, 0.8, 2
HEADS = Heads.of(["coverage"], "aleatoric")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Replicate tracks to windows."""
    folder, rng = tmp_path_factory.mktemp("genome"), np.random.default_rng(0)
    paths = {key: folder / key for key in ("genome", "genome_index")}
    paths |= {f"profile_{number}": folder / f"{number}.bw" for number in (1, 2, 3)}
    sequences, _ = genome.draw(CHROMOSOMES, 100, rng)
    # Few windows must teach: half of the stretches are full of motifs.
    for codes in sequences.values():
        for start in np.flatnonzero(rng.random(len(codes) // 400) < 0.5) * 400:
            world.plant(codes[None, start : start + 400], 12, rng)
    genome.write_fasta(paths, sequences)
    (folder / "genome_index").rename(folder / "genome.fai")
    genome.profile(paths, sequences, rng)
    summary = folder / "mean.bw", folder / "std.bw"
    tracks.summarise([paths[f"profile_{number}"] for number in (1, 2, 3)], *summary)
    profile.stream(
        folder / "data.h5",
        {"mean": summary[0], "std": summary[1], "genome": paths["genome"]},
        target="coverage",
        window=WINDOW,
        crop=CROP,
        chromosomes=".*",
        validation=["chr9"],
        test=["chr8"],
        max_unknown=0.05,
        max_uncovered=0.3,
    )
    return Dataset(folder / "data.h5")


@pytest.fixture(scope="module")
def run(data, tmp_path_factory):
    """Teachers with an aleatoric head, their labels, one student."""
    return small_run.run(
        data.path,
        tmp_path_factory.mktemp("run"),
        TEACHERS,
        architectures=({"name": "cnn_task_base", "width": 16},) * 2,
        recipes=({"aleatoric": True}, small_run.STUDENT),
        fraction=FRACTION,
        batch_size=20,
        epochs=8,
        batchnorm_sample=200,
        reverse_complement=True,
    )


def predicted(path, codes):
    """Predict left halves of windows from their first crop and right halves from the last."""
    predict = models.predictor(models.load(path))
    left, right = predict(codes[:, :160]), predict(codes[:, 96:])
    return np.concatenate([left[:, :128], right[:, 32:]], axis=1)


def read_labels(path, split):
    """Read mean and spread of the teachers on a split."""
    with h5py.File(path) as file:
        return file[f"{split}/mean"][:], file[f"{split}/std"][:]


def rows_of(labels, data, split):
    """Rows of a split that have labels, by name."""
    with h5py.File(labels) as file:
        names = file[f"{split}/names"].asstr()[:]
    return np.flatnonzero(np.isin(data.names(split), names)), names


@pytest.mark.parametrize("split", SPLITS)
def test_labels_are_mean_and_spread_over_members(data, run, split):
    teachers, labels, _ = run
    rows, names = rows_of(labels, data, split)
    np.testing.assert_array_equal(data.names(split)[rows], names)
    assert len(rows) == round((FRACTION if split == "train" else 1) * data.size(split))
    said = np.stack([predicted(path, data.codes(split)[rows]) for path in teachers])
    mean, std = read_labels(labels, split)
    assert mean.dtype == np.float16 and std.shape == (len(rows), WINDOW, 1)
    exact = said.astype(np.float64)
    # Half of a step of float16: 2^-11 of a value, or 3e-8 below its normal numbers.
    np.testing.assert_allclose(mean, exact.mean(axis=0), rtol=6e-4, atol=5e-8)
    np.testing.assert_allclose(std, exact[..., :1].std(axis=0), rtol=6e-4, atol=1e-6)


@pytest.mark.parametrize("track", label_tracks.TRACKS)
def test_tracks_are_the_labels_and_the_profile_loader_reads_them(data, run, track, tmp_path):
    labels, path = run[1], tmp_path / f"{track}.bw"
    folder = data.path.parent
    label_tracks.write(path, labels, track, folder / "mean.bw")
    stored = {}
    for split in SPLITS:
        mean, std = read_labels(labels, split)
        values = {"mean": mean[..., 0], "epistemic": std[..., 0], "aleatoric": mean[..., 1]}[track]
        stored |= dict(zip(rows_of(labels, data, split)[1], values, strict=True))
    found = list(
        tracks.windows(
            folder / "genome", [path], WINDOW,
            chromosomes=".*", max_unknown=0.05, max_uncovered=0.3,
        )
    )  # fmt: skip
    read = {
        name: window[:, 0]
        for part in found
        for name, window in zip(part.names, part.values, strict=True)
    }
    assert read.keys() == stored.keys()
    for name, window in read.items():
        np.testing.assert_array_equal(window, np.float32(stored[name]))
    with pyBigWig.open(str(path)) as file:
        assert file.header()["nBasesCovered"] == len(stored) * WINDOW


@pytest.fixture(scope="module")
def runs(data, run, tmp_path_factory):
    """Predictions of the teachers and of the student, as the workflow writes them."""
    folder, (teachers, labels, student) = tmp_path_factory.mktemp("predictions"), run
    for name, paths, of_teachers in [("teachers", teachers, None), ("student", [student], labels)]:
        predict.main(data.path, paths, of_teachers, folder / f"{name}.h5", STRIDE)
    return {name: predictions.read(folder / f"{name}.h5") for name in ("teachers", "student")}


def known_and_said(data, run, split, student):
    """Return what is true of whole windows, and what each member says."""
    teachers, labels, own = run
    said = np.stack(
        [predicted(path, data.codes(split)) for path in ([own] if student else teachers)]
    )
    truth = data.targets(split).astype(float)
    if student:
        truth = np.concatenate([truth, read_labels(labels, split)[1]], axis=-1)
    return truth, said.astype(float)


@pytest.mark.parametrize("name", ["teachers", "student"])
def test_performance_is_that_of_the_whole_chromosome(data, run, runs, name):
    truth, said = known_and_said(data, run, "test", name == "student")
    members = {str(member): values for member, values in enumerate(said)}
    members["ensemble"] = said.mean(axis=0)
    heads = HEADS.with_epistemic().names[: truth.shape[-1]]
    table = performance.performance(runs[name], {}, resamples=40, seed=5)
    assert len(table) == len(members) * len(heads) * 2
    table = table.set_index(["member", "output", "metric"])
    n = len(truth)
    rng = np.random.default_rng(5)
    draws = [rng.integers(n, size=n) for _ in range(40)]
    for member, values in members.items():
        for column, head in enumerate(heads):
            x, y = truth[..., column], values[..., column]
            for metric in ("pearson", "mse"):
                measure, row = metrics.METRICS[metric], table.loc[member, head, metric]
                assert row["value"] == pytest.approx(measure(x.ravel(), y.ravel()), rel=1e-4)
                drawn = [measure(x[rows].ravel(), y[rows].ravel()) for rows in draws]
                bounds = np.quantile(drawn, [0.025, 0.975])
                assert row[["low", "high"]].tolist() == pytest.approx(bounds.tolist(), rel=1e-3)
    assert table["ceiling"].isna().all()


@pytest.mark.parametrize("split", ["validation", "test"])
@pytest.mark.parametrize("name", ["teachers", "student"])
def test_bases_at_a_stride_are_kept(data, run, runs, name, split):
    truth, said = known_and_said(data, run, split, name == "student")
    kept = getattr(runs[name], split)
    assert runs[name].heads == (HEADS.with_epistemic() if name == "student" else HEADS)
    # Windows of 256 bases, one in a hundred from the fiftieth on.
    places = [50, 150, 250]
    names = [f"{window}:{place}" for window in data.names(split) for place in places]
    assert kept.names.tolist() == names
    np.testing.assert_array_equal(kept.units, np.repeat(range(data.size(split)), 3))
    heads = truth.shape[-1]
    np.testing.assert_array_equal(kept.truth, truth[:, places].reshape(-1, heads).astype("f4"))
    expected = said[:, :, places].reshape(len(said), -1, heads)
    np.testing.assert_allclose(kept.predictions, expected, rtol=1e-5)
    assert (kept.predictions > 0).all()


def test_labels_and_predictions_are_of_both_strands_alike(data, run, tmp_path):
    """Profiles of the reverse complement are reversed, over whole windows of two crops."""
    codes = data.codes("test")
    other = np.array([3, 2, 1, 0, 4], np.uint8)[codes[:, ::-1]]
    said = np.stack(
        [
            (predicted(path, codes) + predicted(path, other)[:, ::-1]).astype(float) / 2
            for path in run.teachers
        ]
    )
    kept = profiles.predict(run.teachers, data, "test", None, STRIDE, strands="both")
    expected = said[:, :, 50::100].reshape(kept.predictions.shape)
    np.testing.assert_allclose(kept.predictions, expected, rtol=1e-4)
    labels = tmp_path / "labels.h5"
    profiles.write_labels(labels, run.teachers, data, np.arange(3), strands="both")
    mean, std = read_labels(labels, "test")
    np.testing.assert_allclose(mean, said.mean(axis=0), rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(std, said[..., :1].std(axis=0), rtol=1e-3, atol=1e-5)
    each = ensemble.members(run.teachers, "both")
    for one, turned in zip(each(codes), each(other), strict=True):
        np.testing.assert_array_equal(one, turned[:, ::-1])


def test_predictions_do_not_depend_on_blocks(data, run, runs, monkeypatch):
    monkeypatch.setattr(shards, "BLOCK", 20 * WINDOW)
    again = profiles.predict(run.teachers, data, "test", None, STRIDE)
    whole = runs["teachers"].test
    assert data.size("test") % 20 > 0
    for key in ("truth", "predictions", "moments"):
        np.testing.assert_allclose(getattr(again, key), getattr(whole, key), rtol=1e-4)


def test_intervals_are_those_of_the_bases_that_are_kept(data, run, runs):
    calibrations = {
        (found.member, found.output, found.kind, None): found
        for estimate in intervals.estimates(runs["student"], "validation")
        for found in [intervals.calibrate(estimate, [0.8], smallest_std=1e-6)]
    }
    estimates = list(intervals.estimates(runs["student"], "test"))
    table = interval_tables.measure(estimates, calibrations, level=0.8, smallest_std=1e-6)
    table = table.set_index(["kind", "metric"])["value"]
    truth, said = known_and_said(data, run, "test", True)
    y, (mean, aleatoric, epistemic) = truth[:, 50::100, 0], np.moveaxis(said[0, :, 50::100], -1, 0)
    total = np.sqrt(aleatoric**2 + epistemic**2)
    for kind, std in [("epistemic", epistemic), ("aleatoric", aleatoric), ("total", total)]:
        inside = np.mean(np.abs(y - mean) <= stats.norm.ppf(0.9) * std)
        assert table[kind, "coverage"] == pytest.approx(inside, abs=2 / y.size)
    assert 0.05 < table["epistemic", "coverage"] < table["total", "coverage"] < 1


def test_teachers_and_student_learn_the_coverage(runs):
    """Every head by far better than chance, on a chromosome that no model has seen."""
    for run in runs.values():
        table = performance.agreement(run).query("metric == 'pearson' and member == 'ensemble'")
        assert table["value"].min() > 0.4


@pytest.mark.parametrize("method", ["saliency", "deepshap"])
def test_the_middles_of_the_highest_windows_are_explained(data, run, tmp_path, method):
    teachers, _, student = run
    files = {name: tmp_path / name / f"{method}.h5" for name in ("teachers", "student")}
    for path, paths in zip(files.values(), (teachers, [student]), strict=True):
        attribute.main(
            data.path,
            paths,
            Parts(path),
            method,
            heads="activities",
            explain={},
            sequences=3,
            references={"kind": "test", "number": 4},
            reference_seed=1,
            steps=1,
        )
    found = maps.read(files["teachers"])["coverage"]
    means = data.targets("test")[:, 48:208, 0].astype(float).mean(axis=1)
    rows = np.argsort(-means)[:3]
    np.testing.assert_array_equal(found.codes, data.codes("test")[rows, 48:208])
    starts = [int(name.split(":")[1].split("-")[0]) + 48 for name in data.names("test")[rows]]
    assert found.names.tolist() == [f"chr8:{start}-{start + 160}" for start in starts]
    assert found.scores.shape == (TEACHERS, 3, 160, 4)
    if method == "deepshap":
        assert np.abs(found.errors).max() < 1e-4
    else:
        x = tf.one_hot(found.codes, 4)
        with tf.GradientTape() as tape:
            tape.watch(x)
            mean = tf.reduce_sum(models.load(teachers[1])(x, training=False)[..., 0]) / CROP
        gradient = tape.gradient(mean, x).numpy()
        expected = gradient - gradient.mean(axis=-1, keepdims=True)
        np.testing.assert_allclose(found.scores[1], expected, rtol=1e-3, atol=1e-6)
    assert found.kind == "activity"
    compared = attribution.tests(
        *(maps.read(files[run]) for run in ("student", "teachers")), method
    )
    assert compared["metric"].tolist() == [
        *("rmse", "rmse_others", "spread"),
        *("normalised_rmse", "normalised_rmse_others", "normalised_spread"),
    ]


def test_teachers_without_an_aleatoric_head_have_no_such_track(data, tmp_path):
    with h5py.File(tmp_path / "labels.h5", "w") as other:
        other.attrs["heads"] = Heads.of(["coverage"]).to_json()
    with pytest.raises(InputError, match="without an aleatoric head, of 'coverage' alone"):
        label_tracks.write(
            tmp_path / "a.bw", tmp_path / "labels.h5", "aleatoric", data.path.parent / "mean.bw"
        )


def test_a_student_is_weighted_and_validated_by_measurements(data, run):
    rows = rows_of(run[1], data, "train")[0]
    weights = {"epistemic": 3, "aleatoric": 2}
    student = profiles.from_teachers(data, rows, small_run.STUDENT | {"weights": weights}, run[1])
    assert student.heads == HEADS.with_epistemic()
    assert student.outputs == 3 and student.convert is None
    np.testing.assert_array_equal(student.train[0][:], data.codes("train")[rows])
    np.testing.assert_array_equal(student.validation[0][:], data.codes("validation")[:, 48:208])
    mean, std = read_labels(run[1], "train")
    np.testing.assert_array_equal(student.train[1][:], np.concatenate([mean, std], axis=-1))
    spread = read_labels(run[1], "validation")[1]
    known = np.concatenate([data.targets("validation"), spread], axis=-1)
    np.testing.assert_array_equal(student.validation[1][:], known[:, 48:208])
    taught = small_run.STUDENT | {"validate": "labels"}
    taught = profiles.from_teachers(data, rows, taught, run[1]).validation[1][:]
    mean = read_labels(run[1], "validation")[0]
    expected = np.concatenate([mean, spread], axis=-1)[:, 48:208]
    np.testing.assert_array_equal(taught, expected)
    # Where the truth is nothing the loss is the mean rate, each head by its weight: 1, 2, 3.
    said = tf.constant(np.broadcast_to([1.0, 10.0, 100.0], (1, CROP, 3)), tf.float32)
    np.testing.assert_allclose(student.loss(tf.zeros_like(said), said), [321 / 3], rtol=1e-6)


@pytest.mark.parametrize("heads", [HEADS, Heads.of(["coverage"])])
def test_a_teacher_learns_windows_and_is_validated_by_their_middles(data, heads):
    rows = np.array([0, 3, 70])
    recipe = {"aleatoric": True} if heads == HEADS else {}
    teacher = profiles.from_measurements(data, rows, recipe)
    assert teacher.heads == heads
    assert teacher.outputs == len(heads) and teacher.convert is None
    codes, targets = teacher.train
    np.testing.assert_array_equal(codes[:], data.codes("train")[rows])
    np.testing.assert_array_equal(targets[:], data.targets("train")[rows, :, : len(heads)])
    codes, targets = teacher.validation
    np.testing.assert_array_equal(codes[:], data.codes("validation")[:, 48:208])
    measured = data.targets("validation")[:, 48:208, : len(heads)]
    np.testing.assert_array_equal(targets[:], measured)
    # Poisson's loss of a count of 2 where a rate of 3 is predicted, everywhere.
    shape = (1, CROP, len(heads))
    value = teacher.loss(tf.fill(shape, 2.0), tf.fill(shape, 3.0))
    np.testing.assert_allclose(value, [3 - 2 * np.log(3)], rtol=1e-5)


def test_a_constant_member_is_named(data, run, tmp_path):
    network = models.load(run[0][0])
    for weight in network.trainable_weights:
        weight.assign(tf.zeros_like(weight))
    bad = str(tmp_path / "2.keras")
    models.save(network, bad, HEADS)
    with pytest.raises(InputError, match=r"2\.keras fell out .* undefined \(constant"):
        profiles.write_labels(tmp_path / "labels.h5", [*run[0], bad], data, np.arange(3))
    with pytest.raises(InputError, match="at least two members"):
        profiles.write_labels(tmp_path / "labels.h5", run[0][:1], data, np.arange(3))
    assert not (tmp_path / "labels.h5").exists()
