"""A member of a run: its fresh network, its training, its files."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import pandas as pd
import tensorflow as tf

from degu import histories, models
from degu.augment import Augmentation
from degu.job import atomic, log
from degu.lock import alone
from degu.tasks.supervision import Supervision
from degu.training.checkpoint import previous
from degu.training.loop import fit
from degu.training.settings import Settings


def train_member(
    supervision: Supervision,
    architecture: dict,
    recipe: dict,
    settings: dict,
    seed: int,
    threads: int,
    model_path: str,
    history_path: str,
    augmentation: Callable[[], Augmentation | None] = lambda: None,
    teacher: str | None = None,
    code: str = "",
    observe: Callable[[dict], None] = lambda row: None,
) -> pd.DataFrame:
    """Build a fresh network, train it, and save model and history.

    A checkpoint lies beside the model, from which a killed job goes on. It stays there, so that
    nothing is trained again where a finished job counts as failed; the end of a run deletes it.

    Parameters
    ----------
    supervision
        Targets and loss.
    architecture
        Name and options of `degu.models.build`.
    recipe
        Keys of the recipe that decide the result; `finetune` is that of `fit`, `draws` that of
        `Settings`, `budget` multiplies the steps of the settings, or of their epochs of measured
        sequences.
    settings
        Fields of `Settings`.
    seed
        Seed of everything random in this member.
    threads
        CPU threads; results are bit-identical for the same number on the same machine.
    model_path, history_path
        Files to write.
    augmentation
        Makes that of `fit`, once TensorFlow has started.
    teacher
        Saved model whose weights a student starts from (`degu.models.inherit`).
    code
        Digest of the code that trains: a checkpoint of other code is not resumed.
    observe
        As of `fit`.

    Returns
    -------
    history : DataFrame
        As of `fit`.

    Raises
    ------
    InputError
        If another job trains this member.
    """
    settings = Settings(**settings | {"draws": recipe.get("draws", 1)})
    if "budget" in recipe:
        measured = supervision.measured or len(supervision.train[0])
        settings = replace(settings, steps=round(recipe["budget"] * settings.budget(measured)))
    start(seed, threads, deterministic=not settings.xla)
    train, validation = supervision.train, supervision.validation
    shape = (validation[0].shape[1], supervision.outputs)
    model = _build(architecture, shape, settings.mixed_precision)
    log.info(
        "%s: %d parameters, heads %s, %d training and %d validation sequences of %d bases",
        architecture["name"],
        model.count_params(),
        ", ".join(supervision.heads.names),
        len(train[0]),
        len(validation[0]),
        shape[0],
    )
    if teacher is not None:
        models.inherit(model, models.load(teacher), len(supervision.heads.activities))
        log.info("starts from the weights of %s, its uncertainty heads are fresh", teacher)
    devices = [device.device_type for device in tf.config.list_logical_devices()]
    log.info("%s, %s", recipe, settings)
    log.info("seed %d, %d threads, on %s", seed, threads, " and ".join(devices))
    with alone(Path(model_path).with_suffix(".lock"), "This member is trained"):
        checkpoint = Path(model_path).with_suffix(".checkpoint.npz")
        history = fit(
            model if supervision.extend is None else supervision.extend(model),
            train,
            validation,
            supervision.loss,
            settings,
            seed,
            checkpoint,
            augmentation=augmentation(),
            finetune=recipe.get("finetune"),
            facts={"architecture": architecture, "recipe": recipe, "code": code},
            observe=observe,
        )
        if why := histories.undertrained(history, settings.schedule, settings.patience):
            log.warning("undertrained: %s; give it a larger budget (epochs, steps or budget)", why)
        with atomic(history_path) as temporary:
            history.to_csv(temporary, sep="\t", index=False, float_format="%.6g")
        if settings.mixed_precision:
            weights, model = model.get_weights(), _build(architecture, shape, mixed=False)
            model.set_weights(weights)
        if supervision.convert is not None:
            model = models.converted(model, supervision.convert)
        models.save(model, model_path, supervision.heads)
        previous(checkpoint).unlink(missing_ok=True)
    return history


def start(seed: int, threads: int, deterministic: bool = True) -> None:
    """Seed a fresh process and make its results repeatable; call it before any TensorFlow op."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    if deterministic:
        tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)


def _build(architecture: dict, shape: tuple[int, int], mixed: bool) -> keras.Model:
    name, options = architecture["name"], {k: v for k, v in architecture.items() if k != "name"}
    keras.config.set_dtype_policy("mixed_bfloat16" if mixed else "float32")
    try:
        return models.build(name, *shape, **options)
    finally:
        keras.config.set_dtype_policy("float32")
