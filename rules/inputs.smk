# Inputs of rules that depend on wildcards. No rules here.


def download_of(wildcards):
    """The config's entry of a file to be downloaded."""
    files = [
        file
        for entry in files_of(wildcards.owner).values()
        for file in (entry if isinstance(entry, list) else [entry])
    ]
    return next(
        file for file in files if {"url", "archive"} & set(file) and name_of(file) == wildcards.file
    )


def manifest_of(wildcards):
    """An archive's list of its files: asked for, or the user's own."""
    archive = download_of(wildcards).get("archive")
    if archive is None:
        return []
    pinned = config["archives"][archive].get("manifest")
    return path_of(archive, pinned) if pinned else f"results/data/manifests/{archive}.json"


def files_of_dataset(wildcards):
    """Files that a data set is prepared from, by role; replicate bigWigs are summarised first."""
    files = raw_files(wildcards.dataset)
    if assay_of(wildcards.dataset)[0] == "table":
        # Its genome is for what is derived from the prepared data set.
        files = {role: files[role] for role in ("table", "embeddings") if role in files}
    if files.pop("replicates", None):
        tracks = f"results/data/tracks/{wildcards.dataset}"
        files |= {track: f"{tracks}_{track}.bw" for track in ("mean", "std")}
    return files


def teachers_of(wildcards):
    """The models that label a student's minibatches; none if its labels are static."""
    run = run_of(wildcards)
    dynamic = "dynamic" in config["recipes"][run.recipe]
    return members_files(run.teachers, "keras", number_of_teachers(run.recipe)) if dynamic else []


def guides_of(wildcards):
    """Features and outputs of the models that guide a member's training; none for most recipes."""
    run = run_of(wildcards)
    return [
        f"results/teachers/{run.dataset}/{guide}/{run.fraction}.h5" for guide in guides(run.recipe)
    ]


def beside_guided(wildcards):
    """Runs of a fraction of a data set beside its guided students: all but controls."""
    place = (wildcards.dataset, wildcards.fraction)
    runs = [run for run in RUNS if (run.dataset, run.fraction) == place]
    return [run for run in runs if not is_control(run.recipe)]


def teachers_beside_guided(wildcards):
    """Features and outputs of all models that guide students of a fraction of a data set."""
    known = [guide for run in beside_guided(wildcards) for guide in guides(run.recipe)]
    folder = f"results/teachers/{wildcards.dataset}"
    return [f"{folder}/{guide}/{wildcards.fraction}.h5" for guide in dict.fromkeys(known)]


def start_file_of(wildcards):
    """The model of the teacher whose weights a student starts from; none if it starts fresh."""
    run = run_of(wildcards)
    teacher = start_of(run.recipe, wildcards.member)
    return [] if teacher is None else members_files(run.teachers, "keras", teacher + 1)[teacher]


def files_of_shards(folder, dataset):
    """Files of all shards of a data set, which lie in a folder beside the file that they make."""
    number = shards_of(dataset)
    return [f"{folder}/{shard}of{number}.h5" for shard in range(1, number + 1)]


def sources_of_unlabelled(wildcards):
    """Files, beside a data set, that sequences without measurements are made from, by role."""
    asked, files = UNLABELLED[wildcards.unlabelled], {}
    if "shift" in asked:
        files["genome"] = raw_files(wildcards.dataset)["genome"]
    brought = asked.get("natural")
    if isinstance(brought, dict):
        files["windowed"] = path_of("genomes", {"genome": brought["genome"]})
        brought = brought["bed"]
    indices = {f"index_of_{role}": f"{path}.fai" for role, path in files.items()}
    return files | indices | ({"natural": path_of("", brought)} if brought else {})


def unlabelled_file(run):
    """Sequences without measurements that students of a run learn; None where there are none."""
    name = name_of_unlabelled(unlabelled_of(run.recipe))
    return f"results/unlabelled/{run.dataset}/{name}/{run.fraction}.h5" if name else None


def unlabelled_files(wildcards):
    """Sequences without measurements that a student learns, and their labels, if there are any."""
    run = run_of(wildcards)
    name = name_of_unlabelled(unlabelled_of(run.recipe))
    labels = f"results/labels/{run.teachers.path}/{labels_by(run.recipe)}_{name}.h5"
    return [unlabelled_file(run), labels] if name else []


def unlabelled_of_dataset(wildcards):
    """All sequences without measurements that students of a data set learn."""
    files = (unlabelled_file(run) for run in RUNS if run.dataset == wildcards.dataset)
    return list(dict.fromkeys(file for file in files if file))


def sizes_of(run):
    """Numbers of teachers of a run that some student learns from, by one prediction of each."""
    students = (
        one
        for one in RUNS
        if is_student(one.recipe) and one.teachers == run and not passes_of(one.recipe)
    )
    return sorted({number_of_teachers(student.recipe) for student in students})


def tracks_of_labels():
    """The bigWigs of all labels of profiles that students are taught."""
    return [
        f"results/labels/{run.teachers.path}/{number_of_teachers(run.recipe)}_{track}.bw"
        for run in RUNS
        if is_profile(run.dataset) and is_student(run.recipe)
        for track in ["mean", "epistemic", *(["aleatoric"] if has_aleatoric(run.recipe) else [])]
    ]


