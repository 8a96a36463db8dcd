"""Table of recipes against each other: what one model of each reaches, and at which cost."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from degu import metrics
from degu.predictions import Predictions, Split
from degu.tables import distillation

_BOUNDS = ("", "_low", "_high")
# Columns of `distillation`, and what they are called where the other side may be no teacher.
_RENAMED = {
    "output": "output",
    "teachers": "against_members",
    "member_r": "against_r",
    "ensemble_r": "against_ensemble_r",
    "best_r": "against_best_r",
    **{f"gain{bound}": f"gain{bound}" for bound in _BOUNDS},
    "student_r": "r",
    "following": "following",
    **{f"reached{bound}": f"to_member{bound}" for bound in _BOUNDS},
    **{f"to_ensemble{bound}": f"to_ensemble{bound}" for bound in _BOUNDS},
    **{f"to_best{bound}": f"to_best{bound}" for bound in _BOUNDS},
}
COLUMNS = ["recipe", "against", "output", "members", "steps", "against_steps", "validation_r"]
COLUMNS += ["epistemic_r"]
COLUMNS += [column for column in _RENAMED.values() if column != "output"]


def compare(
    runs: Mapping[str, Predictions],
    against: Collection[str],
    steps: Mapping[str, float],
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare single models of each recipe with members and ensembles of others, by Pearson's r.

    Parameters
    ----------
    runs
        Predictions of each recipe on one data set and fraction.
    against
        Recipes among them that others are held against: those of teachers.
    steps
        Optimizer steps of a model of each recipe that was trained here.
    resamples, seed
        Settings of the bootstrap over measured units, which draws the same for all models.

    Returns
    -------
    table : DataFrame
        `COLUMNS`, a row for each recipe, other recipe and activity of both. `validation_r` and `r`
        are means over the models of a recipe on the validation and the test set, `epistemic_r` that
        of their epistemic heads with their teachers' spread on the test set, if they have some;
        differences are r minus that of the other recipe's mean member, ensemble, and best member by
        validation, with 95 % intervals; `gain` is ensemble minus mean member of the other recipe.
    """
    found = [pd.DataFrame(columns=COLUMNS)]
    for other in against:
        for recipe, run in runs.items():
            if recipe == other:
                continue
            number = len(runs[other].test.predictions)
            measured = distillation.measure(
                runs[other], number, run, resamples=resamples, seed=seed
            )
            part = measured[[*_RENAMED]].rename(columns=_RENAMED)
            part = part.assign(
                recipe=recipe,
                against=other,
                members=len(run.test.predictions),
                validation_r=[
                    _mean_r(run.validation, run.heads.column(activity))
                    for activity in part["output"]
                ],
                epistemic_r=[_epistemic(run, activity) for activity in part["output"]],
                steps=steps.get(recipe, np.nan),
                against_steps=steps.get(other, np.nan),
            )
            found.append(part[COLUMNS])
    return pd.concat([part for part in found if len(part)] or found, ignore_index=True)


def _mean_r(split: Split, column: int) -> float:
    """Mean r of the models of a run for one head, over what was measured."""
    known = np.isfinite(split.truth[:, column])
    models = split.predictions[:, known, column]
    return float(np.mean([metrics.pearson(split.truth[known, column], model) for model in models]))


def _epistemic(run: Predictions, activity: str) -> float:
    """Mean r of the epistemic heads of a run for one activity; NaN where there are none."""
    found = [head for head in run.heads.of_kind("epistemic") if head.activity == activity]
    return _mean_r(run.test, run.heads.column(found[0].name)) if found else np.nan
