"""Configs over that of the data set `made`, each with a change."""

from workflow import made_config


def made(**changes):
    """Change the definition of the data set `made`."""
    return {"datasets": {"made": changes}}


def assay(**changes):
    """Change the assay of the data set `made`."""
    return made(assay=changes)


def measured(how):
    """Define another data set, whose target is measured in some way."""
    other = made_config("x.tsv")["datasets"]["made"]
    other["assay"]["targets"] = {"activity": how}
    return {"datasets": {"other": other}}


def run(**changes):
    """Change the one line of `runs`."""
    return {"runs": [{"datasets": ["made"], "recipes": ["degu"], "fractions": [1.0]} | changes]}


def other(**changes):
    """Define another data set, whose assay differs in some keys; without columns if misspelt."""
    definition = made_config("x.tsv")["datasets"]["made"]
    definition["assay"] |= changes
    if "colunms" in changes:
        del definition["assay"]["columns"]
    return {"datasets": {"other": definition}}


def classified(recipe=None, **changes):
    """Define another data set, of classes, and train a recipe on it, if one is given."""
    definition = made_config("x.tsv")["datasets"]["made"]
    del definition["assay"]["targets"]
    definition["assay"]["classes"] = {"column": "family", "names": ["tRNA", "5S-rRNA"]} | changes
    trained = [{"datasets": ["other"], "recipes": [recipe], "fractions": [1.0]}]
    return {"datasets": {"other": definition}} | ({"runs": trained} if recipe else {})


def embedded(recipe, **keys):
    """Define another data set whose models take vectors, and train a recipe on it.

    With keys of its own the recipe is a new one, of students.
    """
    student = {"teacher": "standard", "scale": "std", "weights": {"epistemic": 1, "aleatoric": 1}}
    changed = other(inputs={"kmers": 4})
    changed["datasets"]["other"]["architecture"] = {"name": "mlp"}
    changed |= run(datasets=["other"], recipes=[recipe])
    return changed | ({"recipes": {recipe: student | keys}} if keys else {})


ADAPTORS = {"left": "AGGACC", "right": "CATTG"}
SCORES = {"vcf": "/none/my.vcf", "genome": "hg38", "students": {"made": ["degu"]}}


def reporter(files=("experiment", "design"), **options):
    """Define a data set from a reporter experiment."""
    definition = {
        "assay": {"name": "reporter"} | options,
        "files": {role: f"{role}.tsv" for role in files},
        "architecture": {"name": "compact_cnn"},
    }
    return {"datasets": {"mpra": definition}}
