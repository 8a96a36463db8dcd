"""Jobs of the paper and of each kind, as Snakemake plans them, and their inputs."""

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from workflow import (
    APART,
    CONFIG,
    DRAWING,
    PAPERS,
    ROOT,
    imports,
    jobs,
    listed,
    made_config,
    module_of,
    rule_texts,
    snakemake,
    trained,
    write_yaml,
)

# Assays, whose modules are chosen by name.
NAMES = sorted(path.stem for path in (ROOT / "workflow_scripts/degu/assays").glob("[a-z]*.py"))
ANCIENT = yaml.safe_load((ROOT / "slurm/profile.yaml").read_text())["consider-ancient"]
# Trainings that each figure is the first to need, in the order of config.yaml: teachers, students.
PAPER = {
    "Fig. 2a,b": (50, 50),
    "Fig. 2c,d": (200, 100),
    "Fig. 2c,d, dashed": (20, 0),
    "Fig. 3b,c": (0, 30),
    "Fig. 5c,d, S8": (40, 0),
    "Fig. 6, S13": (0, 60),
    "S2, oracle of Fig. 3b,c": (50, 50),
    "S3": (15, 70),
    "S10": (0, 10),
    "S11": (0, 20),
    "S1": (10, 10),
}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """All that the paper needs, the simulated world, and each figure by its name."""
    folder = tmp_path_factory.mktemp("planned")
    said = snakemake("-n", "all", "simulate", *DRAWING, "--directory", folder)
    assert said.returncode == 0, said.stdout
    return said.stdout


@pytest.fixture(scope="module")
def makers(planned):
    """Job of each file that the paper needs."""
    return {path: job for job in listed(planned) for path in job.outputs}


def test_trainings_are_those_of_the_paper_by_figure(planned):
    """Each run's models that no run before has; by hand from the paper's figures."""
    recipes, members, known = CONFIG["recipes"], CONFIG["members"], set()
    for run, expected in zip(CONFIG["runs"], PAPER.values(), strict=True):
        new = set()
        for recipe in run["recipes"]:
            teacher = recipes[recipe].get("teacher")
            of_size = recipes[recipe].get("teachers", members["teachers"])
            sizes = {(recipe, teacher is not None): members["students"]} if teacher else {}
            sizes[teacher or recipe, False] = of_size
            new |= {
                (f"{dataset}/{name}/{fraction}/{member}", student)
                for (name, student), number in sizes.items()
                for dataset in run["datasets"]
                for fraction in run["fractions"]
                for member in range(number)
            }
        new -= known
        known |= new
        assert (sum(not s for _, s in new), sum(s for _, s in new)) == expected, run
    assert trained(planned) == known
    assert len(known) == 785


def test_other_jobs_are_those_of_the_runs(planned):
    """Labels are a job an ensemble and its size; predictions a job a run."""
    recipes, members = CONFIG["recipes"], CONFIG["members"]
    runs = {
        (dataset, name, fraction)
        for run in CONFIG["runs"]
        for dataset in run["datasets"]
        for recipe in run["recipes"]
        for name in (recipe, recipes[recipe].get("teacher", recipe))
        for fraction in run["fractions"]
    }
    # Dropout, shifts and variants are for single activities; single sequences for whole runs.
    whole = {run for run in runs if run[2] == 1}
    scalar = {run for run in whole if run[0] != "atac_a549"}
    shifted = {run for run in scalar if run[0] == "starrseq"}
    methods = {run: 1 if run[0] == "atac_a549" else 2 for run in whole}
    labels = {
        (d, recipes[r]["teacher"], f, recipes[r].get("teachers", members["teachers"]))
        for d, r, f in runs
        if "teacher" in recipes[r]
    }
    expected = {
        "label": len(labels),
        "write_track": 3,
        **dict.fromkeys(["predict", "measure_predictions", "measure_training"], len(runs)),
        "measure_distillation": len(runs),
        # Whole runs of students, single activities or profiles.
        "export": len([run for run in whole if "teacher" in recipes[run[1]]]),
        **dict.fromkeys(["calibrate", "measure_intervals"], len(runs)),
        "sample_dropout": len([run for run in scalar if run[1] in ("standard", "aleatoric")]),
        "attribute": sum(methods.values()),
        "measure_attribution": len(whole),
        "compare_attributions": 4,
        "shift": 1,
        **dict.fromkeys(["predict_shifted", "measure_shift"], len(shifted)),
        # The oracle ensemble has no intervals around its own mean.
        "calibrate_shift": len(shifted) - 1,
        **dict.fromkeys(["predict_variants", "measure_variants"], len(scalar - shifted)),
        "calibrate_effects": len(scalar - shifted),
        # Teachers of single activities; the two data sets whose models score variants.
        "measure_ensembles": len({run[:3] for run in labels if run[0] != "atac_a549"}),
        "count_overlaps": 2,
        "describe_variants": 1,
        "train_toy": 1,
        # A data set of single activities and fraction.
        "measure_baseline": len({run[::2] for run in runs if run[0] != "atac_a549"}),
        # A data set and fraction with students.
        "compare_recipes": len({run[::2] for run in runs if "teacher" in recipes[run[1]]}),
        "join": 24,
        # Summary, warnings, comparison and claims, and ten joined tables that the report shows.
        "show_table": 14,
        **dict.fromkeys(
            ["collect_warnings", "summarise_report", "show_distillation", "show_data", "show_run"],
            1,
        ),
        "compare_paper": 1,
        **dict.fromkeys(DRAWING, 1),
    }
    found = jobs(planned)
    assert {rule: found.get(rule) for rule in expected} == expected


