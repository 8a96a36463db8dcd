"""Tables of the simulated world whose test values are the truth, for any user's door.

A model is held against what it should have learnt, which no assay tells: training and validation
activities are measured once, with their noise, those of the test set and of variants are planted.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu.job import atomic
from degu.sequences import decode
from degu.simulated import world as simulated
from degu.simulated.genome import WINDOW
from degu.simulated.world import EVERY
from degu.splits import split_by_group

LOCUS = "PKLR"  # Its effects are those of the first output, as the activities are.


def write(
    paths: Mapping[str, Path], rows: int, variants: Mapping, rng: np.random.Generator
) -> pd.DataFrame:
    """Write `planted`, sequences with their activity, and `planted_variants`.

    Parameters
    ----------
    paths
        Files by key.
    rows
        Sequences of `WINDOW` bases, in all splits together.
    variants
        Truth of the locus (`degu.simulated.genome.satmut`).
    rng

    Returns
    -------
    table : DataFrame
        name, true (the activity without noise) and sigma (the deviation of its noise).
    """
    codes = simulated.background(rows, WINDOW, rng)
    simulated.plant(codes, EVERY, rng)
    true, sigma = (oracle(codes)[:, 0] for oracle in (simulated.activity, simulated.noise))
    splits = split_by_group(np.arange(rows), int(rng.integers(2**31)))
    drawn = np.where(splits == "test", 0, sigma * rng.standard_normal(rows))
    table = pd.DataFrame(
        {
            "name": [f"planted{row}" for row in range(rows)],
            "sequence": decode(codes),
            "split": splits,
            "activity": (true + drawn).round(6),
        }
    )
    effects = pd.DataFrame(
        {
            "locus": LOCUS,
            "chrom": variants["chrom"],
            "pos": variants["position"],
            **{key: variants[key] for key in ("ref", "alt")},
            "value": np.round(variants["effect"], 6),
        }
    )
    kept = ~np.asarray(variants["mismatch"])
    for key, written in {"planted": table, "planted_variants": effects[kept]}.items():
        with atomic(paths[key]) as temporary:
            written.to_csv(temporary, sep="\t", index=False)
    return table[["name"]].assign(true=true, sigma=sigma)
