"""Configs of ensembles that were trained elsewhere: what is refused before any work."""

import pytest

from workflow import checked, checks, made_config, refusal

RUN = {"datasets": ["made"], "recipes": ["taught"], "fractions": [1.0]}
TAUGHT = {"teacher": "foreign", "scale": "std", "weights": {"epistemic": 1, "aleatoric": 1}}


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "made.tsv"
    path.write_text("")
    return path


def foreign(table, **changes):
    """Return a config whose students learn from five members that lie in a file."""
    predictions = {"members": 5, "files": {"made/data": "answers.parquet"}} | changes
    predictions = {key: value for key, value in predictions.items() if value is not None}
    recipes = {"foreign": {"predictions": predictions}, "taught": dict(TAUGHT)}
    return made_config(table) | {"runs": [RUN], "recipes": recipes}


def test_a_foreign_ensemble_has_the_size_that_it_says(table):
    checked(foreign(table))
    names = checks()
    assert names["size_of"]("foreign") == names["number_of_teachers"]("taught") == 5
    run = names["Run"]("made", "foreign", "1.0")
    assert names["requests_of"](run) == ["data"] and names["members_of"](run) == 5


def test_each_kind_of_further_sequences_has_its_request(table):
    config = foreign(table)
    config["recipes"]["taught"]["unlabelled"] = {"mutate": 2}
    config["runs"] = [RUN | {"fractions": [0.5, 1.0]}]
    checked(config)
    requests = checks()["requests_of"]
    assert requests(checks()["Run"]("made", "foreign", "0.5")) == ["data", "mutate2_rate0.05/0.5"]
    assert requests(checks()["Run"]("made", "foreign", "1.0")) == ["data", "mutate2_rate0.05/1.0"]


def changed(table, path, value):
    """Change a value of the config of `foreign`; keys of its path are divided by dots."""
    config = foreign(table)
    *keys, last = path.split(".")
    place = config
    for key in keys:
        place = place.setdefault(key, {})
    place[last] = value
    return config


REFUSED = {
    "one member": ("recipes.foreign.predictions.members", 1, "recipes.foreign.predictions.members"),
    "another key": (
        "recipes.foreign.augment",
        "evoaug",
        "recipes.foreign.augment: the ensemble was trained elsewhere; allowed: title, licence,",
    ),
    "a dynamic student": (
        "recipes.taught.dynamic",
        {"scheme": "shuffle", "mode": "replace"},
        "recipes.taught.dynamic: it needs models of its teachers, but 'foreign' was trained",
    ),
    "a warm start": ("recipes.taught.start", "teacher", "recipes.taught.start: it needs models"),
    "more teachers than there are": (
        "recipes.taught.teachers",
        6,
        "recipes.taught.teachers: 6 of 5 members of 'foreign'",
    ),
    "an oracle": ("shift.oracle", "foreign", "shift.oracle: 'foreign' was trained elsewhere"),
    "dropout": (
        "calibration.dropout.recipes",
        ["foreign"],
        "calibration.dropout.recipes: 'foreign' was trained elsewhere",
    ),
    "both strands": (
        "datasets.made.strands",
        "both",
        "datasets.made.strands: 'foreign' answers for sequences as they stand",
    ),
    "a letter twice": (
        "recipes.foreign.predictions.order",
        "ACGA",
        "recipes.foreign.predictions.order: 'ACGA' has a letter twice",
    ),
    "an activity that is none": (
        "recipes.foreign.predictions.check",
        {"sequence": "ACGT", "expected": {"actvity": 1}},
        "predictions.check: 'made' has no activity 'actvity'; allowed: activity. Did you mean",
    ),
    "an answer to no request": (
        "recipes.foreign.predictions.files",
        {"made/date": "x.tsv"},
        "there is no request 'made/date'; allowed: made/data. Did you mean 'made/data'?",
    ),
    "files and a module": (
        "recipes.foreign.predictions.module",
        "mine.py",
        "recipes.foreign.predictions: ",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_a_foreign_ensemble_cannot_do_is_refused(table, fault):
    path, value, message = REFUSED[fault]
    assert message in (refusal(changed(table, path, value)) or "")


def test_units_are_those_of_the_data_set(table):
    config = changed(table, "recipes.foreign.predictions.units", {"activity": "log2"})
    assert refusal(config) is None
    config["datasets"]["made"]["targets"] = {"activity": {"unit": "log2"}}
    assert refusal(config) is None
    config["datasets"]["made"]["targets"] = {"activity": {"unit": "log10"}}
    assert "units.activity: 'log2', but that of 'activity' of 'made' is 'log10'" in refusal(config)


def test_a_module_comes_with_its_interpreter(table):
    config = foreign(table, files=None, module=str(table))
    assert "'module' goes together with 'python' only" in refusal(config)
    config["recipes"]["foreign"]["predictions"]["python"] = str(table)
    assert refusal(config) is None
    config["recipes"]["foreign"]["predictions"]["python"] = "not/there"
    assert "predictions.python: " in refusal(config) and "is not there" in refusal(config)


def test_what_was_not_measured_is_for_a_foreign_ensemble(table):
    config = foreign(table)
    config["datasets"]["made"]["assay"]["targets"] = {"activity": {"measured": False}}
    assert refusal(config) is None
    assert checks()["unmeasured_of"]("made") == ["activity"]
    weighed = changed(table, "recipes.taught.measured_weight", 0.5)
    weighed["datasets"] = config["datasets"]
    assert "'taught' has a measured_weight, but 'made' no measurement" in refusal(weighed)
    config["runs"] = [RUN | {"recipes": ["degu"]}]
    assert "'standard' is trained on measurements, but 'made' has none of" in refusal(config)
