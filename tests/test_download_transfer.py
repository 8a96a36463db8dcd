"""Downloads against a server on this machine."""

import errno
import hashlib
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from degu.download import fetch, fetch_json, transfer
from degu.download.transfer import human
from degu.job import InputError, log
from http_server import serving

DATA = np.random.default_rng(1).bytes(300_000)
SHA256 = hashlib.sha256(DATA).hexdigest()
MD5 = hashlib.md5(DATA).hexdigest()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        running.files["/data.bw"] = DATA
        yield running


@pytest.fixture
def target(tmp_path):
    return tmp_path / "raw" / "data.bw"


@pytest.fixture(autouse=True)
def told(caplog, monkeypatch):
    """Collect what is logged."""
    monkeypatch.setattr(log, "propagate", True)
    caplog.set_level(logging.INFO, "degu")
    return caplog


@pytest.fixture(autouse=True)
def first_wait(monkeypatch):
    """Make the pauses of a test that does not look at them short; give the true first one."""
    true = transfer.FIRST_WAIT
    monkeypatch.setattr(transfer, "FIRST_WAIT", 0.001)
    return true


@pytest.fixture
def broken_off(server, target, monkeypatch):
    """Leave the first 100,000 bytes beside the target, as a run that gave up does."""
    server.faults.append({"cut": 100_000})
    with monkeypatch.context() as patch:
        patch.setattr(transfer, "ATTEMPTS", 1)
        with pytest.raises(InputError, match=r"1 attempts in a row.*goes on after 100.0 kB"):
            fetch(server.url("/data.bw"), target)
    assert left(target) == ["data.bw.part", "data.bw.part.json"]


@pytest.fixture
def pauses(first_wait, monkeypatch):
    """Collect the pauses between attempts instead of taking them."""
    seconds = []
    monkeypatch.setattr(transfer, "FIRST_WAIT", first_wait)
    monkeypatch.setattr(transfer.time, "sleep", seconds.append)
    return seconds


def ranges(server):
    return [headers.get("Range") for _, headers, _ in server.requests]


def sent(server):
    return [number for _, _, number in server.requests]


def left(target):
    """Names beside the target."""
    return sorted(file.name for file in target.parent.iterdir())


# Whole files


def test_a_whole_file(server, target, told):
    assert fetch(server.url("/data.bw"), target, sha256=SHA256, md5=MD5, size=len(DATA)) == target
    assert target.read_bytes() == DATA
    assert left(target) == ["data.bw"]
    assert sent(server) == [len(DATA)]
    assert server.requests[0][1]["Accept-Encoding"] == "identity"
    assert "pin it" not in told.text


def test_checksums_may_be_in_capitals(server, target):
    fetch(server.url("/data.bw"), target, sha256=SHA256.upper())
    assert target.read_bytes() == DATA


@pytest.mark.parametrize(("kind", "text"), [("sha256", MD5), ("md5", SHA256), ("md5", "")])
def test_a_checksum_that_is_none_is_refused_at_once(server, target, kind, text):
    with pytest.raises(InputError, match=f"{kind} is '{text}': it must be .. hexadecimal digits"):
        fetch(server.url("/data.bw"), target, **{kind: text})
    assert server.requests == []


def test_no_checksum_prints_the_one_to_pin(server, target, told):
    fetch(server.url("/data.bw"), target, size=len(DATA))
    assert f"sha256 of data.bw is {SHA256}: pin it in config.yaml" in told.messages


def test_a_file_stored_compressed_stays_so(server, target):
    server.faults.append({"headers": {"Content-Encoding": "gzip"}})
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert len(server.requests) == 1


def test_a_server_that_tells_no_length(server, target):
    server.faults.append({"chunked": True})
    fetch(server.url("/data.bw"), target, sha256=SHA256, size=len(DATA))
    assert target.read_bytes() == DATA


def test_an_older_target_is_replaced_only_by_a_good_one(server, target):
    target.parent.mkdir()
    target.write_text("mine")
    with pytest.raises(InputError):
        fetch(server.url("/data.bw"), target, md5="0" * 32)
    assert target.read_text() == "mine"
    fetch(server.url("/data.bw"), target, md5=MD5)
    assert target.read_bytes() == DATA


