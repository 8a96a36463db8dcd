"""A member that is trained in a moment, whole or interrupted; its target counts the base G."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from degu import losses, models
from degu.heads import Heads
from degu.tasks.supervision import Supervision
from degu.training import Settings, loop, train_member

SETTINGS = Settings(
    batch_size=20,
    epochs=4,
    learning_rate=0.01,
    decay=0.1,
    decay_patience=5,
    minimum_rate=1e-7,
    patience=10,
    warmup_steps=0,
    batchnorm_sample=64,
    reverse_complement=True,
)
ARCHITECTURE = {"name": "compact_cnn", "width": 16, "kernel": 3}


def made_data(n=100, length=32):
    """Random sequences; the target counts the base G."""
    codes = np.random.default_rng(0).integers(0, 4, (n, length), dtype=np.uint8)
    return codes, (codes == 2).mean(axis=1, keepdims=True).astype(np.float32)


def supervision():
    """Supervision by 80 sequences, validated on 20 others."""
    codes, targets = made_data()
    return Supervision(
        heads=Heads.of(["G"]),
        outputs=1,
        train=(codes[:80], targets[:80]),
        validation=(codes[80:], targets[80:]),
        loss=losses.mse,
    )


def train(folder, name, seed=1, settings=SETTINGS, recipe=None, supervised=(), **changes):
    """Train a member, save it under a name, and return its weights.

    Parameters
    ----------
    supervised : dict
        Fields of `supervision` to replace.
    changes
        Further arguments of `degu.training.train_member`.
    """
    arguments = {
        "supervision": replace(supervision(), **dict(supervised)),
        "architecture": ARCHITECTURE,
        "recipe": recipe or {},
        "settings": asdict(settings),
        "seed": seed,
        "threads": 1,
        "model_path": str(folder / f"{name}.keras"),
        "history_path": str(folder / f"{name}.tsv"),
    }
    train_member(**arguments | changes)
    return models.load(folder / f"{name}.keras").get_weights()


def interrupt(epoch, train, *positional, **arguments):
    """Call a function that trains until the end of the steps of an epoch, which is then lost."""
    original = loop._run_epoch

    def interrupted(*of_epoch):
        loss = original(*of_epoch)
        if of_epoch[-1] == epoch:
            raise KeyboardInterrupt
        return loss

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "_run_epoch", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(*positional, **arguments)
