"""Ensembles by size: agreement of an ensemble's mean with the measurements of the test set."""

import h5py
import numpy as np
import pytest
from scipy import stats

from degu import bootstrap, dataset
from degu.dataset import Dataset, Records
from degu.heads import Heads
from degu.tables import ensembles

N = 40


@pytest.fixture
def made(tmp_path):
    """Write a data set whose test sequences are 20 pairs of strands, and labels of it."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (3 * N, 30), dtype=np.uint8)
    codes[1::2] = 3 - codes[::2, ::-1]
    targets = rng.normal(size=(3 * N // 2, 2)).repeat(2, axis=0).astype(np.float32)
    splits = np.repeat(dataset.SPLITS, N)
    names = np.array([f"s{row}" for row in range(3 * N)])
    dataset.write(tmp_path / "d.h5", Records(names, codes, targets, ["Dev", "Hk"], splits))
    mean = (targets[-N:] + rng.normal(size=(N, 2))).astype(np.float32)
    with h5py.File(tmp_path / "3.h5", "w") as file:
        file.attrs["heads"] = Heads.of(["Dev", "Hk"]).to_json()
        file["test/mean"], file["test/std"] = mean, np.ones((N, 2), np.float32)
    return tmp_path, targets[-N:], mean


def test_values_are_those_of_scipy_and_intervals_those_of_units(made):
    folder, truth, mean = made
    data = Dataset(folder / "d.h5")
    table = ensembles.measure(str(folder / "3.h5"), data, resamples=200, seed=1)
    assert table["output"].tolist() == ["Dev"] * 3 + ["Hk"] * 3
    assert set(table["kind"]) == {"activity"}
    rows = table.set_index(["output", "metric"])
    for column, output in enumerate(["Dev", "Hk"]):
        r = stats.pearsonr(truth[:, column], mean[:, column]).statistic
        rho = stats.spearmanr(truth[:, column], mean[:, column]).statistic
        assert rows.loc[(output, "pearson"), "value"] == pytest.approx(r, rel=1e-6)
        assert rows.loc[(output, "spearman"), "value"] == pytest.approx(rho, rel=1e-6)
    units = data.units("test")
    assert len(np.unique(units)) == N // 2
    bounds = bootstrap.intervals(truth, mean[None], 200, 1, units=units)["pearson"][:, 0]
    np.testing.assert_allclose(rows.loc[("Dev", "pearson"), ["low", "high"]].tolist(), bounds[:, 0])
    wide = rows["high"] - rows["low"]
    by_row = bootstrap.intervals(truth, mean[None], 200, 1)["pearson"][:, 0]
    assert wide["Dev", "pearson"] > np.diff(by_row[:, 0])[0]
