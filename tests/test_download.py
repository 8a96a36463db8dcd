"""Downloads against a server on this machine, and manifests by value."""

import email.utils
import errno
import hashlib
import json
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
from http_server import serving

from degu import download
from degu.download import entry, fetch, human, resolve, resolve_encode, resolve_zenodo
from degu.job import InputError, log
from download import main as download_file
from resolve import main as write_manifest

DATA = np.random.default_rng(1).bytes(300_000)
SHA256 = hashlib.sha256(DATA).hexdigest()
MD5 = hashlib.md5(DATA).hexdigest()
QUICK = {"wait": 0.001, "timeout": 5.0, "attempts": 4}


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


@pytest.fixture
def pauses(monkeypatch):
    """Collect the pauses between attempts instead of taking them."""
    seconds = []
    monkeypatch.setattr(download.time, "sleep", seconds.append)
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
    fetch(server.url("/data.bw"), target, sha256=SHA256, attempts=1)
    assert target.read_bytes() == DATA


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

    check = download._verify
    monkeypatch.setattr(download, "_verify", verify)
    fetch(server.url("/data.bw"), target)
    assert checked == [(False, target.stat().st_ino)]


def test_progress_is_told(server, target, told, monkeypatch):
    monkeypatch.setattr(download, "REPORT_SECONDS", 1e-9)
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    lines = [line for line in told.messages if line.startswith("data.bw: ")]
    assert re.fullmatch(
        r"data\.bw: 300\.0 kB of 300\.0 kB \(100%\), [\d.]+ \w+/s, 0:00:00 left", lines[-1]
    )


def test_progress_by_value():
    assert download._progress(250_000_000, 10**9, 5e6) == (
        "250.0 MB of 1.0 GB (25%), 5.0 MB/s, 0:02:30 left"
    )
    assert download._progress(1500, None, 20.0) == "1.5 kB, 20 bytes/s"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (3_456_789_012, "3.5 GB")],
)
def test_human(size, text):
    assert human(size) == text


# Broken-off transfers


def test_a_broken_off_transfer_goes_on_where_it_ended(server, target, told):
    server.faults += [{"cut": 100_000}, {"cut": 50_000}]
    fetch(server.url("/data.bw"), target, sha256=SHA256, **QUICK)
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


def test_a_later_run_goes_on_as_well(server, target):
    server.faults += [{"cut": 100_000}]
    with pytest.raises(InputError, match=r"1 attempts in a row.*goes on after 100.0 kB"):
        fetch(server.url("/data.bw"), target, sha256=SHA256, attempts=1)
    assert not target.exists()
    assert left(target) == ["data.bw.part", "data.bw.part.json"]
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert sent(server) == [100_000, 200_000]


def test_attempts_are_counted_without_progress(server, target, pauses):
    server.faults += [{"cut": 10_000}] * 9
    fetch(server.url("/data.bw"), target, sha256=SHA256, attempts=2, wait=3.0)
    assert target.read_bytes() == DATA
    assert pauses == [3.0] * 9


def test_a_server_without_ranges_starts_again(server, target):
    server.faults += [{"cut": 100_000}, {"ranges": False}]
    fetch(server.url("/data.bw"), target, sha256=SHA256, **QUICK)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None, "bytes=100000-"]
    assert sent(server) == [100_000, 300_000]


def test_a_server_without_ranges_that_always_breaks_off_is_given_up(server, target):
    server.faults += [{"cut": 100_000, "ranges": False}] * 9
    with pytest.raises(InputError, match="did not arrive in 4 attempts in a row"):
        fetch(server.url("/data.bw"), target, sha256=SHA256, **QUICK)
    assert len(server.requests) == 4
    assert not target.exists()


def test_without_a_validator_nothing_is_pieced_together(server, target):
    server.etags["/data.bw"] = None
    server.faults += [{"cut": 100_000}]
    fetch(server.url("/data.bw"), target, sha256=SHA256, **QUICK)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None, None]


def test_a_weak_etag_is_no_validator_but_a_date_is(server, target):
    server.etags["/data.bw"] = 'W/"one"'
    date = {"Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT"}
    server.faults += [{"cut": 100_000, "headers": date}, {"if_range": False, "headers": date}]
    fetch(server.url("/data.bw"), target, sha256=SHA256, **QUICK)
    assert target.read_bytes() == DATA
    assert server.requests[1][1]["If-Range"] == date["Last-Modified"]
    assert sent(server) == [100_000, 200_000]


