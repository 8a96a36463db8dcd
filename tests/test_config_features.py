"""Recipes that learn features of other models: what follows from the config, what is refused."""

from copy import deepcopy

import pytest

from workflow import checked, checks, made_config, make, refusal


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """Define a data set with two teachers, one of a file and one that is run, and a recipe."""
    folder = tmp_path_factory.mktemp("made")
    make(folder)
    config = made_config(folder / "made.tsv")
    keras = {"file": str(folder / "k.keras"), "layer": "features"}
    config["datasets"]["made"]["teachers"] = {
        "file": {"file": str(folder / "v.h5")},
        "run": {"keras": keras, "python": str(folder / "python")},
    }
    for name in ("v.h5", "k.keras", "python"):
        (folder / name).touch()
    asked = {"teachers": ["file", "run"], "loss": "eucosine", "combine": "sum"}
    config["recipes"] = {"two": {"features": asked}}
    config["runs"] = [{"datasets": ["made"], "recipes": ["two"], "fractions": [0.5]}]
    return config


def test_files_of_teachers_follow_from_the_config(mine, monkeypatch):
    names = checks()
    mine = deepcopy(mine)
    teachers = mine["datasets"]["made"]["teachers"]
    tuned = {"batch_size": [2], "learning_rate": [1e-3], "epochs": 3, "patience": 2}
    teachers["tuned"] = teachers["run"] | {"finetune": tuned}
    checked(mine)
    assert names["guides"]("two") == ["file", "run"] and names["guides"]("standard") == []
    monkeypatch.setitem(names, "path_of", lambda owner, file: file)
    paths = [names["vectors_of"]("made", guide, "0.5") for guide in teachers]
    assert paths == [
        teachers["file"]["file"],
        "results/embeddings/made/run/frozen.h5",
        "results/embeddings/made/tuned/0.5.h5",
    ]
    outputs = [names["outputs_of_guide"]("made", guide) for guide in teachers]
    assert outputs == ["fitted", "fitted", "own"]
    assert names["model_of"]("made", "tuned")["finetune"] == tuned
    assert names["trained_by"]("made", "two") == {"features": mine["recipes"]["two"]["features"]}


REFUSED = {
    "an unknown teacher": (
        "recipes.two.features.teachers",
        ["fil"],
        "runs[0].recipes: 'two' has the teacher 'fil', which 'made' does not name; allowed: "
        "file, run. Did you mean 'file'?",
    ),
    "no weight": (
        "recipes.two.features.combine",
        "convex",
        "recipes.two.features.alpha: it goes together with combine: convex",
    ),
    "a weight of a sum": (
        "recipes.two.features.alpha",
        0.5,
        "recipes.two.features.alpha: it goes together with combine: convex",
    ),
    "the whole weight": (
        "recipes.two.features.alpha",
        1,
        "recipes.two.features.alpha: 1 is greater than or equal to the maximum of 1",
    ),
    "another loss": (
        "recipes.two.features.loss",
        "cosine",
        "recipes.two.features.loss: 'cosine' is not known; allowed: fitnet, eucosine, logit. "
        "Did you mean 'eucosine'?",
    ),
    "a control": (
        "recipes.two.shuffled",
        True,
        "recipes.two.shuffled: it does not go together with 'features'",
    ),
    "no interpreter": (
        "datasets.made.teachers.run",
        {"keras": {"file": "k.keras", "layer": "features"}},
        "datasets.made.teachers.run: 'keras' goes together with 'python' only",
    ),
    "two sources": (
        "datasets.made.teachers.run.huggingface",
        {"model": "rna_fm", "revision": "main"},
        "datasets.made.teachers.run: has keras, python, huggingface, one choice of keys is needed",
    ),
    "a file that runs": (
        "datasets.made.teachers.file.python",
        "python",
        "datasets.made.teachers.file.python: a file of vectors is no model that runs",
    ),
    "a letter twice": (
        "datasets.made.teachers.run.keras.order",
        "ACGG",
        "datasets.made.teachers.run.keras.order: 'ACGG' has a letter twice; allowed: A, C, G and T",
    ),
    "a file that is not there": (
        "datasets.made.teachers.file.file",
        "/none/v.h5",
        "datasets.made.teachers.file.file: '/none/v.h5' is not there",
    ),
}


def changed(config, path, value):
    """Change a value of a copy of a config; keys of its path are divided by dots."""
    config = deepcopy(config)
    *keys, last = path.split(".")
    place = config
    for key in keys:
        place = place[key]
    place[last] = value
    return config


@pytest.mark.parametrize("fault", REFUSED)
def test_what_does_not_fit_is_told_in_one_line(mine, fault):
    path, value, message = REFUSED[fault]
    said = refusal(changed(mine, path, value))
    assert said is not None and said.startswith(f"config: {message}")


def test_sequences_that_no_teacher_has_seen(mine):
    config = changed(mine, "recipes.degu", {"dynamic": {"scheme": "shuffle", "mode": "replace"}})
    config["recipes"]["degu"]["features"] = mine["recipes"]["two"]["features"]
    said = "config: recipes.degu.dynamic: it does not go together with 'features'"
    assert refusal(config) == said


def test_logits_are_not_fitted_to_classes(mine):
    config = changed(mine, "recipes.two.features.loss", "logit")
    del config["datasets"]["made"]["assay"]["targets"]
    config["datasets"]["made"]["assay"]["classes"] = {"column": "activity", "names": ["a", "b"]}
    said = refusal(config)
    assert said.startswith("config: datasets.made.teachers.file.outputs: 'made' has classes")
    for teacher in config["datasets"]["made"]["teachers"].values():
        teacher["outputs"] = "own"
    assert refusal(config) is None
