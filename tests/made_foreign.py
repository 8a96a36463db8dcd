"""A small data set with an ensemble that was trained elsewhere: its request, and its answers."""

import gzip

import numpy as np
import pandas as pd

from degu import dataset
from degu.dataset import Dataset
from degu.foreign.requests import Request
from degu.splits import SPLITS

LENGTH = 12
SIZES = (20, 10, 10)


def data(folder, measured=("y",), unmeasured=("z",)):
    """Write a data set of forty sequences, and return it; measurements are standard normal."""
    rng, n = np.random.default_rng(0), sum(SIZES)
    records = dataset.Records(
        names=np.array([f"s{row}" for row in range(n)]),
        codes=rng.integers(0, 4, (n, LENGTH), dtype=np.uint8),
        targets=rng.standard_normal((n, len(measured))).astype(np.float32),
        target_names=list(measured),
        splits=np.repeat(SPLITS, SIZES),
        unmeasured=list(unmeasured),
    )
    path = folder / "data.h5"
    dataset.write(path, records)
    return Dataset(path)


def request(folder, **changes):
    """Return the request for the data set of `data`."""
    return Request(data(folder), **({"unlabelled": None, "order": "ACGT"} | changes))


def answer(of, members=("a", "b", "c")):
    """Answer a request: a table of ids and members in random order, and its array."""
    rng, n = np.random.default_rng(1), len(of.ids)
    values = rng.standard_normal((1, n, 2)) + 0.1 * rng.standard_normal((len(members), n, 2))
    values = values.astype(np.float32)
    rows = pd.DataFrame(
        {
            "id": np.tile(of.ids, len(members)),
            "member": np.repeat(members, n),
            "z": values[..., 1].ravel(),
            "y": values[..., 0].ravel(),
        }
    )
    return rows.sample(frac=1, random_state=0), values


def write(rows, path):
    """Write a table of answers by the ending of its path, which is returned."""
    if path.suffix == ".parquet":
        rows.to_parquet(path)
    else:
        with gzip.open(path, "wt") if path.suffix == ".gz" else path.open("w") as file:
            rows.to_csv(file, sep="," if ".csv" in path.suffixes else "\t", index=False)
    return path