def exported_students():
    """Passports of the students of whole runs, one a run, which leave the workflow."""
    return [
        f"results/students/{run.path}/student.json"
        for run in WHOLE_RUNS
        if is_student(run.recipe) and run.dataset not in CLASSIFIED + EMBEDDED
    ]


def sides_of(run):
    """Predictions of a run, and how long its members were trained, where that was done here."""
    parts = [] if is_foreign(run.recipe) else composed_of(run.recipe)
    trained = [f"results/tables/training/{run._replace(recipe=name).path}.tsv" for name in parts]
    return [f"results/predictions/{run.path}.h5", *trained]


def compared_runs(wildcards):
    """Runs of a fraction of a data set that are held against each other: all but controls."""
    place = (wildcards.dataset, wildcards.fraction)
    runs = [run for run in NUMERIC_RUNS if (run.dataset, run.fraction) == place]
    return [run for run in runs if not is_control(run.recipe)]


def dropout_of(wildcards):
    """Predictions of a run with dropout, where the config asks for them."""
    run = run_of(wildcards)
    return f"results/dropout/{run.path}.h5" if run in DROPOUT_RUNS else []


def files_of_outliers(wildcards):
    """Files of groups of foreign sequences by group and role, beside those of the data set."""
    raw = raw_files(wildcards.dataset)
    files = {role: raw[role] for role in ("table", "embeddings") if role in raw}
    for group, how in outliers_of(wildcards.dataset).items():
        for role in ("file", "embeddings") if how != "shuffle" else ():
            files |= {f"{group}_{role}": path_of("", how[role])} if role in how else {}
        if "dataset" in how:
            files[f"{group}_dataset"] = f"results/data/{how['dataset']}.h5"
    return files


def source_of_outliers(dataset):
    """How a data set was read, which its groups of foreign sequences are read like."""
    name, options = assay_of(dataset)
    columns = options["columns"] if name == "table" else {}
    known = {key: columns[key] for key in ("sequence", "name") if key in columns}
    others = {key: options[key] for key in ("length", "inputs") if key in options}
    return {"columns": known or {"sequence": "sequence"}} | others


def outliers_of_teachers(wildcards):
    """Scores of the teachers of a run, if it has students of models that lie here."""
    run = run_of(wildcards)
    if not is_student(run.recipe) or is_foreign(run.teachers.recipe):
        return []
    return f"results/outliers/{run.teachers.path}.h5"


def oracle_of(wildcards):
    """Shifted predictions of the oracle ensemble of a data set."""
    return f"results/shifts/{ORACLES[wildcards.dataset].path}.h5"


def shifted_teachers_of(wildcards):
    """Shifted predictions of the teachers of a run; for teachers its own."""
    return f"results/shifts/{run_of(wildcards).teachers.path}.h5"


def shift_calibration_of(wildcards):
    """Calibration of a run under shift; the oracle ensemble has none."""
    run = run_of(wildcards)
    return [] if run == ORACLES[run.dataset] else f"results/calibration/{run.path}/shift.json"


def maps_of_run(wildcards):
    """Attribution maps of a run by all methods."""
    run = run_of(wildcards)
    return maps_of((run, method) for method in attribution_of(run.dataset)["methods"])


def maps_of_teachers(wildcards):
    """Attribution maps of the teachers of a run by all methods; its own where they have none."""
    run = run_of(wildcards)
    run = run.teachers if is_trained(run.teachers.recipe) else run
    return maps_of((run, method) for method in attribution_of(run.dataset)["methods"])


def explained_students(dataset):
    """Runs of students of a data set whose teachers are explained, too, each with a method."""
    return [
        (run, method)
        for run, method in explained_runs(dataset)
        if is_student(run.recipe) and is_trained(run.teachers.recipe)
    ]


def asked_unlabelled(wildcards):
    """Kinds of sequences without measurements, and the adaptors that stay around them if named."""
    named = adaptors_of(wildcards.dataset)
    return UNLABELLED[wildcards.unlabelled] | ({"adaptors": named} if any(named) else {})


def asked_of(dataset):
    """All that is asked of a data set's sequences, which `degu.lengths.check` holds against them."""
    return {
        "trainings": {
            run.path: {
                "fraction": float(run.fraction),
                "batch_size": training_of(run.dataset, run.recipe)["batch_size"],
                "architecture": architecture_of(run.dataset, run.recipe)["name"],
                "shortest": facts_of(architecture_of(run.dataset, run.recipe)["name"]).get(
                    "shortest", 1
                ),
                "kernel": architecture_of(run.dataset, run.recipe).get("kernel", 1),
            }
            for run in RUNS
            if run.dataset == dataset and not is_composed(run.recipe)
        },
        "explain": attribution_of(dataset).get("explain", {}),
        "regions": attribution_of(dataset).get("regions", {}),
        "windows": {
            name: [
                config["variants"][name]["assay"]["window"],
                *map(len, adaptors_of(dataset, name)),
            ]
            for name, run in SCORED_RUNS
            if run.dataset == dataset
        },
    }


# Trainings look into it before they start. No parameter of theirs: another explanation retrains nothing.
config["asked"] = {dataset: asked_of(dataset) for dataset in {run.dataset for run in RUNS}}
