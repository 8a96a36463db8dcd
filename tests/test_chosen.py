"""Values that a study chose: their file, and what they replace."""

import json

from degu import chosen

VALUES = {"architecture.kernel": 6, "training.learning_rate": 0.002}
OWN = {"name": "bio_cnn", "kernel": 9, "dense": 8}, {"learning_rate": 0.001, "batch_size": 32}


def test_chosen_values_replace_those_of_the_config_and_no_other(tmp_path):
    chosen.write(tmp_path / "chosen.json", VALUES, {"trial": 3})
    assert chosen.settled(*OWN, tmp_path / "chosen.json") == {
        "architecture": {"name": "bio_cnn", "kernel": 6, "dense": 8},
        "settings": {"learning_rate": 0.002, "batch_size": 32},
    }
    assert json.loads((tmp_path / "chosen.json").read_text()) == {"values": VALUES, "trial": 3}


def test_a_recipe_that_is_not_tuned_keeps_its_own_values():
    assert chosen.settled(*OWN, []) == {"architecture": OWN[0], "settings": OWN[1]}
