"""Students that learn sequences without measurements beside their training sequences."""

from functools import partial
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
import tensorflow as tf

import label
import label_unlabelled
import make_unlabelled
import small_member
import train_student
from conftest import HEADS, LENGTH
from degu import dataset, losses, models
from degu.dataset import Dataset
from degu.ensemble import Ensemble
from degu.heads import Heads
from degu.labels import read_labels
from degu.sequences import decode
from degu.splits import SPLITS, subset
from degu.tasks import activities, profiles
from degu.unlabelled import read_steps
from degu.unlabelled.make import Sources
from small_run import SETTINGS, STUDENT
from test_genome import write_fasta
from workflow import made_config, snakemake, write_yaml

FRACTION = 0.5
ROWS = subset(80, FRACTION, 7)


@pytest.fixture(scope="module")
def run(members, tmp_path_factory):
    """Write a data set, labels, and mutants and crossovers of half of its training sequences."""
    folder, rng = tmp_path_factory.mktemp("run"), np.random.default_rng(0)
    codes = rng.integers(0, 4, (140, LENGTH), dtype=np.uint8)
    # The aleatoric head of the teachers is an activity's second column.
    targets = Ensemble(members).predict(codes)[0]
    records = dataset.Records(
        names=np.array([f"s{row}" for row in range(140)]),
        codes=codes,
        targets=targets,
        target_names=HEADS.names,
        splits=np.repeat(SPLITS, [80, 30, 30]),
    )
    data, made = folder / "data.h5", [folder / "unlabelled.h5", folder / "its_labels.h5"]
    dataset.write(data, records)
    asked = {"mutate": 2, "rate": 0.1, "crossover": 1}
    make_unlabelled.main(data, made[0], asked, FRACTION, 7, 1, Sources(), 1)
    label.main(data, members, folder / "labels.h5", FRACTION, 7)
    label_unlabelled.main(data, made[0], members, made[1])
    return SimpleNamespace(data=data, labels=folder / "labels.h5", unlabelled=made)


def supervised(run, **recipe):
    return activities.from_teachers(
        Dataset(run.data), ROWS, STUDENT | recipe, run.labels, run.unlabelled
    )


@pytest.mark.parametrize("scale", ["std", "logvar"])
def test_a_student_learns_its_rows_and_behind_them_the_others(run, scale):
    with_them = supervised(run, scale=scale)
    alone = activities.from_teachers(
        Dataset(run.data), ROWS, STUDENT | {"scale": scale}, run.labels
    )
    (codes, targets), (of_train, taught) = with_them.train, alone.train
    assert len(codes) == len(targets) == 40 + 120
    np.testing.assert_array_equal(codes[:40], of_train[:])
    np.testing.assert_array_equal(targets[:40], taught[:])
    with h5py.File(run.unlabelled[0]) as file:
        np.testing.assert_array_equal(codes[40:], file["unlabelled/codes"][:])
    mean, std = read_labels(run.unlabelled[1], "unlabelled")
    np.testing.assert_array_equal(targets[40:][:, :2], mean)
    expected = np.log(std.astype(float) ** 2 + 1e-6) if scale == "logvar" else std
    np.testing.assert_allclose(targets[40:][:, 2:], expected, rtol=1e-6)


def test_validation_is_that_of_other_students(run):
    with_them, alone = (
        activities.from_teachers(Dataset(run.data), ROWS, STUDENT, run.labels, files)
        for files in (run.unlabelled, ())
    )
    for one, other in zip(with_them.validation, alone.validation, strict=True):
        np.testing.assert_array_equal(one[:], other[:])


def test_where_nothing_is_measured_the_teachers_stand_in(run):
    """The loss of such a row is that of its labels, less the measured share of epistemic heads."""
    weights = {"epistemic": 2, "aleatoric": 3}
    found = supervised(run, weights=weights, measured_weight=0.25)
    taught = supervised(run, weights=weights).train[1][40:]
    raw = np.random.default_rng(1).normal(size=taught.shape).astype(np.float32)
    expected = losses.distillation([1, 3, 0.75 * 2])(tf.constant(taught), tf.constant(raw))
    truth = tf.constant(found.train[1][40:])
    np.testing.assert_allclose(found.loss(truth, tf.constant(raw)), expected, rtol=1e-5)
    measured = Dataset(run.data).targets("train")[ROWS]
    np.testing.assert_array_equal(found.train[1][:40][:, 3:], measured)


def student(run, folder, **changes):
    """Train a student by the script, and return its weights."""
    arguments = {
        "data": run.data,
        "labels": run.labels,
        "unlabelled": run.unlabelled,
        "teachers": [],
        "fraction": FRACTION,
        "fraction_seed": 7,
        "recipe": STUDENT,
        "architecture": small_member.ARCHITECTURE,
        "settings": SETTINGS | {"epochs": 3, "batchnorm_sample": 100},
        "seed": 1,
        "threads": 1,
        "model_path": str(folder / "0.keras"),
        "history_path": str(folder / "0.tsv"),
    }
    train_student.main(**arguments | changes)
    return models.load(folder / "0.keras").get_weights()


