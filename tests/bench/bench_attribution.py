"""Time DeepSHAP beside shap, and ISM beside one `model.predict` a sequence; TISM beside ISM.

Networks are trained for a while on the simulated world, and explained on sequences of it.

    python tests/bench/bench_attribution.py

Times are for one more sequence: the difference between many sequences and few, so that compiling,
shown by itself, does not count. shap runs in a process of its own, since it replaces gradients of
TensorFlow for all that follows.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import keras
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow_scripts"))

from degu import models
from degu.attribution import deepshap, ism, tism
from degu.sequences import one_hot
from degu.simulated import world
from degu.training import batchnorm

LENGTHS = {"deepstarr": 249, "residualbind": 230}
REFERENCES = 100
OUTPUTS = 2
TRAIN, EPOCHS = 6000, 4
SHAP = """
import sys
import time
import shap
import keras
import numpy as np

folder = sys.argv[1]
model = keras.models.load_model(folder + "/model.keras", compile=False)
arrays = np.load(folder + "/arrays.npz")
explainer = shap.DeepExplainer(model, arrays["references"])
explainer.shap_values(arrays["x"][:1], check_additivity=False)
start = time.perf_counter()
scores = explainer.shap_values(arrays["x"], check_additivity=False)
print(time.perf_counter() - start)
np.save(folder + "/scores.npy", scores)
"""


def trained(architecture: str) -> keras.Model:
    """Train a network for a while on the simulated world, where motifs decide."""
    keras.utils.set_random_seed(0)
    length, rng = LENGTHS[architecture], np.random.default_rng(0)
    codes = world.background(TRAIN, length, rng)
    world.plant(codes, world.EVERY, rng)
    model = models.build(architecture, length, OUTPUTS)
    model.compile("adam", "mse")
    model.fit(one_hot(codes), world.activity(codes), batch_size=50, epochs=EPOCHS, verbose=0)
    batchnorm.recomputation(model, codes)()
    return model


def timed(explain, codes: np.ndarray, few: int) -> tuple[float, float]:
    """Return seconds for the first few sequences, and for each more."""
    seconds = []
    explain(codes[:few])  # what TensorFlow sets up once a process does not count
    for some in (codes[:few], codes):
        start = time.perf_counter()
        explain(some)
        seconds.append(time.perf_counter() - start)
    return seconds[0], (seconds[1] - seconds[0]) / (len(codes) - few)


def by_shap(model: keras.Model, codes: np.ndarray, references: np.ndarray):
    """Return shap's seconds a sequence and output, and its scores."""
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "model.keras")
        np.savez(Path(folder) / "arrays.npz", x=one_hot(codes), references=one_hot(references))
        command = [sys.executable, "-c", SHAP, folder]
        shown = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
        seconds = float(shown.stdout.split()[-1])
        return seconds / len(codes) / OUTPUTS, np.load(Path(folder) / "scores.npy")


def naive_ism(model: keras.Model, codes: np.ndarray) -> np.ndarray:
    """Predict all mutants of a sequence, one-hot, at a time."""
    bases, positions = np.tile(range(4), codes.shape[1]), np.repeat(range(codes.shape[1]), 4)
    scores = []
    for sequence in codes:
        mutants = np.tile(sequence, (len(bases), 1))
        mutants[np.arange(len(bases)), positions] = bases
        others = bases != sequence[positions]
        every = one_hot(np.vstack([sequence, mutants[others]]))
        predicted = model.predict(every, batch_size=256, verbose=0)[:, 0]
        effects = np.zeros(len(bases), np.float32)
        effects[others] = predicted[1:] - predicted[0]
        scores.append(effects.reshape(-1, 4))
    return np.stack(scores)


def row(what: str, first: float, each: float, note: str = "") -> None:
    """Show a line of the table."""
    print(f"{what:34s} {first:10.2f} {1000 * each:10.1f}   {note}", flush=True)


def compare_deepshap(model: keras.Model, codes: np.ndarray, references: np.ndarray) -> None:
    """Show DeepSHAP, and shap where it can explain the network."""
    first, each = timed(lambda some: deepshap(model, some, references, 0), codes, 10)
    row(f"{model.name} deepshap", first, each, f"{len(references)} references, first 10")
    if model.name == "residualbind":
        return
    seconds, expected = by_shap(model, codes[:6], references)
    row(f"{model.name} shap.DeepExplainer", np.nan, seconds, f"{seconds / each:.1f} × ours")
    ours, theirs = deepshap(model, codes[:6], references, 0), expected[..., 0]
    off = np.abs(ours - theirs) / np.abs(theirs).max()
    # A near tie of two maxima may fall either way, in float32.
    show_off("deepshap", off.max(), f"{(off > 2e-5).mean():.1e} of all scores by more than 2e-5")


def compare_ism(model: keras.Model, codes: np.ndarray) -> None:
    """Show ISM, the same in the plain way, and TISM."""
    few = codes[: 11 if model.name == "deepstarr" else 3]
    first, each = timed(lambda some: ism(model, some, 0), few, 1)
    row(f"{model.name} ism", first, each)
    _, plain = timed(lambda some: naive_ism(model, some), few, 1)
    row(f"{model.name} one predict a sequence", np.nan, plain, f"{plain / each:.1f} × ours")
    many = np.tile(codes, (1280 // len(codes), 1))
    first, taylor = timed(lambda some: tism(model, some, 0), many, 256)
    row(f"{model.name} tism", first, taylor, f"ism is {each / taylor:.0f} × this; first 256")
    exact, fast = ism(model, few, 0), tism(model, few, 0)
    off = np.abs(exact - naive_ism(model, few)).max() / np.abs(exact).max()
    others = one_hot(few) == 0
    r = [np.corrcoef(a[o], b[o])[0, 1] for a, b, o in zip(exact, fast, others, strict=True)]
    known = np.corrcoef(models.predictor(model)(codes)[:, 0], world.activity(codes)[:, 0])[0, 1]
    show_off("ism", off, f"r of tism with ism {np.mean(r):.2f}, of activity {known:.2f}")


def show_off(what: str, off: float, note: str) -> None:
    """Show how far results are off, in parts of the largest score."""
    print(f"    {what} off by at most {off:.0e} of the largest score; {note}", flush=True)


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(1)
    print(f"{'one output':34s} {'first (s)':>10s} {'each (ms)':>10s}")
    for architecture, length in LENGTHS.items():
        model = trained(architecture)
        n = 110 if architecture == "deepstarr" else 20
        codes = world.background(n, length, rng)
        world.plant(codes, world.EVERY, rng)
        references = rng.integers(0, 4, (REFERENCES, length), dtype=np.uint8)
        compare_deepshap(model, codes, references)
        compare_ism(model, codes)


if __name__ == "__main__":
    main()
