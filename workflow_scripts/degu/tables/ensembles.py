"""Table of ensembles by the number of their members, in long form (Supplementary Fig. 3)."""

import pandas as pd

from degu import bootstrap
from degu.dataset import Dataset
from degu.labels import read_heads, read_labels
from degu.metrics import METRICS


def measure(labels: str, data: Dataset, resamples: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Agreement of an ensemble's mean with the measurements of the test set.

    Parameters
    ----------
    labels
        File of labels (`degu.labels`).
    data
        Data set of the teachers.
    resamples, seed
        Settings of the bootstrap over measured units.

    Returns
    -------
    table : DataFrame
        output, kind (of the head), metric, value, low and high (its 95 % bootstrap interval).
    """
    known = [head for head in read_heads(labels) if head.name in data.target_names]
    columns = [read_heads(labels).column(head.name) for head in known]
    truth = data.targets("test")[:, data.columns([head.name for head in known])]
    predicted = read_labels(labels, "test")[0][:, columns]
    bounds = bootstrap.intervals(truth, predicted[None], resamples, seed, units=data.units("test"))
    rows = [
        (head.name, head.kind, metric, function(x, y), *bounds[metric][:, 0, number])
        for number, (head, x, y) in enumerate(zip(known, truth.T, predicted.T, strict=True))
        for metric, function in METRICS.items()
    ]
    return pd.DataFrame(rows, columns=["output", "kind", "metric", "value", "low", "high"])
