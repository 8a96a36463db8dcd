"""Time `degu.bootstrap.intervals` beside scipy, draw by draw, on a test set of STARR-seq's size.

Rows are drawn one by one, and in pairs of two strands: seconds for one member and 1,000 draws.

python tests/bench/bench_bootstrap.py
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow_scripts"))

from degu import bootstrap

SEQUENCES, MEMBERS, DRAWS = 41_186, 11, 50


def peer(truth: np.ndarray, predicted: np.ndarray, strands: int) -> np.ndarray:
    """Intervals of Pearson's r and Spearman's rho, shape (2, members, 2)."""
    rng, drawn, units = np.random.default_rng(0), [], SEQUENCES // strands
    for _ in range(DRAWS):
        first = strands * rng.integers(units, size=units)
        rows = (first[:, None] + np.arange(strands)).ravel()
        pairs = [(truth[rows, 0], member[rows, 0]) for member in predicted]
        measures = stats.pearsonr, stats.spearmanr
        drawn.append([[measure(*pair).statistic for measure in measures] for pair in pairs])
    return np.quantile(drawn, [0.025, 0.975], axis=0)


def seconds(way: Callable[[], Any]) -> tuple[float, Any]:
    """Time for one member and 1,000 draws, and what a way returns."""
    start = time.perf_counter()
    found = way()
    return (time.perf_counter() - start) * 1000 / DRAWS / MEMBERS, found


def main() -> None:
    """Print seconds of both ways, their ratio, and the largest difference of a bound."""
    rng = np.random.default_rng(1)
    truth = rng.normal(size=(SEQUENCES, 1))
    predicted = truth + rng.normal(size=(MEMBERS, SEQUENCES, 1))
    print("units\tbootstrap\tscipy\tscipy / bootstrap\tdifference")
    for name, strands in [("rows", 1), ("pairs", 2)]:
        units = None if strands == 1 else np.arange(SEQUENCES) // strands
        way = partial(bootstrap.intervals, truth, predicted, DRAWS, 0, units=units)
        ours, found = seconds(way)
        theirs, expected = seconds(partial(peer, truth, predicted, strands))
        bounds = np.stack([found[metric][..., 0] for metric in ("pearson", "spearman")], axis=-1)
        gap = np.abs(bounds - expected).max()
        print(f"{name}\t{ours:.2f}\t{theirs:.2f}\t{theirs / ours:.1f}\t{gap:.1e}")


if __name__ == "__main__":
    main()