def test_students_take_the_calibration_of_their_effects_along_where_variants_are_measured(planned):
    exported = {job.outputs[0]: job.inputs for job in listed(planned) if job.rule == "export"}
    for run, expected in [("lentimpra_k562/degu_aleatoric", True), ("starrseq/degu", False)]:
        inputs = exported[f"results/students/{run}/1.0/student.keras"]
        assert any(path.endswith("/effects.json") for path in inputs) == expected


@pytest.fixture(scope="module")
def sharded(tmp_path_factory):
    """Plan two teachers, who augment, and a student of a data set in three shards."""
    folder = tmp_path_factory.mktemp("sharded")
    for name in ("made.tsv", "genome.fa", "my.vcf"):
        (folder / name).touch()
    config = made_config(folder / "made.tsv")
    config["datasets"]["made"]["shards"] = 3
    config["genomes"] = {"mine": str(folder / "genome.fa")}
    scored = {"vcf": str(folder / "my.vcf"), "genome": "mine", "students": {"made": ["degu"]}}
    config["scores"] = {"cohort": scored | {"shards": 4}}
    insertion = {"name": "RandomInsertion", "insert_min": 0, "insert_max": 20}
    augmented = {"augment": {"transforms": [insertion], "at_most": 1}}
    config["recipes"] = {"standard": augmented, "degu": {"unlabelled": {"mutate": 2}}}
    mine = write_yaml(folder / "mine.yaml", config)
    said = snakemake("-n", "--directory", folder, "--configfile", mine)
    assert said.returncode == 0, said.stdout
    return said.stdout


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """Plan students of an ensemble that a module of the user's predicts with; one is tuned."""
    folder = tmp_path_factory.mktemp("foreign")
    for name in ("made.tsv", "mine.py"):
        (folder / name).touch()
    config = made_config(folder / "made.tsv")
    predictions = {"members": 5, "module": str(folder / "mine.py"), "python": sys.executable}
    student = {"teacher": "foreign", "scale": "std", "weights": {"epistemic": 1, "aleatoric": 1}}
    config["recipes"] = {"foreign": {"predictions": predictions}, "degu": student}
    config["recipes"]["tuned"] = student | {"tuned": "small"}
    ranges = {"architecture": {"dropout": {"uniform": [0, 0.3]}}}
    config["studies"] = {"small": {"recipe": "degu", "space": ranges}}
    config["tuning"] = {"grace": 2, "workers": 3}
    config["runs"][0]["recipes"] = ["degu", "tuned"]
    mine = write_yaml(folder / "mine.yaml", config)
    said = snakemake("-n", "all", "requests", "--directory", folder, "--configfile", mine)
    assert said.returncode == 0, said.stdout
    return listed(said.stdout)


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    """Plan motifs, foreign sequences of classes, and features of other models."""
    folder = tmp_path_factory.mktemp("analysed")
    for name in ("made.tsv", "far.fa", "other.keras"):
        (folder / name).touch()
    motifs = "MEME version 4\nALPHABET= ACGT\nMOTIF A\nletter-probability matrix:\n1 0 0 0\n"
    (folder / "my.meme").write_text(motifs)
    (folder / "my.gmt").write_text("set\tno words\tgene\n")
    config = made_config(folder / "made.tsv")
    made = config["datasets"]["made"]
    keras = {"file": str(folder / "other.keras"), "layer": "features", "order": "ACGT"}
    keras["check"] = {"sequence": "ACGT", "expected": [0], "tolerance": 0.1}
    made["teachers"] = {"other": {"python": sys.executable, "keras": keras}}
    config["recipes"] = {"guided": {"features": {"teachers": ["other"], "loss": "fitnet"}}}
    config["recipes"]["guided"]["features"]["combine"] = "sum"
    config["runs"][0]["recipes"] = ["standard", "guided"]
    config["motifs"] = {"file": str(folder / "my.meme"), "method": "saliency"}
    config["motifs"]["gene_sets"] = {"mine": str(folder / "my.gmt")}
    family = {
        "assay": {
            "name": "table",
            "columns": {"sequence": "sequence"},
            "classes": {"column": "family", "names": ["tRNA", "miRNA"]},
        },
        "files": made["files"],
        "architecture": made["architecture"],
        "outliers": {"far": {"file": str(folder / "far.fa")}},
    }
    config["datasets"]["family"] = family
    config["runs"].append({"datasets": ["family"], "recipes": ["standard"], "fractions": [1.0]})
    config["figures"] = ["guided", *APART]
    mine = write_yaml(folder / "mine.yaml", config)
    said = snakemake("-n", "--directory", folder, "--configfile", mine)
    assert said.returncode == 0, said.stdout
    apart = ("teachers", "motifs", "outliers", "figures_classes")
    rules = re.findall(
        r"^rule (\w+):",
        "".join((ROOT / f"rules/{name}.smk").read_text() for name in apart),
        re.MULTILINE,
    )
    return [job for job in listed(said.stdout) if job.rule in rules]


