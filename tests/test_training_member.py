"""A member from its fresh network to its files: repeatable bits, heads, precision, kills."""

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from degu import heads, lock, losses, models
from degu.heads import Heads
from degu.job import InputError
from degu.training import loop, member
from small_member import SETTINGS, made_data, train

pytestmark = pytest.mark.usefixtures("started")
TESTS = Path(__file__).parent


def test_same_seed_gives_the_same_bits(undisturbed, tmp_path):
    weights, history = undisturbed
    again = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(weights, again, strict=True))
    losses_again = pd.read_table(tmp_path / "0.tsv")
    columns = ["epoch", "loss", "validation_loss", "validation_loss_moving", "learning_rate"]
    pd.testing.assert_frame_equal(history[columns], losses_again[columns])


def test_another_seed_gives_other_weights_everywhere(undisturbed, tmp_path):
    other = train(tmp_path, "0", seed=2)
    assert not any(np.array_equal(a, b) for a, b in zip(undisturbed[0], other, strict=True))


def test_only_the_last_checkpoint_is_left_beside_the_model(undisturbed, tmp_path):
    train(tmp_path, "0")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["0.checkpoint.npz", "0.keras", "0.tsv"]


def test_a_finished_training_whose_model_was_deleted_is_not_repeated(tmp_path, monkeypatch):
    """Where its job counts as failed, or one beside it in the same job failed."""
    weights = train(tmp_path, "0")
    history = (tmp_path / "0.tsv").read_bytes()
    for name in ("0.keras", "0.tsv"):
        (tmp_path / name).unlink()
    monkeypatch.setattr(loop, "_run_epoch", None)
    again = train(tmp_path, "0")
    assert all(np.array_equal(a, b) for a, b in zip(weights, again, strict=True))
    assert (tmp_path / "0.tsv").read_bytes() == history