def test_the_checked_file_itself_gets_the_name(server, target, monkeypatch):
    checked = []

    def verify(path, *rest):
        part = path.with_name("data.bw.part")
        checked.append((path.exists(), part.stat().st_ino))
        check(path, *rest)

    check = transfer._verify
    monkeypatch.setattr(transfer, "_verify", verify)
    fetch(server.url("/data.bw"), target)
    assert checked == [(False, target.stat().st_ino)]


def test_progress_is_told(server, target, told, monkeypatch):
    monkeypatch.setattr(transfer, "REPORT_SECONDS", 1e-9)
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    lines = [line for line in told.messages if line.startswith("data.bw: ")]
    assert re.fullmatch(
        r"data\.bw: 300\.0 kB of 300\.0 kB \(100%\), [\d.]+ \w+/s, 0:00:00 left", lines[-1]
    )


@pytest.mark.usefixtures("broken_off")
def test_progress_counts_what_was_there(server, target, told, monkeypatch):
    monkeypatch.setattr(transfer, "REPORT_SECONDS", 1e-9)
    fetch(server.url("/data.bw"), target)
    assert "data.bw: 300.0 kB of 300.0 kB (100%)" in told.text


def test_progress_by_value():
    assert transfer._progress(250_000_000, 10**9, 5e6) == (
        "250.0 MB of 1.0 GB (25%), 5.0 MB/s, 0:02:30 left"
    )
    assert transfer._progress(1500, None, 20.0) == "1.5 kB, 20 bytes/s"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (3_456_789_012, "3.5 GB")],
)
def test_human(size, text):
    assert human(size) == text


# Broken-off transfers


def test_a_broken_off_transfer_goes_on_where_it_ended(server, target, told):
    server.faults += [{"cut": 100_000}, {"cut": 50_000}]
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None, "bytes=100000-", "bytes=150000-"]
    assert [headers.get("If-Range") for _, headers, _ in server.requests] == [
        None,
        '"one"',
        '"one"',
    ]
    assert sum(sent(server)) == len(DATA)
    assert "data.bw: going on after 100.0 kB" in told.messages
    assert left(target) == ["data.bw"]


@pytest.mark.usefixtures("broken_off")
def test_a_later_run_goes_on_as_well(server, target):
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert sent(server) == [100_000, 200_000]


def test_attempts_are_counted_without_progress(server, target, pauses):
    server.faults += [{"cut": 10_000}] * 9
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert pauses == [2.0] * 9


def test_a_server_without_ranges_starts_again(server, target):
    server.faults += [{"cut": 100_000}, {"ranges": False}]
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None, "bytes=100000-"]
    assert sent(server) == [100_000, 300_000]


def test_a_server_without_ranges_that_always_breaks_off_is_given_up(server, target):
    server.faults += [{"cut": 100_000, "ranges": False}] * 9
    with pytest.raises(InputError, match="did not arrive in 6 attempts in a row"):
        fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert len(server.requests) == 6
    assert not target.exists()


def test_without_a_validator_nothing_is_pieced_together(server, target):
    server.etags["/data.bw"] = None
    server.faults += [{"cut": 100_000}]
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None, None]


def test_a_weak_etag_is_no_validator_but_a_date_is(server, target):
    server.etags["/data.bw"] = 'W/"one"'
    date = {"Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT"}
    server.faults += [{"cut": 100_000, "headers": date}, {"if_range": False, "headers": date}]
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert server.requests[1][1]["If-Range"] == date["Last-Modified"]
    assert sent(server) == [100_000, 200_000]


@pytest.mark.parametrize("looks", [True, False], ids=["If-Range", "no If-Range"])
@pytest.mark.parametrize("length", [300_000, 299_999, 50_000])
@pytest.mark.usefixtures("broken_off")
def test_a_file_that_changed_between_attempts(server, target, looks, length):
    other = DATA[::-1][:length]
    server.files["/data.bw"], server.etags["/data.bw"] = other, '"two"'
    server.faults += [{"if_range": looks}]
    fetch(server.url("/data.bw"), target)
    assert target.read_bytes() == other
    # A server that minds If-Range sends the whole at once, another one is asked again.
    assert ranges(server)[1:] == (["bytes=100000-"] if looks else ["bytes=100000-", None])