def test_an_ensemble_from_elsewhere_trains_students_alone(foreign):
    found = Counter(job.rule for job in foreign)
    rules = ("request", "ask", "receive", "label_received", "predict_received")
    assert [found[rule] for rule in rules] == [1, 5, 1, 1, 1]
    assert (found["train_teacher"], found["train_student"]) == (0, 2)


def test_workers_of_a_study_learn_as_its_recipe_does_and_its_values_go_into_another(foreign):
    found = {path: job for job in foreign for path in job.outputs}
    folder = "results/tuning/made/small/1.0"
    labels = "results/labels/made/foreign/1.0/5.h5"
    for worker in range(3):
        job = found[f"{folder}/worker{worker}.json"]
        assert job.rule == "tune"
        assert {f"{folder}/plan.json", labels, "results/data/made.h5"} < set(job.inputs)
    chosen = found[f"{folder}/chosen.json"]
    assert [path for path in chosen.inputs if "worker" in path and path.endswith("json")] == [
        f"{folder}/worker{worker}.json" for worker in range(3)
    ]
    for recipe in ("degu", "tuned"):
        inputs = found[f"results/models/made/{recipe}/1.0/0.keras"].inputs
        assert (f"{folder}/chosen.json" in inputs) == (recipe == "tuned")
    assert found["results/figures/tuning.pdf"].inputs[0] == "results/tables/trials.tsv"
    assert (
        found["results/tables/trials.tsv"].inputs[0] == "results/tables/trials/made/small/1.0.tsv"
    )


def test_labels_and_predictions_in_shards_are_joined(sharded):
    found = jobs(sharded)
    assert [found[rule] for rule in ("label", "label_unlabelled", "join_labels")] == [3, 3, 2]
    assert [found[rule] for rule in ("predict", "join_predictions")] == [6, 2]
    for rule, folder in [
        ("label", "results/labels/made/standard/1.0/2"),
        ("label_unlabelled", "results/labels/made/standard/1.0/2_mutate2_rate0.05"),
        ("predict", "results/predictions/made/standard/1.0"),
        ("predict", "results/predictions/made/degu/1.0"),
    ]:
        shards = [f"{folder}/{number}of3.h5" for number in (1, 2, 3)]
        made = {job.outputs[0]: job for job in listed(sharded)}
        assert [made[path].rule for path in shards] == [rule] * 3
        joined = made[f"{folder}.h5"]
        assert [path for path in joined.inputs if path.startswith("results/")] == shards
    (student,) = [job for job in listed(sharded) if job.rule == "train_student"]
    joined = [f"results/labels/made/standard/1.0/{name}.h5" for name in ("2", "2_mutate2_rate0.05")]
    assert set(joined) < set(student.inputs)


