"""Measure what networks cost on this machine, in the form of the costs that the forecast ships.

    python tests/bench/bench_costs.py >> workflow_scripts/degu/report/costs.tsv

Prints a row for each network and kind of work: seconds of 10,000 sequences for an epoch of
training, a pass of prediction, and maps of one head by the methods that config.yaml asks for.
Trainings have one thread and the others two, as their rules; compilation is left out. Validation
set and sample for batch norm are a tenth of the training set.
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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
    "deepstarr": (249, 2000, 2),
    "residualbind": (230, 500, 2),
    "compact_cnn": (249, 1000, 2),
    "mprann": (230, 500, 1),
    "dream_rnn": (230, 200, 2),
    "cnn_task_base": (2048, 200, 2),
}
# Sequences that DeepSHAP explains, and rounds of which the median counts.
EXPLAINED, ROUNDS = 8, 3


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
    asked = CONFIG["training"] | {"epochs": 3, "batchnorm_sample": few}
    model = models.build(architecture, codes.shape[1], targets.shape[-1])
    loss = losses.poisson if targets.ndim == 3 else losses.mse
    held_out = codes[:few], targets[:few]
    history = fit(model, (codes, targets), held_out, loss, Settings(**asked), seed=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.keras")
        models.save(model, path, Heads.of([f"y{i}" for i in range(targets.shape[-1])]))
        megabytes = path.stat().st_size / 1e6
    return {"training": history["seconds"][1:].median() / len(codes), "megabytes": megabytes}


def of_models(architecture: str) -> dict[str, float]:
    """Seconds of a pass, and of the map of one head, for one sequence."""
    start(0, threads=2, deterministic=False)
    codes, targets = data_of(architecture)
    model = models.build(architecture, codes.shape[1], targets.shape[-1])
    predict = models.predictor(model)
    predict(codes)
    found = {"prediction": _one_more(predict, codes)}
    found["saliency"] = _one_more(lambda some: attribution.saliency(model, some, 0), codes)
    if architecture not in ("dream_rnn", "cnn_task_base"):
        references, few = codes[-REFERENCES:], codes[:EXPLAINED]
        found["deepshap"] = _one_more(
            lambda some: attribution.deepshap(model, some, references, 0), few
        )
    return found


def _one_more(work: Callable, codes: np.ndarray) -> float:
    """Seconds of one more sequence: compiling, which some methods do at each call, cancels out."""
    half = len(codes) // 2

    def seconds(some: np.ndarray) -> float:
        clock = time.monotonic()
        work(some)
        return time.monotonic() - clock

    rounds = [seconds(codes) - seconds(codes[:half]) for _ in range(ROUNDS)]
    return float(np.median(rounds)) / (len(codes) - half)


def device_name() -> str:
    """Name of the device as logs of jobs have it."""
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU"
    return tf.config.experimental.get_device_details(gpus[0]).get("device_name", gpus[0].name)


def main():
    """Print the rows; each kind of work has a process of its own."""
    context = multiprocessing.get_context("spawn")
    for architecture, (length, *_) in NETWORKS.items():
        found = {}
        for measure in (of_training, of_models):
            with context.Pool(1) as pool:
                found |= pool.apply(measure, (architecture,))
        megabytes = found.pop("megabytes")
        for work, seconds in found.items():
            size = f"{megabytes:.3g}" if work == "training" else ""
            cost = f"{seconds * SHIPPED_SEQUENCES:.3g}"
            print(work, architecture, length, device_name(), cost, size, sep="\t", flush=True)


if __name__ == "__main__":
    main()