def test_a_member_that_another_job_trains_is_refused(tmp_path):
    with (
        lock.alone(tmp_path / "0.lock", "This member is trained"),
        pytest.raises(InputError, match=f"trained by process {os.getpid()} on"),
    ):
        train(tmp_path, "0")
    train(tmp_path, "0")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_process_resumes_to_the_same_weights(how, tmp_path):
    """The same member trained whole, and killed once its log shows the second epoch."""
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from dataclasses import replace
        import small_member
        from degu.job import log_to
        folder = Path(sys.argv[1])
        log_to(str(folder / "log"))
        settings = replace(small_member.SETTINGS, epochs=30, patience=30)
        small_member.train(folder, "0", settings=settings)
        """
    )
    environment = os.environ | {"PYTHONPATH": f"{TESTS.parent / 'workflow_scripts'}:{TESTS}"}

    def start(folder):
        folder.mkdir(exist_ok=True)
        return subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    whole, killed = tmp_path / "whole", tmp_path / "killed"
    undisturbed = start(whole)
    process = start(killed)
    for line in process.stderr:
        if "epoch 2/30" in line:
            process.send_signal(how)
            break
    process.stderr.close()
    assert process.wait() != 0
    assert not (killed / "0.keras").exists()
    assert start(killed).communicate()[1].count("resumed after epoch") == 1
    assert undisturbed.wait() == 0
    expected, found = (models.load(f / "0.keras").get_weights() for f in (whole, killed))
    assert all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    "likelihood", [{"name": "gaussian"}, {"name": "evidential", "weight": 0.1}]
)
def test_a_saved_model_predicts_standard_deviations(likelihood, tmp_path):
    """Whatever its raw heads; its activity is worth the loss that chose it."""
    loss, outputs, convert, kinds = losses.likelihood(**likelihood)
    supervised = {
        "heads": Heads.of(["G"], *kinds),
        "outputs": outputs,
        "loss": loss,
        "convert": convert,
    }
    train(tmp_path, "0", supervised=supervised, recipe={"likelihood": likelihood})
    assert heads.read(tmp_path / "0.keras") == Heads.of(["G"], *kinds)
    model = models.load(tmp_path / "0.keras")
    codes, targets = made_data()
    predicted = models.predictor(model)(codes[80:])
    assert predicted.shape == (20, 1 + len(kinds))
    assert (predicted[:, 1:] > 0).all()
    raw = models.predictor(keras.Model(model.input, model.get_layer("heads").output))(codes[80:])
    assert raw.shape == (20, outputs)
    np.testing.assert_allclose(predicted, np.hstack(convert(raw)), rtol=1e-5)
    history = pd.read_table(tmp_path / "0.tsv")
    value = np.mean(loss(tf.constant(targets[80:]), tf.constant(raw)))
    assert value == pytest.approx(history["validation_loss"].min(), rel=1e-3)


def test_a_saved_model_names_the_heads_of_its_supervision(tmp_path):
    train(tmp_path, "0", supervised={"heads": Heads.of(["share of G"])})
    assert heads.read(tmp_path / "0.keras").names == ["share of G"]


def test_mixed_precision_computes_in_half_and_saves_in_single(undisturbed, tmp_path):
    train(tmp_path, "0", settings=replace(SETTINGS, mixed_precision=True))
    model, history = models.load(tmp_path / "0.keras"), pd.read_table(tmp_path / "0.tsv")
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"
    # Eight bits of precision show in the loss, and change it little.
    assert history["loss"][0] != undisturbed[1]["loss"][0]
    np.testing.assert_allclose(history["loss"][0], undisturbed[1]["loss"][0], rtol=0.1)


@pytest.mark.parametrize(
    ("measured", "settings", "epochs", "steps"),
    [
        # Twice two epochs of four batches of 20; of 40 of the 80 sequences twice two of two.
        (None, {"epochs": 2}, 4, 16),
        (40, {"epochs": 2}, 2, 8),
        (40, {"steps": 5}, 3, 10),
    ],
)
def test_a_budget_multiplies_epochs_of_measured_sequences_or_steps(
    measured, settings, epochs, steps, tmp_path
):
    settings = replace(SETTINGS, **settings)
    supervised = {"measured": measured}
    train(tmp_path, "0", settings=settings, recipe={"budget": 2}, supervised=supervised)
    history = pd.read_table(tmp_path / "0.tsv")
    assert (len(history), history["steps"].iloc[-1]) == (epochs, steps)


def test_a_training_that_ends_too_early_says_so(tmp_path, caplog):
    with caplog.at_level("WARNING", logger="degu"):
        train(tmp_path, "0")
    (message,) = [record.message for record in caplog.records if "undertrained" in record.message]
    assert message == (
        "undertrained: the budget ended before patience and the rate never decayed; give it a "
        "larger budget (epochs, steps or budget)"
    )


def test_a_student_starts_from_a_teachers_weights(tmp_path):
    """Its activity is the teacher's before the first step, which is too small to change it."""
    train(tmp_path, "teacher", settings=replace(SETTINGS, epochs=2))
    teacher = models.load(tmp_path / "teacher.keras")
    codes, targets = made_data()
    spread = np.hstack([targets, targets])
    supervised = {
        "heads": Heads.of(["G"], "epistemic"),
        "outputs": 2,
        "train": (codes[:80], spread[:80]),
        "validation": (codes[80:], spread[80:]),
    }
    settings = replace(SETTINGS, epochs=1, learning_rate=1e-12, batchnorm_sample=0)
    started = {"teacher": str(tmp_path / "teacher.keras")}
    arguments = {"settings": settings, "supervised": supervised}
    train(tmp_path, "student", **arguments, **started)
    train(tmp_path, "fresh", **arguments)
    student, fresh = (
        models.predictor(models.load(tmp_path / f"{name}.keras"))(codes)
        for name in ("student", "fresh")
    )
    # Moving averages of batch norm alone have moved, by one epoch.
    expected = models.predictor(teacher)(codes)[:, 0]
    assert np.corrcoef(student[:, 0], expected)[0, 1] > 0.99
    assert np.corrcoef(fresh[:, 0], expected)[0, 1] < 0.9


def test_an_augmentation_is_made_once_after_the_start(tmp_path, monkeypatch):
    """Teachers of dynamic students are loaded by it, which may not come before the seed is set."""
    order = []
    monkeypatch.setattr(member, "start", lambda *_, **__: order.append("start"))

    def augmentation():
        order.append("augmentation")
        return lambda one_hot, truth, seed: (one_hot, truth)

    train(tmp_path, "0", settings=replace(SETTINGS, epochs=1), augmentation=augmentation)
    assert order == ["start", "augmentation"]
