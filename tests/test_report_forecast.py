"""Measured and estimated costs, and their sums: small numbers by hand."""

import math

import pandas as pd
import pytest

from degu.report import forecast, work

JOB = {
    "rule": "train",
    "series": "d/r",
    "fraction": "1.0",
    "share": 1.0,
    "sequences": 1000,
    "passes": 10,
    "length": 100,
    "network": "net",
    "bytes": math.nan,
    "kind": "net",
}
NO_COSTS = pd.DataFrame(
    columns=["network", "share", "sequences", "passes", "length", "paced", "bytes"]
)


def rows(*changes, **more):
    return pd.DataFrame([JOB | more | change for change in changes])


def finished(*changes):
    """Jobs that took an hour, half of it for their passes, and wrote 2 GB."""
    return rows(*changes, seconds=3600.0, paced=1800.0, bytes=2e9)


def expected(job, measured, costs=NO_COSTS):
    found = forecast.expect(rows(job), measured, costs).iloc[0]
    return tuple(found[["measured", "estimated", "gb_measured", "gb_estimated"]].fillna("-"))


def test_siblings_of_the_same_run_are_measured():
    """Their median, whatever they did beside."""
    siblings = finished({"seconds": 3600}, {"seconds": 9000}, {"seconds": 7200, "passes": 3})
    assert expected({}, siblings) == (2, "-", 2, "-")


def test_the_same_fraction_goes_before_another_which_is_scaled():
    half = {"fraction": "0.5", "sequences": 500}
    assert expected({}, finished(half)) == (2, "-", "-", 2)
    assert expected({}, finished(half, {"seconds": 9000})) == (2.5, "-", 2, "-")


@pytest.mark.parametrize("other", [{"series": "other/r"}, {"series": "d/r2"}])
def test_other_series_give_estimates_by_passes_sequences_and_bases(other):
    """Half an hour for 2,000 x 5 x 50 bases, so one for twice as many."""
    smaller = other | {"sequences": 2000, "passes": 5, "length": 50}
    assert expected({}, finished(smaller)) == ("-", 1, "-", 2)


def test_another_kind_or_nothing_gives_nothing():
    other = finished({"series": "other/r", "kind": "net of another width"})
    assert expected({}, other) == ("-", "-", "-", "-")
    assert expected({"kind": None, "network": None}, other) == ("-", "-", "-", "-")
    assert expected({}, other[:0]) == ("-", "-", "-", "-")


def test_a_cpu_never_stands_for_a_gpu_but_files_are_as_large():
    on_cpu = finished({"share": 0.0})
    assert expected({}, on_cpu) == ("-", "-", 2, "-")
    assert expected({"share": 0.0}, on_cpu) == (1, "-", 2, "-")


def test_what_was_measured_here_goes_before_shipped_costs(tmp_path):
    """720 s for 10,000 x 100 bases on a GPU; ten passes of 1,000 x 100 are as much."""
    path = tmp_path / "costs.tsv"
    path.write_text(
        "# Text.\nwork\tarchitecture\tlength\tdevice\tseconds\tmegabytes\n"
        "training\tnet\t100\tNVIDIA A100\t720\t3000\n"
        "training\tnet\t100\tCPU\t7200\t3000\n"
        "prediction\tnet\t100\tCPU\t72\t\n"
        "saliency\tnet\t50\tCPU\t36\t\n"
    )
    costs = forecast.shipped({"epochs": 3, "batch_size": 10}, 100, path)
    train = {"network": work.named("training", {"name": "net"}, {"batch_size": 10})}
    here = finished({"series": "other/r"})
    assert expected(train, here[:0], costs) == ("-", 0.2, "-", 3)
    assert expected(train, here, costs) == ("-", 0.5, "-", 2)
    on_cpu = train | {"share": 0.0}
    assert expected(on_cpu, here, costs) == ("-", 2, "-", 2)
    predict = {"share": 0.0, "kind": "x", "network": work.named("prediction", {"name": "net"})}
    assert expected(predict, here, costs) == ("-", 0.02, "-", "-")
    explained = work.named("saliency", {"name": "net"}, {"references": 100})
    assert expected(predict | {"network": explained}, here, costs) == ("-", 0.02, "-", "-")


def test_a_layout_tells_the_size_of_what_was_not_written_yet():
    assert expected({"bytes": 5e9}, finished({"series": "other/r"}))[2:] == ("-", 5)
    assert expected({"bytes": 5e9}, finished({}))[2:] == (2, "-")


@pytest.mark.parametrize(
    ("at_a_time", "hours"), [(1, 10), (2, 5), (3, 4), (100, 4)]
)  # 4 | 3 | 2 + 1 on three
def test_wall_time_of_jobs_side_by_side(at_a_time, hours):
    assert forecast.wall([1, 4, 2, 3], at_a_time) == hours


def test_no_jobs_have_no_wall_time():
    assert math.isnan(forecast.wall([], 3))


def test_sums_by_rule_keep_measurements_and_estimates_apart():
    jobs = pd.DataFrame(
        [
            ("train", 1.0, 2, None, 1, None),
            ("train", 1.0, 3, None, 1, None),
            ("train", 1.0, None, 4, None, 0.5),
            ("train", 1.0, None, None, None, None),
            ("measure", 0.0, 0.5, None, None, None),
            ("label", 1.0, None, None, None, 8),
        ],
        columns=["rule", "share", "measured", "estimated", "gb_measured", "gb_estimated"],
    ).astype(dict.fromkeys(["measured", "estimated", "gb_measured", "gb_estimated"], float))
    table = forecast.by_rule(jobs, 2)
    assert list(table.index) == ["train", "measure", "label", "total"]
    assert list(table.columns.get_level_values(0).unique()) == ["jobs", "GPU-hours", "hours", "GB"]
    shown = {rule: list(row.fillna("-")) for rule, row in table.astype(object).iterrows()}
    assert shown == {
        "train": [4, 2, 1, 1, 5, 4, 3, 4, 2, 0.5],
        "measure": [1, 1, 0, 0, "-", "-", 0.5, "-", "-", "-"],
        "label": [1, 0, 0, 1, "-", "-", "-", "-", "-", 8],
        "total": [6, 3, 1, 2, 5, 4, 3.5, 4, 2, 8.5],
    }


def test_members_that_share_a_gpu_are_one_job_of_it():
    """Eight of two hours, four to a GPU, are four GPU-hours; two GPUs are done in two."""
    columns = ["rule", "share", "measured", "estimated", "gb_measured", "gb_estimated"]
    jobs = pd.DataFrame([("train", 0.25, 2, None, 1, None)] * 8, columns=columns)
    jobs = jobs.astype(dict.fromkeys(columns[1:], float))
    found = forecast.by_rule(jobs, 2).loc["train"]
    assert found["GPU-hours", "measured"] == 4
    assert found["hours", "measured"] == 2
    alone = finished({})
    assert expected({"share": 0.25}, alone)[:2] == ("-", "-")


def test_checkpoints_stay_and_a_training_has_two():
    """Models of 3, 1 and 2 GB, and one of unknown size: 4 x (6 + 3) GB with one at a time."""
    models = pd.DataFrame(
        {"gb_measured": [3, None, None, None], "gb_estimated": [None, 1, 2, None]}
    )
    models = models.astype(float)
    assert forecast.checkpoints(models, 1) == 36
    assert forecast.checkpoints(models, 100) == 48
    assert math.isnan(forecast.checkpoints(models[3:], 1))
