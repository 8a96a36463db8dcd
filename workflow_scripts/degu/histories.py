"""Histories of trainings: what ended them, and whether they were long enough."""

import numpy as np
import pandas as pd


def stopped_by(history: pd.DataFrame, schedule: str, patience: int) -> str:
    """Tell what ended a training, or a stage of it: "patience", or "budget".

    Parameters
    ----------
    history
        From `degu.training.fit`.
    schedule, patience
        Those of the settings (`degu.training.Settings`); a cosine always runs its budget.
    """
    ran_out = schedule == "plateau" and history["waited"].iloc[-1] >= patience
    return "patience" if ran_out else "budget"


def undertrained(history: pd.DataFrame, schedule: str, patience: int) -> str:
    """Tell why a training was too short; an empty text if nothing speaks for it.

    On a plateau a training is long enough if patience ran out in each of its stages, and the rate
    had decayed: no rate improved the validation loss any more. That of a cosine always levels off,
    since the rate ends near zero: whether more steps would help shows in what the second half of a
    stage gained. Longer cosines gain in their first half, and overfit in the second.

    Parameters are those of `stopped_by`.
    """
    stages = [stage for _, stage in history.groupby("stage")]
    if schedule == "cosine":
        losses = [stage["validation_loss"].to_numpy() for stage in stages]
        reasons = {"the second half of the budget still gained": any(map(_gained, losses))}
    else:
        ends = {stopped_by(stage, schedule, patience) for stage in stages}
        reasons = {
            "the budget ended before patience": "budget" in ends,
            "the rate never decayed": history["learning_rate"].nunique() == 1,
        }
    return " and ".join(reason for reason, holds in reasons.items() if holds)


def _gained(losses: np.ndarray) -> bool:
    """Whether the best of the second half is better than that of the first, by more than noise.

    Noise is twice the standard deviation of an epoch's loss, from changes between the epochs of the
    second half. A single epoch was too short.
    """
    half = len(losses) // 2
    if half == 0:
        return True
    noise = np.diff(losses)[half - 1 :].std() / np.sqrt(2)
    return bool(losses[:half].min() - losses[half:].min() > 2 * noise)
