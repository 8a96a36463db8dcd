"""The whole small workflow through SLURM, and what SLURM's accounting says of its jobs.

Not collected by `make test`: `make slurm-test` runs it, as root.
"""

from collections import Counter

import pytest

from cluster import TEACHERS, accounting, run, said

# Jobs by rule. The other rules are no jobs of the cluster: figures, pages.
JOBS = {
    "prepare": 1,
    "describe_data": 1,
    "measure_baseline": 1,
    "train_teacher": TEACHERS,
    "label": 1,
    "train_student": 1,
    "predict": 2,
    "calibrate": 2,
    "measure_predictions": 2,
    "measure_intervals": 2,
    "measure_distillation": 2,
    "export": 1,
    "measure_ensembles": 1,
    "attribute": 2,
    "measure_attribution": 2,
    "compare_attributions": 1,
    # A job a table: that of all predictions is too large for a login node.
    "join": 14,
}
WITH_GPU = {"train_teacher", "label", "train_student", "predict", "attribute"}


@pytest.fixture(scope="module")
def jobs(undisturbed):
    """Let the run go on from its teachers to its end; jobs of both parts by rule."""
    assert run(undisturbed) == 0, said(undisturbed)
    return accounting(undisturbed)


def test_a_job_is_submitted_once_for_the_account_and_the_partition(jobs):
    assert Counter(row.comment.split("_wildcards")[0].removeprefix("rule_") for row in jobs) == JOBS
    assert {(row.account, row.partition, row.state) for row in jobs} == {
        ("degu", "gpu", "COMPLETED")
    }


def test_jobs_of_networks_ask_for_a_gpu(jobs):
    asked = {
        row.comment.split("_wildcards")[0].removeprefix("rule_")
        for row in jobs
        if "gres/gpu=1" in row.resources
    }
    assert asked == WITH_GPU


def test_a_second_run_has_nothing_to_do(jobs, undisturbed):
    assert run(undisturbed) == 0
    assert "Nothing to be done" in said(undisturbed)