def test_a_wrong_range_is_not_appended(server, target):
    server.faults += [{"cut": 100_000}, {"headers": {"Content-Range": "bytes 7-299999/300000"}}]
    fetch(server.url("/data.bw"), target)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None, "bytes=100000-", None]


def test_a_rest_that_is_sent_in_pieces(server, target):
    server.faults += [{"cut": 100_000}, {"cut": 50_000, "headers": {"Content-Length": 50_000}}]
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None, "bytes=100000-", "bytes=150000-"]


@pytest.mark.usefixtures("broken_off")
def test_a_part_of_another_source_is_not_gone_on_with(server, target):
    server.files["/other.bw"] = DATA[::-1]
    fetch(server.url("/other.bw"), target)
    assert target.read_bytes() == DATA[::-1]
    assert ranges(server) == [None, None]


def test_a_part_of_unknown_origin_is_not_gone_on_with(server, target):
    target.parent.mkdir()
    (target.parent / "data.bw.part").write_bytes(b"x" * 1000)
    fetch(server.url("/data.bw"), target)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None]


@pytest.mark.usefixtures("broken_off")
def test_a_part_longer_than_the_file_is_not_gone_on_with(server, target):
    with (target.parent / "data.bw.part").open("ab") as part:
        part.write(DATA)
    fetch(server.url("/data.bw"), target)
    assert target.read_bytes() == DATA


def test_a_run_ended_before_the_renaming_is_not_fetched_again(server, target, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(transfer, "_verify", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            fetch(server.url("/data.bw"), target)
    assert not target.exists()
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert len(server.requests) == 1


def test_a_stalled_transfer_is_broken_off_and_goes_on(server, target, told, monkeypatch):
    monkeypatch.setattr(transfer, "TIMEOUT", 0.3)
    server.faults += [{"stall": 100_000}]
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert sent(server) == [100_000, 200_000]
    assert any("Read timed out" in line for line in told.messages)


def test_a_transfer_that_is_always_truncated_is_given_up(server, target):
    server.faults += [{"cut": 100_000}] + [{"cut": 0}] * 5
    with pytest.raises(InputError, match=r"6 attempts in a row.*0 bytes read, 200000 more expect"):
        fetch(server.url("/data.bw"), target)
    # The first one counts as well: nothing came after it.
    assert len(server.requests) == 6
    assert not target.exists()


def test_killed_in_the_middle_then_run_again(server, target):
    server.faults += [{"stall": 100_000}]
    code = "import sys; from degu.download import fetch; fetch(sys.argv[1], sys.argv[2])"
    package = Path(transfer.__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", code, server.url("/data.bw"), str(target)],
        env=os.environ | {"PYTHONPATH": str(package)},
    )
    part = target.parent / "data.bw.part"
    # The child keeps what does not fill its buffer; all but that must have come to the disk.
    until = time.monotonic() + 30
    while not (part.exists() and part.stat().st_size > 0) and time.monotonic() < until:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    assert not target.exists()
    kept = part.stat().st_size
    assert DATA.startswith(part.read_bytes())
    assert 0 < kept <= 100_000
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None, f"bytes={kept}-"]
    assert left(target) == ["data.bw"]


# Answers other than the file


def test_a_server_that_is_busy_for_a_while(server, target, pauses):
    server.faults += [{"status": 503}, {"status": 500}, {"status": 502}]
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert pauses == [2.0, 4.0, 8.0]


def test_a_server_that_stays_busy_is_given_up(server, target, pauses):
    server.faults += [{"status": 503}] * 9
    with pytest.raises(InputError, match="6 attempts in a row: the server answers 503 Service Un"):
        fetch(server.url("/data.bw"), target)
    assert len(server.requests) == 6
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0]


def test_retry_after_in_seconds(server, target, pauses):
    server.faults += [
        {"status": 429, "headers": {"Retry-After": "17"}},
        {"status": 503, "headers": {"Retry-After": "1"}},
        {"status": 429, "headers": {"Retry-After": "86400"}},
        {"status": 429, "headers": {"Retry-After": "soon"}},
    ]
    fetch(server.url("/data.bw"), target)
    assert pauses == [17.0, 4.0, 3600.0, 16.0]


