"""Agreement of maps, by hand and beside scipy."""

import math

import numpy as np
import pytest
from scipy import stats

from degu import consistency
from degu.job import InputError

RNG = np.random.default_rng(0)
# Two members, two sequences of one base.
MAPS = np.array([[[[1.0, 0, 0, 0]], [[2, 2, 2, 2]]], [[[3.0, 4, 0, 0]], [[2, 2, 2, 2]]]])


def test_rmse_and_spread_by_hand():
    average = MAPS.mean(axis=0)
    found = consistency.consistency(MAPS, average)
    # The average is 2 2 0 0: both members are off by 1 and 2 in two of four scores.
    np.testing.assert_allclose(found.rmse, [[math.sqrt(5 / 4), 0]] * 2)
    # Variances 2 and 8.
    np.testing.assert_allclose(found.spread, [math.sqrt(10), 0])


def test_students_are_held_against_the_average_of_their_teachers():
    found = consistency.consistency(MAPS, np.zeros((2, 1, 4)))
    np.testing.assert_allclose(found.rmse, [[0.5, 2], [2.5, 2]])
    np.testing.assert_allclose(found.spread, [math.sqrt(10), 0])


def test_the_spread_does_not_depend_on_how_many_members_there_are():
    """Members of both ensembles are drawn from one law; one member has no spread."""
    maps = RNG.normal(size=(12, 3000, 2, 4))
    few, many = (consistency.consistency(some, maps.mean(axis=0)) for some in (maps[:2], maps))
    # The summed variances of eight scores.
    assert np.square(few.spread).mean() == pytest.approx(8, rel=0.05)
    assert np.square(many.spread).mean() == pytest.approx(8, rel=0.02)
    assert np.isnan(consistency.consistency(maps[:1], maps[0]).spread).all()


def test_members_of_the_average_are_held_against_the_others():
    """Exactly, since the average is that of the same maps."""
    maps = RNG.normal(size=(5, 3, 2, 4))
    found = consistency.consistency(maps, maps.mean(axis=0), among=5)
    for member in range(5):
        others = np.delete(maps, member, axis=0).mean(axis=0)
        expected = consistency.consistency(maps[member : member + 1], others).rmse[0]
        np.testing.assert_allclose(found.rmse_others[member], expected, rtol=1e-12)
    np.testing.assert_allclose(found.rmse_others, 5 / 4 * found.rmse, rtol=1e-12)


def test_students_are_no_part_of_the_average_and_a_lone_teacher_has_no_others():
    students = consistency.consistency(MAPS, np.zeros((2, 1, 4)))
    np.testing.assert_array_equal(students.rmse_others, students.rmse)
    alone = consistency.consistency(MAPS[:1], MAPS[0], among=1)
    assert not alone.rmse.any() and np.isnan(alone.rmse_others).all()


def test_normalised_maps_reach_one_and_zeros_stay():
    maps = np.array([[[1.0, -4], [2, 0]], [[0, 0], [0, 0]]])
    np.testing.assert_array_equal(
        consistency.normalise(maps), [[[0.25, -1], [0.5, 0]], [[0, 0], [0, 0]]]
    )
    # Maps that differ by a factor are the same ones then.
    scaled = np.stack([maps, 3 * maps])
    assert not consistency.consistency(consistency.normalise(scaled), maps / 4).rmse.any()


def test_float32_maps_lose_nothing():
    maps = RNG.normal(1000, 1e-3, (4, 2, 5, 4)).astype(np.float32)
    expected = np.sqrt(np.var(maps.astype(np.float64), axis=0, ddof=1).sum(axis=(1, 2)))
    found = consistency.consistency(maps, maps.mean(axis=0, dtype=np.float64))
    np.testing.assert_allclose(found.spread, expected, rtol=1e-12)


@pytest.mark.parametrize("shape", [(2, 1, 4), (1, 1, 4), (2, 2, 1, 4)])
def test_maps_of_other_shapes_are_refused(shape):
    maps = MAPS[0] if shape == (2, 1, 4) else MAPS
    with pytest.raises(InputError, match=r"must be \(members, n, length, 4\) and \(n, length, 4\)"):
        consistency.consistency(maps, np.zeros(shape))


