"""Values that a study chose: their file, and what they replace."""

import json

from degu import chosen

VALUES = {"architecture.kernel": 6, "training.learning_rate": 0.002, "features.alpha": 0.25}
OWN = {
    "architecture": {"name": "bio_cnn", "kernel": 9, "dense": 8},
    "training": {"learning_rate": 0.001, "batch_size": 32},
    "recipe": {"features": {"combine": "convex", "alpha": 0.5}},
}


def test_chosen_values_replace_those_of_the_config_and_no_other(tmp_path):
    chosen.write(tmp_path / "chosen.json", VALUES, {"trial": 3})
    assert chosen.settled(OWN, tmp_path / "chosen.json") == {
        "architecture": {"name": "bio_cnn", "kernel": 6, "dense": 8},
        "settings": {"learning_rate": 0.002, "batch_size": 32},
        "recipe": {"features": {"combine": "convex", "alpha": 0.25}},
    }
    assert json.loads((tmp_path / "chosen.json").read_text()) == {"values": VALUES, "trial": 3}


def test_a_recipe_that_is_not_tuned_keeps_its_own_values():
    found = chosen.settled(OWN, [])
    assert found.pop("settings") == OWN["training"]
    assert found == {key: OWN[key] for key in ("architecture", "recipe")}
