"""Tables of students of other models: beside baseline, teachers and ensembles; which variant wins.

Figure 2 and Table A.1 of BIO-Distiller: within a task variants are ranked, and the ranks of those
with one value of a choice, such as of the loss, are tested against those with another.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
from scipy import stats

from degu import bootstrap, classification, metrics
from degu.dataset import Dataset
from degu.predictions import ENSEMBLE, Predictions

# Agreement that ranks variants of numbers and of classes.
R2, MCC = "r2", "mcc"
COLUMNS = ["model", "kind", "member", "output", "metric", "value", "low", "high"]
CHOICES = ("teachers", "loss", "combine")


def measure(
    data: Dataset,
    runs: Mapping[str, Predictions],
    teachers: Mapping[str, str | Path],
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure members and ensembles of recipes, teachers, and the teachers' mean, on the test set.

    Parameters
    ----------
    data
        Data set of single activities, or of classes.
    runs
        Predictions of recipes.
    teachers
        Files of `degu.teachers.files` by name.
    resamples, seed
        Settings of the bootstrap over measured units, which draws the same for all models.

    Returns
    -------
    table : DataFrame
        `COLUMNS`: kind "member", "ensemble" or "teacher" (EnsAvg, the mean of all teachers'
        outputs, is called `ENSEMBLE`); R² of each activity, or Matthews correlation of all classes.
    """
    names = data.measured
    truth, found = data.targets("test")[:, data.columns(names)], []
    for name, run in runs.items():
        heads = [run.heads.column(activity) for activity in names]
        own = run.test.predictions[..., heads]
        found += [(name, "member", str(number), each) for number, each in enumerate(own)]
        if len(own) > 1:
            found.append((name, "ensemble", ENSEMBLE, own.mean(axis=0, dtype=np.float64)))
    known = [data.activities.index(activity) for activity in names]
    outputs = {name: _outputs(path)[:, known] for name, path in teachers.items()}
    found += [(name, "teacher", "0", values) for name, values in outputs.items()]
    if len(outputs) > 1:
        found.append((ENSEMBLE, "teacher", "0", np.mean([*outputs.values()], axis=0)))
    of_task = _classes if data.is_classes else _numbers
    units, rows = data.units("test"), []
    for *model, predicted in found:
        told = of_task(truth, predicted, names, units, resamples, seed)
        rows += [(*model, *line) for line in told]
    return pd.DataFrame(rows, columns=COLUMNS)


def _outputs(path: str | Path) -> np.ndarray:
    with h5py.File(path) as file:
        return file["test/outputs"][:].astype(np.float64)


def _numbers(truth, predicted, names: Sequence[str], units, resamples: int, seed: int) -> list:
    rows = []
    for column, name in enumerate(names):
        known = np.isfinite(truth[:, column])
        y, of_model = (values[known, column].astype(np.float64) for values in (truth, predicted))
        moments = np.stack([np.ones_like(y), y, y**2, (of_model - y) ** 2])
        found = []
        for counts in bootstrap.draws(bootstrap.numbered(units[known], len(y)), resamples, seed):
            number, total, squares, errors = moments @ counts
            found.append(1 - errors / (squares - total**2 / number))
        low, high = np.quantile(np.concatenate(found), [0.025, 0.975])
        rows.append((name, R2, metrics.r2(y, of_model), low, high))
    return rows


def _classes(truth, predicted, names: Sequence[str], units, resamples: int, seed: int) -> list:
    known, called = truth.argmax(axis=1), predicted.argmax(axis=1)
    bounds = classification.bootstrap(known, called[None], resamples, seed, units)[MCC][:, 0]
    counts = classification.confusion(known, called, len(names))
    return [("all", MCC, classification.OF_COUNTS[MCC](counts), *bounds)]


def variants(measured: pd.DataFrame, recipes: Mapping[str, Mapping]) -> pd.DataFrame:
    """Rank recipes with features within each task, a data set, fraction and output.

    Parameters
    ----------
    measured
        `measure` of all data sets and fractions.
    recipes
        `features` of each recipe that has some.

    Returns
    -------
    table : DataFrame
        dataset, fraction, output, recipe, teachers, loss, combine, value (mean over members), rank
        (percentile, 100 for the best; ties share the mean of theirs), best (of the task).
    """
    own = measured[(measured["kind"] == "member") & measured["model"].isin([*recipes])]
    keys = ["dataset", "fraction", "output"]
    table = own.groupby([*keys, "model"], sort=False)["value"].mean().reset_index()
    table = table.rename(columns={"model": "recipe"})
    for choice in CHOICES:
        told = {
            name: "+".join(asked[choice]) if choice == "teachers" else asked[choice]
            for name, asked in recipes.items()
        }
        table[choice] = table["recipe"].map(told)
    by_task = table.groupby(keys, sort=False)["value"]
    table["rank"] = 100 * by_task.rank(pct=True)
    table["best"] = table["value"] == by_task.transform("max")
    return table[[*keys, "recipe", *CHOICES, "value", "rank", "best"]]


def tests(ranked: pd.DataFrame) -> pd.DataFrame:
    """Test ranks of variants with one value of a choice against those with another.

    Parameters
    ----------
    ranked
        Table of `variants`.

    Returns
    -------
    table : DataFrame
        choice, one, other, number_one, number_other, median_one, median_other (percentile ranks),
        p (two-sided Mann-Whitney test); ranks of one task are not independent, as in the paper.
    """
    rows = []
    for choice in CHOICES:
        groups = dict([*ranked.groupby(choice, sort=False)["rank"]])
        for one, other in combinations(groups, 2):
            a, b = groups[one], groups[other]
            p = stats.mannwhitneyu(a, b, alternative="two-sided").pvalue
            rows.append((choice, one, other, len(a), len(b), a.median(), b.median(), p))
    columns = ["choice", "one", "other", "number_one", "number_other"]
    return pd.DataFrame(rows, columns=[*columns, "median_one", "median_other", "p"])
