# Inputs of rules on ensembles that were trained elsewhere. No rules here.


def asked_file(wildcards):
    """Sequences without measurements that a request asks for; none where it is a data set's."""
    own = wildcards.asked != "data"
    return f"results/unlabelled/{wildcards.dataset}/{wildcards.asked}.h5" if own else []


def request_of(wildcards):
    """Path of a request, without its ending."""
    return f"results/requests/{wildcards.dataset}/{wildcards.recipe}/{wildcards.asked}"


def module_of(wildcards):
    """Python file of the user's that predicts as an ensemble."""
    return path_of("", predictions_of(wildcards.recipe)["module"])


def answers_of(wildcards):
    """Files of the answers to a request: those that the user names, or those of a module."""
    asked = predictions_of(wildcards.recipe)
    if "module" in asked:
        folder, shards = f"results/answers/{wildcards.dataset}/{wildcards.recipe}", asked.get(
            "shards", 1
        )
        return [
            f"{folder}/{wildcards.asked}/{member}/{shard}of{shards}.tsv.gz"
            for member in range(asked["members"])
            for shard in range(1, shards + 1)
        ]
    name = f"{wildcards.dataset}/{wildcards.asked}"
    place, told = (
        f"config: recipes.{wildcards.recipe}.predictions.files",
        f"{request_of(wildcards)}.tsv.gz",
    )
    if name not in asked["files"]:
        raise WorkflowError(
            f"{place}: there is no answer to {name!r}. `snakemake {told}` makes the request: let "
            f"your models predict its sequences, and name the file here, as {name}: FILE"
        )
    files = asked["files"][name]
    paths = [Path(path_of("", file)) for file in ([files] if isinstance(files, str) else files)]
    for path in paths:
        if not path.is_file():
            problem = f"{str(path)!r} is not there, which is to answer {told}"
            raise WorkflowError(
                f"{place}: {problem} (a relative path starts at the Snakefile's folder)"
            )
    return list(map(str, paths))


def answers_behind_labels(wildcards):
    """Checked answers that labels are made of: for a data set, or for sequences beside it."""
    _, _, name = wildcards.labelled.partition("_")
    asked = f"{name}/{wildcards.fraction}" if name else "data"
    return f"results/answers/{wildcards.dataset}/{wildcards.recipe}/{asked}.h5"


def requests():
    """All requests to foreign ensembles."""
    return [
        f"results/requests/{run.dataset}/{run.recipe}/{asked}.tsv.gz"
        for run in RUNS
        if is_foreign(run.recipe)
        for asked in requests_of(run)
    ]


def tell_left_out():
    """Say which tables leave out students whose teachers' models do not lie here."""
    taught = [run for run in SCALAR_RUNS if is_foreign(run.teachers.recipe)]
    if not taught:
        return
    shifted = {"shifts", "shift_intervals"} & set(config["figures"])
    left_out = ["predictions under shifts", "tests of attribution maps against the teachers' maps"]
    told = " and ".join(left_out if shifted else left_out[1:])
    students = ", ".join(f"{run.dataset}/{run.recipe}" for run in taught)
    tell(f"config: runs: no {told} for {students}: models of their teachers do not lie here")


tell_left_out()
