"""Panels of risk against coverage: what is left once the least certain predictions are left out."""

import pandas as pd
from matplotlib.axes import Axes

from degu.plotting.names import Names, of_ensemble
from degu.plotting.style import artist

# Kinds of uncertainty by which a model abstains, the first that it has.
PREFERRED = ("paired", "total", "epistemic", "aleatoric")
MEASURES = {"pearson": "Pearson r", "sign_accuracy": "share with the right sign"}
_RANDOM, _ENSEMBLE = "random", "ensemble"
# Columns within which uncertainties are compared: activities, or effects of a locus, by one recipe.
_MODEL = ["variants", "locus", "dataset", "recipe", "output"]


def abstaining(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Keep the rows of students by their first kind of uncertainty, and of teachers' ensembles.

    Parameters
    ----------
    table
        Rows of the tables of risk, with their run; variants and locus are empty for activities.
    """
    student, alone = table["recipe"].isin(names.teachers), table["member"] == _ENSEMBLE
    kept = []
    for _, some in table[student & ~alone].groupby(_MODEL, sort=False, dropna=False):
        known = set(some["kind"])
        kind = next((kind for kind in PREFERRED if kind in known), None)
        kept.append(some[some["kind"].isin([kind, _RANDOM])])
    of_teachers = table["recipe"].isin(set(names.teachers.values()))
    ensembles = table["kind"].isin([_ENSEMBLE, _RANDOM])
    return pd.concat([*kept, table[~student & alone & of_teachers & ensembles]])


def by_abstention(axes: Axes, points: pd.DataFrame, names: Names) -> None:
    """Draw a measure by the share that is left out: means over members, and random shares dotted.

    Parameters
    ----------
    points
        Rows of `abstaining` of one panel and metric.
    """
    looks = names.looks(points["recipe"])
    for recipe, look in looks.items():
        some = points[points["recipe"] == recipe]
        own = look if recipe in names.teachers else of_ensemble(look)
        random = some["kind"] == _RANDOM
        curve = some[~random].groupby("share")["value"].mean()
        axes.plot(100 * (1 - curve.index), curve, **artist(own), markersize=3, linewidth=0.9)
        chance = some[random].groupby("share")[["value", "low", "high"]].mean()
        left_out = 100 * (1 - chance.index)
        axes.plot(left_out, chance["value"], color=own.colour, linestyle=":", linewidth=0.9)
        band = {"color": own.colour, "alpha": 0.12, "linewidth": 0}
        axes.fill_between(left_out, chance["low"], chance["high"], **band)
    metric = points["metric"].iloc[0]
    axes.set(xlabel="least certain left out [%]", ylabel=MEASURES[metric], xlim=(-3, 93))
