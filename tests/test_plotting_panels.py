"""What figures leave out."""

import numpy as np
import pandas as pd

from degu import plotting


def maps(**scores):
    """Long form of the maps of members."""
    parts = [
        pd.DataFrame({"member": member, "position": range(len(score)), "score": score})
        for member, score in scores.items()
    ]
    return pd.concat(parts)


def test_long_maps_are_cut_where_their_mean_is_largest():
    of_0, of_mean = np.zeros(30), np.zeros(30)
    # Where members cancel counts for nothing; magnitudes of both signs add up.
    of_0[[2, 3]], of_mean[[2, 3]] = 50, -50
    of_0[20], of_mean[23] = 3, -3
    of_0[10] = 4
    table = maps(one=of_0, ensemble=of_mean).assign(name="a")
    shown = plotting.readable(table, ["name"], length=5)
    for member, score in [("one", of_0), ("ensemble", of_mean)]:
        rows = shown[shown["member"] == member]
        assert rows["position"].tolist() == [19, 20, 21, 22, 23]
        assert rows["score"].tolist() == score[19:24].tolist()


def test_each_sequence_is_cut_by_itself_and_a_short_one_stays():
    long, other, short = np.zeros(12), np.zeros(12), np.arange(4.0)
    long[0], other[-1] = 1, 1
    sequences = {"a": long, "b": other, "c": short}
    table = pd.concat(maps(one=score).assign(name=name) for name, score in sequences.items())
    shown = plotting.readable(table, ["name"], length=4)
    assert shown["name"].tolist() == [*"aaaa", *"bbbb", *"cccc"]
    assert shown["position"].tolist() == [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3]
    assert plotting.readable(table, ["name"], length=12).equals(table)
