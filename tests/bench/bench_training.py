"""Speed of training and prediction against plain Keras on float32 one-hot arrays, in one run.

Prints a row an architecture and task: sequences/s of both (median over rounds, compilation left
out) and their ratio pair by pair. Tasks: training on static targets against `fit`; dynamic
distillation from ten teachers against `train_on_batch` behind ten Keras calls one after another;
prediction, which labelling is for each teacher, against `predict`. Sequences take one byte a base
here, 16 there. Run by `make bench`.
"""

import sys
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow_scripts"))
from degu import augment, distill, losses, models, sequences
from degu.heads import Heads
from degu.training import Settings, fit

LENGTH, BATCH, EPOCHS, ROUNDS, TEACHERS = 249, 100, 2, 3, 10
SETTINGS = Settings(
    batch_size=BATCH,
    epochs=EPOCHS,
    learning_rate=1e-3,
    decay=0.1,
    decay_patience=5,
    minimum_rate=1e-7,
    patience=EPOCHS,
    warmup_steps=0,
    batchnorm_sample=0,
    reverse_complement=False,
)


class Clock(keras.callbacks.Callback):
    """Seconds of each epoch's training steps; validation is not counted."""

    def on_epoch_begin(self, epoch, logs=None):
        self.begun = time.monotonic()

    def on_test_begin(self, logs=None):
        self.seconds.append(time.monotonic() - self.begun)

    def on_train_begin(self, logs=None):
        self.seconds = []


def ours(architecture, codes, targets):
    """Sequences/s of `degu.training.fit`, its validation (ten sequences) counted."""
    model = models.build(architecture, LENGTH, 2)
    few = (codes[:10], targets[:10])
    history = fit(model, (codes, targets), few, losses.mse, SETTINGS, seed=1)
    return len(codes) / np.median(history["seconds"][1:])


def plain(architecture, codes, targets):
    """Sequences/s of `keras.Model.fit`."""
    model = models.build(architecture, LENGTH, 2)
    model.compile("adam", "mse")
    one_hot, clock = sequences.one_hot(codes), Clock()
    model.fit(
        one_hot,
        targets,
        batch_size=BATCH,
        epochs=EPOCHS,
        validation_data=(one_hot[:10], targets[:10]),
        callbacks=[clock],
        verbose=0,
    )
    return len(codes) / np.median(clock.seconds[1:])


def relabelling(paths):
    """Return what dynamic distillation does to a minibatch."""
    return distill.relabelling(paths, "std", "mutagenesis", "replace")


def ours_dynamic(architecture, codes, targets, teachers):
    """Sequences/s of `degu.training.fit` with the teachers in its graph."""
    model, labels = models.build(architecture, LENGTH, 4), np.tile(targets, 2)
    few, loss = (codes[:10], labels[:10]), losses.distillation([1] * 4)
    history = fit(
        model, (codes, labels), few, loss, SETTINGS, 1, augmentation=relabelling(teachers)
    )
    return len(codes) / np.median(history["seconds"][1:])


def plain_dynamic(architecture, codes, targets, teachers):
    """Sequences/s of `train_on_batch` on labels of one Keras call a teacher."""
    model, members = models.build(architecture, LENGTH, 4), [models.load(path) for path in teachers]
    model.compile("adam", "mse")
    one_hot, seconds = sequences.one_hot(codes), []
    for step, at in enumerate([0, *range(0, len(codes), BATCH)]):
        clock = time.monotonic()
        batch = augment.mutation(tf.constant(one_hot[at : at + BATCH]), tf.constant([1, step]))
        said = np.stack([member(batch, training=False) for member in members])
        labels = np.hstack([said.mean(axis=0), said.std(axis=0)])
        model.train_on_batch(batch, labels)
        seconds.append(time.monotonic() - clock)
    return BATCH / np.median(seconds[1:])


def ours_predicted(architecture, codes, _):
    """Sequences/s of `degu.models.predictor`."""
    predict = models.predictor(models.build(architecture, LENGTH, 2))
    return _rate(predict, codes)


def plain_predicted(architecture, codes, _):
    """Sequences/s of `keras.Model.predict` at the same batch size."""
    model = models.build(architecture, LENGTH, 2)
    return _rate(lambda x: model.predict(x, batch_size=512, verbose=0), sequences.one_hot(codes))


def _rate(predict, sequences):
    predict(sequences)
    clock = time.monotonic()
    predict(sequences)
    return len(sequences) / (time.monotonic() - clock)


def compare(architecture, task, ours, plain, *arguments):
    """Print a row: both in turn, either first."""
    pairs = []
    for number in range(ROUNDS):
        order = [ours, plain] if number % 2 else [plain, ours]
        rates = {way: way(architecture, *arguments) for way in order}
        pairs.append((rates[ours], rates[plain]))
    fast, slow = np.median(pairs, axis=0)
    ratio = np.median([a / b for a, b in pairs])
    print(f"{architecture}\t{task}\t{fast:.0f}\t{slow:.0f}\t{ratio:.3f}", flush=True)


def main():
    """Print the table."""
    rng = np.random.default_rng(0)
    print("architecture\ttask\tours\tkeras\tratio")
    for architecture, n in [("deepstarr", 2000), ("residualbind", 300), ("compact_cnn", 1000)]:
        codes = rng.integers(0, 4, (n, LENGTH), dtype=np.uint8)
        data = codes, rng.normal(size=(n, 2)).astype(np.float32)
        compare(architecture, "training", ours, plain, *data)
        compare(architecture, "prediction", ours_predicted, plain_predicted, *data)
        with tempfile.TemporaryDirectory() as folder:
            teachers = [f"{folder}/{member}.keras" for member in range(TEACHERS)]
            for path in teachers:
                models.save(models.build(architecture, LENGTH, 2), path, Heads.of(["a", "b"]))
            few = [array[: 2 * BATCH] for array in data]
            compare(architecture, "dynamic", ours_dynamic, plain_dynamic, *few, teachers)


if __name__ == "__main__":
    if "--deterministic" in sys.argv:
        tf.config.experimental.enable_op_determinism()
        keras.utils.set_random_seed(0)
    main()
