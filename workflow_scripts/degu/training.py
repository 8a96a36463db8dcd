"""Training of one member: seeded, checkpointed after every epoch, resumed bit for bit.

The random state of an epoch follows from the member's seed and the epoch's number alone, so a run
that was killed goes on exactly as it would have.
"""

import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from degu import augment, batchnorm, models
from degu.job import InputError, atomic, log
from degu.losses import Loss

# Steps in one call of the compiled loop: long enough to hide Python, short enough to see progress.
_CHUNK = 64
_PROGRESS_SECONDS = 20
# Validation sequences on which the loss with moving averages is shown for comparison.
_GLANCE = 1024


@dataclass(frozen=True)
class Settings:
    """How a member is trained (paper, Methods, "Training"); each field is a key of the config.

    Attributes
    ----------
    batch_size
        Sequences a step. What is left of an epoch's permutation after the last whole batch is
        not seen in that epoch.
    epochs
        At most.
    learning_rate
        Of Adam, at the start.
    decay, decay_patience, minimum_rate
        The rate is multiplied by `decay` after `decay_patience` epochs without a better
        validation loss, down to `minimum_rate`.
    patience
        Training stops after so many epochs without a better validation loss.
    warmup_steps
        Before so many steps no epoch counts as best and no patience runs out.
    batchnorm_sample
        Training sequences on which the batch-norm statistics are recomputed, dropout off,
        before each validation; 0 keeps the moving averages.
    reverse_complement
        Whether each training sequence is turned to its other strand with probability one half.
    """

    batch_size: int
    epochs: int
    learning_rate: float
    decay: float
    decay_patience: int
    minimum_rate: float
    patience: int
    warmup_steps: int
    batchnorm_sample: int
    reverse_complement: bool


@dataclass
class Progress:
    """Where a training stands, as far as it decides what comes next."""

    epoch: int = 0
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
        if self.waited_to_decay >= settings.decay_patience:
            self.rate = max(self.rate * settings.decay, settings.minimum_rate)
            self.waited_to_decay = 0
        return False


def fit(
    model: keras.Model,
    train: tuple[np.ndarray, np.ndarray],
    validation: tuple[np.ndarray, np.ndarray],
    loss: Loss,
    settings: Settings,
    seed: int,
    checkpoint: Path | None = None,
) -> pd.DataFrame:
    """Train a model in place; it ends with the weights of its best epoch.

    Parameters
    ----------
    model
        Fresh from `degu.models.build`.
    train, validation
        Codes, uint8 (n, length), and targets, float32 (n, heads).
    loss
        From `degu.losses`.
    settings
        See `Settings`.
    seed
        Of order, augmentation and dropout.
    checkpoint
        File that is rewritten after every epoch and resumed from if it fits this training;
        the caller deletes it once the model is saved.

    Returns
    -------
    history : DataFrame
        A row an epoch: epoch, loss, validation_loss, validation_loss_moving (of the first 1,024
        sequences, with the moving averages of batch norm), learning_rate, seconds.

    Raises
    ------
    InputError
        If targets or losses are not finite, or there are fewer sequences than one batch.
    """
    if len(train[0]) < settings.batch_size:
        raise InputError(
            f"There are {len(train[0])} training sequences, fewer than one batch of "
            f"{settings.batch_size}: lower batch_size or raise the fraction."
        )
    optimizer = keras.optimizers.Adam(settings.learning_rate)
    optimizer.build(model.trainable_variables)
    progress = Progress(rate=settings.learning_rate)
    best = model.get_weights()
    state = _State(model, optimizer, _fingerprint(train, validation, settings, seed))
    if checkpoint is not None and checkpoint.exists():
        progress, best = state.restore(checkpoint, progress, best)

    run_steps = _compile_steps(model, optimizer, train, loss, settings, seed)
    evaluate = _evaluation(model, validation, loss)
    glance = _evaluation(model, [array[:_GLANCE] for array in validation], loss)
    recompute = _recomputation(model, train[0], settings, seed)
    generators = [
        layer.seed_generator for layer in model.layers if hasattr(layer, "seed_generator")
    ]
    started, first = time.monotonic(), progress.epoch
    while progress.epoch < settings.epochs and progress.waited < settings.patience:
        clock = time.monotonic()
        progress.epoch += 1
        _seed_epoch(generators, seed, progress.epoch)
        optimizer.learning_rate.assign(progress.rate)
        row = {
            "epoch": progress.epoch,
            "loss": _run_epoch(run_steps, len(train[0]), settings.batch_size, seed, progress.epoch),
            "learning_rate": progress.rate,
        }
        row["validation_loss_moving"] = glance()
        recompute()
        row["validation_loss"] = evaluate()
        _check_finite(row, train[1])
        row["seconds"] = time.monotonic() - clock
        progress.history.append(row)
        warm = int(optimizer.iterations) >= settings.warmup_steps
        if progress.update(row["validation_loss"], settings, warm):
            best = model.get_weights()
        if checkpoint is not None:
            state.save(checkpoint, progress, best)
        elapsed = (time.monotonic() - started) / (progress.epoch - first)
        _report(row, progress, settings, len(train[0]), elapsed)
    if progress.best_epoch == 0:
        log.info("no epoch reached %d warm-up steps: the last one counts", settings.warmup_steps)
        best = model.get_weights()
    model.set_weights(best)
    return pd.DataFrame(progress.history)