@pytest.mark.parametrize("header", ["RateLimit-Reset", "X-RateLimit-Reset"])
def test_a_spent_rate_limit_is_waited_for(server, target, pauses, header):
    """In seconds, or as seconds since 1970; GitHub answers 403 then."""
    spent = {"X-RateLimit-Remaining": "0"}
    server.faults += [
        {"status": 429, "headers": {header: "40"}},
        {"status": 403, "headers": spent | {header: str(int(time.time()) + 1000)}},
        {"status": 429, "headers": {header: "9", "Retry-After": "50"}},
        {"status": 429, "headers": {header: str(int(time.time()) - 1000)}},
    ]
    fetch(server.url("/data.bw"), target)
    assert pauses == [40.0, pytest.approx(1000, abs=5), 50.0, 16.0]


def test_requests_say_who_asks(server, target):
    fetch(server.url("/data.bw"), target)
    (_, headers, _), *_ = server.requests
    assert headers["User-Agent"] == transfer.USER_AGENT


@pytest.mark.parametrize(
    "form", ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"]
)
def test_retry_after_as_a_date(server, target, pauses, form):
    date = time.strftime(form, time.gmtime(time.time() + 1000))
    server.faults += [{"status": 429, "headers": {"Retry-After": date}}]
    fetch(server.url("/data.bw"), target)
    assert len(pauses) == 1
    assert 900 < pauses[0] <= 1000


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, r"the server answers 400 Bad Request\.$"),
        (401, "needs a login"),
        (403, "embargo"),
        (404, "there is no such file"),
        (410, "taken down"),
        (202, "answers 202 Accepted"),
        (206, "answers 206 Partial Content"),
    ],
)
def test_other_answers_are_final(server, target, status, message):
    server.faults += [{"status": status}]
    with pytest.raises(InputError, match=message):
        fetch(server.url("/data.bw"), target)
    assert len(server.requests) == 1
    assert left(target) == []


def test_no_server(server, target):
    url = server.url("/data.bw").replace(str(server.server_port), "1")
    with pytest.raises(InputError, match=r"did not arrive in 6 attempts in a row: .*refused"):
        fetch(url, target)


def test_an_address_that_is_none(target):
    with pytest.raises(InputError, match="cannot be fetched: Invalid URL"):
        fetch("http://", target)


# Files that fail their checks


@pytest.mark.parametrize(("kind", "got"), [("sha256", SHA256), ("md5", MD5)])
def test_wrong_bytes(server, target, kind, got):
    expected = "0" * len(got)
    with pytest.raises(InputError) as error:
        fetch(server.url("/data.bw"), target, **{kind: expected})
    assert f"has the {kind} {got}, but {expected} was expected" in str(error.value)
    assert str(error.value).endswith("What had arrived was removed.")
    assert left(target) == []


def test_wrong_size_is_seen_before_the_first_byte(server, target):
    with pytest.raises(InputError, match=r"has 300000 bytes, but 300001 were expected\.$"):
        fetch(server.url("/data.bw"), target, size=300_001)
    assert left(target) == []


def test_wrong_size_is_seen_where_the_server_tells_none(server, target):
    server.faults += [{"chunked": True}]
    with pytest.raises(InputError, match=r"300000 bytes, but 300001 were expected.*was removed"):
        fetch(server.url("/data.bw"), target, size=300_001)
    assert left(target) == []


def test_a_web_page_by_its_type(server, target):
    server.faults += [{"headers": {"Content-Type": "text/html; charset=utf-8"}}]
    with pytest.raises(InputError, match=r"a web page where data.bw was expected"):
        fetch(server.url("/data.bw"), target)
    assert left(target) == []


@pytest.mark.parametrize("body", [b"\n<!DOCTYPE html><p>", b"\xef\xbb\xbf<HTML lang='en'>"])
def test_a_web_page_by_its_first_words(server, target, body):
    server.files["/data.bw"] = body
    with pytest.raises(InputError, match=r"web page where data.bw was expected.*was removed"):
        fetch(server.url("/data.bw"), target)
    assert left(target) == []


def test_a_web_page_that_is_wanted(server, tmp_path):
    server.files["/page"] = b"<!doctype html><p>"
    server.faults += [{"headers": {"Content-Type": "text/html"}}]
    fetch(server.url("/page"), tmp_path / "page.html")
    assert (tmp_path / "page.html").read_bytes() == b"<!doctype html><p>"


