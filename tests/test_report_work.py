"""The work of jobs, by hand; sizes of a table and of the data set that becomes of it."""

import json
import math

from degu import dataset
from degu.assays import table
from degu.report import work
from degu.report.work import Size, Work
from workflow import made_config, make

SCALAR = Size(train=1000, validation=100, test=150, length=200, crop=200)
PROFILE = Size(train=10, validation=2, test=4, length=3072, crop=2048)
NETWORK = {"name": "deepstarr"}
SETTINGS = {"batch_size": 100, "epochs": 30, "learning_rate": 0.1, "patience": 5, "xla": False}


def test_a_table_has_the_size_of_the_data_set_that_it_becomes(tmp_path):
    make(tmp_path)
    of_made = made_config(tmp_path / "made.tsv")["datasets"]["made"]
    options = {key: value for key, value in of_made["assay"].items() if key != "name"}
    found = work.of_table(of_made["files"], 0, options)
    assert found == Size(200, 50, 50, 40, 40)
    dataset.write(tmp_path / "made.h5", table.load(of_made["files"], 0, **options))
    assert work.of_prepared(tmp_path / "made.h5") == found


def test_training_counts_all_its_epochs_on_a_fraction():
    done = work.training(SCALAR, 0.25, NETWORK, SETTINGS, {})
    assert done[:3] == (250, 30, 200)
    step = {"batch_size": 100, "xla": False}
    assert json.loads(done.network) == ["training", NETWORK, step]
    finetuned = work.training(SCALAR, 0.25, NETWORK, SETTINGS, {"finetune": {"epochs": 10}})
    assert finetuned == done._replace(passes=40)
    assert work.training(PROFILE, 1, NETWORK, SETTINGS, {}).length == 2048


def test_sequences_without_measurements_are_work_of_trainings():
    """Four mutants and a shuffle of each of 250; how many a file brings is not known."""
    recipe = {"unlabelled": {"mutate": 4, "rate": 0.1, "shuffle": 1, "shift": 0}}
    assert work.training(SCALAR, 0.25, NETWORK, SETTINGS, recipe).sequences == 250 * 6
    assert work.copies(recipe["unlabelled"]) == 5
    assert work.training(SCALAR, 1, NETWORK, SETTINGS, {"unlabelled": None}).sequences == 1000
    assert math.isnan(work.copies({"mutate": 1, "natural": "x.fa"}))


def test_schedule_and_targets_cost_nothing_but_augmentation_does():
    of = {
        key: work.training(SCALAR, 1, NETWORK, SETTINGS | settings, recipe).network
        for key, settings, recipe in [
            ("plain", {}, {}),
            ("slower", {"learning_rate": 0.01, "patience": 9}, {"scale": "std"}),
            ("augmented", {}, {"augment": "evoaug"}),
            ("batches", {"batch_size": 10}, {}),
        ]
    }
    assert of["plain"] == of["slower"]
    assert len({of["plain"], of["augmented"], of["batches"]}) == 3


def test_labels_are_means_of_all_heads_and_spreads():
    """Means of four heads and spreads of two activities, four bytes each; two of profiles."""
    done = work.labels(SCALAR, 750, NETWORK, teachers=10, heads=4, activities=2)
    assert done[:3] == (750, 10, 200)
    assert done.bytes == 750 * 6 * 4
    of_profiles = work.labels(PROFILE, 16, NETWORK, teachers=3, heads=2, activities=1)
    assert of_profiles[:3] == (16, 3, 4096)
    assert of_profiles.bytes == 16 * 3072 * 3 * 2


def test_predictions_go_through_every_member_and_pass():
    done = work.predictions(SCALAR, NETWORK, members=5, passes=100, values=2)
    assert done[:3] == (250, 500, 200)
    assert done.bytes == 250 * 5 * 2 * 4
    assert done.network == work.labels(SCALAR, 1, NETWORK, 10, 1, 1).network
    assert math.isnan(work.predictions(PROFILE, NETWORK, 5, 1, 2).bytes)


def test_no_more_sequences_are_explained_than_there_are():
    done = work.attribution(SCALAR, NETWORK, "deepshap", 1000, maps=20, references=100)
    assert done[:3] == (150, 20, 200)
    assert json.loads(done.network) == ["deepshap", NETWORK, {"references": 100}]


def test_nothing_is_known_of_other_work():
    assert all(map(math.isnan, Work()[:3])) and Work().network is None