def train_member(
    architecture: dict,
    train: tuple[np.ndarray, np.ndarray],
    validation: tuple[np.ndarray, np.ndarray],
    loss: Loss,
    settings: dict,
    seed: int,
    threads: int,
    model_path: str,
    history_path: str,
) -> None:
    """Build a fresh network, train it, and save model and history.

    A checkpoint lies beside the model while it is trained; a killed job goes on from it.

    Parameters
    ----------
    architecture
        Name and options of `degu.models.build`.
    train, validation, loss
        As of `fit`; the targets' columns are the heads.
    settings
        Fields of `Settings`.
    seed
        Of everything random in this member.
    threads
        CPU threads; results are bit-identical for the same number on the same machine.
    model_path, history_path
        Files to write.
    """
    start(seed, threads)
    options = dict(architecture)
    name, heads = options.pop("name"), train[1].shape[1]
    model = models.build(name, train[0].shape[1], heads, **options)
    log.info(
        "%s: %d parameters, %d heads, %d training and %d validation sequences of %d bases",
        name,
        model.count_params(),
        heads,
        len(train[0]),
        len(validation[0]),
        train[0].shape[1],
    )
    devices = [device.device_type for device in tf.config.list_logical_devices()]
    log.info("%s, seed %d, %d threads, on %s", settings, seed, threads, " and ".join(devices))
    checkpoint = Path(model_path).with_suffix(".checkpoint.npz")
    history = fit(model, train, validation, loss, Settings(**settings), seed, checkpoint)
    with atomic(history_path) as temporary:
        history.to_csv(temporary, sep="\t", index=False, float_format="%.6g")
    with atomic(model_path) as temporary:
        model.save(temporary)
    checkpoint.unlink()


def start(seed: int, threads: int) -> None:
    """Seed a fresh process and make its results repeatable; call it before any TensorFlow op."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)


def _compile_steps(model, optimizer, train, loss, settings, seed) -> Callable:
    codes, targets = tf.constant(train[0]), tf.constant(train[1])
    variables = model.trainable_variables

    def step(rows):
        batch = tf.gather(codes, rows)
        if settings.reverse_complement:
            batch = augment.reverse_complement(
                batch, tf.stack([tf.cast(seed, tf.int32), tf.cast(optimizer.iterations, tf.int32)])
            )
        with tf.GradientTape() as tape:
            predicted = model(tf.one_hot(batch, 4), training=True)
            value = tf.reduce_mean(loss(tf.gather(targets, rows), predicted))
        optimizer.apply(tape.gradient(value, variables), variables)
        return value

    @tf.function(input_signature=[tf.TensorSpec([None, settings.batch_size], tf.int32)])
    def run_steps(batches):
        total = 0.0
        for rows in batches:
            total += step(rows)
        return total

    return run_steps


def _run_epoch(run_steps, n: int, batch_size: int, seed: int, epoch: int) -> float:
    steps = n // batch_size
    order = np.random.default_rng([seed, epoch]).permutation(n)[: steps * batch_size]
    batches = order.astype(np.int32).reshape(steps, batch_size)
    total, said = 0.0, time.monotonic()
    for at in range(0, steps, _CHUNK):
        total += float(run_steps(tf.constant(batches[at : at + _CHUNK])))
        if time.monotonic() - said > _PROGRESS_SECONDS:
            said = time.monotonic()
            done = min(at + _CHUNK, steps)
            log.info("epoch %d  step %d/%d  loss %.4f", epoch, done, steps, total / done)
    return total / steps


def _evaluation(model, validation, loss) -> Callable[[], float]:
    predict = models.predictor(model)
    truth = tf.constant(validation[1])
    return lambda: float(tf.reduce_mean(loss(truth, tf.constant(predict(validation[0])))))


def _recomputation(model, codes, settings: Settings, seed: int) -> Callable[[], None]:
    if settings.batchnorm_sample == 0:
        return lambda: None
    rows = np.random.default_rng(seed).permutation(len(codes))[: settings.batchnorm_sample]
    return batchnorm.recomputation(model, codes[rows])


def _seed_epoch(generators, seed: int, epoch: int) -> None:
    """Set the state of every dropout layer's generator from seed, epoch and layer."""
    for number, generator in enumerate(generators):
        state = np.random.SeedSequence([seed, epoch, number]).generate_state(2, np.uint32)
        generator.state.assign(state.astype(generator.state.dtype))


