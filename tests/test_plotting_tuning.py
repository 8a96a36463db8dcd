"""The page on studies: the best so far, trials against words and numbers."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from degu import plotting
from test_plotting_names import NAMES

LOSSES = [0.5, 0.2, 0.4, np.nan, 0.45]
STATES = ["complete", "halved", "complete", "failed", "complete"]


@pytest.fixture
def panels():
    values = {
        "architecture.pool": ["none", "3", "none", "3", "3"],
        "training.learning_rate": ["0.0005", "0.01", "0.002", "0.003", "0.004"],
    }
    table = pd.concat(
        pd.DataFrame(
            {
                "trial": range(5),
                "state": STATES,
                "validation_loss": LOSSES,
                "parameter": name,
                "value": tried,
            }
        )
        for name, tried in values.items()
    )
    table = table.assign(
        dataset="lenti", study="small_cnn", fraction=0.5, chosen=table["trial"] == 2
    )
    figure, panels = plotting.tuning_page(table, NAMES)
    yield figure, dict(zip(panels, figure.axes, strict=False)), panels
    plt.close("all")


def test_the_best_so_far_is_of_trials_that_were_trained_to_their_end(panels):
    figure, axes, shown = panels
    key = "lenti small_cnn 0.5 trial"
    assert list(shown[key]["trial"]) == [0, 1, 2, 4]
    assert list(shown[key]["best"]) == [0.5, 0.5, 0.4, 0.4]
    best, halved, complete, chosen = axes[key].lines
    assert list(best.get_ydata()) == [0.5, 0.5, 0.4, 0.4]
    assert list(halved.get_xdata()) == [1] and list(chosen.get_ydata()) == [0.4]
    assert list(complete.get_xdata()) == [0, 4]
    assert figure.subfigs[0].get_suptitle() == "lentiMPRA K562: small cnn, 50% of the training set"


def test_words_are_ticks_and_wide_numbers_stand_on_a_logarithmic_axis(panels):
    _, axes, _ = panels
    words, rates = (
        axes["lenti small_cnn 0.5 architecture.pool"],
        axes["lenti small_cnn 0.5 training.learning_rate"],
    )
    assert [tick.get_text() for tick in words.get_xticklabels()] == ["3", "none"]
    assert rates.get_xscale() == "log" and rates.get_xlabel() == "learning rate"
    assert list(rates.lines[-1].get_xdata()) == [0.002]