@pytest.mark.parametrize("looks", [True, False], ids=["If-Range", "no If-Range"])
@pytest.mark.parametrize("length", [300_000, 299_999, 50_000])
def test_a_file_that_changed_between_attempts(server, target, looks, length):
    server.faults += [{"cut": 100_000}]
    with pytest.raises(InputError):
        fetch(server.url("/data.bw"), target, attempts=1)
    other = DATA[::-1][:length]
    server.files["/data.bw"], server.etags["/data.bw"] = other, '"two"'
    server.faults += [{"if_range": looks}]
    fetch(server.url("/data.bw"), target, **QUICK)
    assert target.read_bytes() == other
    # A server that minds If-Range sends the whole at once, another one is asked again.
    assert ranges(server)[1:] == (["bytes=100000-"] if looks else ["bytes=100000-", None])


def test_a_wrong_range_is_not_appended(server, target):
    server.faults += [{"cut": 100_000}, {"headers": {"Content-Range": "bytes 7-299999/300000"}}]
    fetch(server.url("/data.bw"), target, **QUICK)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None, "bytes=100000-", None]


def test_a_rest_that_is_sent_in_pieces(server, target):
    server.faults += [{"cut": 100_000}, {"cut": 50_000, "headers": {"Content-Length": 50_000}}]
    fetch(server.url("/data.bw"), target, sha256=SHA256, **QUICK)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None, "bytes=100000-", "bytes=150000-"]


def test_a_part_of_another_source_is_not_gone_on_with(server, target):
    server.files["/other.bw"] = DATA[::-1]
    server.faults += [{"cut": 100_000}]
    with pytest.raises(InputError):
        fetch(server.url("/data.bw"), target, attempts=1)
    fetch(server.url("/other.bw"), target)
    assert target.read_bytes() == DATA[::-1]
    assert ranges(server) == [None, None]


def test_a_part_of_unknown_origin_is_not_gone_on_with(server, target):
    target.parent.mkdir()
    (target.parent / "data.bw.part").write_bytes(b"x" * 1000)
    fetch(server.url("/data.bw"), target)
    assert target.read_bytes() == DATA
    assert ranges(server) == [None]


def test_a_part_longer_than_the_file_is_not_gone_on_with(server, target):
    server.faults += [{"cut": 100_000}]
    with pytest.raises(InputError):
        fetch(server.url("/data.bw"), target, attempts=1)
    with (target.parent / "data.bw.part").open("ab") as part:
        part.write(DATA)
    fetch(server.url("/data.bw"), target, **QUICK)
    assert target.read_bytes() == DATA