def test_a_vcf_is_scored_in_shards_by_an_exported_student(sharded):
    made = {path: job for job in listed(sharded) for path in job.outputs}
    folder, student = "results/scores/cohort/made/degu/1.0", "results/students/made/degu/1.0"
    for ending in ("tsv.gz", "vcf.gz"):
        shards = [f"{folder}/{number}of4.{ending}" for number in (1, 2, 3, 4)]
        assert set(shards) < set(made[f"{folder}.{ending}"].inputs)
        for shard in shards:
            inputs = set(made[shard].inputs)
            files = {f"{student}/student.keras", f"{student}/student.json"}
            assert (
                files | {"results/data/genomes/mine.fa", "results/data/genomes/mine.fa.fai"}
                < inputs
            )
            assert any(path.endswith("my.vcf") for path in inputs)
    assert jobs(sharded)["score_variants"] == 4


def test_a_data_set_in_one_piece_is_not_joined(planned):
    assert not {"join_labels", "join_predictions"} & jobs(planned).keys()


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory):
    """Plan four students, three of which learn sequences without measurements, two the same.

    And one of another data set, which has classes, and whose models take vectors.
    """
    folder = tmp_path_factory.mktemp("unlabelled")
    for name in ("made.tsv", "genome.fa", "peaks.bed", "vectors.h5"):
        (folder / name).touch()
    config = made_config(folder / "made.tsv") | {"data": ["made"]}
    made, student = config["datasets"]["made"], {"teacher": "standard", "scale": "std"}
    made["assay"]["columns"]["region"] = "region"
    made["files"]["genome"] = {"genome": "mine"}
    student["weights"] = {"epistemic": 1, "aleatoric": 1}
    natural = {"bed": str(folder / "peaks.bed"), "genome": "mine"}
    asked = {
        "one": {"mutate": 4, "crossover": 1, "shuffle": 0},
        "two": {"crossover": 1, "mutate": 4, "rate": 0.05},
        "three": {"shift": 1, "natural": natural},
    }
    config["recipes"] = {name: student | {"unlabelled": kinds} for name, kinds in asked.items()}
    config["genomes"] = {"mine": str(folder / "genome.fa")}
    config["runs"][0] |= {"recipes": ["degu", *asked], "fractions": [0.5]}
    config["datasets"]["family"] = {
        "assay": {
            "name": "table",
            "columns": {"sequence": "sequence"},
            "classes": {"column": "family", "names": ["tRNA", "miRNA"]},
            "inputs": "embeddings",
        },
        "files": {"table": str(folder / "made.tsv"), "embeddings": str(folder / "vectors.h5")},
        "architecture": {"name": "mlp"},
    }
    config["runs"].append({"datasets": ["family"], "recipes": ["degu"], "fractions": [1.0]})
    mine = write_yaml(folder / "mine.yaml", config)
    said = snakemake("-n", "--directory", folder, "--configfile", mine)
    assert said.returncode == 0, said.stdout
    return {path: job for job in listed(said.stdout) for path in job.outputs}


def test_sequences_without_measurements_are_made_and_labelled_once(unlabelled):
    names = ["mutate4_rate0.05_crossover1", "shift1_natural-peaks"]
    made = [f"results/unlabelled/made/{name}/0.5.h5" for name in names]
    labels = [f"results/labels/made/standard/0.5/2_{name}.h5" for name in names]
    teachers = [f"results/models/made/standard/0.5/{member}.keras" for member in range(2)]
    for rule, paths in [("make_unlabelled", made), ("label_unlabelled", labels)]:
        assert {path for path, job in unlabelled.items() if job.rule == rule} == set(paths)
    for path, source in zip(labels, made, strict=True):
        assert {source, *teachers} < set(unlabelled[path].inputs)
    for recipe, number in {"degu": None, "one": 0, "two": 0, "three": 1}.items():
        inputs = unlabelled[f"results/models/made/{recipe}/0.5/0.keras"].inputs
        of_student = [path for path in made + labels if path in inputs]
        assert of_student == ([] if number is None else [made[number], labels[number]])
    assert set(made) < set(unlabelled["results/tables/data_made.tsv"].inputs)


def test_classes_and_vectors_have_the_jobs_that_they_can_have(unlabelled):
    own = {path: job for path, job in unlabelled.items() if "/family" in path}
    assert {job.rule for job in own.values()} == {
        *("prepare", "train_teacher", "label", "train_student", "predict"),
        *("measure_training", "measure_classes", "measure_baseline"),
    }
    (prepared,) = (job for job in own.values() if job.rule == "prepare")
    assert any(path.endswith("vectors.h5") for path in prepared.inputs)
    joined = unlabelled["results/tables/performance.tsv"].inputs
    assert not any("family" in path for path in joined)
    assert "results/tables/classes/family/degu/1.0.tsv" in own


