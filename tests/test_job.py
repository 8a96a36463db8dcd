"""Whole files, seeds and logs."""

import re
import sys

import pytest

from degu import job
from degu.job import InputError


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "new" / "folder" / "table.tsv.gz"
    with job.atomic(path) as temporary:
        temporary.write_text("whole")
        assert not path.exists()
        assert temporary.parent == path.parent
        assert temporary.name.startswith(".")
        assert temporary.name.endswith("table.tsv.gz")
    assert [file.name for file in path.parent.iterdir()] == ["table.tsv.gz"]
    assert path.read_text() == "whole"


@pytest.mark.parametrize("before", [[], ["old"]])
def test_a_failure_leaves_what_there_was(tmp_path, before):
    path = tmp_path / "table.tsv"
    for text in before:
        path.write_text(text)
    with pytest.raises(KeyboardInterrupt), job.atomic(path) as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert [file.read_text() for file in tmp_path.iterdir()] == before


def test_seeds_are_the_same_everywhere():
    # printf 0/starrseq/standard/1.0/3 | sha256sum | cut -c 1-8
    assert job.seed(0, "starrseq", "standard", "1.0", 3) == 0x0E0596FC >> 1
    seeds = [job.seed("d", recipe, member) for recipe in "ab" for member in range(500)]
    assert len(set(seeds)) == 1000
    assert min(seeds) >= 0
    assert max(seeds) < 2**31


def test_an_error_is_told_where_it_belongs():
    with pytest.raises(InputError, match=r"^table\.tsv: wrong$"), job.errors_name("table.tsv"):
        raise InputError("wrong")
    with pytest.raises(KeyError, match=r"^'other'$"), job.errors_name("table.tsv"):
        raise KeyError("other")


@pytest.fixture
def log_file(tmp_path, monkeypatch):
    """Return the file of a started log; the log of the other tests comes back afterwards."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(job.log, "propagate", job.log.propagate)
    monkeypatch.setattr(job.log, "handlers", [])
    level = job.log.level
    path = tmp_path / "logs" / "rule" / "run.log"
    path.parent.mkdir(parents=True)
    path.write_text("of an earlier job\n")
    job.log_to(str(path))
    yield path
    for handler in job.log.handlers:
        handler.close()
    job.log.setLevel(level)


def report(error):
    """Report an error as the interpreter does when nobody catches it."""
    try:
        raise error
    except type(error):
        sys.excepthook(*sys.exc_info())


def test_log_replaces_an_older_one_and_stands_on_the_terminal(log_file, capsys):
    job.log.handlers[1].setStream(sys.stderr)
    job.log.info("%d rows", 3)
    job.log.debug("not shown")
    assert re.fullmatch(r"\d\d:\d\d:\d\d 3 rows\n", log_file.read_text())
    assert re.fullmatch(r"\d\d:\d\d:\d\d rule/run: 3 rows\n", capsys.readouterr().err)


def test_log_ends_with_the_error(log_file):
    report(InputError("The fraction is 2: it must lie in (0, 1]."))
    assert log_file.read_text()[9:] == "Error: The fraction is 2: it must lie in (0, 1].\n"
    report(ZeroDivisionError("by chance"))
    text = log_file.read_text()
    assert "Traceback" in text
    assert text.endswith("ZeroDivisionError: by chance\n")
