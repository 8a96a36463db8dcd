"""The jobs of each config and their inputs, as Snakemake plans them."""

import ast
import re
import sys
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml

from workflow import (
    ROOT,
    clone,
    imports,
    jobs,
    listed,
    made_config,
    rule_texts,
    snakemake,
    snakemakes,
    write_yaml,
)

# Assays, whose modules are chosen by name.
NAMES = sorted(path.stem for path in (ROOT / "workflow_scripts/degu/assays").glob("[a-z]*.py"))
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
PROFILE = yaml.safe_load((ROOT / "slurm/profile.yaml").read_text())
# The profile with its lines for some sites, which start with "#" and no space.
SITE = re.sub(r"^( *)#(?=\S)", r"\1", (ROOT / "slurm/profile.yaml").read_text(), flags=re.MULTILINE)


@pytest.fixture(scope="module")
def rules():
    """Docstrings by rule."""
    listed = snakemake("--list-rules").stdout
    return dict(re.findall(r"^(\w+)(?: \((.*)\))?$", listed, re.MULTILINE))


# Rules of figures: those of the paper have its numbers.
OVERVIEWS = [name for name in CONFIG["figures"] if not re.fullmatch(r"(fig|supp)\d+", name)]
DRAWING = [f"plot_{name}" if name in OVERVIEWS else name for name in CONFIG["figures"]]
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


def trained(said):
    """Models that are trained, in Snakemake's words, by whether they are students'."""
    wildcards = r"rule train_(\w+):\n(?:    .*\n)*?    output: results/models/(\S+)\.keras"
    return {(path, rule == "student") for rule, path in re.findall(wildcards, said)}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """All that the paper needs, and the simulated world."""
    folder = tmp_path_factory.mktemp("planned")
    said = snakemake("-n", "all", "simulate", "--directory", folder)
    assert said.returncode == 0, said.stdout
    return said.stdout


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
    """Plan two teachers and a student of a data set in three shards."""
    folder = tmp_path_factory.mktemp("sharded")
    for name in ("made.tsv", "genome.fa", "my.vcf"):
        (folder / name).touch()
    config = made_config(folder / "made.tsv")
    config["datasets"]["made"]["shards"] = 3
    config["genomes"] = {"mine": str(folder / "genome.fa")}
    scored = {"vcf": str(folder / "my.vcf"), "genome": "mine", "students": {"made": ["degu"]}}
    config["scores"] = {"cohort": scored | {"shards": 4}}
    config["recipes"] = {"degu": {"unlabelled": {"mutate": 2}}}
    mine = write_yaml(folder / "mine.yaml", config)
    said = snakemake("-n", "--directory", folder, "--configfile", mine)
    assert said.returncode == 0, said.stdout
    return said.stdout


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """Plan a student of an ensemble that a module of the user's predicts with."""
    folder = tmp_path_factory.mktemp("foreign")
    for name in ("made.tsv", "mine.py"):
        (folder / name).touch()
    config = made_config(folder / "made.tsv")
    predictions = {"members": 5, "module": str(folder / "mine.py"), "python": sys.executable}
    config["recipes"] = {"foreign": {"predictions": predictions}, "degu": {"teacher": "foreign"}}
    mine = write_yaml(folder / "mine.yaml", config)
    said = snakemake("-n", "all", "requests", "--directory", folder, "--configfile", mine)
    assert said.returncode == 0, said.stdout
    return listed(said.stdout)


def test_an_ensemble_from_elsewhere_trains_students_alone(foreign):
    found = Counter(job.rule for job in foreign)
    rules = ("request", "ask", "receive", "label_received", "predict_received")
    assert [found[rule] for rule in rules] == [1, 5, 1, 1, 1]
    assert (found["train_teacher"], found["train_student"]) == (0, 1)


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


def test_a_data_set_has_methods_of_its_own(tmp_path):
    override = write_yaml(tmp_path / "mine.yaml", {"attribution": {"methods": ["tism", "ism"]}})
    said = snakemake("-n", "plot_logos", "--directory", tmp_path, "--configfile", override).stdout
    maps = re.findall(r"output: results/attributions/(\w+)/\w+/[\d.]+/(\w+)\.h5", said)
    assert {method for dataset, method in maps if dataset == "atac_a549"} == {"saliency"}
    assert {method for dataset, method in maps if dataset == "starrseq"} == {"tism", "ism"}


def test_a_smaller_ensemble_is_the_first_members_of_a_larger_one(tmp_path):
    """Labels of 25 teachers train the 15 that no run of ten has."""
    path = "results/labels/starrseq/standard/1.0"
    of = {k: trained(snakemake("-n", f"{path}/{k}.h5", "--directory", tmp_path).stdout)
          for k in (3, 25)}  # fmt: skip
    assert of[3] == {(f"starrseq/standard/1.0/{member}", False) for member in range(3)}
    assert of[25] == {(f"starrseq/standard/1.0/{member}", False) for member in range(25)}


