"""One-dimensional functions: members part outside the measurements, a student there follows."""

import numpy as np
import pytest

from degu import toy


@pytest.fixture(scope="module")
def table():
    """Train a small ensemble and its students."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(toy, "MEMBERS", 4)
        patch.setattr(
            toy, "_SETTINGS", toy._SETTINGS.__class__(**vars(toy._SETTINGS) | {"epochs": 60})
        )
        return toy.simulate(3)


def curve(table, role, outside):
    rows = table[table["role"] == role]
    return rows["y"].to_numpy()[(rows["x"].abs() > 1).to_numpy() == outside]


def test_points_are_of_the_function_and_inside(table):
    measured = table[table["role"] == "measured"]
    assert len(measured) == toy.MEASURED
    assert measured["x"].abs().max() <= 1
    assert np.abs(measured["y"] - toy.function(measured["x"])).max() < 5 * toy.NOISE
    function = table[table["role"] == "function"]
    np.testing.assert_allclose(
        function["y"], np.sin(3 * function["x"]) + 0.3 * function["x"], rtol=1e-5, atol=1e-6
    )


def test_the_ensemble_is_the_mean_of_its_members(table):
    members = table[table["role"] == "member"]
    assert members["member"].nunique() == 4
    mean = members.groupby("x")["y"].mean()
    ensemble = table[table["role"] == "ensemble"].set_index("x")["y"]
    np.testing.assert_allclose(mean, ensemble.sort_index(), rtol=1e-5, atol=1e-6)


def test_members_part_outside_and_the_student_taught_there_follows_the_mean(table):
    members = table[table["role"] == "member"]
    spread = members.groupby("x")["y"].std(ddof=0)
    inside = np.abs(spread.index) <= 1
    assert spread[~inside].mean() > 3 * spread[inside].mean()
    mean = curve(table, "ensemble", outside=True)
    errors = {
        role: np.mean((curve(table, role, outside=True) - mean) ** 2)
        for role in ("student", "student_outside")
    }
    assert errors["student_outside"] < errors["student"] / 3


def test_the_same_seed_gives_the_same_curves(table):
    points = [toy._measure(np.random.default_rng(3), 5) for _ in range(2)]
    np.testing.assert_array_equal(points[0].x, points[1].x)
    np.testing.assert_array_equal(points[0].y, points[1].y)
