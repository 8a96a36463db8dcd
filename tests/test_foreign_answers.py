"""Answers of an ensemble that was trained elsewhere: three formats, and what is refused."""

import h5py
import numpy as np
import pandas as pd
import pytest

import made_foreign
from degu.foreign import answers
from degu.job import InputError


@pytest.fixture
def request_(tmp_path):
    return made_foreign.request(tmp_path)


def read(rows, request, folder, members=3, name="answer.tsv"):
    return answers.read([made_foreign.write(rows, folder / name)], request, members)


@pytest.mark.parametrize("name", ["a.tsv", "a.tsv.gz", "a.csv", "a.parquet"])
def test_a_table_of_any_order_is_put_in_that_of_the_request(request_, tmp_path, name):
    rows, values = made_foreign.answer(request_)
    found = read(rows, request_, tmp_path, name=name)
    order = [found.members.index(member) for member in "abc"]
    np.testing.assert_array_equal(found.predictions[order], values)
    assert sorted(found.members) == ["a", "b", "c"] and found.known is None


def hdf5(path, request, values, **changes):
    lists = {"id": request.ids, "member": ["a", "b", "c"], "activity": ["z", "y"]} | changes
    with h5py.File(path, "w") as file:
        file["predictions"] = values[..., ::-1]
        for key, value in lists.items():
            file[key] = np.asarray(value, h5py.string_dtype())
    return path


def test_an_array_with_its_lists(request_, tmp_path):
    _, values = made_foreign.answer(request_)
    found = answers.read([hdf5(tmp_path / "a.h5", request_, values)], request_, 3)
    np.testing.assert_array_equal(found.predictions, values)
    with pytest.raises(InputError, match=r"shape \(3, 40, 2\), but there are 2 members, 40 ids"):
        answers.read([hdf5(tmp_path / "b.h5", request_, values, member=["a", "b"])], request_, 3)
    with pytest.raises(InputError, match="has no 'y': it has z, x"):
        answers.read([hdf5(tmp_path / "c.h5", request_, values, activity=["z", "x"])], request_, 3)


def test_members_may_have_files_of_their_own(request_, tmp_path):
    rows, values = made_foreign.answer(request_)
    paths = [
        made_foreign.write(rows[rows["member"] == one], tmp_path / f"{one}.tsv") for one in "abc"
    ]
    found = answers.read(paths, request_, 3)
    assert found.members == ["a", "b", "c"]
    np.testing.assert_array_equal(found.predictions, values)


def test_the_sequence_that_is_known_is_kept_apart(tmp_path):
    request = made_foreign.request(tmp_path, check="ACGTACGTACGT")
    rows, values = made_foreign.answer(request)
    found = read(rows.sort_values("member"), request, tmp_path)
    np.testing.assert_array_equal(found.predictions, values[:, :40])
    np.testing.assert_array_equal(found.known, values[:, 40])


def changed(rows, at, column, value):
    rows = rows.astype({"member": str}).reset_index(drop=True)
    rows.loc[at, column] = value
    return rows


REFUSED = {
    "another request": (
        lambda rows, ids: changed(rows, 3, "id", "0123456789_3"),
        "answers another request: its ids start with '0123456789', those of this one with '{}'",
    ),
    "unknown id": (
        lambda rows, ids: changed(rows, 3, "id", f"{ids[0].split('_')[0]}_40"),
        "has the id '{}_40', which the request has not",
    ),
    "no id of a request": (
        lambda rows, ids: changed(rows, 3, "id", "s3"),
        "has the id 's3', which the request has not",
    ),
    "repeated id": (
        lambda rows, ids: pd.concat([rows, rows.iloc[:1]]),
        r"the member '[abc]' answers '{}_\d+' twice",
    ),
    "missing ids": (
        lambda rows, ids: rows[~rows["id"].isin(ids[5:7])],
        "The member '[abc]' does not answer 2 of 40 ids, the first of them '{}_5'.$",
    ),
    "a member with other ids": (
        lambda rows, ids: rows[(rows["member"] != "b") | (rows["id"] != ids[7])],
        "The member 'b' does not answer 1 of 40 ids, the first of them '{}_7'. Other members",
    ),
    "one member": (
        lambda rows, ids: rows[rows["member"] == "a"],
        "The answer has 1 of 3 members .*: a alone. The spread of an ensemble needs two or more",
    ),
    "a member too many": (
        lambda rows, ids: changed(rows, 0, "member", "d"),
        "has the member '[abcd]' beside .*: predictions.members of the recipe is 3",
    ),
    "not finite": (
        lambda rows, ids: changed(rows, 2, "y", np.nan),
        "'y' of the member '[abc]' for '{}_[0-9]+' is nan: a finite number is needed",
    ),
    "no activity": (lambda rows, ids: rows.drop(columns="z"), "has no (column )?'z': it has id"),
}


@pytest.mark.parametrize("name", ["answer.tsv", "answer.parquet"])
@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_an_answer_is_refused(request_, tmp_path, fault, name):
    change, message = REFUSED[fault]
    rows, _ = made_foreign.answer(request_)
    with pytest.raises(InputError, match=message.format(request_.digest)):
        read(change(rows, request_.ids), request_, tmp_path, name=name)


def test_a_value_beyond_all_numbers_is_refused(request_, tmp_path):
    rows, _ = made_foreign.answer(request_)
    with pytest.raises(InputError, match="row 4: 'y' is 'inf', a finite number is needed"):
        read(changed(rows, 2, "y", np.inf), request_, tmp_path)


@pytest.mark.parametrize(("name", "kind"), [("a.parquet", "Parquet"), ("a.h5", "HDF5")])
def test_a_file_that_is_none_of_its_kind_is_refused(request_, tmp_path, name, kind):
    (tmp_path / name).write_text("id\tmember\n")
    with pytest.raises(InputError, match=f"{name} is no whole {kind} file"):
        answers.read([tmp_path / name], request_, 3)
