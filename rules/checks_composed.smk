# Checks of ensembles that are composed of several recipes, before any work. No rules here.

# Keys that the recipe of such an ensemble may have, and those that its students may not.
OF_COMPOSED = ("title", "licence", "members_of", "member_weights")
NOT_BY_COMPOSED = {
    "dynamic": "their minibatches would need models of one recipe",
    "start": "they have no common network to start from",
    "teachers": "it learns from all members: members_of names the recipes, members.teachers how many of each",
    "budget": "their budgets may differ: training.epochs or training.steps of the student say how long",
}


def check_composed():
    """An ensemble of several recipes trains nothing; their members have the same heads."""
    teachers = [name for name in recipes_of(students=False) if is_trained(name)]
    fit = [
        name for name in teachers if not is_control(name) and likelihood_of(name) != "evidential"
    ]
    for name in [name for name in config["recipes"] if is_composed(name)]:
        place = f"recipes.{name}"
        for key in [key for key in config["recipes"][name] if key not in OF_COMPOSED]:
            refuse(f"{place}.{key}", "its members are those of other recipes", key, OF_COMPOSED)
        for part in composed_of(name):
            check_part(part, composed_of(name)[0], f"{place}.members_of", fit)
        check_weights(name, f"{place}.member_weights")
        if config["shift"]["oracle"] == name:
            refuse("shift.oracle", f"{name!r} is made of several recipes: name one of them")
        if name in config["calibration"]["dropout"]["recipes"]:
            problem = f"{name!r} is made of several recipes: name them"
            refuse("calibration.dropout.recipes", problem)


def check_part(part, first, place, fit):
    """A recipe whose members an ensemble has is one of teachers, with the heads of the first one."""
    if part not in fit:
        problem = f"{part!r} is no recipe of teachers that are trained here and teach"
        refuse(place, problem, part, fit)
    if (needs_replicates(part), likelihood_of(part)) != (
        needs_replicates(first),
        likelihood_of(first),
    ):
        refuse(place, f"{part!r} learns the noise otherwise than {first!r}: heads must be the same")


def check_weights(name, place):
    """Weights are one a recipe, or one a member."""
    weights = config["recipes"][name].get("member_weights")
    recipes, each = len(composed_of(name)), config["members"]["teachers"]
    allowed = (recipes, recipes * each)
    if weights is not None and len(weights) not in allowed:
        told = f"{recipes}, one a recipe, or {recipes * each}, one a member"
        refuse(place, f"there are {len(weights)} weights, not {told}")


def check_taught_by_composed():
    """Students of such an ensemble learn from all its members, by their labels."""
    for name in recipes_of(students=True):
        teacher = teacher_of(name)
        for key in [key for key in NOT_BY_COMPOSED if key in config["recipes"][name]]:
            if is_composed(teacher):
                problem = (
                    f"its teachers, {teacher!r}, are of several recipes; {NOT_BY_COMPOSED[key]}"
                )
                refuse(f"recipes.{name}.{key}", problem)