def test_only_dynamic_students_wait_for_the_teachers_themselves(planned):
    job = r"    input: (.*)\n    output: results/models/starrseq/(degu\w*)/1\.0/0\.keras"
    inputs = {recipe: files.count(".keras") for files, recipe in re.findall(job, planned)}
    assert {recipe for recipe, number in inputs.items() if number} == {
        recipe for recipe in inputs if "dynamic" in recipe
    }
    assert {number for number in inputs.values() if number} == {10}


def test_a_student_starts_from_the_teacher_of_its_number(tmp_path):
    """Four students of three teachers, without their dropout, wait for no other model."""
    recipe = {"start": "teacher", "teachers": 3}
    recipe["architecture"] = {"name": "deepstarr", "dropout": 0}
    mine = write_yaml(tmp_path / "mine.yaml", {"recipes": {"degu": recipe}})
    path = "results/models/starrseq/degu/1.0"
    files = [f"{path}/{member}.keras" for member in range(4)]
    said = snakemake("-n", *files, "--directory", tmp_path, "--configfile", mine).stdout
    students = [job for job in listed(said) if job.rule == "train_student"]
    found = {
        Path(job.outputs[0]).stem: [path for path in job.inputs if path.endswith(".keras")]
        for job in students
    }
    teachers = "results/models/starrseq/standard/1.0"
    assert found == {str(n): [f"{teachers}/{n % 3}.keras"] for n in range(4)}


def test_an_ensemble_of_several_recipes_trains_theirs_and_none_of_its_own(tmp_path):
    """In three shards; the second recipe's members count twice."""
    (tmp_path / "made.tsv").touch()
    config = made_config(tmp_path / "made.tsv")
    config["datasets"]["made"]["shards"] = 3
    config["recipes"] = {
        "mixed": {"members_of": ["standard", "mprann"], "member_weights": [1, 2]},
        "degu": {"teacher": "mixed", "unlabelled": {"mutate": 1}},
    }
    mine = write_yaml(tmp_path / "mine.yaml", config)
    said = snakemake("-n", "--directory", tmp_path, "--configfile", mine)
    assert said.returncode == 0, said.stdout
    models = {
        recipe: [f"results/models/made/{recipe}/1.0/{member}.keras" for member in range(2)]
        for recipe in ("standard", "mprann")
    }
    made = {path: job for job in listed(said.stdout) for path in job.outputs}
    trained_here = {path for path, job in made.items() if job.rule == "train_teacher"}
    every = {path for paths in models.values() for path in paths}
    assert {path for path in trained_here if path.endswith(".keras")} == every
    theirs = [*models["standard"], *(path for path in models["mprann"] for _ in range(2))]
    for path in [
        "results/labels/made/mixed/1.0/6/1of3.h5",
        "results/labels/made/mixed/1.0/6_mutate1_rate0.05/3of3.h5",
        "results/predictions/made/mixed/1.0/2of3.h5",
    ]:
        assert [one for one in made[path].inputs if one.endswith(".keras")] == theirs
    (student,) = [job for job in made.values() if "results/models/made/degu" in job.outputs[0]][:1]
    assert "results/labels/made/mixed/1.0/6.h5" in student.inputs
    for name in ("calibration/made/mixed/1.0.json", "tables/performance/made/mixed/1.0.tsv"):
        assert f"results/{name}" in made
    trainings = {f"results/tables/training/made/{recipe}/1.0.tsv" for recipe in models}
    assert trainings < set(made["results/tables/distillation/made/mixed/1.0.tsv"].inputs)
    # Maps are those of its parts, and a table of trainings as well.
    assert not {path for path in made if re.search("(attributions|training)/made/mixed", path)}
    assert "results/attributions/made/mprann/1.0/saliency.h5" in made


def test_jobs_of_the_demo(tmp_path):
    """Counted by hand: five teachers and their labels, two students, one fraction."""
    said = snakemake("-n", "--directory", tmp_path, "--configfile", ROOT / "demo/config.yaml")
    assert said.returncode == 0, said.stdout
    found = jobs(said.stdout)
    chain = ("prepare", "train_teacher", "label", "train_student", "predict")
    assert [found[rule] for rule in chain] == [1, 5, 1, 2, 2]
    assert not {"download", "compare_paper"} & found.keys()


