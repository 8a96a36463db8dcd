"""Manifests of the files that archives (Zenodo, ENCODE) offer for a record."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from degu.download.transfer import fetch_json
from degu.job import InputError, atomic, log

SERVICES = {"zenodo": "https://zenodo.org", "encode": "https://www.encodeproject.org"}


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
        For an unknown service, and for what `fetch_json`, `resolve_zenodo` or `resolve_encode`
        refuse.
    """
    service = next((key for key in source if key in SERVICES), None)
    if service is None:
        raise InputError(f"{source} names no archive: allowed are {', '.join(SERVICES)}.")
    base = (base or SERVICES[service]).rstrip("/")
    record = source[service]
    if service == "zenodo":
        manifest = resolve_zenodo(fetch_json(f"{base}/api/records/{record}"))
    else:
        choice = {key: value for key, value in source.items() if key != service}
        answer = fetch_json(f"{base}/experiments/{record}/?format=json")
        manifest = resolve_encode(answer, base=base, **choice)
    log.info("%s %s: %d files", service, record, len(manifest))
    with atomic(path) as temporary:
        temporary.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    return manifest


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

    Of several files for a replicate, the one that ENCODE marks as preferred is taken. The paper's
    profiles are bigWigs of "fold change over control" in GRCh38 (Methods, "ATAC-seq").

    Parameters
    ----------
    experiment
        Answer of `/experiments/ACCESSION/?format=json`, or of a search for its files.
    assembly, output_type, file_format
        Output type of the files, in the words of ENCODE.
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
