"""Requests to ensembles that were trained elsewhere."""

import json

import h5py
import numpy as np
import pandas as pd
import pytest

import made_foreign
from degu.foreign.requests import Request
from degu.job import InputError
from degu.sequences import decode


def test_a_request_lists_all_sequences_in_their_order(tmp_path):
    data = made_foreign.data(tmp_path)
    request = Request(data, None, "ACGT")
    request.write(tmp_path / "request.tsv.gz")
    table = pd.read_table(tmp_path / "request.tsv.gz")
    splits = ("train", "validation", "test")
    codes = np.concatenate([data.codes(split) for split in splits])
    assert table.columns.tolist() == ["id", "split", "name", "sequence"]
    assert table["sequence"].tolist() == decode(codes)
    assert table["split"].tolist() == np.repeat(splits, made_foreign.SIZES).tolist()
    assert table["name"].tolist() == [f"s{row}" for row in range(40)]
    assert table["id"].tolist() == [f"{request.digest}_{row}" for row in range(40)]
    assert request.sizes == {"train": 20, "validation": 10, "test": 10}


def test_its_facts_show_the_order_of_letters(tmp_path):
    request = made_foreign.request(tmp_path, order="ATCG")
    request.write_facts(tmp_path / "facts.json", 5)
    facts = json.loads((tmp_path / "facts.json").read_text())
    assert facts == {
        "request": request.digest,
        "sequences": 40,
        "length": 12,
        "members": 5,
        "activities": ["y", "z"],
        "order": "ATCG",
        "one_hot": {
            "A": [1, 0, 0, 0],
            "C": [0, 0, 1, 0],
            "G": [0, 0, 0, 1],
            "T": [0, 1, 0, 0],
            "N": [0, 0, 0, 0],
        },
        "columns of an answer": ["id", "member", "y", "z"],
    }


def test_the_sequence_that_is_known_comes_last(tmp_path):
    request = made_foreign.request(tmp_path, check="ACGTACGTACGT")
    request.write(tmp_path / "request.tsv.gz")
    last = pd.read_table(tmp_path / "request.tsv.gz").iloc[-1]
    assert last.tolist() == [f"{request.digest}_check", "check", "check0", "ACGTACGTACGT"]
    assert request.number == 40 and len(request.ids) == 41
    assert request.sequences(slice(39, 41))[1] == "ACGTACGTACGT"
    with pytest.raises(InputError, match=r"predictions.check has 4 bases, but those of .* have 12"):
        made_foreign.request(tmp_path, check="ACGT")


def test_sequences_without_measurements_have_a_request_of_their_own(tmp_path):
    with h5py.File(tmp_path / "unlabelled.h5", "w") as file:
        file["unlabelled/codes"] = np.array([[0, 1, 2, 3] * 3, [3] * 12], np.uint8)
    request = made_foreign.request(tmp_path, unlabelled=tmp_path / "unlabelled.h5")
    request.write(tmp_path / "request.tsv.gz")
    table = pd.read_table(tmp_path / "request.tsv.gz")
    assert table["sequence"].tolist() == ["ACGTACGTACGT", "TTTTTTTTTTTT"]
    assert table["name"].tolist() == ["unlabelled0", "unlabelled1"]
    assert request.sizes == {"unlabelled": 2}


def test_all_that_an_answer_depends_on_is_in_its_digest(tmp_path):
    data = made_foreign.data(tmp_path)
    digests = [
        Request(data, None, "ACGT").digest,
        Request(data, None, "ATCG").digest,
        Request(data, None, "ACGT", "A" * 12).digest,
        Request(data, None, "ACGT", "C" * 12).digest,
        Request(made_foreign.data(tmp_path, ("y", "z"), ()), None, "ACGT").digest,
    ]
    # Whether an activity was measured says nothing about its predictions.
    assert len(set(digests)) == 4 and digests[0] == digests[4]
    with h5py.File(data.path, "r+") as file:
        file["test/codes"][0] = 0
    assert Request(data, None, "ACGT").digest not in digests
