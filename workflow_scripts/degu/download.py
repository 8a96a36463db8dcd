"""Downloads that are whole or absent: resumed, retried, checked; and what archives offer.

Beside a target NAME lie, while it is fetched, NAME.part (a prefix of the file) and NAME.part.json
(what the server said of the whole: its validator and its size). Without the second, or when the
server's file is another one by now, the first is thrown away: nothing but a checked file is ever
called NAME.
"""

import datetime
import email.utils
import errno
import hashlib
import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import requests
import urllib3

from degu.job import InputError, atomic, log

REPORT_SECONDS = 5.0
LONGEST_WAIT = 3600.0
SERVICES = {"zenodo": "https://zenodo.org", "encode": "https://www.encodeproject.org"}

_CHUNK = 1 << 20
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


_TRANSIENT = (
    _Passing,
    requests.ConnectionError,
    requests.Timeout,
    urllib3.exceptions.HTTPError,
)


def fetch(
    url: str,
    path: str | Path,
    *,
    sha256: str | None = None,
    md5: str | None = None,
    size: int | None = None,
    mirror: str | Path | None = None,
    name: str | None = None,
    attempts: int = 6,
    wait: float = 2.0,
    timeout: float = 60.0,
) -> Path:
    """Bring a file here, whole and checked, or raise and leave `path` as it was.

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
        What the mirror calls the file; the name of `path` by default.
    attempts
        Failures in a row, without a further byte, after which to give up.
    wait
        Seconds before the second attempt, doubled with each failure in a row; the server's
        Retry-After where that is longer, but never more than an hour.
    timeout
        Seconds without an answer or a byte that count as a failure.

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
    if _is_web(source):
        _download(source, path, size, attempts, wait, timeout)
    else:
        _copy(_local(source), path, size)
    _verify(path, source, size, sums)
    _part(path).replace(path)
    _forget(path)
    log.info("%s is whole: %s", path, human(path.stat().st_size))
    return path


def human(size: float) -> str:
    """Return a number of bytes as a person reads it, in powers of 1000."""
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{size:.0f} bytes" if unit == "bytes" else f"{size:.1f} {unit}"


def _is_web(source: str) -> bool:
    return urlsplit(source).scheme in ("http", "https")


def _mirrored(mirror: str, name: str) -> str:
    return f"{mirror.rstrip('/')}/{quote(name) if '://' in mirror else name}"


def _local(source: str) -> Path:
    if "://" not in source:
        file = Path(source)
    elif source.startswith("file:///"):
        file = Path(unquote(source.removeprefix("file://")))
    else:
        raise InputError(
            f"{source!r} is no source: allowed are http://, https:// and file:/// addresses "
            "and paths on this machine."
        )
    if not file.is_file():
        raise InputError(f"{source} is no file on this machine.")
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
    """Empty the part file, then note what its bytes will be a prefix of, if that can be known."""
    _forget(path)
    _part(path).touch()
    if note["validator"] and note["size"] is not None:
        with atomic(_note(path)) as temporary:
            temporary.write_text(json.dumps(note))


# From the web


def _download(
    source: str, path: Path, size: int | None, attempts: int, wait: float, timeout: float
) -> None:
    """Fill the part file of `path`, going on after failures that may pass."""
    failures = furthest = 0
    while True:
        try:
            return _attempt(source, path, size, timeout)
        except _TRANSIENT as error:
            reason, asked = error, getattr(error, "seconds", 0.0)
        except requests.RequestException as error:
            raise InputError(f"{source} cannot be fetched: {error}.") from error
        reached, _ = _kept(path, source)
        failures = 1 if reached > furthest else failures + 1
        furthest = max(furthest, reached)
        if failures >= attempts:
            raise InputError(
                f"{source} did not arrive in {attempts} attempts in a row: {reason}. "
                f"The next run goes on after {human(reached)}."
            ) from reason
        pause = min(max(wait * 2 ** (failures - 1), asked), LONGEST_WAIT)
        log.info("%s: %s; trying again in %g s", path.name, reason, pause)
        time.sleep(pause)


def _attempt(source: str, path: Path, size: int | None, timeout: float) -> None:
    kept, note = _kept(path, source)
    if note and kept == note["size"]:
        return  # An earlier run was ended between the last byte and the renaming.
    # Bytes as they are stored: a checksum is of those, and only they have a place to go on from.
    headers = {"Accept-Encoding": "identity"}
    if kept:
        headers |= {"Range": f"bytes={kept}-", "If-Range": note["validator"]}
    with requests.get(source, headers=headers, stream=True, timeout=timeout) as answer:
        _check_status(answer, source, path, kept)
        if answer.headers.get("Content-Type", "").lower().startswith("text/html"):
            _refuse_web_page(source, path)
        if answer.status_code == 206:
            _check_continues(answer, path, kept, note)
            total = note["size"]
            log.info("%s: going on after %s", path.name, human(kept))
        else:
            kept, total = 0, _length(answer)
        _check_size(source, total, size)
        _check_room(path, (total or size or 0) - kept)
        if not kept:
            _begin(path, {"source": source, "validator": _validator(answer), "size": total})
        chunks = iter(lambda: answer.raw.read1(_CHUNK, decode_content=False), b"")
        _append(_reported(chunks, path.name, kept, total or size), path, total or size)
    arrived = _part(path).stat().st_size
    if total is not None and arrived != total:
        raise _Passing(f"the transfer ended after {arrived} of {total} bytes")


def _check_status(answer: requests.Response, source: str, path: Path, kept: int) -> None:
    status = answer.status_code
    if status == 200 or (status == 206 and kept):
        return
    reason = f"the server answers {status} {answer.reason}"
    if status == 429 or status >= 500:
        raise _Passing(reason, _retry_after(answer.headers.get("Retry-After", "")))
    if status == 416 and kept:
        _forget(path)
        raise _Passing(f"{reason} to a request for the rest: starting again")
    hint = f" ({_CLIENT_ERRORS[status]})" if status in _CLIENT_ERRORS else ""
    raise InputError(f"{source} cannot be fetched: {reason}{hint}.")


def _retry_after(text: str) -> float:
    """Seconds of a Retry-After header, which holds seconds or a date; 0 for neither."""
    if text.isdecimal():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (until - datetime.datetime.now(datetime.UTC)).total_seconds())


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


def _length(answer: requests.Response) -> int | None:
    length = answer.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


# From this machine


def _copy(file: Path, path: Path, size: int | None) -> None:
    total = file.stat().st_size
    _check_size(str(file), total, size)
    _begin(path, {"validator": None})
    _check_room(path, total)
    with file.open("rb") as source:
        chunks = iter(lambda: source.read(_CHUNK), b"")
        _append(_reported(chunks, path.name, 0, total), path, total)


# Bytes on their way, and their checks


def _append(chunks: Iterable[bytes], path: Path, total: int | None) -> None:
    part = _part(path)
    try:
        with part.open("ab") as file:
            for chunk in chunks:
                file.write(chunk)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _full(path, None if total is None else total - part.stat().st_size) from error


def _reported(chunks: Iterable[bytes], name: str, kept: int, total: int | None) -> Iterator[bytes]:
    """Pass chunks on, and say now and then in the log how far they are."""
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
    left = datetime.timedelta(seconds=round(max(0, total - done) / rate))
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
            _check_sum(part, source, kind, expected)
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


def _check_sum(part: Path, source: str, kind: str, expected: str) -> None:
    got = _digest(part, kind)
    if got != expected:
        raise InputError(
            f"{source} has the {kind} {got}, but {expected} was expected: "
            "it was damaged on its way, or is not the file that was pinned."
        )


def _digest(file: Path, kind: str) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, kind).hexdigest()


# What archives offer


def resolve(source: dict, path: str | Path, base: str | None = None) -> list[dict]:
    """Ask an archive for the files of a record and write them down as a manifest.

    Parameters
    ----------
    source
        `{"zenodo": 14145285}`, or `{"encode": "ENCSR032RGS", ...}` with the arguments of
        `resolve_encode`.
    path
        JSON file: the list that is returned, the same text for the same answer, so that it may
        be committed as a pin.
    base
        Address of the service; by default that of `SERVICES`.

    Returns
    -------
    manifest : list of dict
        See `resolve_zenodo` and `resolve_encode`.

    Raises
    ------
    InputError
        For an unknown service and for what `fetch`, `resolve_zenodo` or `resolve_encode` refuse.
    """
    service = next((key for key in source if key in SERVICES), None)
    if service is None:
        raise InputError(f"{source} names no archive: allowed are {', '.join(SERVICES)}.")
    base = (base or SERVICES[service]).rstrip("/")
    record = source[service]
    if service == "zenodo":
        manifest = resolve_zenodo(_json(f"{base}/api/records/{record}"))
    else:
        choice = {key: value for key, value in source.items() if key != service}
        answer = _json(f"{base}/experiments/{record}/?format=json")
        manifest = resolve_encode(answer, base=base, **choice)
    log.info("%s %s: %d files", service, record, len(manifest))
    with atomic(path) as temporary:
        temporary.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    return manifest


def _json(url: str) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "answer.json")
        _download(url, path, None, attempts=6, wait=2.0, timeout=60.0)
        try:
            return json.loads(_part(path).read_text())
        except ValueError as error:
            raise InputError(f"{url} does not answer with JSON: {error}.") from error


def resolve_zenodo(record: dict) -> list[dict]:
    """List the files of a Zenodo record.

    Parameters
    ----------
    record
        Answer of `/api/records/ID`, with files as `key` and `size` (before and since 2023) or as
        `filename` and `filesize` (in between, and in deposits).

    Returns
    -------
    manifest : list of dict
        `name`, `url`, `size` (bytes) and `md5` of each file, sorted by name.

    Raises
    ------
    InputError
        For a record without files or in another layout.
    """
    if not record.get("files"):
        raise InputError(
            f"Zenodo record {record.get('id')} lists no files: it may be restricted, under "
            "embargo or withdrawn."
        )
    with _known_layout(f"Zenodo record {record.get('id')}"):
        files = [_zenodo_file(record, file) for file in record["files"]]
    return sorted(files, key=lambda file: file["name"])


def _zenodo_file(record: dict, file: dict) -> dict:
    if "key" in file:
        name, size, url = file["key"], file["size"], file["links"]["self"]
    else:
        # The links of this layout do not lead to the data.
        name, size = file["filename"], file["filesize"]
        url = f"{record['links']['self']}/files/{quote(name)}/content"
    return {"name": name, "url": url, "size": size, "md5": file["checksum"].removeprefix("md5:")}


def resolve_encode(
    experiment: dict,
    *,
    assembly: str,
    output_type: str,
    file_format: str = "bigWig",
    accessions: Sequence[str] = (),
    base: str = SERVICES["encode"],
) -> list[dict]:
    """Choose one released file for each biological replicate of an ENCODE experiment.

    Of several for a replicate, the one that ENCODE marks as preferred is taken. The paper's
    profiles are bigWigs of "fold change over control" in GRCh38 (Methods, "ATAC-seq").

    Parameters
    ----------
    experiment
        Answer of `/experiments/ACCESSION/?format=json`, or of a search for its files.
    assembly, output_type, file_format
        What the files must be, in the words of ENCODE.
    accessions
        Files to choose from, where ENCODE's marks do not decide; all by default.
    base
        Address of the service, put before the files' own.

    Returns
    -------
    manifest : list of dict
        `name`, `url`, `size` (bytes), `md5`, `accession` and `biological_replicate`, sorted by
        replicate.

    Raises
    ------
    InputError
        When a replicate has no such file, or several and not exactly one preferred: with what
        exists.
    """
    title = f"ENCODE experiment {experiment.get('accession', '')}".strip()
    wanted = f"{file_format}, {output_type}, {assembly}, released"
    with _known_layout(title):
        files = experiment.get("@graph", experiment.get("files", []))
        matching = [file for file in files if _encode_kind(file) == wanted]
        # A pooled file is of no use, but shows that its replicates exist.
        replicates = sorted({n for file in matching for n in file["biological_replicates"]})
        if not replicates:
            kinds = "; ".join(sorted({_encode_kind(file) for file in files})) or "no files"
            raise InputError(f"{title} has no file of {wanted}. It has: {kinds}.")
        chosen = [_encode_choice(matching, n, accessions, title) for n in replicates]
        return [_encode_file(file, base) for file in chosen]


def _encode_kind(file: dict) -> str:
    keys = ("file_format", "output_type", "assembly", "status")
    return ", ".join(file.get(key, f"no {key}") for key in keys)


def _encode_choice(
    files: list[dict], replicate: int, accessions: Sequence[str], title: str
) -> dict:
    own = [file for file in files if file["biological_replicates"] == [replicate]]
    if accessions:
        own = [file for file in own if file["accession"] in accessions]
    chosen = own if len(own) == 1 else [file for file in own if file.get("preferred_default")]
    if len(chosen) == 1:
        return chosen[0]
    offers = "; ".join(
        f"{file['accession']} of replicates {file['biological_replicates']}"
        + (" (preferred)" if file.get("preferred_default") else "")
        for file in sorted(files, key=lambda file: file["accession"])
    )
    raise InputError(
        f"{title} has {len(own) or 'no'} files to choose from for biological replicate "
        f"{replicate}, and one is needed: name one for each replicate in `accessions`, of {offers}."
    )


def _encode_file(file: dict, base: str) -> dict:
    return {
        "name": file["href"].rsplit("/", 1)[-1],
        "url": base.rstrip("/") + file["href"],
        "size": file["file_size"],
        "md5": file["md5sum"],
        "accession": file["accession"],
        "biological_replicate": file["biological_replicates"][0],
    }


@contextmanager
def _known_layout(title: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{title} is answered in an unknown layout ({error!r}): the service may have changed."
        ) from error


def entry(manifest: str | Path, **wanted: object) -> dict:
    """Return the one file of a manifest that has all the wanted values.

    Parameters
    ----------
    manifest
        File that `resolve` wrote.
    wanted
        Such as `name="counts.h5"` or `biological_replicate=2`.

    Raises
    ------
    InputError
        For none or several such files, with those that there are.
    """
    files = json.loads(Path(manifest).read_text())
    found = [file for file in files if wanted.items() <= file.items()]
    if len(found) != 1:
        raise InputError(
            f"{manifest} has {len(found) or 'no'} files with {wanted}, and one is needed. "
            f"It has: {', '.join(file['name'] for file in files)}."
        )
    return found[0]
