"""Networks, batches and warm-up by size, and costs by hand from the shipped table."""

import numpy as np
import pandas as pd
import pytest
import yaml

from degu.lengths import check_batch, check_network
from degu.proposal import settings
from degu.report.forecast import SHIPPED
from degu.report.work import Size
from workflow import ROOT

SCHEMA = yaml.safe_load((ROOT / "rules/config.schema.yaml").read_text())
NETWORKS = SCHEMA["$defs"]["architectures"]


@pytest.mark.parametrize(
    ("train", "length", "variants", "name", "batch", "warm"),
    [
        (12, 200, False, "compact_cnn", 12, 3),
        (80, 200, False, "compact_cnn", 16, 15),
        (320, 200, False, "compact_cnn", 16, 60),
        (320, 200, True, "deepstarr", 16, 60),
        (320, 15, True, "compact_cnn", 16, 60),
        (1599, 200, False, "compact_cnn", 16, 297),
        (1600, 200, False, "compact_cnn", 32, 150),
        (2500, 200, False, "compact_cnn", 50, 150),
        (5000, 200, False, "compact_cnn", 100, 150),
        (29_999, 200, False, "compact_cnn", 100, 400),
        (30_000, 200, False, "deepstarr", 100, 400),
        (99_999, 200, False, "deepstarr", 100, 400),
        (100_000, 200, False, "residualbind", 100, 400),
        (100_000, 24, False, "deepstarr", 100, 400),
    ],
)
def test_settings_by_size(train, length, variants, name, batch, warm):
    found = settings.propose(train, length, variants)
    assert found.architecture == {"name": name}
    assert found.training == {"batch_size": batch, "epochs": 100, "warmup_steps": warm}
    assert found.members == {"teachers": 10, "students": 3}
    check_network(name, NETWORKS[name].get("shortest", 1), length)
    check_batch(batch, train)


def test_variants_of_one_sequence_are_alike():
    """A mutation rate of 30 % leaves 70 % of the common bases; adaptors alone make none alike."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (500, 100), dtype=np.uint8)
    assert not settings.are_variants(codes)
    codes[:, :15] = codes[:, -15:] = 0
    assert not settings.are_variants(codes)
    mutated = rng.random((500, 100)) < 0.3
    assert settings.are_variants(np.where(mutated, codes, codes[0]))


def test_networks_to_choose_from_are_of_single_activities():
    known = {name for name, facts in NETWORKS.items() if not {"profiles", "vectors"} & facts.keys()}
    assert set(settings.NETWORKS) <= known


def test_costs_are_those_of_the_table():
    """Costs of trainings, of labels of all sequences, and of predictions of the held-out ones."""
    size, chosen = Size(800, 100, 100, 120, 120), settings.propose(800, 120, False)
    table = pd.read_table(SHIPPED, comment="#").set_index(["work", "architecture", "device"])
    seconds = table["seconds"].unstack("work").loc["compact_cnn", "CPU"]
    per_base = seconds / (10_000 * 249)
    hours = {
        "train_teacher": 10 * 100 * 800 * 120 * per_base["training"] / 3600,
        "label": 10 * 1000 * 120 * per_base["prediction"] / 3600,
        "train_student": 3 * 100 * 800 * 120 * per_base["training"] / 3600,
        "predict": 13 * 200 * 120 * per_base["prediction"] / 3600,
    }
    found = settings.cost(size, chosen, activities=2, noise=True)["hours", "estimated"]
    assert found[:-1].to_dict() == pytest.approx(hours)
    assert found["total"] == pytest.approx(sum(hours.values()))


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1e-4, "1 minute"), (0.4, "24 minutes"), (1.26, "1.3 hours"), (113.7, "114 hours")],
)
def test_hours_in_words(hours, said):
    assert settings.in_words(hours) == said


def test_the_shortest_sequences_are_those_of_the_schema():
    for name, shortest in settings._SHORTEST.items():
        assert NETWORKS[name].get("shortest", 1) == shortest
