"""Configs of studies and of recipes that take their values: what follows, and what is refused."""

from copy import deepcopy

import pytest
import yaml

from workflow import ROOT, checked, checks, made_config, refusal

SPACE = {
    "architecture": {"kernel": {"choice": [3, 6]}, "dropout": {"uniform": [0, 0.3]}},
    "training": {"learning_rate": {"log": [0.0005, 0.01]}},
}
STUDENT = {"teacher": "tuned", "scale": "std", "weights": {"epistemic": 1, "aleatoric": 1}}


@pytest.fixture
def config(tmp_path):
    """Config in which a recipe takes the values of a study of standard training, and teaches."""
    path = tmp_path / "made.tsv"
    path.write_text("")
    found = made_config(path)
    found["recipes"] = {"tuned": {"tuned": "small"}, "taught": dict(STUDENT)}
    found["studies"] = {"small": {"recipe": "standard", "space": deepcopy(SPACE)}}
    found["tuning"] = {"grace": 2}
    found["runs"][0]["recipes"] = ["taught"]
    return found


def test_a_data_set_may_search_otherwise(config):
    config["datasets"]["made"]["tuning"] = {"trials": 20}
    checked(config)
    expected = {"trials": 20, "workers": 8, "reduction": 2, "grace": 2}
    assert checks()["tuning_of"]("made") == expected
    assert checks()["tuning_of"]("starrseq") == expected | {"trials": 100}


def test_the_search_space_of_the_page_is_one_of_the_baseline(config):
    """The example in docs/tuning.md, on networks of its own."""
    page = (ROOT / "docs/tuning.md").read_text()
    example = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])
    config["recipes"] = example["recipes"]
    config["studies"] = example["studies"]
    config["runs"][0]["recipes"] = ["degu_tuned"]
    config["training"]["epochs"] = 10
    assert refusal(config) is None
    assert checks()["trained_for"]("degu_tuned") == ["baseline_tuned", "degu_tuned"]


def space(**parts):
    """Replace ranges of the study."""
    return {"studies.small.space": parts}


def settings(**ranges):
    return space(training=ranges)


def options(**ranges):
    return space(architecture=ranges)


FOREIGN = {"predictions": {"members": 2, "module": "mine.py", "python": "python"}}
REFUSED = {
    "no such study": (
        {"recipes.tuned.tuned": "smal"},
        "there is no study 'smal'; allowed: small. Did you mean 'small'?",
    ),
    "no such recipe": (
        {"studies.small.recipe": "standart"},
        "studies.small.recipe: there is no recipe 'standart'; allowed: ",
    ),
    "a recipe that is tuned": (
        {"studies.small.recipe": "tuned"},
        "studies.small.recipe: 'tuned' is tuned itself; allowed: taught, standard",
    ),
    "a control": ({"studies.small.recipe": "shuffled"}, "'shuffled' is a control"),
    "an ensemble of several": (
        {"recipes.mixed": {"members_of": ["standard", "mprann"]}, "studies.small.recipe": "mixed"},
        "studies.small.recipe: it trains nothing",
    ),
    "no such option": (
        options(kernal={"choice": [3, 6]}),
        "architecture.kernal: 'kernal' cannot be tuned; allowed: width, kernel, dropout",
    ),
    "no such setting": (
        settings(patience={"integer": [1, 9]}),
        "training.patience: 'patience' cannot be tuned; allowed: batch_size, learning_rate",
    ),
    "no such part": (
        space(loss={"a": {"choice": [1, 2]}}),
        "studies.small.space: unknown key 'loss'",
    ),
    "an empty range": (
        settings(learning_rate={"log": [0.01, 0.01]}),
        "training.learning_rate.log: the range from 0.01 to 0.01 is empty",
    ),
    "low above high": (
        options(dropout={"uniform": [0.3, 0.1]}),
        "dropout.uniform: the range from 0.3 to 0.1 is empty: low comes first",
    ),
    "a logarithm of 0": (
        settings(learning_rate={"log": [0, 0.01]}),
        "training.learning_rate.log[0]: 0 is less than",
    ),
    "one bound": (
        options(dropout={"uniform": [0.3]}),
        "space.architecture.dropout.uniform: 1 given, at least 2 needed",
    ),
    "a choice of one": (
        options(kernel={"choice": [3]}),
        "space.architecture.kernel.choice: 1 given, at least 2 needed",
    ),
    "one value twice": (
        options(kernel={"choice": [3, 3]}),
        "space.architecture.kernel.choice: 3 stands twice",
    ),
    "two kinds of range": (
        options(kernel={"choice": [3, 6], "integer": [3, 6]}),
        "studies.small.space.architecture.kernel: ",
    ),
    "no kind of range": (
        options(kernel={}),
        "studies.small.space.architecture.kernel: it is empty",
    ),
    "a list": (
        options(kernel=[3, 6]),
        "architecture.kernel: [3, 6] is a list, a mapping of keys is needed",
    ),
    "an empty space": (space(), "studies.small.space: it is empty"),
    "what the network cannot have": (
        options(kernel={"integer": [1, 6]}),
        "kernel.integer: 1 is less than the minimum of 2 (Width of convolutions",
    ),
    "words": (
        options(dropout={"choice": ["low", "high"]}),
        "dropout.choice: 'low' is text, a number is needed",
    ),
    "fractions of a base": (
        options(kernel={"uniform": [3, 6]}),
        "kernel.uniform: it takes whole numbers: integer or choice",
    ),
    "fewer sets than trials": (
        options(kernel={"choice": [3, 6]}, width={"integer": [8, 16]}),
        "small.space: it holds 18 sets of values, fewer than 100 trials on 'made'",
    ),
    "a grace beyond the end": (
        {"tuning.grace": 10},
        "tuning.grace: 10 epochs, but trainings on 'made' have 4 at most",
    ),
    "a rate below the lowest": (
        settings(learning_rate={"log": [1e-9, 0.01]}),
        "a learning_rate of 1e-09 is below the minimum_rate, 1e-07",
    ),
    "another network": (
        {"recipes.tuned.architecture": {"name": "mprann"}},
        "'tuned' has another architecture on 'made' than 'standard', which the study",
    ),
    "a network of profiles": (
        {
            "recipes.wide": {"architecture": {"name": "cnn_task_base"}},
            "recipes.tuned.architecture": {"name": "cnn_task_base"},
            "studies.small.recipe": "wide",
        },
        "but 'made' needs one of single activities",
    ),
    "a start from teachers of other values": (
        {"recipes.taught.start": "teacher"},
        "taught.start: its weights are those of teachers that are tuned otherwise",
    ),
    "a weight of no teachers of features": (
        space(features={"alpha": {"uniform": [0, 0.9]}}),
        "studies.small.recipe: 'standard' has no features with combine: convex",
    ),
    "another key of features": (
        space(features={"beta": {"uniform": [0, 0.9]}}),
        "studies.small.space.features.beta: 'beta' cannot be tuned; allowed: alpha",
    ),
    "no reduction": ({"tuning.reduction": 1}, "tuning.reduction: 1 is less than the minimum of 2"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_mistake_in_a_study_is_refused_in_one_line(config, fault):
    changes, message = REFUSED[fault]
    for path, value in changes.items():
        *parents, key = path.split(".")
        place = config
        for parent in parents:
            place = place[parent]
        place[key] = value
    said = refusal(config) or ""
    assert message in said and "\n" not in said


def test_the_members_of_an_ensemble_from_elsewhere_are_not_tuned(config):
    config["recipes"]["tuned"] |= FOREIGN
    assert "recipes.tuned.tuned" in refusal(config)