def test_a_run_ended_before_the_renaming_is_not_fetched_again(server, target, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(download, "_verify", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            fetch(server.url("/data.bw"), target)
    assert not target.exists()
    fetch(server.url("/data.bw"), target, sha256=SHA256)
    assert target.read_bytes() == DATA
    assert len(server.requests) == 1


def test_a_stalled_transfer_is_broken_off_and_goes_on(server, target, told):
    server.faults += [{"stall": 100_000}]
    fetch(server.url("/data.bw"), target, sha256=SHA256, **QUICK | {"timeout": 0.3})
    assert target.read_bytes() == DATA
    assert sent(server) == [100_000, 200_000]
    assert any("Read timed out" in line for line in told.messages)


def test_a_transfer_that_is_always_truncated_is_given_up(server, target):
    server.faults += [{"cut": 100_000}] + [{"cut": 0}] * 5
    with pytest.raises(InputError, match=r"4 attempts in a row.*0 bytes read, 200000 more expect"):
        fetch(server.url("/data.bw"), target, **QUICK)
    # The first one counts as well: nothing came after it.
    assert len(server.requests) == 4
    assert not target.exists()


def test_killed_in_the_middle_then_run_again(server, target):
    server.faults += [{"stall": 100_000}]
    code = "import sys; from degu.download import fetch; fetch(sys.argv[1], sys.argv[2])"
    package = Path(download.__file__).parents[1]
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
    fetch(server.url("/data.bw"), target, sha256=SHA256, wait=2.0, attempts=4)
    assert target.read_bytes() == DATA
    assert pauses == [2.0, 4.0, 8.0]


def test_a_server_that_stays_busy_is_given_up(server, target, pauses):
    server.faults += [{"status": 503}] * 9
    with pytest.raises(InputError, match="3 attempts in a row: the server answers 503 Service Un"):
        fetch(server.url("/data.bw"), target, attempts=3)
    assert len(server.requests) == 3
    assert pauses == [2.0, 4.0]


def test_retry_after_in_seconds(server, target, pauses):
    server.faults += [
        {"status": 429, "headers": {"Retry-After": "17"}},
        {"status": 503, "headers": {"Retry-After": "1"}},
        {"status": 429, "headers": {"Retry-After": "86400"}},
        {"status": 429, "headers": {"Retry-After": "soon"}},
    ]
    fetch(server.url("/data.bw"), target, wait=2.0)
    assert pauses == [17.0, 4.0, 3600.0, 16.0]


def test_retry_after_as_a_date(server, target, pauses):
    date = email.utils.formatdate(time.time() + 1000, usegmt=True)
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
        fetch(server.url("/data.bw"), target, **QUICK)
    assert len(server.requests) == 1
    assert left(target) == []


def test_no_server(server, target):
    url = server.url("/data.bw").replace(str(server.server_port), "1")
    with pytest.raises(InputError, match=r"did not arrive in 2 attempts in a row: .*refused"):
        fetch(url, target, **QUICK | {"attempts": 2})


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


def test_only_the_rest_needs_room(server, target, monkeypatch):
    server.faults += [{"cut": 100_000}]
    with pytest.raises(InputError):
        fetch(server.url("/data.bw"), target, attempts=1)
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
        patch.setattr(download, "_reported", fill)
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


@pytest.mark.parametrize("source", ["ftp://example.org/x", "s3://bucket/x", "file://data/x"])
def test_a_source_of_another_kind(target, source):
    with pytest.raises(InputError, match="is no source: allowed are http://, https://"):
        fetch(source, target)


# Zenodo

ZENODO = {
    "id": 14145285,
    "links": {"self": "https://zenodo.org/api/records/14145285"},
    "files": [
        {
            "id": "7c3b",
            "key": "lentiMPRA_K562.h5",
            "size": 1234,
            "checksum": "md5:" + "a" * 32,
            "links": {
                "self": "https://zenodo.org/api/records/14145285/files/lentiMPRA_K562.h5/content"
            },
        },
        {
            "id": "01fe",
            "key": "DeepSTARR.h5",
            "size": 99,
            "checksum": "md5:" + "b" * 32,
            "links": {"self": "https://zenodo.org/api/records/14145285/files/DeepSTARR.h5/content"},
        },
    ],
}


def test_zenodo_by_value():
    base = "https://zenodo.org/api/records/14145285/files"
    assert resolve_zenodo(ZENODO) == [
        {
            "name": "DeepSTARR.h5",
            "url": f"{base}/DeepSTARR.h5/content",
            "size": 99,
            "md5": "b" * 32,
        },
        {
            "name": "lentiMPRA_K562.h5",
            "url": f"{base}/lentiMPRA_K562.h5/content",
            "size": 1234,
            "md5": "a" * 32,
        },
    ]


def test_zenodo_older_layouts():
    before = {
        "bucket": "cbb44724",
        "key": "figure.png",
        "size": 7,
        "type": "png",
        "checksum": "md5:" + "c" * 32,
        "links": {"self": "https://zenodo.org/api/files/cbb44724/figure.png"},
    }
    between = {
        "id": "a6a2",
        "filename": "a b.zip",
        "filesize": 8,
        "checksum": "d" * 32,
        "links": {"self": "https://zenodo.org/api/records/14145285/files/a6a2"},
    }
    assert resolve_zenodo(ZENODO | {"files": [before, between]}) == [
        {
            "name": "a b.zip",
            "url": "https://zenodo.org/api/records/14145285/files/a%20b.zip/content",
            "size": 8,
            "md5": "d" * 32,
        },
        {
            "name": "figure.png",
            "url": "https://zenodo.org/api/files/cbb44724/figure.png",
            "size": 7,
            "md5": "c" * 32,
        },
    ]


@pytest.mark.parametrize("files", [{}, {"files": []}])
def test_zenodo_without_files(files):
    with pytest.raises(InputError, match="record 7 lists no files: it may be restricted"):
        resolve_zenodo({"id": 7} | files)


def test_zenodo_in_a_layout_to_come():
    with pytest.raises(InputError, match="Zenodo record 7 is answered in an unknown layout"):
        resolve_zenodo({"id": 7, "files": [{"title": "x"}]})
    with pytest.raises(InputError, match="Zenodo record 7 is answered in an unknown layout"):
        resolve_zenodo({"id": 7, "files": {"entries": {}}})


# ENCODE

FOLD = {"assembly": "GRCh38", "output_type": "fold change over control"}


def encode_file(number, replicates, **other):
    accession = f"ENCFF{number:03d}AAA"
    return {
        "@id": f"/files/{accession}/",
        "accession": accession,
        "dataset": "/experiments/ENCSR032RGS/",
        "file_format": "bigWig",
        "output_type": "fold change over control",
        "assembly": "GRCh38",
        "status": "released",
        "biological_replicates": replicates,
        "technical_replicates": [f"{replicate}_1" for replicate in replicates],
        "href": f"/files/{accession}/@@download/{accession}.bigWig",
        "md5sum": f"{number:032x}",
        "file_size": 1000 + number,
    } | other


def encode_reads(number, replicate):
    reads = encode_file(number, [replicate], file_format="fastq", output_type="reads")
    del reads["assembly"]
    return reads


def experiment(*files):
    return {"@id": "/experiments/ENCSR032RGS/", "accession": "ENCSR032RGS", "files": list(files)}


ENCODE = experiment(
    encode_reads(1, 1),
    encode_file(2, [1, 2, 3], preferred_default=True),
    encode_file(3, [3]),
    encode_file(4, [1]),
    encode_file(5, [2]),
    encode_file(6, [2], output_type="signal p-value"),
    encode_file(7, [2], assembly="hg19"),
    encode_file(8, [2], status="archived"),
    encode_file(9, [2], file_format="bigBed"),
)


def test_encode_by_value():
    base = "https://www.encodeproject.org/files"
    expected = [
        {
            "name": f"ENCFF00{number}AAA.bigWig",
            "url": f"{base}/ENCFF00{number}AAA/@@download/ENCFF00{number}AAA.bigWig",
            "size": 1000 + number,
            "md5": f"{number:032x}",
            "accession": f"ENCFF00{number}AAA",
            "biological_replicate": replicate,
        }
        for replicate, number in [(1, 4), (2, 5), (3, 3)]
    ]
    assert resolve_encode(ENCODE, **FOLD) == expected
    assert resolve_encode({"@graph": ENCODE["files"]}, **FOLD) == expected


def accessions(manifest):
    return [file["accession"] for file in manifest]


def test_encode_takes_the_preferred_one_of_several():
    several = experiment(
        encode_file(1, [1]),
        encode_file(2, [1], preferred_default=True),
        encode_file(3, [8], preferred_default=False),
    )
    assert accessions(resolve_encode(several, **FOLD)) == ["ENCFF002AAA", "ENCFF003AAA"]


@pytest.mark.parametrize("preferred", [False, True])
def test_encode_cannot_decide_between_several(preferred):
    mark = {"preferred_default": preferred}
    several = experiment(encode_file(1, [1], **mark), encode_file(2, [1], **mark))
    with pytest.raises(InputError) as error:
        resolve_encode(several, **FOLD)
    marked = " (preferred)" if preferred else ""
    assert str(error.value) == (
        "ENCODE experiment ENCSR032RGS has 2 files to choose from for biological replicate 1, and "
        "one is needed: name one for each replicate in `accessions`, of "
        f"ENCFF001AAA of replicates [1]{marked}; ENCFF002AAA of replicates [1]{marked}."
    )
    assert accessions(resolve_encode(several, accessions=["ENCFF001AAA"], **FOLD)) == [
        "ENCFF001AAA"
    ]


def test_encode_misses_a_replicate():
    pooled = experiment(encode_file(1, [1]), encode_file(2, [1, 2]))
    with pytest.raises(
        InputError, match=r"no files to choose from for biological replicate 2.*\[1, "
    ):
        resolve_encode(pooled, **FOLD)
    with pytest.raises(InputError, match="no files to choose from for biological replicate 1"):
        resolve_encode(ENCODE, accessions=["ENCFF999ZZZ"], **FOLD)


def test_encode_has_none_of_that_kind():
    with pytest.raises(InputError) as error:
        resolve_encode(
            experiment(encode_reads(1, 1), encode_file(2, [1])), **FOLD | {"assembly": "T"}
        )
    assert str(error.value) == (
        "ENCODE experiment ENCSR032RGS has no file of bigWig, fold change over control, T, "
        "released. It has: bigWig, fold change over control, GRCh38, released; "
        "fastq, reads, no assembly, released."
    )
    with pytest.raises(InputError, match="It has: no files"):
        resolve_encode(experiment(), **FOLD)


def test_encode_in_another_layout():
    with pytest.raises(InputError, match="ENCSR032RGS is answered in an unknown layout"):
        resolve_encode(experiment("/files/ENCFF001AAA/"), **FOLD)
    bare = encode_file(1, [1])
    del bare["md5sum"]
    with pytest.raises(InputError, match=r"unknown layout \(KeyError\('md5sum'\)\)"):
        resolve_encode(experiment(bare), **FOLD)


# From the service to the manifest


def test_resolve_asks_zenodo(server, tmp_path):
    server.files["/api/records/14145285"] = json.dumps(ZENODO).encode()
    path = tmp_path / "data" / "manifest.json"
    assert resolve({"zenodo": 14145285}, path, server.url("/")) == resolve_zenodo(ZENODO)
    assert json.loads(path.read_text()) == resolve_zenodo(ZENODO)
    assert left(path) == ["manifest.json"]


def test_the_manifest_does_not_hang_on_the_order_of_the_answer(server, tmp_path):
    texts = []
    for files in (ENCODE["files"], ENCODE["files"][::-1]):
        answer = json.dumps(ENCODE | {"files": files}).encode()
        server.files["/experiments/ENCSR032RGS/?format=json"] = answer
        resolve({"encode": "ENCSR032RGS"} | FOLD, tmp_path / "manifest.json", server.url(""))
        texts.append((tmp_path / "manifest.json").read_text())
    assert texts[0] == texts[1]
    assert json.loads(texts[0]) == resolve_encode(ENCODE, base=server.url(""), **FOLD)
    assert texts[0].startswith(
        '[\n  {\n    "accession": "ENCFF004AAA",\n    "biological_replicate": 1'
    )
    assert texts[0].endswith("]\n")


def test_resolve_errors(server, tmp_path):
    with pytest.raises(InputError, match="names no archive: allowed are zenodo, encode"):
        resolve({"geo": "GSE1"}, tmp_path / "m.json")
    with pytest.raises(InputError, match="records/1 cannot be fetched: the server answers 404"):
        resolve({"zenodo": 1}, tmp_path / "m.json", server.url(""))
    server.files["/api/records/2"] = b"{"
    with pytest.raises(InputError, match="records/2 does not answer with JSON"):
        resolve({"zenodo": 2}, tmp_path / "m.json", server.url(""))
    assert not (tmp_path / "m.json").exists()


def test_entry(tmp_path):
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(resolve_encode(ENCODE, **FOLD)))
    assert entry(path, biological_replicate=2)["accession"] == "ENCFF005AAA"
    assert entry(path, name="ENCFF003AAA.bigWig")["biological_replicate"] == 3
    names = "ENCFF004AAA.bigWig, ENCFF005AAA.bigWig, ENCFF003AAA.bigWig"
    with pytest.raises(InputError, match=f"has no files with .*'x'.*It has: {names}"):
        entry(path, name="x")
    with pytest.raises(InputError, match="has 3 files with"):
        entry(path)


def test_the_scripts_of_both_rules(server, tmp_path, target):
    file = encode_file(5, [1], md5sum=MD5, file_size=len(DATA))
    server.files = {
        "/experiments/ENCSR032RGS/?format=json": json.dumps(experiment(file)).encode(),
        file["href"]: DATA,
        f"/lab/{file['accession']}.bigWig": DATA,
        "/plain": DATA,
    }
    manifest = tmp_path / "manifest.json"
    write_manifest(manifest, {"encode": "ENCSR032RGS"} | FOLD, server.url(""))
    for mirror, asked in ((None, file["href"]), (server.url("/lab"), "/lab/ENCFF005AAA.bigWig")):
        download_file(target, manifest, name=None, replicate=1, mirror=mirror)
        assert target.read_bytes() == DATA
        assert server.requests[-1][0] == asked
    download_file(target, None, None, None, None, url=server.url("/plain"), sha256=SHA256)
    assert server.requests[-1][0] == "/plain"
    with pytest.raises(InputError, match=r"has no files with .*'counts.h5'"):
        download_file(target, manifest, name="counts.h5", replicate=None, mirror=None)
