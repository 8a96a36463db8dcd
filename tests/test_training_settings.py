"""Settings: keys of the config, and nothing else."""

from dataclasses import FrozenInstanceError, asdict, fields

import pytest
import yaml

from degu.training import Settings
from small_member import SETTINGS
from workflow import ROOT


def test_the_config_has_every_setting_and_no_other():
    training = yaml.safe_load((ROOT / "config.yaml").read_text())["training"]
    assert asdict(Settings(**training)) == training
    assert set(training) == {field.name for field in fields(Settings)}


def test_precision_and_compilation_are_plain_unless_asked_for():
    assert (SETTINGS.mixed_precision, SETTINGS.xla) == (False, False)


def test_settings_do_not_change():
    with pytest.raises(FrozenInstanceError):
        SETTINGS.epochs = 5
