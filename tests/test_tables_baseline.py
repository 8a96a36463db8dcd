"""The table of a baseline: a fit on the training rows, measured once, with intervals over units."""

import numpy as np
import pytest
from scipy import stats

from degu import bootstrap, dataset, ridge
from degu.dataset import Dataset
from degu.splits import SPLITS
from degu.tables import baseline

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Two activities by word counts, 200 training sequences; test units are pairs."""
    path = tmp_path_factory.mktemp("baseline") / "data.h5"
    codes = RNG.integers(0, 4, (320, 30), dtype=np.uint8)
    counted = ridge.counts(codes, 2)
    noise = RNG.normal(0, 1, (320, 2))
    targets = (counted @ RNG.normal(size=(12, 2)) + noise).astype(np.float32)
    splits = np.repeat(SPLITS, [200, 60, 60])
    names = np.array([f"s{row}" for row in range(320)])
    units = np.arange(320) // 2
    dataset.write(path, dataset.Records(names, codes, targets, ["a", "b"], splits, units=units))
    return Dataset(path)


def test_a_row_an_activity_and_metric(data):
    table = baseline.measure(data, longest=2, resamples=100, seed=3)
    assert table.columns.tolist() == ["output", "metric", "value", "low", "high", "alpha"]
    splits = [(data.codes(split), data.targets(split)) for split in SPLITS]
    fitted = ridge.fit(*splits[:2], 2)
    truth, predicted = splits[2][1], fitted.predict(splits[2][0])
    bounds = bootstrap.intervals(truth, predicted[None], 100, 3, units=data.units("test"))
    for at, name in enumerate("ab"):
        rows = table[table["output"] == name].set_index("metric")
        r = stats.pearsonr(truth[:, at], predicted[:, at]).statistic
        assert rows["value"]["pearson"] == pytest.approx(r) and r > 0.5
        assert rows["value"]["mse"] == pytest.approx(np.mean((truth - predicted)[:, at] ** 2))
        low, high = bounds["pearson"][:, 0, at]
        assert (rows["low"]["pearson"], rows["high"]["pearson"]) == (low, high)
        assert rows["alpha"].unique().tolist() == [fitted.alphas[at]]


def test_a_fraction_is_fitted_on_its_rows_alone(data):
    rows = np.arange(0, 200, 4)
    table = baseline.measure(data, rows, longest=2, resamples=100)
    train = data.codes("train")[rows], data.targets("train")[rows]
    fitted = ridge.fit(train, (data.codes("validation"), data.targets("validation")), 2)
    predicted, truth = fitted.predict(data.codes("test")), data.targets("test")
    r = [stats.pearsonr(*pair).statistic for pair in zip(truth.T, predicted.T, strict=True)]
    np.testing.assert_allclose(table.query("metric == 'pearson'")["value"], r)


def test_activities_that_are_measured_in_other_sequences_are_fitted_apart(data, monkeypatch):
    """The second activity lacks half of the training and of the test set."""
    whole = Dataset.targets

    def masked(self, split, every=1):
        targets = whole(self, split, every).copy()
        targets[::2, 1] = np.nan
        return targets

    monkeypatch.setattr(Dataset, "targets", masked)
    table = baseline.measure(data, longest=2, resamples=100).query("metric == 'pearson'")
    splits = [(data.codes(split)[1::2], whole(data, split)[1::2, 1:]) for split in SPLITS]
    fitted = ridge.fit(*splits[:2], 2)
    r = stats.pearsonr(splits[2][1][:, 0], fitted.predict(splits[2][0])[:, 0]).statistic
    assert table["value"].iloc[1] == pytest.approx(r)
    monkeypatch.undo()
    full = baseline.measure(data, longest=2, resamples=100).query("metric == 'pearson'")
    assert table["value"].iloc[0] == pytest.approx(full["value"].iloc[0])
    assert table["value"].iloc[1] != pytest.approx(full["value"].iloc[1])
