"""Plans of runs: what a job finds otherwise than planned, and the message that ends it."""

from types import SimpleNamespace

import pytest

from degu import job, plan
from degu.job import InputError


class Names(dict):
    """Named inputs of a job: what is looped over are its paths."""

    def __iter__(self):
        for value in self.values():
            yield from [value] if isinstance(value, str) else value


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Go to a working directory with two files of code."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(name)
    return tmp_path


def made_job(log="logs/train/0.log", code=("a.py", "b.py"), data="data.h5", **params):
    inputs = Names(data=data, code=list(code))
    return SimpleNamespace(log=[log], params={"epochs": 3, "seed": "0/x"} | params, input=inputs)


def test_an_undisturbed_job_finds_what_was_planned(folder):
    planned = plan.of_jobs([made_job(), made_job("logs/train/1.log", seed="0/y")])
    assert list(planned["jobs"]) == ["logs/train/0.log", "logs/train/1.log"]
    assert list(planned["files"]) == ["a.py", "b.py"]
    assert plan.changes(planned, made_job()) == []
    assert plan.changes(planned, made_job("logs/train/1.log", seed="0/y")) == []


@pytest.mark.parametrize(
    ("found", "names"),
    [
        ({"epochs": 4}, ["epochs"]),
        ({"epochs": 4, "seed": "1/x"}, ["epochs", "seed"]),
        ({"new": 1}, ["new"]),
        ({"data": "other.h5"}, ["input"]),
    ],
)
def test_changed_parameters_and_inputs_are_named(folder, found, names):
    assert plan.changes(plan.of_jobs([made_job()]), made_job(**found)) == names


def test_edited_code_is_named_in_the_jobs_that_it_belongs_to(folder):
    training, drawing = made_job(), made_job("logs/draw.log", code=["b.py"])
    planned = plan.of_jobs([training, drawing])
    (folder / "a.py").write_text("edited")
    assert plan.changes(planned, training) == ["a.py"]
    assert plan.changes(planned, drawing) == []


def test_jobs_without_log_or_code(folder):
    everything = SimpleNamespace(log=[], params={}, input=Names())
    bare = SimpleNamespace(log=["logs/bare.log"], params={}, input=Names(data="data.h5"))
    single = SimpleNamespace(log=["logs/one.log"], params={}, input=Names(code="a.py"))
    planned = plan.of_jobs([everything, bare, single])
    assert list(planned["jobs"]) == ["logs/bare.log", "logs/one.log"]
    assert list(planned["files"]) == ["a.py"]


def test_an_unplanned_job_finds_everything_changed(folder):
    other = made_job("logs/other.log")
    assert plan.changes(plan.of_jobs([made_job()]), other) == ["epochs", "seed", "input"]


def test_jobs_of_older_runs_stay_planned(folder, monkeypatch):
    started = []
    monkeypatch.setattr(job, "log_to", started.append)
    old, new = made_job(), made_job("logs/train/1.log")
    job.begin(old)  # there is no plan yet
    job.keep_plan([old])
    job.keep_plan([new])
    job.begin(old)
    job.begin(new)
    job.keep_plan([made_job(epochs=5)])
    with pytest.raises(InputError, match=r"changed since this run was started \(epochs\): stop"):
        job.begin(old)
    job.begin(made_job(epochs=5))
    assert started == [[*old.log, *old.log, *new.log, *old.log, *old.log][i] for i in range(5)]


def test_a_digest_is_of_contents_in_their_order(folder):
    (folder / "c.py").write_text("a.py")
    assert plan.digest("a.py", "b.py") == plan.digest("c.py", "b.py")
    assert len({plan.digest("a.py"), plan.digest("b.py"), plan.digest("a.py", "b.py"),
                plan.digest("b.py", "a.py")}) == 4  # fmt: skip