def test_a_data_set_that_stands_for_one_of_the_paper_is_compared_with_it(tmp_path):
    """Its own recipes are compared; tables of shifts and variants are not made for it."""
    config = made_config(tmp_path / "made.tsv") | {"paper": {"k562": "made"}}
    (tmp_path / "made.tsv").touch()
    mine = write_yaml(tmp_path / "mine.yaml", config)
    said = snakemake("-n", "--directory", tmp_path, "--configfile", mine)
    (job,) = [job for job in listed(said.stdout) if job.rule == "compare_paper"]
    tables = {"performance", "ensemble_sizes", "intervals", "attribution_consistency"}
    of_runs = {Path(path).stem for path in job.inputs if path.startswith("results/tables/")}
    assert of_runs == tables
    assert job.outputs == [f"results/tables/{name}.tsv" for name in ("comparison", "claims")]


def test_each_figure_is_a_target_that_draws_no_other(planned, tmp_path):
    said = snakemake("-n", *DRAWING, "--directory", tmp_path)
    assert said.returncode == 0, said.stdout
    drawn = [job for job in listed(said.stdout) if job.rule in DRAWING]
    assert Counter(job.rule for job in drawn) == dict.fromkeys(DRAWING, 1)
    for job in drawn:
        figure = job.rule.removeprefix("plot_")
        paths = [f"results/figures/{figure}.{ending}" for ending in ("pdf", "png", "tsv")]
        assert job.outputs == paths
        assert not [path for path in job.inputs if path.startswith("results/figures")]


def test_figures_are_redrawn_from_tables_alone(planned):
    for job in listed(planned):
        if job.rule in DRAWING:
            tables = [path for path in job.inputs if not path.endswith(".py")]
            assert tables and all(path.startswith("results/tables/") for path in tables)


def test_a_figure_that_no_run_feeds_is_named_and_asking_for_it_is_an_error(tmp_path):
    """No oracle, no described data, one method; a joined table without runs is named."""
    config = made_config(tmp_path / "made.tsv") | {"figures": CONFIG["figures"]}
    (tmp_path / "made.tsv").touch()
    mine = write_yaml(tmp_path / "mine.yaml", config)
    unfed = [name for name in CONFIG["figures"] if name not in OVERVIEWS]
    unfed += ["data", "attribution_agreement", "shifts", "shift_intervals"]
    unfed += ["variants", "variant_maps"]
    said = snakemake("-n", "--directory", tmp_path, "--configfile", mine)
    assert said.returncode == 0, said.stdout
    (line,) = [line for line in said.stdout.splitlines() if "no run feeds" in line]
    assert line == f"config: figures: not drawn, since no run feeds them: {', '.join(unfed)}"
    assert said.stdout.index(line) < said.stdout.index("Building DAG of jobs")
    drawn = {rule for rule in jobs(said.stdout) if rule in DRAWING}
    assert drawn == {f"plot_{figure}" for figure in OVERVIEWS if figure not in unfed}
    said = snakemake("-n", "plot_shifts", "--directory", tmp_path, "--configfile", mine)
    assert said.returncode != 0
    assert "config: runs: no run feeds the table 'shift'." in said.stdout
    assert jobs(said.stdout) == {}


# Imports of scripts