def test_a_student_that_was_killed_goes_on_bit_for_bit(run, started, tmp_path):
    (tmp_path / "killed").mkdir()
    (tmp_path / "alone").mkdir()
    expected = student(run, tmp_path)
    small_member.interrupt(2, partial(student, run, tmp_path / "killed"))
    found = student(run, tmp_path / "killed")
    assert all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))
    alone = student(run, tmp_path / "alone", unlabelled=[], settings=SETTINGS | {"batch_size": 20})
    assert not np.array_equal(expected[0], alone[0])


def test_the_workflow_makes_them_from_table_genome_and_bed(tmp_path):
    """Windows of 40 bases of a genome are measured; others are shifts of them, or in a BED."""
    rng = np.random.default_rng(0)
    letters = decode(rng.integers(0, 4, (1, 9000), dtype=np.uint8))[0]
    write_fasta(tmp_path / "genome.fa", indexed=False, chr1=letters)
    (tmp_path / "peaks.bed").write_text("chr1\t7000\t7120\n")
    splits = np.repeat(SPLITS, [60, 20, 20])
    with (tmp_path / "made.tsv").open("w") as table:
        print("sequence", "split", "activity", "place", sep="\t", file=table)
        for row, split in enumerate(splits):
            window = slice(100 + 60 * row, 140 + 60 * row)
            place = f"chr1:{window.start}-{window.stop}"
            print(letters[window], split, rng.random(), place, sep="\t", file=table)
    config = made_config(tmp_path / "made.tsv")
    config["datasets"]["made"]["assay"]["columns"]["region"] = "place"
    config["datasets"]["made"]["files"]["genome"] = {"genome": "mine"}
    config["genomes"] = {"mine": str(tmp_path / "genome.fa")}
    natural = {"bed": str(tmp_path / "peaks.bed"), "genome": "mine"}
    config["recipes"] = {"degu": {"unlabelled": {"mutate": 2, "shift": 1, "natural": natural}}}
    mine = write_yaml(tmp_path / "mine.yaml", config)
    path = "results/unlabelled/made/mutate2_rate0.05_shift1_natural-peaks/1.0.h5"
    said = snakemake("--cores", 1, path, "--directory", tmp_path, "--configfile", mine)
    assert said.returncode == 0, said.stdout
    steps = dict(read_steps(tmp_path / path))
    assert [steps[kind] for kind in ("parents", "mutate", "shift", "natural")] == [60, 120, 60, 3]
    with h5py.File(tmp_path / path) as file:
        codes = file["unlabelled/codes"][:]
    assert all(sequence in letters for sequence in decode(codes[120:]))
    assert decode(codes[-3:]) == [letters[at : at + 40] for at in (7000, 7040, 7080)]


def test_windows_of_profiles_are_mutated_and_shifted(tmp_path):
    """Half a window lacks beside the first and the last of ten; a student reads them all."""
    rng = np.random.default_rng(0)
    chromosomes = {
        f"chr{number}": rng.integers(0, 4, (10, 30), dtype=np.uint8) for number in range(3)
    }
    letters = {name: "".join(decode(codes)) for name, codes in chromosomes.items()}
    genome = write_fasta(tmp_path / "genome.fa", **letters)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        writer = dataset.Writer(file, 30, ["y"], ["y"], profile=True, dtype="float16")
        file.attrs["crop"] = 20
        for split, (chromosome, codes) in zip(SPLITS, chromosomes.items(), strict=True):
            names = [f"{chromosome}:{at}-{at + 30}" for at in range(0, 300, 30)]
            writer.append(split, codes, rng.random((10, 30, 1)), names)
        writer.count([])
    asked = {"mutate": 1, "rate": 0.1, "shift": 1}
    path = tmp_path / "unlabelled.h5"
    make_unlabelled.main(tmp_path / "data.h5", path, asked, 1.0, 7, 1, Sources(genome), 1)
    steps = dict(read_steps(path))
    assert [steps[key] for key in ("parents", "mutate", "shift")] == [10, 10, 8]
    assert steps["shift, left out: not in the genome at its place"] == 2
    for name, split, n in [("labels", "train", 10), ("its_labels", "unlabelled", 18)]:
        with h5py.File(tmp_path / f"{name}.h5", "w") as file:
            file.attrs["heads"] = Heads.of(["y"]).to_json()
            file[f"{split}/mean"] = rng.random((n, 30, 1)).astype(np.float16)
            file[f"{split}/std"] = rng.random((n, 30, 1)).astype(np.float16)
            file["validation/std"] = rng.random((10, 30, 1)).astype(np.float16)
    files = [path, tmp_path / "its_labels.h5"]
    data, labels = Dataset(tmp_path / "data.h5"), tmp_path / "labels.h5"
    codes, targets = profiles.from_teachers(data, np.arange(10), STUDENT, labels, files).train
    assert codes.shape == (28, 30) and targets.shape == (28, 30, 2)
    assert ((codes[10:20] != data.codes("train")).sum(axis=1) == 3).all()
    assert all(shifted in letters["chr0"] for shifted in decode(codes[20:]))
    with h5py.File(files[1]) as file:
        np.testing.assert_array_equal(targets[10:][..., :1], file["unlabelled/mean"][:])
        np.testing.assert_array_equal(targets[10:][..., 1:], file["unlabelled/std"][:])
