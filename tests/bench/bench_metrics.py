"""Time `degu.metrics.bootstrap` beside scipy, draw by draw, on a test set as large as STARR-seq's.

python tests/bench/bench_metrics.py
"""

import sys
import time
from pathlib import Path

import numpy as np
from scipy import stats

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow_scripts"))

from degu import metrics

SEQUENCES, MEMBERS, DRAWS = 41_186, 11, 50


def peer(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Intervals of Pearson's r and Spearman's rho, shape (2, members, 2)."""
    rng, drawn = np.random.default_rng(0), []
    for _ in range(DRAWS):
        rows = rng.integers(SEQUENCES, size=SEQUENCES)
        pairs = [(truth[rows, 0], member[rows, 0]) for member in predicted]
        measures = stats.pearsonr, stats.spearmanr
        drawn.append([[measure(*pair).statistic for measure in measures] for pair in pairs])
    return np.quantile(drawn, [0.025, 0.975], axis=0)


def main() -> None:
    """Print seconds of both ways for one member and 1,000 draws, and their ratio."""
    rng = np.random.default_rng(1)
    truth = rng.normal(size=(SEQUENCES, 1))
    predicted = truth + rng.normal(size=(MEMBERS, SEQUENCES, 1))
    seconds, found = [], []
    for way in (
        lambda: metrics.bootstrap(truth, predicted, DRAWS, 0),
        lambda: peer(truth, predicted),
    ):
        start = time.perf_counter()
        found.append(way())
        seconds.append((time.perf_counter() - start) * 1000 / DRAWS / MEMBERS)
    ours = np.stack([found[0][name][..., 0] for name in ("pearson", "spearman")], axis=-1)
    print("way\tseconds for 1,000 draws of a member")
    for way, took in zip(("bootstrap", "scipy"), seconds, strict=True):
        print(f"{way}\t{took:.2f}")
    print(f"scipy / bootstrap: {seconds[1] / seconds[0]:.1f}")
    print(f"largest difference of a bound: {np.abs(ours - found[1]).max():.1e}")


if __name__ == "__main__":
    main()
