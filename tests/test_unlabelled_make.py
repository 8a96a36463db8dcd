"""Files of sequences without measurements: parents, kinds, what is left out, and seeds."""

from collections import Counter
from itertools import pairwise

import h5py
import numpy as np
import pytest

import make_unlabelled
from degu import dataset, shards
from degu.dataset import Dataset
from degu.job import InputError, seed
from degu.sequences import decode, encode, reverse_complement
from degu.splits import SPLITS, subset
from degu.unlabelled import make, read_steps
from degu.unlabelled.make import KINDS, Sources
from test_genome import write_fasta

LEFT, RIGHT = encode(["AGGACC"])[0], encode(["CATTG"])[0]
INSERT = slice(6, 66)
RNG = np.random.default_rng(0)
GENOME = RNG.integers(0, 4, 12_000, dtype=np.uint8)
SIZES = {"train": 60, "validation": 20, "test": 20}
ALL = {"mutate": 2, "rate": 0.1, "indel": 1, "crossover": 2, "shuffle": 1, "shift": 1}


def flanked(inserts):
    """Put adaptors around inserts."""
    return np.stack([np.concatenate([LEFT, insert, RIGHT]) for insert in inserts])


def records(**changes):
    """Draw inserts of 60 bases from a genome, every other on the reverse strand.

    Windows do not overlap but for one of the training set that shares 45 bases with one of the
    test set; two training sequences have the unit of a validation sequence.
    """
    n = sum(SIZES.values())
    starts = 100 + 110 * np.arange(n)
    starts[3] = starts[85] + 15
    strands = np.array(["+", "-"] * (n // 2))
    inserts = np.stack([GENOME[start : start + 60] for start in starts])
    inserts[1::2] = reverse_complement(inserts[1::2])
    units = np.arange(n)
    units[[5, 6]] = units[62]
    regions = [f"chr1:{start}-{start + 60}({s})" for start, s in zip(starts, strands, strict=True)]
    # One place is not known, and one is another sequence's.
    regions[7:9] = ["", regions[20]]
    return dataset.Records(
        names=np.array([f"s{row}" for row in range(n)]),
        codes=flanked(inserts),
        targets=RNG.random((n, 1)).astype(np.float32),
        target_names=["y"],
        splits=np.repeat(list(SIZES), list(SIZES.values())),
        units=units,
        regions=np.array(regions),
        **changes,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write the data set, the genome, and natural sequences."""
    folder = tmp_path_factory.mktemp("made")
    dataset.write(folder / "data.h5", records())
    write_fasta(folder / "genome.fa", chr1=decode(GENOME[None])[0])
    return folder


def made(folder, asked, rows=None, own_seed=1, sources=None, name="unlabelled.h5"):
    """Make a file, and return its arrays and counts."""
    data = Dataset(folder / "data.h5")
    rows = np.arange(60) if rows is None else rows
    sources = sources or Sources(genome=folder / "genome.fa")
    make.write(folder / name, data, rows, asked, own_seed, sources)
    with h5py.File(folder / name) as file:
        group = file["unlabelled"]
        arrays = {key: group[key][:] for key in ("codes", "parents", "kind")}
        numbers = h5py.check_enum_dtype(group["kind"].dtype)
    assert numbers == {kind: number for number, kind in enumerate(KINDS)}
    return arrays | {"kind": np.array(KINDS)[arrays["kind"]]}, dict(read_steps(folder / name))


def of_kind(arrays, kind):
    """Codes and parents of a kind."""
    return tuple(arrays[key][arrays["kind"] == kind] for key in ("codes", "parents"))


@pytest.fixture(scope="module")
def whole(folder):
    return made(folder, ALL)


def test_parents_are_training_sequences_whose_units_are_in_no_other_split(whole):
    arrays, steps = whole
    allowed = [row for row in range(60) if row not in (5, 6)]
    for kind, copies in {"mutate": 2, "indel": 1, "crossover": 2, "shuffle": 1}.items():
        _, parents = of_kind(arrays, kind)
        assert parents[:, 0].tolist() == allowed * copies
        assert steps[kind] == len(allowed) * copies
        if kind == "crossover":
            assert set(parents[:, 1]) < set(allowed)
            assert (parents[:, 0] != parents[:, 1]).all()
        else:
            assert (parents[:, 1] == -1).all()
    assert (steps["parents"], steps["no parents: unit in another split, too"]) == (58, 2)


def test_adaptors_stay_in_all_that_is_derived(whole):
    arrays, _ = whole
    np.testing.assert_array_equal(arrays["codes"][:, : INSERT.start], [LEFT] * len(arrays["codes"]))
    np.testing.assert_array_equal(arrays["codes"][:, INSERT.stop :], [RIGHT] * len(arrays["codes"]))


def test_each_sequence_is_derived_from_its_parents(folder, whole):
    train = Dataset(folder / "data.h5").codes("train")
    arrays, _ = whole
    codes, parents = of_kind(arrays, "mutate")
    assert ((codes != train[parents[:, 0]]).sum(axis=1) == 6).all()
    codes, parents = of_kind(arrays, "crossover")
    first, second = (train[column] for column in parents.T)
    assert ((codes == first) | (codes == second)).all()
    codes, parents = of_kind(arrays, "shuffle")
    for child, parent in zip(codes[:, INSERT], train[parents[:, 0], INSERT], strict=True):
        assert Counter(pairwise(child)) == Counter(pairwise(parent))
        assert (child != parent).any()


def test_shifts_are_of_the_genome_and_share_nothing_with_other_splits(folder, whole):
    """Sequence 7 has no place, 8 that of another one; 3 lies 15 bases beside a test sequence."""
    arrays, steps = whole
    codes, parents = of_kind(arrays, "shift")
    regions = Dataset(folder / "data.h5").regions("train")
    for child, parent in zip(codes[:, INSERT], parents[:, 0], strict=True):
        start, strand = int(regions[parent][5:].split("-")[0]), regions[parent][-2]
        child = reverse_complement(child) if strand == "-" else child
        found = [
            by
            for by in range(-30, 31)
            if np.array_equal(GENOME[start + by : start + by + 60], child)
        ]
        assert len(found) == 1 and found[0] != 0
    left = {key.partition("left out: ")[2]: n for key, n in steps.items() if key[:7] == "shift, "}
    assert left["not in the genome at its place"] == 2
    shared = left["40 bases shared with a validation or test sequence"]
    assert shared == 58 - 2 - len(codes)
    known = set()
    for split in ("validation", "test"):
        for row in decode(Dataset(folder / "data.h5").codes(split)[:, INSERT]):
            known |= {row[at : at + 40] for at in range(21)}
    for strand in (codes[:, INSERT], reverse_complement(codes[:, INSERT])):
        for row in decode(strand):
            assert not known & {row[at : at + 40] for at in range(21)}


def test_a_shift_towards_a_test_sequence_is_left_out(folder):
    """Shifts that keep 40 of the 45 shared bases, or come closer, are left out of forty."""
    _, steps = made(folder, {"shift": 40}, rows=np.array([3]))
    assert 0 < steps["shift"] < 40
    left = steps["shift, left out: 40 bases shared with a validation or test sequence"]
    assert steps["shift"] + left == 40


def test_a_fraction_has_parents_of_its_own_rows(folder):
    rows = subset(60, 0.25, 3)
    arrays, steps = made(folder, {"crossover": 3}, rows=rows)
    assert steps["parents"] + steps["no parents: unit in another split, too"] == 15
    assert set(arrays["parents"].ravel()) <= set(rows) - {5, 6}


def test_draws_follow_the_seed_kind_by_kind_and_copy_by_copy(folder, whole):
    arrays, _ = whole
    again, _ = made(folder, ALL)
    for key, values in arrays.items():
        np.testing.assert_array_equal(again[key], values)
    for kind in KINDS[:4]:
        alone, _ = made(folder, {kind: 1, "rate": 0.1})
        codes = of_kind(arrays, kind)[0]
        np.testing.assert_array_equal(alone["codes"], codes[:58])
    copies = of_kind(arrays, "mutate")[0].reshape(2, 58, -1)
    assert (copies[0] != copies[1]).any(axis=1).all()
    other, _ = made(folder, ALL, own_seed=2)
    for kind in KINDS[:5]:
        one, two = of_kind(arrays, kind)[0][:40], of_kind(other, kind)[0][:40]
        assert (one != two).any(axis=1).sum() > 30


def test_blocks_hold_all_parents(folder, whole, monkeypatch):
    """Partners of a crossover may lie in other blocks."""
    monkeypatch.setattr(shards, "BLOCK", 71 * 10)
    arrays, steps = made(folder, ALL, name="blocks.h5")
    assert {kind: steps[kind] for kind in KINDS[:4]} == {kind: whole[1][kind] for kind in KINDS[:4]}
    _, parents = of_kind(arrays, "crossover")
    assert (np.abs(np.diff(parents, axis=1)) > 10).sum() > 50


def test_natural_sequences_are_held_against_all_splits(folder):
    """One in test (reverse strand), one that shares 40 bases with it, one that shares 39."""
    data = Dataset(folder / "data.h5")
    test, train = data.codes("test")[:, INSERT], data.codes("train")[:, INSERT]
    inserts = np.random.default_rng(5).integers(0, 4, (6, 60), dtype=np.uint8)
    inserts[0] = reverse_complement(test[0])
    inserts[1, 7:47] = test[1, 20:]
    inserts[2, 7:46] = test[1, 21:]
    inserts[2, 6] = (test[1, 20] + 1) % 4
    inserts[3] = train[9]
    inserts[4, 30] = 4
    lines = [f">n{row}\n{letters}\n" for row, letters in enumerate(decode(inserts))]
    (folder / "natural.fa").write_text("".join(lines))
    arrays, steps = made(folder, {"natural": "x"}, sources=Sources(natural=folder / "natural.fa"))
    assert steps == {
        "parents": 58,
        "no parents: unit in another split, too": 2,
        "natural": 3,
        "natural, equal to a training sequence": 1,
        "natural, left out: window outside of its chromosome": 0,
        "natural, left out: unknown bases": 1,
        "natural, left out: 40 bases shared with a validation or test sequence": 2,
        "natural, left out: equal to a validation or test sequence": 0,
    }
    np.testing.assert_array_equal(arrays["codes"], flanked(inserts[[2, 3, 5]]))
    np.testing.assert_array_equal(arrays["parents"], -np.ones((3, 2)))
    assert set(arrays["kind"]) == {"natural"}


def test_windows_of_a_genome_are_as_long_as_inserts(folder):
    (folder / "made.bed").write_text("chr1\t11500\t11630\nchr1\t0\t20\n")
    sources = Sources(natural=folder / "made.bed", windowed=folder / "genome.fa")
    arrays, steps = made(folder, {"natural": "x"}, sources=sources)
    expected = [GENOME[at : at + 60] for at in (11505, 11565)]
    np.testing.assert_array_equal(arrays["codes"], flanked(expected))
    assert steps["natural, left out: window outside of its chromosome"] == 1


def test_named_adaptors_tell_inserts_that_share_their_ends(tmp_path):
    """All inserts start with A: without the adaptors' names it seems to belong to them."""
    same = records()
    same.codes[:, INSERT.start] = 0
    dataset.write(tmp_path / "data.h5", same)
    inserts = np.random.default_rng(5).integers(0, 4, (2, 60), dtype=np.uint8)
    lines = [f">n{row}\n{letters}\n" for row, letters in enumerate(decode(inserts))]
    (tmp_path / "natural.fa").write_text("".join(lines))
    sources = Sources(natural=tmp_path / "natural.fa")
    with pytest.raises(InputError, match=r"have 60 bases, those of .* 71, or 59 between the ends"):
        made(tmp_path, {"natural": "x"}, sources=sources)
    named = {"adaptors": ["AGGACC", "CATTG"]}
    arrays, _ = made(tmp_path, {"natural": "x", "mutate": 1, "rate": 0.5} | named, sources=sources)
    np.testing.assert_array_equal(of_kind(arrays, "natural")[0], flanked(inserts))
    # The first base of inserts is one that may change.
    assert (of_kind(arrays, "mutate")[0][:, INSERT.start] != 0).any()
    with pytest.raises(InputError, match="the adaptors AGGACT and CATTG at their ends: number 1"):
        made(tmp_path, {"natural": "x", "adaptors": ["AGGACT", "CATTG"]}, sources=sources)


def test_nothing_becomes_a_test_sequence(tmp_path):
    """Inserts of three bases: mutants of one base meet those of the test set."""
    letters = ["AAA", "AAC", "AAG", "CTA", "TTG", "TTC"]
    records = dataset.Records(
        names=np.array(letters),
        codes=encode(letters),
        targets=np.array([[0], [1], [2], [3], [4], [5]], np.float32),
        target_names=["y"],
        splits=np.repeat(SPLITS, 2),
    )
    dataset.write(tmp_path / "data.h5", records)
    arrays, steps = made(tmp_path, {"mutate": 200, "rate": 0.05}, rows=np.arange(2))
    found = Counter(decode(arrays["codes"]))
    assert not {"AAG", "CTT", "TAG", "CTA", "TTG", "CAA", "TTC", "GAA"} & found.keys()
    assert steps["mutate"] == sum(found.values())
    left = steps["mutate, left out: equal to a validation or test sequence"]
    assert steps["mutate"] + left == 400
    assert steps["mutate, equal to a training sequence"] == found["AAC"] + found["AAA"] > 0


def test_a_kind_of_which_nothing_is_left_is_named(folder, tmp_path):
    dataset.write(tmp_path / "data.h5", records())
    other = write_fasta(tmp_path / "genome.fa", chr1="ACGT" * 4000)
    message = (
        "No sequence is left of what 'shift' makes: shift, left out: not in the genome at its "
    )
    with pytest.raises(InputError, match=rf"{message}place \(58\)\."):
        made(tmp_path, {"shift": 1}, sources=Sources(genome=other))
    assert not (tmp_path / "unlabelled.h5").exists()
    with pytest.raises(InputError, match="Crossovers need two training sequences; there are 1"):
        made(tmp_path, {"crossover": 1}, rows=np.array([0]))


def test_more_than_the_jobs_can_label_is_refused(folder, monkeypatch):
    monkeypatch.setattr("degu.dataset.SHARD", 71 * 30)
    words = {"asked": {"mutate": 2, "rate": 0.1}, "fraction": 1.0, "fraction_seed": 0}
    words |= {"own_seed": 4, "sources": Sources()}
    make_unlabelled.main(folder / "data.h5", folder / "many.h5", **words, shards=4)
    with pytest.raises(InputError, match=r"many\.h5 has 116 sequences .* is 3, and 4 are needed"):
        make_unlabelled.main(folder / "data.h5", folder / "many.h5", **words, shards=3)


def test_the_script_takes_the_rows_of_its_fraction(folder):
    make_unlabelled.main(
        data=folder / "data.h5",
        output=folder / "script.h5",
        asked={"mutate": 1, "rate": 0.05},
        fraction=0.25,
        fraction_seed=seed(0, "made", "fraction"),
        own_seed=4,
        sources=Sources(),
        shards=1,
    )
    with h5py.File(folder / "script.h5") as file:
        rows = file["unlabelled/parents"][:, 0]
    assert set(rows) == set(subset(60, 0.25, seed(0, "made", "fraction"))) - {5, 6}
