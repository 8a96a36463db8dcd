"""Manifests by value, and from a server on this machine to files."""

import hashlib
import json

import pytest

from degu.download.archives import entry, resolve, resolve_encode, resolve_zenodo
from degu.job import InputError
from download import main as download_file
from http_server import serving
from resolve import main as write_manifest


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        yield running


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
    assert [file.name for file in path.parent.iterdir()] == ["manifest.json"]


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


def test_the_scripts_of_both_rules(server, tmp_path):
    target = tmp_path / "raw" / "data.bw"
    data = b"bytes of a track"
    file = encode_file(5, [1], md5sum=hashlib.md5(data).hexdigest(), file_size=len(data))
    server.files = {
        "/experiments/ENCSR032RGS/?format=json": json.dumps(experiment(file)).encode(),
        file["href"]: data,
        f"/lab/{file['accession']}.bigWig": data,
        "/plain": data,
    }
    manifest = tmp_path / "manifest.json"
    archive = {"encode": "ENCSR032RGS", "base": server.url("")} | FOLD
    write_manifest(manifest, archive)
    for mirror, asked in ((None, file["href"]), (server.url("/lab"), "/lab/ENCFF005AAA.bigWig")):
        download_file(target, {"archive": "atac", "replicate": 1}, manifest, mirror)
        assert target.read_bytes() == data
        assert server.requests[-1][0] == asked
    plain = {"url": server.url("/plain"), "sha256": hashlib.sha256(data).hexdigest(), "size": None}
    download_file(target, plain, [], None)
    assert server.requests[-1][0] == "/plain"
    with pytest.raises(InputError, match=r"has no files with .*'counts.h5'"):
        download_file(target, {"archive": "atac", "name": "counts.h5"}, manifest, None)
