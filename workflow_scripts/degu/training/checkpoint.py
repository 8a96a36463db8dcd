"""Checkpoints, by which a killed training goes on: written after each epoch, read at a start."""

import json
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from degu.job import atomic, log
from degu.training.settings import Settings


@dataclass
class Progress:
    """State of a training that decides how it goes on.

    Attributes
    ----------
    epoch, steps
        Epochs and optimizer steps done, over all stages.
    stage, begun
        The stage, and the steps after which it began.
    best_loss, best_epoch
        Best loss and epoch of all stages; 0 where no epoch has counted yet.
    waited, waited_to_decay
        Epochs without a better validation loss.
    rate
        Learning rate of the next epoch, by the plateau schedule.
    history
        A row an epoch.
    """

    epoch: int = 0
    steps: int = 0
    stage: int = 0
    begun: int = 0
    best_loss: float = float("inf")
    best_epoch: int = 0
    waited: int = 0
    waited_to_decay: int = 0
    rate: float = 0.0
    history: list[dict] = field(default_factory=list)

    def update(self, loss: float, settings: Settings, warm: bool) -> bool:
        """Take an epoch's validation loss; return whether it is the best so far."""
        if not warm:
            return False
        if loss < self.best_loss:
            self.best_loss, self.best_epoch = loss, self.epoch
            self.waited = self.waited_to_decay = 0
            return True
        self.waited += 1
        self.waited_to_decay += 1
        if settings.schedule == "plateau" and self.waited_to_decay >= settings.decay_patience:
            self.rate = max(self.rate * settings.decay, settings.minimum_rate)
            self.waited_to_decay = 0
        return False

    def stops(self, settings: Settings) -> bool:
        """Whether patience has run out; a cosine is run to its end."""
        return settings.schedule == "plateau" and self.waited >= settings.patience

    def begin(self, stage: int, rate: float) -> None:
        """Begin a further stage: patience starts anew, the best epoch so far stays."""
        self.stage, self.begun, self.rate = stage, self.steps, rate
        self.waited = self.waited_to_decay = 0


class Kept(NamedTuple):
    """Weights that a training keeps: of the best epoch, and of the last ones, to be averaged."""

    best: list[np.ndarray]
    last: list[list[np.ndarray]]


class Checkpoint:
    """All that a training needs to go on, in one file, and in another that of the epoch before.

    Parameters
    ----------
    path
        The file; None keeps nothing.
    model, optimizer
        Network and optimizer whose state is stored and restored.
    facts
        Facts that decide the result, as JSON can hold them: a file of other facts is not used.
    """

    def __init__(
        self,
        path: Path | None,
        model: keras.Model,
        optimizer: keras.Optimizer,
        facts: dict,
    ):
        self._path = path
        self._model = model
        self._optimizer = optimizer
        self._fingerprint = json.dumps(facts, sort_keys=True)

    def save(self, progress: Progress, kept: Kept) -> None:
        """Write the state of the moment and the weights that are kept."""
        if self._path is None:
            return
        arrays = {
            "model": self._model.get_weights(),
            "best": kept.best,
            "last": [array for weights in kept.last for array in weights],
            "optimizer": [variable.numpy() for variable in self._optimizer.variables],
        }
        named = {f"{key}{i}": a for key, values in arrays.items() for i, a in enumerate(values)}
        if self._path.exists():
            self._path.replace(previous(self._path))
        with atomic(self._path) as temporary:
            np.savez(
                temporary,
                fingerprint=self._fingerprint,
                progress=json.dumps(asdict(progress)),
                **named,
            )

    def restore(self) -> tuple[Progress, Kept] | None:
        """Set model and optimizer to the newest state that can be read; None if there is none."""
        for path in [] if self._path is None else [self._path, previous(self._path)]:
            stored = self._read(path)
            if stored is None:
                continue
            self._model.set_weights(_listed(stored, "model"))
            optimizer = _listed(stored, "optimizer")
            for variable, value in zip(self._optimizer.variables, optimizer, strict=True):
                variable.assign(value)
            progress = Progress(**json.loads(str(stored["progress"])))
            log.info("resumed after epoch %d from %s", progress.epoch, path)
            last, size = _listed(stored, "last"), len(self._model.weights)
            epochs = [last[at : at + size] for at in range(0, len(last), size)]
            return progress, Kept(_listed(stored, "best"), epochs)
        return None

    def _read(self, path: Path) -> dict | None:
        if not path.exists():
            return None
        try:
            with np.load(path) as file:
                stored = {key: file[key] for key in file.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            log.warning("checkpoint %s cannot be read (%s): going back one", path, error)
            return None
        if str(stored["fingerprint"]) != self._fingerprint:
            log.info("checkpoint %s is of another training: starting anew", path)
            return None
        return stored


def _listed(stored: dict, key: str) -> list[np.ndarray]:
    """Arrays that were stored under a key and their number."""
    return [stored[f"{key}{i}"] for i in range(sum(name.startswith(key) for name in stored))]


def previous(path: Path) -> Path:
    """Path of the checkpoint of the epoch before."""
    return path.with_suffix(f".previous{path.suffix}")
