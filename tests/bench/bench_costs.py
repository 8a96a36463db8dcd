"""Measure what networks cost on this machine, in the form of the costs that the forecast ships.

    python tests/bench/bench_costs.py >> workflow_scripts/degu/report/costs.tsv

Prints a row for each network and kind of work: seconds of 10,000 sequences for an epoch of
training, a pass of prediction, and DeepSHAP maps of one head, which cost more than all other maps.
Trainings have one thread and the others two, as their rules; compilation, which is the same for few
sequences and for many, cancels out. Validation set and sample for batch norm are a tenth of the
training set. On a CPU seconds are those of the process over its threads, so that other work on the
machine does not count.
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
import yaml

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow_scripts"))

from degu import attribution, losses, models
from degu.heads import Heads
from degu.report.forecast import SHIPPED_SEQUENCES
from degu.training import Settings, fit
from degu.training.member import start

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text())
REFERENCES = CONFIG["attribution"]["references"]["number"]
# Bases of each network's sequences in the paper, sequences of an epoch here, and heads.
NETWORKS = {
    "deepstarr": (249, 1000, 2),
    "residualbind": (230, 300, 2),
    "compact_cnn": (249, 600, 2),
    "mprann": (230, 300, 1),
    "dream_rnn": (230, 200, 2),
    "cnn_task_base": (2048, 100, 2),
}
EPOCHS, THREADS = 2, 2
# Seconds of DeepSHAP beside compiling, which it does at each call; a pair takes three passes or so.
EXPLAINING, PASSES = 15, 3


def data_of(architecture: str) -> tuple[np.ndarray, np.ndarray]:
    """Random codes and targets."""
    rng = np.random.default_rng(0)
    length, n, outputs = NETWORKS[architecture]
    codes = rng.integers(0, 4, (n, length), dtype=np.uint8)
    shape = (n, length, outputs) if architecture == "cnn_task_base" else (n, outputs)
    return codes, rng.random(shape, np.float32)


def of_training(architecture: str) -> dict[str, float]:
    """Seconds of an epoch for one sequence, and size of the saved model in MB."""
    start(0, threads=1)
    codes, targets = data_of(architecture)
    few = len(codes) // 10
    held_out = codes[:few], targets[:few]
    loss = losses.poisson if targets.ndim == 3 else losses.mse

    def train(epochs: int) -> keras.Model:
        asked = Settings(**CONFIG["training"] | {"epochs": epochs, "batchnorm_sample": few})
        model = models.build(architecture, codes.shape[1], targets.shape[-1])
        fit(model, (codes, targets), held_out, loss, asked, seed=0)
        return model

    seconds = (_seconds(train, EPOCHS) - _seconds(train, 1)) / (EPOCHS - 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.keras")
        heads = Heads.of([f"y{number}" for number in range(targets.shape[-1])])
        models.save(models.build(architecture, codes.shape[1], len(heads)), path, heads)
        megabytes = path.stat().st_size / 1e6
    return {"training": seconds / len(codes), "megabytes": megabytes}


def of_models(architecture: str) -> dict[str, float]:
    """Seconds of a pass, and of the DeepSHAP map of one head, for one sequence."""
    start(0, threads=THREADS, deterministic=False)
    codes, targets = data_of(architecture)
    model = models.build(architecture, codes.shape[1], targets.shape[-1])
    predict = models.predictor(model)
    for some in (codes, codes[: len(codes) // 2]):
        predict(some)
    found = {"prediction": _one_more(predict, codes)}
    if architecture not in ("dream_rnn", "cnn_task_base"):
        pairs = EXPLAINING / (PASSES * found["prediction"])
        many = np.resize(codes, (2 * round(2 + pairs / REFERENCES), codes.shape[1]))
        references = codes[:REFERENCES]
        found["deepshap"] = _one_more(
            lambda some: attribution.deepshap(model, some, references, 0), many
        )
    return found


def _one_more(work: Callable, codes: np.ndarray) -> float:
    """Seconds of one more sequence."""
    half = len(codes) // 2
    more = _seconds(work, codes, THREADS) - _seconds(work, codes[:half], THREADS)
    return more / (len(codes) - half)


def _seconds(work: Callable, given: object, threads: int = 1) -> float:
    clock, share = (time.process_time, threads) if device_name() == "CPU" else (time.monotonic, 1)
    begun = clock()
    work(given)
    return (clock() - begun) / share


def device_name() -> str:
    """Name of the device as logs of jobs have it."""
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU"
    return tf.config.experimental.get_device_details(gpus[0]).get("device_name", gpus[0].name)


def main():
    """Print the rows; trainings and all else have a process of their own."""
    context = multiprocessing.get_context("spawn")
    for architecture, (length, *_) in NETWORKS.items():
        for measure in (of_training, of_models):
            with context.Pool(1) as pool:
                found = pool.apply(measure, (architecture,))
            size = f"{found.pop('megabytes', ''):.3}"
            for work, seconds in found.items():
                cost = f"{seconds * SHIPPED_SEQUENCES:.3g}"
                print(work, architecture, length, device_name(), cost, size, sep="\t", flush=True)


if __name__ == "__main__":
    main()
