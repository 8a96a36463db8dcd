"""Data cards as they are read."""

import numpy as np
import pandas as pd

from degu.report import cards


def test_a_card_of_a_data_set():
    card = pd.DataFrame(
        [
            ("all", "sequence", "rows", 9),
            ("train", "sequence", "number", 6),
            ("train", "y", "mean", 0.5),
            ("test", "sequence", "number", 3),
        ],
        columns=["split", "output", "metric", "value"],
    )
    counts, splits = cards.readable(card)
    assert counts.to_numpy().tolist() == [["rows", 9]]
    expected = pd.DataFrame(
        {"measure": ["sequence: number", "y: mean"], "train": [6, 0.5], "test": [3, np.nan]}
    )
    pd.testing.assert_frame_equal(splits, expected)


def test_a_card_of_variants_has_a_column_a_locus():
    card = pd.DataFrame(
        [("L1", "rows", 2), ("L2", "rows", 3), ("L1", "deletion", 0), ("L2", "deletion", 1)],
        columns=["output", "metric", "value"],
    )
    (table,) = cards.readable(card)
    expected = pd.DataFrame({"metric": ["rows", "deletion"], "L1": [2.0, 0], "L2": [3.0, 1]})
    pd.testing.assert_frame_equal(table, expected)