def module_of(path):
    """Name of the module of a file below the folder of scripts."""
    return str(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def environments():
    """Name of the conda environment of each rule."""
    return {rule: re.search(r"envs/(\w+)\.yaml", text)[1] for rule, text in rule_texts().items()}


@pytest.fixture(scope="module")
def imported():
    """Modules behind each rule's script; those of all assays behind the one that prepares."""
    chosen = {"prepare": [f"degu.assays.{name}" for name in NAMES]}
    scripts = environments()
    light = {rule: chosen.get(rule, []) for rule, env in scripts.items() if env != "tensorflow"}
    heavy = {rule: [] for rule in scripts.keys() - light.keys()}
    common = ["h5py", "pandas", "scipy.stats"]
    return imports(light, *common) | imports(heavy, *common, "tensorflow", "keras", "evoaug_tf")


def test_only_what_trains_or_predicts_imports_tensorflow(imported):
    """Tables, calibrations and figures start in a moment, in environments without it."""
    heavy = {"tensorflow", "keras", "evoaug_tf", "shap", "jax", "torch"}
    found = {rule for rule, modules in imported.items() if heavy & modules}
    wanted = {rule for rule, environment in environments().items() if environment == "tensorflow"}
    assert found == wanted
    drawing = {rule for rule, modules in imported.items() if "matplotlib" in modules}
    light = {rule for rule, environment in environments().items() if environment != "tensorflow"}
    assert drawing & light == {rule for rule, env in environments().items() if env == "plot"}


def test_inputs_of_each_job_are_the_modules_that_its_script_imports(
    planned, sharded, unlabelled, foreign, imported
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
    others += [job for job in foreign if job.rule in rules]
    for job in listed(planned) + others:
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


def test_no_module_imports_itself_by_way_of_others():
    """Imports at the top of modules; that of the package around a module is Python's own."""
    library = ROOT / "workflow_scripts"
    files = {
        module_of(path.relative_to(library)): path for path in (library / "degu").rglob("*.py")
    }
    graph = {}
    for name, path in files.items():
        wanted = set()
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom):
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                wanted |= {module if module in files else node.module for module in inner}
            elif isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
        graph[name] = wanted & files.keys()
        assert name not in graph[name]
    order = list(TopologicalSorter(graph).static_order())
    assert set(order) == files.keys() and order.index("degu.job") < order.index("degu.dataset")


def test_the_literal_cluster_command_resolves():
    said = snakemake("-n", "--profile", "slurm")
    assert said.returncode == 0, said.stdout


def test_the_example_of_the_readme_resolves(tmp_path):
    example = re.search(r"```yaml\n(data:.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
    table = tmp_path / "my_mpra.tsv.gz"
    table.touch()
    (tmp_path / "mine.yaml").write_text(example.replace("/path/to/my_mpra.tsv.gz", str(table)))
    said = snakemake("-n", "--configfile", tmp_path / "mine.yaml", "--directory", tmp_path)
    assert said.returncode == 0, said.stdout
    assert re.search(r"^train_student +10$", said.stdout, re.MULTILINE)


def test_a_fresh_clone_resolves_without_network(tmp_path):
    said = snakemake("-n", "--profile", "slurm", cwd=clone(tmp_path / "clone"))
    assert said.returncode == 0, said.stdout
    assert jobs(said.stdout)["train_teacher"] > 0
    assert not (tmp_path / "clone/results").exists()


def test_lint_is_clean():
    said = snakemake("--lint")
    assert said.returncode == 0, said.stdout


def test_each_rule_says_what_it_does(rules):
    assert rules.keys() > set(DRAWING)
    assert [rule for rule, docstring in rules.items() if not docstring] == []


def test_the_profile_names_rules_that_exist(rules):
    """Snakemake takes a misspelt rule in silence."""
    named = {item.partition("=")[0] for item in PROFILE["consider-ancient"]}
    named |= yaml.safe_load(SITE)["set-resources"].keys()
    assert named - rules.keys() == set()


def resources(said, rule):
    """Resources of the first job of a rule, in a group or not, as text by name."""
    listed = re.search(rf"^ *rule {rule}:\n(?: +.*\n)*? +resources: (.*)$", said, re.MULTILINE)
    return dict(resource.split("=") for resource in listed[1].split(", "))


def test_each_attempt_asks_for_a_share_more_of_memory_and_time(tmp_path):
    commands = [
        ["-n", "plot_toy", "fig2", "--directory", tmp_path, "--attempt", attempt]
        for attempt in (1, 2, 3)
    ]
    for attempt, said in enumerate(snakemakes(commands, tmp_path), 1):
        asked = {rule: resources(said.stdout, rule) for rule in ("train_teacher", "train_toy")}
        for rule, gigabytes, hours in [("train_teacher", 8, 8), ("train_toy", 2, 1)]:
            assert asked[rule]["mem_mb"] == str(1000 * gigabytes * attempt)
            assert asked[rule]["runtime"] == str(60 * hours * attempt)


def test_the_lines_of_the_profile_for_some_sites_are_ready_to_use(tmp_path, monkeypatch):
    """Without their "#", and with an Apptainer in sight."""
    (tmp_path / "profile.yaml").write_text(SITE)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/apptainer").write_text("#!/bin/sh\necho apptainer version 1.4.0\n")
    (tmp_path / "bin/apptainer").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    said = snakemake("-n", "fig2", "--profile", tmp_path, "--attempt", 2, "--directory", tmp_path)
    assert said.returncode == 0, said.stdout
    for rule in ("train_teacher", "train_student", "label"):
        asked = resources(said.stdout, rule)
        assert (asked["runtime"], asked["slurm_partition"]) == ("720", "your_partition_of_gpus")
        assert asked["slurm_account"] == "your_account"
    assert resources(said.stdout, "predict")["slurm_partition"] == "your_partition"


def test_no_edit_of_the_library_retrains_on_a_cluster():
    """Whatever leads to a student takes its code as old in the profile."""
    graph = snakemake("--rulegraph", "dot").stdout
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', graph))
    edges = {(names[a], names[b]) for a, b in re.findall(r"(\d+) -> (\d+)", graph)}
    leading, found = set(), {"train_student"}
    while found:
        leading |= found
        found = {a for a, b in edges if b in found} - leading
    assert {"prepare", "train_teacher", "label"} < leading
    with_code = {rule for rule, text in rule_texts().items() if "code=" in text}
    ancient = {item.removesuffix("=code") for item in PROFILE["consider-ancient"]}
    assert leading & with_code - ancient == set()
