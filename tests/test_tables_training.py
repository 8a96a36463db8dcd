"""The table of trainings: facts of each member's history, by hand."""

import numpy as np
import pandas as pd

from degu.tables import training


def history(losses, rates, best_epoch, waited, average=np.nan):
    """Write a history of epochs of five steps."""
    epochs = np.arange(1, len(losses) + 1)
    table = pd.DataFrame({"epoch": epochs, "steps": 5 * epochs, "learning_rate": rates})
    table = table.assign(validation_loss=losses, best_epoch=best_epoch, waited=waited, stage=1)
    table["validation_loss_average"] = [np.nan] * (len(losses) - 1) + [average]
    return table


def test_trainings_by_hand():
    made = [
        # Patience of two epochs, after a decay: all is well; the mean of the last epochs is worse.
        history([3, 2, 4, 4], [0.1, 0.1, 0.1, 0.01], [1, 2, 2, 2], [0, 0, 1, 2], average=2.5),
        # Still improving at the end; the mean is better than the best epoch.
        history([3, 2, 1], [0.1] * 3, [1, 2, 3], [0, 0, 0], average=0.5),
        # No epoch passed the warm-up: the last one counts, which the mean is held against.
        history([1, 2, 3], [0.1] * 3, [0, 0, 0], [0, 0, 0], average=2.5),
    ]
    table = training.summarise(made, "plateau", 2, [2, 0, None])
    short = "the budget ended before patience and the rate never decayed"
    expected = pd.DataFrame(
        [
            (0, 2, 4, 20, 2, "best epoch", "patience", 0.01, False, ""),
            (1, 0, 3, 15, 3, "average", "budget", 0.1, True, short),
            (2, None, 3, 15, 0, "average", "budget", 0.1, True, short),
        ],
        columns=[
            *("member", "start", "epochs", "steps", "best_epoch", "weights", "stopped_by"),
            *("learning_rate", "undertrained", "reason"),
        ],
    )
    pd.testing.assert_frame_equal(table, expected.astype({"start": "Int64"}))


def test_the_last_epoch_is_named_where_none_counts():
    made = history([1, 2, 3], [0.1] * 3, [0, 0, 0], [0, 0, 0])
    (row,) = training.summarise([made], "cosine", 2, [None]).itertuples()
    assert (row.weights, row.stopped_by) == ("last epoch", "budget")