def test_genomes_are_for_what_is_read_of_them(unlabelled):
    """Neither the data set itself nor mutants wait for one."""
    genome = "results/data/genomes/mine.fa"
    for path, job in unlabelled.items():
        natural = path == "results/unlabelled/made/shift1_natural-peaks/0.5.h5"
        assert ({genome, f"{genome}.fai"} <= set(job.inputs)) == natural
        assert any(other.endswith("peaks.bed") for other in job.inputs) == natural


def test_only_dynamic_students_wait_for_the_teachers_themselves(planned):
    job = r"    input: (.*)\n    output: results/models/starrseq/(degu\w*)/1\.0/0\.keras"
    inputs = {recipe: files.count(".keras") for files, recipe in re.findall(job, planned)}
    assert {recipe for recipe, number in inputs.items() if number} == {
        recipe for recipe in inputs if "dynamic" in recipe
    }
    assert {number for number in inputs.values() if number} == {10}


def test_each_figure_is_a_target_that_draws_no_other(planned):
    assert SHOWN.keys() == set(PAPERS)
    drawn = [job for job in listed(planned) if job.rule in DRAWING]
    assert Counter(job.rule for job in drawn) == dict.fromkeys(DRAWING, 1)
    for job in drawn:
        figure = job.rule.removeprefix("plot_")
        paths = [f"results/figures/{figure}.{ending}" for ending in ("pdf", "png", "tsv")]
        assert job.outputs == paths
        assert not [path for path in job.inputs if path.startswith("results/figures")]


# Data sets of the paper whose runs a figure needs.
SHOWN = {
    "fig2": "starrseq k562 hepg2",
    "supp1": "atac",
    **dict.fromkeys(["fig3", *(f"supp{number}" for number in (2, 3, 4, 5, 7, 9, 10))], "starrseq"),
    **dict.fromkeys(["fig4", "fig5"], "starrseq k562"),
    **dict.fromkeys(["supp6", "supp8"], "starrseq hepg2"),
    **dict.fromkeys(["supp11", "supp12"], "k562 hepg2"),
    **dict.fromkeys(["fig6", "supp14"], "k562"),
    **dict.fromkeys(["supp13", "supp15"], "hepg2"),
}


def needed(path, makers):
    """Files that a file is made from, directly or not, and itself, as far as jobs make them."""
    found, left = set(), [path]
    while left:
        job = makers.get(left.pop())
        if job and not found.issuperset(job.outputs):
            found.update(job.outputs)
            left += job.inputs
    return found


@pytest.mark.parametrize("name", SHOWN)
def test_a_figure_needs_the_runs_that_it_shows_alone(makers, name):
    files = needed(f"results/figures/{name}.pdf", makers)
    models = [path.split("/") for path in files if path.startswith("results/models/")]
    assert {place[2] for place in models} == {CONFIG["paper"][role] for role in SHOWN[name].split()}
    figures = {path for path in files if path.startswith("results/figures/")}
    assert figures == {f"results/figures/{name}.{end}" for end in ("pdf", "png", "tsv")}
    # No table of all runs.
    tables = {path for path in files if re.fullmatch(r"results/tables/\w+\.tsv(\.gz)?", path)}
    assert tables <= {"results/tables/toy.tsv"}


def test_figures_are_redrawn_from_tables_alone(planned):
    for job in listed(planned):
        if job.rule in DRAWING:
            tables = [path for path in job.inputs if not path.endswith(".py")]
            assert tables and all(path.startswith("results/tables/") for path in tables)


# Imports of scripts


def environments():
    """Name of the conda environment of each rule."""
    return {rule: re.search(r"envs/(\w+)\.yaml", text)[1] for rule, text in rule_texts().items()}


@pytest.fixture(scope="module")
def imported():
    """Modules behind each rule's script, and those that are chosen by name: assays, loaders."""
    chosen = {
        "prepare": [f"degu.assays.{name}" for name in NAMES],
        "embed": [f"degu.teachers.{name}_models" for name in ("keras", "language")],
    }
    return imports({rule: chosen.get(rule, []) for rule in environments()})


