"""The table of trainings: how long each member of a run was trained, and whether long enough."""

from collections.abc import Sequence

import pandas as pd

from degu import histories


def summarise(
    trainings: Sequence[pd.DataFrame], schedule: str, patience: int, starts: Sequence[int | None]
) -> pd.DataFrame:
    """Summarise the trainings of a run, a row a member.

    Parameters
    ----------
    trainings
        Histories of members 0, 1, … (`degu.training.fit`).
    schedule, patience
        Those of the run's training settings.
    starts
        Number of the teacher whose weights each member started from, or None.

    Returns
    -------
    table : DataFrame
        member, start, epochs, steps, best_epoch (0 where no epoch passed the warm-up), weights
        (those that the model has: best epoch, last epoch, or average), stopped_by (patience or
        budget), learning_rate (at the end), undertrained, reason (empty if it is not).
    """
    rows = [_row(history, schedule, patience) for history in trainings]
    table = pd.DataFrame(rows)
    table.insert(0, "member", range(len(rows)))
    table.insert(1, "start", pd.array(starts, dtype="Int64"))
    return table


def _row(history: pd.DataFrame, schedule: str, patience: int) -> dict:
    last, reason = history.iloc[-1], histories.undertrained(history, schedule, patience)
    chosen = last["best_epoch"] or last["epoch"]
    best = history.set_index("epoch")["validation_loss"][chosen]
    weights = "best epoch" if last["best_epoch"] else "last epoch"
    return {
        "epochs": int(last["epoch"]),
        "steps": int(last["steps"]),
        "best_epoch": int(last["best_epoch"]),
        "weights": "average" if last["validation_loss_average"] < best else weights,
        "stopped_by": histories.stopped_by(history, schedule, patience),
        "learning_rate": last["learning_rate"],
        "undertrained": bool(reason),
        "reason": reason,
    }
