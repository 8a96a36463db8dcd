"""Configs of ensembles that are composed of several recipes: sizes, weights, what is refused."""

import pytest

from workflow import checked, checks, made_config, refusal

STUDENT = {"teacher": "mixed", "scale": "std", "weights": {"epistemic": 1, "aleatoric": 1}}


@pytest.fixture
def config(tmp_path):
    """Two recipes of two teachers each make one ensemble, which teaches a student."""
    path = tmp_path / "made.tsv"
    path.write_text("")
    found = made_config(path)
    found["recipes"] = {
        "mixed": {"members_of": ["standard", "mprann"]},
        "taught": dict(STUDENT),
    }
    found["runs"][0]["recipes"] = ["taught"]
    return found


def test_members_are_those_of_the_recipes_in_their_order(config):
    checked(config)
    names = checks()
    assert names["size_of"]("mixed") == names["number_of_teachers"]("taught") == 4
    assert names["weights_of"]("mixed") == [1, 1, 1, 1]
    assert [run.recipe for run in names["runs_of_config"]()] == [
        *("standard", "mprann", "mixed", "taught")
    ]
    assert names["trained_for"]("mixed") == ["standard", "mprann"]
    assert names["trained_for"]("taught") == ["standard", "mprann", "taught"]
    assert not names["is_trained"]("mixed")
    assert names["trained_for"]("degu") == ["standard", "degu"]


@pytest.mark.parametrize(
    ("given", "each"), [([3, 1], [3, 3, 1, 1]), ([3, 1, 2, 5], [3, 1, 2, 5])], ids=str
)
def test_weights_are_one_a_recipe_or_one_a_member(config, given, each):
    config["recipes"]["mixed"]["member_weights"] = given
    checked(config)
    assert checks()["weights_of"]("mixed") == each
    assert checks()["size_of"]("mixed") == sum(each)


def test_heads_are_those_of_the_parts(config):
    config["recipes"]["other"] = {"likelihood": {"name": "gaussian"}}
    config["recipes"]["mixed"]["members_of"] = ["heteroscedastic", "other"]
    checked(config)
    for recipe in ("mixed", "taught"):
        assert checks()["likelihood_of"](recipe) == "gaussian"
        assert checks()["has_aleatoric"](recipe) and not checks()["needs_replicates"](recipe)


NO_TEACHERS = "is no recipe of teachers that are trained here and teach"
REFUSED = {
    "a part that is none": ("mixed.members_of", ["standard", "mpran"], "Did you mean 'mprann'?"),
    "a student": ("mixed.members_of", ["standard", "degu"], f"members_of: 'degu' {NO_TEACHERS}"),
    "a control": ("mixed.members_of", ["standard", "shuffled"], f"'shuffled' {NO_TEACHERS}"),
    "evidential": ("mixed.members_of", ["standard", "evidential"], f"'evidential' {NO_TEACHERS}"),
    "itself": ("mixed.members_of", ["standard", "mixed"], f"members_of: 'mixed' {NO_TEACHERS}"),
    "other heads": (
        "mixed.members_of",
        ["standard", "heteroscedastic"],
        "'heteroscedastic' learns the noise otherwise than 'standard': heads must be the same",
    ),
    "one recipe": ("mixed.members_of", ["standard"], "recipes.mixed.members_of: "),
    "one twice": ("mixed.members_of", ["standard", "standard"], "recipes.mixed.members_of: "),
    "a training": (
        "mixed.augment",
        "evoaug",
        "recipes.mixed.augment: its members are those of other recipes; allowed: title",
    ),
    "three weights": (
        "mixed.member_weights",
        [1, 2, 3],
        "there are 3 weights, not 2, one a recipe, or 4, one a member",
    ),
    "no weight": ("mixed.member_weights", [1, 0], "recipes.mixed.member_weights[1]: 0 is less"),
    "half a weight": ("mixed.member_weights", [1, 0.5], "recipes.mixed.member_weights[1]: 0.5"),
    "weights of another": (
        "mprann.member_weights",
        [1, 1],
        "recipes.mprann: 'member_weights' goes",
    ),
    "a dynamic student": (
        "taught.dynamic",
        {"scheme": "shuffle", "mode": "replace"},
        "recipes.taught.dynamic: its teachers, 'mixed', are of several recipes",
    ),
    "a warm start": (
        "taught.start",
        "teacher",
        "recipes.taught.start: its teachers, 'mixed', are of several recipes; they have no common",
    ),
    "fewer teachers": (
        "taught.teachers",
        2,
        "it learns from all members: members_of names the recipes, members.teachers how many",
    ),
    "a budget": ("taught.budget", 2, "several recipes; their budgets may differ: training.epochs"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_does_not_go_with_such_an_ensemble_is_refused(config, fault):
    path, value, message = REFUSED[fault]
    recipe, key = path.split(".")
    config["recipes"].setdefault(recipe, {})[key] = value
    said = refusal(config) or ""
    assert message in said and "\n" not in said


def test_such_an_ensemble_is_no_student(config):
    config["recipes"]["mixed"] |= STUDENT | {"teacher": "standard"}
    assert "recipes.mixed.teacher: its members are those of other recipes" in refusal(config)


def test_what_needs_one_recipe_does_not_name_an_ensemble_of_several(config):
    assert "shift.oracle: 'mixed' is made of" in refusal(config, {"shift": {"oracle": "mixed"}})
    dropout = {"calibration": {"dropout": {"recipes": ["mixed"]}}}
    assert "dropout.recipes: 'mixed' is made of several" in refusal(config, dropout)
    seeds = {"reseed": {"made/mixed/1.0/0": 1}}
    assert "'made/mixed/1.0/0': there is no such run" in refusal(config, seeds)
    assert refusal(config, {"reseed": {"made/mprann/1.0/1": 1}}) is None


def test_parts_are_held_against_the_data_set(config):
    config["recipes"]["profiles"] = {"architecture": {"name": "cnn_task_base"}}
    config["recipes"]["mixed"]["members_of"] = ["standard", "profiles"]
    assert "'profiles' has 'cnn_task_base', but 'made' needs one of single" in refusal(config)
