"""Downloads that are whole or absent: resumed, retried, checked.

Beside a target NAME lie, while it is fetched, NAME.part (a prefix of the file) and NAME.part.json
(the validator and the size of the whole, as the server gave them). Without the second, or when the
server's file is another one by now, the first is thrown away: nothing but a checked file is ever
called NAME.
"""

import email.utils
import errno
import hashlib
import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import requests
import urllib3

from degu.job import InputError, atomic, log

ATTEMPTS = 6  # failures in a row, without a further byte, after which to give up
FIRST_WAIT = 2.0  # seconds before the second attempt, doubled with each failure in a row
LONGEST_WAIT = 3600.0
TIMEOUT = 60.0  # seconds without an answer or a byte that count as a failure
REPORT_SECONDS = 5.0
# Archives throttle clients that do not say who they are; the address is the method's paper.
USER_AGENT = "degu-pipeline/0.1.0 (+https://doi.org/10.1038/s44387-025-00053-3)"

_CHUNK = 1 << 20
# Headers by which a server tells how long to stay away; numbers from _EPOCH on are points in time.
_WAITS = ("Retry-After", "RateLimit-Reset", "X-RateLimit-Reset")
_EPOCH = 1e9
_DIGITS = {"sha256": 64, "md5": 32}
_CLIENT_ERRORS = {
    401: "it needs a login: the file may be restricted or under embargo",
    403: "access is denied: the file may be restricted or under embargo",
    404: "there is no such file: check the address, or the record's page for a newer one",
    410: "the file was taken down: look for a newer one on the record's page",
}


class _Passing(Exception):
    """A failure that may pass; `seconds` is how long the server asked us to stay away."""

    def __init__(self, reason: str, seconds: float = 0.0):
        super().__init__(reason)
        self.seconds = seconds


_TRANSIENT = (_Passing, requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError)


