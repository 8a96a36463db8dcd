"""Checks of an answer's values: members that fell out, other scales, another order of letters."""

from collections.abc import Mapping, Sequence

import numpy as np

from degu import metrics
from degu.dataset import Dataset
from degu.job import InputError, log
from degu.splits import SPLITS

# Ratio of scales beyond which two units are others.
_SCALE = 10
# Sequences that are looked at to compare members.
_MOST = 100_000
# An r that is below it beyond chance says that predictions have nothing to do with measurements.
_NOTHING = 0.1


def check_members(predictions: np.ndarray, names: Sequence[str], activities: Sequence[str]) -> None:
    """Refuse members that are constant, inverted, unlike all others, or on another scale.

    Parameters
    ----------
    predictions : float array, shape (members, n, activities)
    names, activities
        Names of the members and of the activities.

    Raises
    ------
    InputError
        For the member that is farthest from the others.
    """
    some = predictions[:, :: 1 + predictions.shape[1] // _MOST].astype(np.float64)
    for column, activity in enumerate(activities):
        values = some[..., column]
        flat = np.ptp(values, axis=1) == 0
        if flat.any():
            at = int(np.argmax(flat))
            raise InputError(
                f"The member {names[at]!r} predicts {values[at, 0]:g} for {activity!r} of every "
                "sequence: it is constant."
            )
        _check_scales(values, names, activity)
        _check_agreement(values, names, activity)


def _check_agreement(values: np.ndarray, names: Sequence[str], activity: str) -> None:
    """Members agree with most of the others, by more than chance."""
    r = np.corrcoef(values)
    np.fill_diagonal(r, np.nan)
    usual = np.nanmedian(r, axis=1)
    worst, chance = int(np.argmin(usual)), 3 / np.sqrt(values.shape[1])
    if usual[worst] > chance:
        return
    what = "it is inverted" if usual[worst] < -chance else "it has nothing to do with them"
    raise InputError(
        f"The member {names[worst]!r} agrees with the others at r = {usual[worst]:.3f} (median) in "
        f"{activity!r}: {what}. Its rows may stand in another order than its ids, its letters in "
        "another order than those of its network."
    )


def _check_scales(values: np.ndarray, names: Sequence[str], activity: str) -> None:
    """Members have one scale and one zero."""
    std, mean = values.std(axis=1), values.mean(axis=1)
    usual, middle = np.median(std), np.median(mean)
    scale = np.abs(np.log(std / usual)) / np.log(_SCALE)
    far = np.maximum(scale, np.abs(mean - middle) / usual / _SCALE)
    worst = int(np.argmax(far))
    if far[worst] > 1:
        raise InputError(
            f"The member {names[worst]!r} predicts {activity!r} with mean {mean[worst]:.4g} and "
            f"standard deviation {std[worst]:.4g}, but the median over members is {middle:.4g} and "
            f"{usual:.4g}: are its units others?"
        )


def check_known(
    known: np.ndarray,
    expected: Mapping[str, float],
    activities: Sequence[str],
    order: str,
    tolerance: float,
) -> None:
    """Hold predictions for the sequence of `predictions.check` against what is known of it.

    Parameters
    ----------
    known : float array, shape (members, activities)
    expected
        Mean over the members by activity.
    activities
        Names of the activities.
    order
        Order of the letters that the request shows.
    tolerance
        Largest difference.

    Raises
    ------
    InputError
        For another mean, most likely by another order of letters.
    """
    means = dict(zip(activities, known.mean(axis=0, dtype=np.float64), strict=True))
    for activity, value in expected.items():
        if not abs(means[activity] - value) <= tolerance:
            raise InputError(
                f"The sequence of predictions.check has {activity} = {means[activity]:.6g}, but "
                f"{value:g} is expected: were its letters encoded in another order than that of "
                f"the networks ({order})?"
            )


def check_measured(predictions: np.ndarray, data: Dataset, order: str) -> None:
    """Hold the mean over members against all measurements of a data set, where there are some.

    Parameters
    ----------
    predictions : float array, shape (members, n, activities)
        In the order of the splits.
    data
        Data set.
    order
        Order of the letters, for errors.

    Raises
    ------
    InputError
        Where they have nothing to do with each other or are opposite, beyond chance, or where
        their scales differ by a factor of ten or more.
    """
    targets = np.concatenate([data.targets(split) for split in SPLITS])
    units = np.concatenate([data.units(split) for split in SPLITS])
    for column, activity in enumerate(data.activities):
        if activity in data.target_names:
            truth = targets[:, data.target_names.index(activity)]
            _check_activity(predictions[..., column], truth, units, activity, order)


def _check_activity(
    predictions: np.ndarray, truth: np.ndarray, units: np.ndarray, activity: str, order: str
) -> None:
    known = np.isfinite(truth)
    truth, mean = truth[known], predictions[:, known].mean(axis=0, dtype=np.float64)
    r, chance = metrics.pearson(truth, mean), 3 / np.sqrt(len(np.unique(units[known])))
    log.info("%s: r of the mean over members with measurements is %.3f", activity, r)
    if r + chance < _NOTHING:
        raise InputError(
            f"The mean over members has r = {r:.3f} with the measurements of {activity!r}: "
            f"{'it is inverted' if r < -chance else 'they have nothing to do with each other'}. "
            f"Were the letters encoded in another order than that of the networks ({order}), or do "
            "rows stand in another order than their ids?"
        )
    slope = r * truth.std() / mean.std()
    if r > chance and not 1 / _SCALE < slope < _SCALE:
        raise InputError(
            f"Measurements of {activity!r} change by {slope:.3g} where predictions change by 1: "
            "are their units others (such as log2 and natural values)? Convert the predictions."
        )
