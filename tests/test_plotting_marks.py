"""Rows of tables, places beside a tick, reference lines, limits."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from degu import plotting


@pytest.fixture
def axes():
    """One panel; all figures are closed behind a test."""
    yield plotting.canvas(1, 1)[1][0, 0]
    plt.close("all")


def test_rows_are_those_with_all_labels():
    table = pd.DataFrame({"a": [1, 1, 2, 1], "b": ["x", "y", "x", "x"], "v": range(4)})
    assert plotting.rows(table, a=1, b="x")["v"].tolist() == [0, 3]
    assert plotting.rows(table, a=3).empty
    assert plotting.rows(table).equals(table)


def test_a_table_of_no_run_has_no_rows_whatever_its_columns():
    table = pd.DataFrame(columns=["dataset"])
    assert plotting.rows(table, metric="pearson").empty
    assert plotting.single(table).empty
    assert plotting.select(table, {"a": {"role": "k562"}}) == {}


def test_single_members_and_largest_fractions_are_told_apart():
    table = pd.DataFrame(
        {
            "dataset": ["k562", "k562", "k562", "hepg2"],
            "recipe": ["standard", "standard", "degu", "standard"],
            "fraction": [0.5, 1.0, 0.5, 0.5],
            "member": ["0", "ensemble", "1", "2"],
        }
    )
    assert plotting.single(table)["member"].tolist() == ["0", "1", "2"]
    assert plotting.largest(table)["member"].tolist() == ["ensemble", "1", "2"]


@pytest.mark.parametrize(
    ("total", "offsets"), [(1, [0]), (2, [-0.2, 0.2]), (4, [-0.3, -0.1, 0.1, 0.3])]
)
def test_groups_stand_beside_one_another_around_their_tick(total, offsets):
    found = [plotting.beside(number, total) for number in range(total)]
    assert found == pytest.approx(offsets)
    assert plotting.beside(0, 2, width=0.4) == pytest.approx(-0.1)


def test_a_reference_is_a_dotted_line_across(axes):
    plotting.reference(axes, 0.95)
    (line,) = axes.lines
    assert list(line.get_ydata()) == [0.95, 0.95] and list(line.get_xdata()) == [0, 1]
    assert (line.get_linestyle(), line.get_color()) == (":", "grey")


def test_a_small_difference_is_drawn_on_a_wide_axis(axes):
    axes.set_ylim(0.700, 0.701)
    plotting.roomy(axes, 0.05)
    assert axes.get_ylim() == pytest.approx((0.6755, 0.7255))
    axes.set_ylim(0.96, 0.99)
    plotting.roomy(axes, 0.1, high=1)
    assert axes.get_ylim() == pytest.approx((0.925, 1.0))
    axes.set_xlim(0.5, 0.51)
    plotting.roomy(axes, 0.03, axis="x")
    assert axes.get_xlim() == pytest.approx((0.49, 0.52))
    axes.set_ylim(0.2, 0.8)
    plotting.roomy(axes, 0.1)
    assert axes.get_ylim() == (0.2, 0.8)


def test_panels_have_the_rows_of_their_labels_or_are_left_out():
    table = pd.DataFrame(
        {"role": ["k562", "hepg2", "k562"], "place": [0, 0, 1], "value": [1, 2, 3]}
    )
    labels = {"a": {"role": "k562", "place": [0, 1]}, "b": {"role": "atac"}, "c": {"role": "hepg2"}}
    panels = plotting.select(table, labels)
    assert {letter: rows.to_dict("list") for letter, rows in panels.items()} == {
        "a": {"value": [1, 3]},
        "c": {"value": [2]},
    }


def test_a_value_of_the_whole_panel_is_a_line_in_its_look(axes):
    plotting.level(axes, 0.7, plotting.ENSEMBLE)
    (line,) = axes.lines
    assert list(line.get_ydata()) == [0.7, 0.7]
    assert (line.get_color(), line.get_linestyle()) == ("#009E73", "--")