def _check_finite(row: dict, targets: np.ndarray) -> None:
    if not np.isfinite([row["loss"], row["validation_loss"]]).all():
        raise InputError(
            f"The loss is {row['loss']} (validation {row['validation_loss']}) in epoch "
            f"{row['epoch']}; the largest target is {np.abs(targets).max():g}. "
            "Lower learning_rate, or look for outliers in the targets."
        )


def _report(row, progress: Progress, settings: Settings, n: int, seconds: float) -> None:
    left = seconds * (settings.epochs - progress.epoch)
    best = f"best {progress.best_loss:.4f} in epoch {progress.best_epoch}"
    log.info(
        "epoch %d/%d  loss %.4f  validation %.4f (%s)  rate %.1e  "
        "%.0f sequences/s  at most %s left",
        row["epoch"],
        settings.epochs,
        row["loss"],
        row["validation_loss"],
        best if progress.best_epoch else "warming up",
        row["learning_rate"],
        n / row["seconds"],
        time.strftime("%H:%M:%S", time.gmtime(left)),
    )


def _fingerprint(train, validation, settings: Settings, seed: int) -> str:
    """Describe what must be equal for a checkpoint to be resumed."""
    facts = asdict(settings) | {
        "seed": seed,
        "shapes": [list(array.shape) for array in (*train, *validation)],
        "sums": [float(np.sum(array, dtype=np.float64)) for array in (*train, *validation)],
    }
    return json.dumps(facts, sort_keys=True)


class _State:
    """All that a training needs to go on, in one file."""

    def __init__(self, model, optimizer, fingerprint: str):
        self._model = model
        self._optimizer = optimizer
        self._fingerprint = fingerprint

    def save(self, path: Path, progress: Progress, best: list[np.ndarray]) -> None:
        arrays = {
            "model": self._model.get_weights(),
            "best": best,
            "optimizer": [variable.numpy() for variable in self._optimizer.variables],
        }
        named = {f"{key}{i}": a for key, values in arrays.items() for i, a in enumerate(values)}
        with atomic(path) as temporary:
            np.savez(
                temporary,
                fingerprint=self._fingerprint,
                progress=json.dumps(asdict(progress)),
                **named,
            )

    def restore(self, path: Path, progress: Progress, best: list[np.ndarray]):
        try:
            with np.load(path) as file:
                stored = {key: file[key] for key in file.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            log.warning("checkpoint %s cannot be read (%s): starting anew", path, error)
            return progress, best
        if str(stored["fingerprint"]) != self._fingerprint:
            log.info("checkpoint %s is of another training: starting anew", path)
            return progress, best
        variables = self._optimizer.variables
        self._model.set_weights([stored[f"model{i}"] for i in range(len(best))])
        for i, variable in enumerate(variables):
            variable.assign(stored[f"optimizer{i}"])
        progress = Progress(**json.loads(str(stored["progress"])))
        log.info("resumed after epoch %d from %s", progress.epoch, path)
        return progress, [stored[f"best{i}"] for i in range(len(best))]