def test_only_what_trains_or_predicts_imports_tensorflow(imported):
    """Tables, calibrations and figures start in a moment, in environments without it."""
    heavy = {"tensorflow", "keras", "evoaug_tf", "shap", "jax", "torch"}
    found = {rule for rule, modules in imported.items() if heavy & modules}
    wanted = {rule for rule, environment in environments().items() if environment == "tensorflow"}
    assert found == wanted
    drawing = {rule for rule, modules in imported.items() if "matplotlib" in modules}
    light = {rule for rule, environment in environments().items() if environment != "tensorflow"}
    plots = {rule for rule, env in environments().items() if env == "plot"}
    # Tests of gene sets draw nothing, but their library imports what it could draw with.
    assert drawing & light == plots | {"enrich_motifs"}


def test_inputs_of_each_job_are_the_modules_that_its_script_imports(
    planned, sharded, unlabelled, foreign, analysed, imported
):
    """As Python imports them, and the script; whoever fetches raw files is not run for an edit."""
    library = ROOT / "workflow_scripts"
    known = {module_of(path.relative_to(library)) for path in (library / "degu").rglob("*.py")}
    of_assays = {f"degu.assays.{name}" for name in NAMES}
    found = {}
    of_shards = ("join_labels", "join_predictions", "score_variants", "join_scores")
    others = [job for job in listed(sharded) if job.rule in of_shards]
    rules = ("make_unlabelled", "label_unlabelled", "measure_classes")
    others += [job for job in unlabelled.values() if job.rule in rules]
    rules = ("request", "ask", "receive", "label_received", "predict_received")
    rules += ("open_study", "tune", "choose", "plot_tuning")
    others += [job for job in foreign if job.rule in rules]
    for job in [*listed(planned), *others, *analysed]:
        files = [path for path in job.inputs if "workflow_scripts/" in path]
        files = [path.rpartition("workflow_scripts/")[2] for path in files]
        names = {module_of(file) for file in files if file.endswith(".py")}
        found.setdefault(job.rule, set()).update(names)
    assert found.keys() == rule_texts().keys() - {"all"}
    for rule, names in found.items():
        if rule in ("resolve", "download", "index_genome"):
            assert names == set()
        else:
            expected = (imported[rule] & known - {"degu.job", "degu.plan"}) | {rule}
            # No data set of the paper is a table of one's own.
            own = {
                "degu.assays.table",
                "degu.assays.reporter",
                "degu.barcodes",
                "degu.embeddings",
                "degu.measurements",
                "degu.ridge",
            }
            assert names == expected - (own if rule == "prepare" else set()), rule
    # The log, seeds and whole files: all import them, and an edit reruns nothing by itself.
    assert all("degu.job" in modules for modules in imported.values())
    assert of_assays <= imported["prepare"]


def test_each_data_set_is_prepared_by_the_code_of_its_own_assay(planned):
    for job in listed(planned):
        if job.rule == "prepare":
            name = CONFIG["datasets"][Path(job.outputs[0]).stem]["assay"]["name"]
            files = {Path(path).stem for path in job.inputs if "/assays/" in path}
            assert files == {"__init__", name}


def test_the_page_on_reruns_says_what_the_scripts_import(imported):
    """Rules by module, `measure_…` for all of that beginning, and those behind "but" left out."""
    page = (ROOT / "docs/architecture.md").read_text()
    lines = re.findall(r"^\| (`[^|]+) \| ([^|]+) \|$", page.split("| module | rules |")[1], re.M)
    assert len(lines) > 8
    followed = imported.keys() - {"resolve", "download", "index_genome"}
    for modules, rules in lines:
        told = set()
        for but, name, rest in re.findall(r"(but )?`(\w+?)(…?)`", rules):
            named = {rule for rule in followed if rule.startswith(name)} if rest else {name}
            told = told - named if but else told | named
        for module in re.findall(r"`([\w/]+)`", modules):
            inner = "degu." + module.strip("/").replace("/", ".")
            found = {rule for rule in followed if inner in imported[rule]}
            assert found == told, module


def test_no_edit_of_the_library_retrains_on_a_cluster(planned, makers):
    """Whatever leads to a student takes its code as old in the profile."""
    edges = {(makers[path].rule, job.rule) for job in listed(planned)
             for path in job.inputs if path in makers}  # fmt: skip
    leading, found = set(), {"train_student"}
    while found:
        leading |= found
        found = {a for a, b in edges if b in found} - leading
    assert {"prepare", "train_teacher", "label"} < leading
    with_code = {rule for rule, text in rule_texts().items() if "code=" in text}
    ancient = {item.removesuffix("=code") for item in ANCIENT}
    assert leading & with_code - ancient == set()
