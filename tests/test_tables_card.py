"""The data card: hand-computed numbers, planted repeats and leaks, and a known noise."""

import json

import h5py
import numpy as np
import pytest

from degu import dataset
from degu.sequences import encode, reverse_complement
from degu.tables import card


def made_card(tmp_path, sequences, splits, targets, replicates=None, **more):
    records = dataset.Records(
        names=np.array([f"s{number}" for number in range(len(sequences))]),
        codes=encode(sequences),
        targets=np.array(targets, np.float32)[:, None],
        target_names=["activity"],
        splits=np.array(splits),
        steps=[("rows", len(sequences) + 3), ("rows kept", len(sequences))],
        replicates={} if replicates is None else {"activity": np.array(replicates)},
        **more,
    )
    dataset.write(tmp_path / "data.h5", records)
    table = card.describe(dataset.Dataset(tmp_path / "data.h5"))
    return table.set_index(["split", "output", "metric"])["value"]


SPLITS = ["train"] * 4 + ["validation"] * 2 + ["test"] * 2
SEQUENCES = ["AACC", "GGGG", "ACNA", "TTTT", "CAGA", "ATAT", "ACGG", "CATT"]


def test_counts_lengths_and_quantiles_by_hand(tmp_path):
    values = made_card(tmp_path, SEQUENCES, SPLITS, [0, 1, 2, 3, 5, 7, 1, 2])
    assert values["all", "sequence", "rows"] == 11
    assert values["all", "sequence", "rows kept"] == 8
    assert values["train", "sequence", "number"] == 4
    assert values["train", "sequence", "length"] == 4
    assert values["train", "sequence", "unknown bases"] == 1 / 16
    # GC shares of known bases: 1/2, 1, 1/3, 0.
    assert values["train", "sequence", "GC quantile 1"] == 1
    assert values["train", "sequence", "GC quantile 0.5"] == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert values["train", "activity", "number"] == 4
    assert values["train", "activity", "mean"] == 1.5
    assert values["train", "activity", "std"] == pytest.approx(np.sqrt(1.25))
    assert values["train", "activity", "quantile 0.25"] == 0.75
    assert values["all", "sequence", "repeated sequences"] == 0


def test_missing_measurements_do_not_count(tmp_path):
    targets = [0, np.nan, 2, np.nan, 5, 7, 1, 2]
    values = made_card(tmp_path, SEQUENCES, SPLITS, targets, masked=True)
    assert values["train", "sequence", "number"] == 4
    assert values["train", "activity", "number"] == 2
    assert values["train", "activity", "mean"] == 1
    assert values["train", "activity", "std"] == 1
    assert values["train", "activity", "quantile 0.5"] == 1


def test_what_was_counted_of_sequences_without_measurements(tmp_path):
    made_card(tmp_path, SEQUENCES, SPLITS, [0, 1, 2, 3, 5, 7, 1, 2])
    path = tmp_path / "mutate1_rate0.5/0.25.h5"
    path.parent.mkdir()
    with h5py.File(path, "w") as file:
        file.attrs["steps"] = json.dumps([["parents", 3], ["mutate", 2]])
    table = card.describe(dataset.Dataset(tmp_path / "data.h5"), [str(path)])
    added = table[table["metric"].str.startswith("mutate1")]
    assert added.to_numpy().tolist() == [
        ["all", "sequence", "mutate1_rate0.5, fraction 0.25: parents", 3],
        ["all", "sequence", "mutate1_rate0.5, fraction 0.25: mutate", 2],
    ]


def test_planted_repeats_and_leaks_are_counted(tmp_path):
    """A repeat within training, one in validation, and a reverse complement in test."""
    sequences = ["AACCG", "GGGCA", "AACCG", "TTGTA", "GGGCA", "ATATC", "TACAA", "CATTG"]
    values = made_card(tmp_path, sequences, SPLITS, [0, 1, 2, 3, 5, 7, 1, 2])
    assert values["all", "sequence", "repeated sequences"] == 3
    assert values["all", "sequence", "leaks by sequence"] == 1
    assert values["all", "sequence", "leaks by reverse complement"] == 1


def test_shared_adaptors_do_not_hide_a_reverse_complement(tmp_path):
    inserts = [
        "AACCGATC",
        "GTTTCACC",
        "ACTTAGGA",
        "TGCATTGC",
        "CAGATTCG",
        "ATATGCCA",
        "",
        "CATTGGAC",
    ]
    codes = encode([inserts[0]])
    opposite = "".join("ACGT"[code] for code in reverse_complement(codes)[0])
    inserts[6] = opposite
    sequences = [f"GGATC{insert}CCTTG" for insert in inserts]
    values = made_card(tmp_path, sequences, SPLITS, [0, 1, 2, 3, 5, 7, 1, 2])
    assert values["all", "sequence", "leaks by reverse complement"] == 1


def test_replicate_pearson_uses_what_both_have():
    replicates = np.array([[1, 2, np.nan], [2, 4, 1], [3, 6.0, 5], [4, 8, 3]])
    r_third = np.corrcoef([2, 3, 4], [1, 5, 3])[0, 1]
    assert card.replicate_pearson(replicates) == pytest.approx((1 + 2 * r_third) / 3)


def test_noise_ceiling_is_what_a_perfect_prediction_reaches():
    """Known truth and noise: the r of truth and measured means, and its closed form."""
    rng = np.random.default_rng(0)
    truth = rng.normal(0, 1, 100_000)
    replicates = truth[:, None] + rng.normal(0, 0.8, (len(truth), 3))
    replicates[: len(truth) // 2, 2] = np.nan
    reached = np.corrcoef(truth, np.nanmean(replicates, axis=1))[0, 1]
    noise = 0.8**2 * (1 / 2 + 1 / 3) / 2
    assert card.noise_ceiling(replicates) == pytest.approx(reached, abs=0.003)
    assert card.noise_ceiling(replicates) == pytest.approx(1 / np.sqrt(1 + noise), abs=0.003)


def test_pure_noise_has_a_ceiling_near_zero():
    replicates = np.random.default_rng(1).normal(size=(2000, 4))
    assert card.noise_ceiling(replicates) < 0.2