# A full disk

Usage = namedtuple("Usage", "total used free")


def test_a_disk_too_full_is_seen_before_the_first_byte(server, target, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**6, 0, 299_999))
    with pytest.raises(InputError, match=r"data.bw needs 300\.0 kB more in .*raw, where 300\.0 kB"):
        fetch(server.url("/data.bw"), target)
    assert left(target) == []


@pytest.mark.usefixtures("broken_off")
def test_only_the_rest_needs_room(server, target, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**6, 0, 200_000))
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up(server, target, monkeypatch, code):
    def fill(chunks, *_):
        yield next(chunks)[:100_000]
        raise OSError(code, os.strerror(code))

    server.faults += [{}]
    with monkeypatch.context() as patch:
        patch.setattr(transfer, "_reported", fill)
        patch.setattr(shutil, "disk_usage", lambda _: Usage(10**6, 0, 500_000))
        with pytest.raises(InputError, match=r"needs [\d.]+ kB more .* 500\.0 kB are free: make"):
            fetch(server.url("/data.bw"), target)
    assert not target.exists()
    kept = (target.parent / "data.bw.part").stat().st_size
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert ranges(server) == [None, f"bytes={kept}-"]


# Mirrors and files of this machine


def test_a_mirror_address(server, target):
    server.files = {"/lab/data.bw": DATA, "/lab/my%20counts%23.h5": DATA[:9]}
    fetch("https://example.org/far/away.bw", target, sha256=SHA256, mirror=server.url("/lab/"))
    assert target.read_bytes() == DATA
    fetch("https://example.org/x", target, mirror=server.url("/lab"), name="my counts#.h5")
    assert target.read_bytes() == DATA[:9]


def test_a_mirror_folder(tmp_path, target, told):
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "data.bw").write_bytes(DATA)
    fetch("https://example.org/away.bw", target, mirror=tmp_path / "lab")
    assert target.read_bytes() == DATA
    assert f"sha256 of data.bw is {SHA256}: pin it in config.yaml" in told.messages
    assert left(target) == ["data.bw"]


def test_a_mirror_without_the_file(tmp_path, target):
    with pytest.raises(InputError, match=r"lab/data.bw is no file on this machine"):
        fetch("https://example.org/away.bw", target, mirror=tmp_path / "lab")


def test_a_file_of_this_machine(tmp_path, target):
    source = tmp_path / "my data.bw"
    source.write_bytes(DATA)
    fetch(str(source), target, md5=MD5, size=len(DATA))
    assert target.read_bytes() == DATA
    fetch(source.as_uri(), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    for wrong in ({"size": 5}, {"md5": "0" * 32}):
        with pytest.raises(InputError):
            fetch(str(source), target, **wrong)
    assert source.read_bytes() == target.read_bytes() == DATA
    assert left(target) == ["data.bw"]


def test_a_copy_starts_again(tmp_path, target):
    (tmp_path / "data.bw").write_bytes(DATA)
    target.parent.mkdir()
    (target.parent / "data.bw.part").write_bytes(DATA[:1000])
    fetch(str(tmp_path / "data.bw"), target)
    assert target.read_bytes() == DATA


@pytest.mark.parametrize("source", ["ftp://example.org/x", "s3://bucket/x", "file://data/x"])
def test_a_source_of_another_kind(target, source):
    with pytest.raises(
        InputError, match=f"^{source} is no file .* allowed are paths and http://, https"
    ):
        fetch(source, target)


# Answers in JSON


def test_an_answer_in_json(server, pauses):
    server.files["/record?format=json"] = b'{"id": 7, "title": "caf\xc3\xa9"}'
    server.faults += [{"status": 503}, {"cut": 5}]
    answer = fetch_json(server.url("/record?format=json"))
    assert answer == {"id": 7, "title": "caf\xe9"}
    assert pauses == [2.0, 2.0]


@pytest.mark.parametrize("body", [b"{", b"<html>", b"\xff"])
def test_an_answer_that_is_no_json(server, body):
    server.files["/record"] = body
    with pytest.raises(InputError, match="record does not answer with JSON: "):
        fetch_json(server.url("/record"))