def test_students_and_teachers_are_compared_as_in_the_paper():
    def made(members, seed):
        rng = np.random.default_rng(seed)
        rmse, spread = rng.random((members, 30)), rng.random(30)
        return consistency.Consistency(rmse, spread, rmse)

    students, teachers = made(4, 1), made(6, 2)
    table = consistency.compare(students, teachers).set_index("metric")
    a, b = students.rmse.mean(axis=1), teachers.rmse.mean(axis=1)
    rmse, spread = table.loc["rmse"], table.loc["spread"]
    assert rmse[["students", "teachers"]].tolist() == pytest.approx([a.mean(), b.mean()])
    assert rmse[["n_students", "n_teachers"]].tolist() == [4, 6]
    pooled = (a.var(ddof=1) * 3 + b.var(ddof=1) * 5) / 8
    t = (a.mean() - b.mean()) / math.sqrt(pooled * (1 / 4 + 1 / 6))
    assert rmse[["t", "p"]].tolist() == pytest.approx([t, 2 * stats.t.sf(abs(t), 8)])
    d = students.spread - teachers.spread
    t = d.mean() / (d.std(ddof=1) / math.sqrt(30))
    assert spread[["t", "p"]].tolist() == pytest.approx([t, 2 * stats.t.sf(abs(t), 29)])
    assert spread[["n_students", "n_teachers"]].tolist() == [30, 30]


def test_of_one_student_there_is_no_test():
    one, two = np.ones((1, 3)), np.full((3, 3), 2.0)
    one = consistency.Consistency(one, np.array([1.0, 2, 4]), one)
    several = consistency.Consistency(two, np.array([2.0, 5, 3]), two)
    table = consistency.compare(one, several).set_index("metric")
    assert table.index.tolist() == ["rmse", "rmse_others", "spread"]
    for metric in ("rmse", "rmse_others"):
        assert table.loc[metric, ["t", "p"]].isna().all()
        assert table.loc[metric, ["students", "teachers"]].tolist() == [1, 2]
    assert table.loc["spread", ["t", "p"]].notna().all()


@pytest.mark.parametrize("metric", ["rmse", "normalised_rmse", "spread", "normalised_spread"])
def test_spreads_are_paired_and_distances_independent(metric):
    students, teachers = RNG.random((2, 8))
    test = stats.ttest_rel if "spread" in metric else stats.ttest_ind
    found = consistency.t_test(metric, students, teachers)
    assert found == pytest.approx((test(students, teachers).statistic, test(students, teachers)[1]))
    assert np.isnan(consistency.t_test(metric, students[:1], teachers[:1])).all()


def test_spread_adds_up_the_error_bars():
    maps = RNG.normal(size=(4, 3, 5, 4))
    _, std, _ = consistency.error_bars(maps)
    found = consistency.consistency(maps, maps.mean(axis=0)).spread
    np.testing.assert_allclose(found, np.sqrt(np.square(std).sum(axis=(1, 2))), rtol=1e-12)


def test_error_bars_by_hand():
    mean, std, z = consistency.error_bars(np.array([[1.0, 0, 2, -3], [3, 0, 2, -1]]))
    np.testing.assert_array_equal(mean, [2, 0, 2, -2])
    np.testing.assert_allclose(std, np.array([1, 0, 0, 1]) * math.sqrt(2), rtol=1e-12)
    np.testing.assert_allclose(z, [math.sqrt(2), 0, np.inf, -math.sqrt(2)], rtol=1e-12)
    with pytest.raises(InputError, match="at least two members"):
        consistency.error_bars(np.ones((1, 4)))


def test_similarity_is_pearsons_r_of_each_sequence_and_of_corrected_maps_the_cosine():
    one, other = RNG.normal(size=(2, 3, 5, 7, 4))
    found = consistency.similarity(one, other)
    assert found.shape == (3, 5)
    for place in np.ndindex(3, 5):
        expected = stats.pearsonr(one[place].ravel(), other[place].ravel()).statistic
        assert found[place] == pytest.approx(expected, abs=1e-12)
    one, other = (some - some.mean(axis=-1, keepdims=True) for some in (one, other))
    products = (one * other).sum(axis=(2, 3))
    cosine = products / np.sqrt((one**2).sum(axis=(2, 3)) * (other**2).sum(axis=(2, 3)))
    np.testing.assert_allclose(consistency.similarity(one, other), cosine, rtol=1e-12)
    np.testing.assert_allclose(consistency.similarity(one, -3 * one), -1)


def test_a_map_of_zeros_resembles_nothing():
    assert np.isnan(consistency.similarity(np.zeros((1, 3, 4)), RNG.normal(size=(1, 3, 4)))).all()