def fetch(
    url: str,
    path: str | Path,
    *,
    sha256: str | None = None,
    md5: str | None = None,
    size: int | None = None,
    mirror: str | Path | None = None,
    name: str | None = None,
) -> Path:
    """Bring a file here, whole and checked, or raise and leave `path` as it was.

    Failures that may pass are tried again after a pause, or after a longer one that the server asks
    for (Retry-After, RateLimit-Reset, X-RateLimit-Reset).

    Parameters
    ----------
    url
        http(s):// or file:// address, or a path on this machine.
    path
        Target. A broken-off download goes on from its part file, also in a later run.
    sha256, md5
        Checksums of the whole file; with neither, the log prints the sha256 to pin.
    size
        Bytes of the whole file.
    mirror
        Base address or folder that is used in place of the folder of `url`.
    name
        Name of the file on the mirror; the name of `path` by default.

    Raises
    ------
    InputError
        For a source that is missing, denied, a web page, of another size or checksum than
        expected, or never arrives whole; and for a disk too full to hold it.
    """
    path = Path(path)
    sums = {"sha256": sha256, "md5": md5}
    sums = {kind: _checksum(kind, text) for kind, text in sums.items() if text is not None}
    source = url if mirror is None else _mirrored(str(mirror), name or path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    log.info("Fetching %s from %s", path.name, source)
    if urlsplit(source).scheme in ("http", "https"):
        _download(source, path, size)
    else:
        _copy(_local(source), path, size)
    _verify(path, source, size, sums)
    _part(path).replace(path)
    _forget(path)
    log.info("%s is whole: %s", path, human(path.stat().st_size))
    return path


def fetch_json(url: str) -> dict:
    """Return what an http(s):// address answers, which must be JSON.

    Raises
    ------
    InputError
        For an answer that is no JSON, and for what `fetch` refuses.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "answer.json")
        _download(url, path, None)
        try:
            return json.loads(_part(path).read_text())
        except ValueError as error:
            raise InputError(f"{url} does not answer with JSON: {error}.") from error


def human(size: float) -> str:
    """Return a number of bytes as a person reads it, in powers of 1000."""
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{size:.0f} bytes" if unit == "bytes" else f"{size:.1f} {unit}"


def _mirrored(mirror: str, name: str) -> str:
    return f"{mirror.rstrip('/')}/{quote(name) if '://' in mirror else name}"


def _local(source: str) -> Path:
    file = Path(
        unquote(source.removeprefix("file://")) if source.startswith("file:///") else source
    )
    if not file.is_file():
        raise InputError(
            f"{source} is no file on this machine, and no other source: allowed are paths and "
            "http://, https:// and file:/// addresses."
        )
    return file


def _checksum(kind: str, text: str) -> str:
    if not re.fullmatch(f"[0-9a-fA-F]{{{_DIGITS[kind]}}}", str(text)):
        raise InputError(f"{kind} is {text!r}: it must be {_DIGITS[kind]} hexadecimal digits.")
    return text.lower()


# The part file and its note


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.part.json")


def _forget(path: Path) -> None:
    # The note goes first: a part file without one is never gone on with.
    _note(path).unlink(missing_ok=True)
    _part(path).unlink(missing_ok=True)


def _kept(path: Path, source: str) -> tuple[int, dict]:
    """Return how many bytes of `source` an earlier attempt left, and its note on the whole."""
    try:
        note = json.loads(_note(path).read_text())
        kept = _part(path).stat().st_size
    except (FileNotFoundError, ValueError):
        return 0, {}
    return (kept, note) if note["source"] == source else (0, {})


def _begin(path: Path, note: dict) -> None:
    """Drop the part file, and note what the next will be a prefix of, if that can be known."""
    _forget(path)
    if note["validator"] and note["size"] is not None:
        with atomic(_note(path)) as temporary:
            temporary.write_text(json.dumps(note))


# From the web


def _download(source: str, path: Path, size: int | None) -> None:
    """Fill the part file of `path`, going on after failures that may pass."""
    failures = furthest = 0
    while True:
        try:
            return _attempt(source, path, size)
        except _TRANSIENT as error:
            reason, asked = error, getattr(error, "seconds", 0.0)
        except requests.RequestException as error:
            raise InputError(f"{source} cannot be fetched: {error}.") from error
        reached, _ = _kept(path, source)
        failures = 1 if reached > furthest else failures + 1
        furthest = max(furthest, reached)
        if failures >= ATTEMPTS:
            raise InputError(
                f"{source} did not arrive in {ATTEMPTS} attempts in a row: {reason}. "
                f"The next run goes on after {human(reached)}."
            ) from reason
        pause = min(max(FIRST_WAIT * 2 ** (failures - 1), asked), LONGEST_WAIT)
        log.info("%s: %s; trying again in %g s", path.name, reason, pause)
        time.sleep(pause)


def _attempt(source: str, path: Path, size: int | None) -> None:
    kept, note = _kept(path, source)
    if note and kept == note["size"]:
        return  # An earlier run was ended between the last byte and the renaming.
    # Bytes as they are stored: a checksum is of those, and only they have a place to go on from.
    headers = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT}
    if kept:
        headers |= {"Range": f"bytes={kept}-", "If-Range": note["validator"]}
    with requests.get(source, headers=headers, stream=True, timeout=TIMEOUT) as answer:
        _check_status(answer, source, path, kept)
        if answer.headers.get("Content-Type", "").lower().startswith("text/html"):
            _refuse_web_page(source, path)
        if answer.status_code == 206:
            _check_continues(answer, path, kept, note)
            total = note["size"]
            log.info("%s: going on after %s", path.name, human(kept))
        else:
            kept, total = 0, answer.raw.length_remaining
        _check_size(source, total, size)
        goal = size if total is None else total
        _check_room(path, (goal or 0) - kept)
        if not kept:
            _begin(path, {"source": source, "validator": _validator(answer), "size": total})
        chunks = iter(lambda: answer.raw.read1(_CHUNK, decode_content=False), b"")
        _append(chunks, path, goal)
    arrived = _part(path).stat().st_size
    if total is not None and arrived != total:
        raise _Passing(f"the transfer ended after {arrived} of {total} bytes")


def _check_status(answer: requests.Response, source: str, path: Path, kept: int) -> None:
    status = answer.status_code
    if status == 200 or (status == 206 and kept):
        return
    reason = f"the server answers {status} {answer.reason}"
    spent = answer.headers.get("X-RateLimit-Remaining") == "0"
    if status == 429 or status >= 500 or (status == 403 and spent):
        raise _Passing(reason, max(_wait(answer.headers.get(name, "")) for name in _WAITS))
    if status == 416 and kept:
        _forget(path)
        raise _Passing(f"{reason} to a request for the rest: starting again")
    hint = f" ({_CLIENT_ERRORS[status]})" if status in _CLIENT_ERRORS else ""
    raise InputError(f"{source} cannot be fetched: {reason}{hint}.")


def _wait(text: str) -> float:
    """Seconds of a header of `_WAITS`: seconds, seconds since 1970, or a date; else 0."""
    if text.isdecimal():
        seconds = float(text)
        return seconds if seconds < _EPOCH else max(0.0, seconds - time.time())
    date = email.utils.parsedate_tz(text)
    return max(0.0, email.utils.mktime_tz(date) - time.time()) if date else 0.0


def _check_continues(answer: requests.Response, path: Path, kept: int, note: dict) -> None:
    """Refuse a 206 answer that is not the rest of what the part file holds."""
    wanted = f"bytes {kept}-{note['size'] - 1}/{note['size']}"
    got = answer.headers.get("Content-Range")
    if got != wanted or _validator(answer) not in (None, note["validator"]):
        _forget(path)
        raise _Passing("the file on the server is another one by now: starting again")


def _validator(answer: requests.Response) -> str | None:
    """Return what tells versions of a file apart; a weak ETag does not promise equal bytes."""
    etag = answer.headers.get("ETag", "W/")
    return answer.headers.get("Last-Modified") if etag.startswith("W/") else etag


# From this machine


def _copy(file: Path, path: Path, size: int | None) -> None:
    total = file.stat().st_size
    _check_size(str(file), total, size)
    _forget(path)
    _check_room(path, total)
    with file.open("rb") as source:
        _append(iter(lambda: source.read(_CHUNK), b""), path, total)


# Bytes on their way, and their checks


def _append(chunks: Iterable[bytes], path: Path, total: int | None) -> None:
    """Write chunks at the end of the part file, which will have `total` bytes."""
    part = _part(path)
    try:
        with part.open("ab") as file:
            for chunk in _reported(chunks, path.name, file.tell(), total):
                file.write(chunk)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _full(path, None if total is None else total - part.stat().st_size) from error


def _reported(chunks: Iterable[bytes], name: str, kept: int, total: int | None) -> Iterator[bytes]:
    """Pass chunks on, and log now and then how far they are."""
    begun = told = time.monotonic()
    done = kept
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        now = time.monotonic()
        if now - told >= REPORT_SECONDS:
            log.info("%s: %s", name, _progress(done, total, (done - kept) / (now - begun)))
            told = now


def _progress(done: int, total: int | None, rate: float) -> str:
    if total is None:
        return f"{human(done)}, {human(rate)}/s"
    left = timedelta(seconds=round(max(0, total - done) / rate))
    return f"{human(done)} of {human(total)} ({done / total:.0%}), {human(rate)}/s, {left} left"


def _check_room(path: Path, needed: int) -> None:
    if needed > shutil.disk_usage(path.parent).free:
        raise _full(path, needed)


def _full(path: Path, needed: int | None) -> InputError:
    more = "more room" if needed is None else f"{human(needed)} more"
    return InputError(
        f"{path.name} needs {more} in {path.parent}, where "
        f"{human(shutil.disk_usage(path.parent).free)} are free: make room and start again."
    )


def _check_size(source: str, got: int | None, size: int | None) -> None:
    if None not in (got, size) and got != size:
        raise InputError(f"{source} has {got} bytes, but {size} were expected.")


def _verify(path: Path, source: str, size: int | None, sums: dict[str, str]) -> None:
    """Check the part file as a whole; one that fails is removed."""
    part = _part(path)
    try:
        _check_size(source, part.stat().st_size, size)
        with part.open("rb") as file:
            start = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
        if start.startswith((b"<!doctype html", b"<html")):
            _refuse_web_page(source, path)
        for kind, expected in sums.items():
            got = _digest(part, kind)
            if got != expected:
                raise InputError(
                    f"{source} has the {kind} {got}, but {expected} was expected: "
                    "it was damaged on its way, or is not the file that was pinned."
                )
    except InputError as error:
        _forget(path)
        raise InputError(f"{error} What had arrived was removed.") from error
    if not sums:
        log.info("sha256 of %s is %s: pin it in config.yaml", path.name, _digest(part, "sha256"))


def _refuse_web_page(source: str, path: Path) -> None:
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(
            f"{source} gives a web page where {path.name} was expected: "
            "use the address of the file itself, and check that it needs no login."
        )


def _digest(file: Path, kind: str) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, kind).hexdigest()
