"""Training speed against plain Keras `fit` on float32 one-hot arrays, in one run.

Prints a row an architecture: sequences/s of both (median over epochs, the first one left out for
compilation), their ratio pair by pair, and the bytes a base that each keeps in memory.
Run by `make bench`.
"""

import sys
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow_scripts"))
from degu import losses, models, sequences, training

LENGTH, BATCH, EPOCHS, ROUNDS = 249, 100, 2, 3
SETTINGS = training.Settings(
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
    history = training.fit(model, (codes, targets), few, losses.mse, SETTINGS, seed=1)
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


def main():
    """Print the table."""
    rng = np.random.default_rng(0)
    print("architecture\tours\tkeras_fit\tratio\tbytes_a_base\tkeras_bytes_a_base")
    for architecture, n in [("deepstarr", 2000), ("residualbind", 300), ("compact_cnn", 1000)]:
        codes = rng.integers(0, 4, (n, LENGTH), dtype=np.uint8)
        targets = rng.normal(size=(n, 2)).astype(np.float32)
        pairs = []
        for round_ in range(ROUNDS):
            order = [ours, plain] if round_ % 2 else [plain, ours]
            rates = {way: way(architecture, codes, targets) for way in order}
            pairs.append((rates[ours], rates[plain]))
        fast, slow = np.median(pairs, axis=0)
        ratio = np.median([a / b for a, b in pairs])
        print(f"{architecture}\t{fast:.0f}\t{slow:.0f}\t{ratio:.3f}\t1\t16", flush=True)


if __name__ == "__main__":
    if "--deterministic" in sys.argv:
        tf.config.experimental.enable_op_determinism()
        keras.utils.set_random_seed(0)
    main()
