"""What is run, and that a mistake in the config ends in one clear line before any job."""

import ast
import re
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
        # Teachers of single activities; the two data sets whose models score variants.
        "measure_ensembles": len({run[:3] for run in labels if run[0] != "atac_a549"}),
        "count_overlaps": 2,
        "describe_variants": 1,
        "train_toy": 1,
        "join": 18,
        # The summary, the comparison and claims, and the six joined tables that the report shows.
        "show_table": 9,
        **dict.fromkeys(["summarise_report", "show_data", "show_run"], 1),
        "compare_paper": 1,
        **dict.fromkeys(DRAWING, 1),
    }
    found = jobs(planned)
    assert {rule: found.get(rule) for rule in expected} == expected


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


def test_jobs_of_the_demo(tmp_path):
    """Counted by hand: five teachers and their labels, three students, one fraction."""
    said = snakemake("-n", "--directory", tmp_path, "--configfile", ROOT / "demo/config.yaml")
    assert said.returncode == 0, said.stdout
    found = jobs(said.stdout)
    chain = ("prepare", "train_teacher", "label", "train_student", "predict")
    assert [found[rule] for rule in chain] == [1, 5, 1, 3, 2]
    assert not {"download", "compare_paper"} & found.keys()


def test_a_data_set_that_stands_for_one_of_the_paper_is_compared_with_it(tmp_path):
    """By the recipes that it is trained with; tables of shifts and variants are not made for it."""
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


# What scripts import


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


def test_inputs_of_each_job_are_the_modules_that_its_script_imports(planned, imported):
    """As Python imports them, and the script; whoever fetches raw files is not run for an edit."""
    library = ROOT / "workflow_scripts"
    known = {module_of(path.relative_to(library)) for path in (library / "degu").rglob("*.py")}
    of_assays = {f"degu.assays.{name}" for name in NAMES}
    found = {}
    for job in listed(planned):
        files = [path.rpartition("workflow_scripts/")[2] for path in job.inputs]
        names = {module_of(file) for file in files if file.endswith(".py")}
        found.setdefault(job.rule, set()).update(names)
    assert found.keys() == rule_texts().keys() - {"all"}
    for rule, names in found.items():
        if rule in ("resolve", "download", "index_genome"):
            assert names == set()
        else:
            expected = (imported[rule] & known - {"degu.job"}) | {rule}
            # No data set of the paper is a plain table.
            assert names == expected - ({"degu.assays.table"} if rule == "prepare" else set()), rule
    # The log, seeds and whole files: all import them, and an edit reruns nothing by itself.
    assert all("degu.job" in modules for modules in imported.values())
    assert of_assays <= imported["prepare"]


def test_each_data_set_is_prepared_by_the_code_of_its_own_assay(planned):
    for job in listed(planned):
        if job.rule == "prepare":
            name = CONFIG["datasets"][Path(job.outputs[0]).stem]["assay"]["name"]
            files = {Path(path).stem for path in job.inputs if "/assays/" in path}
            assert files == {"__init__", name}


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
    named |= PROFILE.get("set-resources", {}).keys()
    assert named - rules.keys() == set()


def test_no_edit_of_the_library_retrains_on_a_cluster():
    """Whatever leads to a student takes its code as old in the profile."""
    graph = snakemake("--rulegraph", "dot").stdout
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', graph))
    edges = [(names[a], names[b]) for a, b in re.findall(r"(\d+) -> (\d+)", graph)]
    leading, found = set(), {"train_student"}
    while found:
        leading |= found
        found = {a for a, b in edges if b in found} - leading
    assert {"prepare", "train_teacher", "label"} < leading
    with_code = {rule for rule, text in rule_texts().items() if "code=" in text}
    ancient = {item.removesuffix("=code") for item in PROFILE["consider-ancient"]}
    assert leading & with_code - ancient == set()


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


# A mistake, and the line that names it: key, value, what is allowed (* stands for a list).
MISTAKES = {
    "unknown section": (
        {"member": {"teachers": 3}},
        "top level: unknown key 'member'; allowed: *. Did you mean 'members'?",
    ),
    "unknown key": (
        {"members": {"teacher": 3}},
        "members: unknown key 'teacher'; allowed: teachers, students. Did you mean 'teachers'?",
    ),
    "unknown key of a run": (
        {"runs": [{"dataset": ["made"], "recipes": ["degu"], "fractions": [1.0]}]},
        "runs[0]: unknown key 'dataset'; allowed: datasets, recipes, fractions. "
        "Did you mean 'datasets'?",
    ),
    "unknown key of a recipe": (
        {"recipes": {"degu": {"teachr": "standard"}}},
        "recipes.degu: unknown key 'teachr'; allowed: *. Did you mean 'teacher'?",
    ),
    "unknown key deep in a recipe": (
        {"recipes": {"degu": {"training": {"epoch": 3}}}},
        "recipes.degu.training: unknown key 'epoch'; allowed: *. Did you mean 'epochs'?",
    ),
    "unknown key of a data set": (
        made(trainings={"epochs": 3}),
        "datasets.made: unknown key 'trainings'; allowed: *. Did you mean 'training'?",
    ),
    "unknown key of an assay": (
        assay(column={"sequence": "x"}),
        "datasets.made.assay: unknown key 'column'; allowed: *. Did you mean 'columns'?",
    ),
    "key of a loader beside the assay": (
        made(columns={"sequence": "x"}),
        "datasets.made: unknown key 'columns' (it stands under 'assay'); allowed: *",
    ),
    "unknown key deep in a data set": (
        assay(columns={"sequenc": "x"}),
        "datasets.made.assay.columns: unknown key 'sequenc'; allowed: sequence, name, split, "
        "group. Did you mean 'sequence'?",
    ),
    "recipe of a run": (
        run(recipes=["degus"]),
        "runs[0].recipes: 'degus' is not defined; allowed: *. Did you mean 'degu'?",
    ),
    "data set of a run": (
        run(datasets=["mad"]),
        "runs[0].datasets: 'mad' is not defined; allowed: *. Did you mean 'made'?",
    ),
    "data set to describe": (
        {"data": ["mad"]},
        "data: 'mad' is not defined; allowed: *. Did you mean 'made'?",
    ),
    "teacher": (
        {"recipes": {"degu": {"teacher": "standrd"}}},
        "recipes.degu.teacher: there is no recipe 'standrd'; allowed: *. Did you mean 'standard'?",
    ),
    "student as teacher": (
        {"recipes": {"degu": {"teacher": "degu_logvar"}}},
        "recipes.degu.teacher: 'degu_logvar' is a student itself; allowed: standard, *",
    ),
    "its own teacher": (
        {"recipes": {"degu": {"teacher": "degu"}}},
        "recipes.degu.teacher: 'degu' is a student itself; allowed: standard, *",
    ),
    "teacher with a scale": (
        {"recipes": {"standard": {"scale": "std"}}},
        "recipes.standard.scale: only a recipe with a teacher has it",
    ),
    "student without weights": (
        {"recipes": {"mine": {"teacher": "standard", "scale": "std"}}},
        "recipes.mine: 'weights' is a required property",
    ),
    "student with a likelihood": (
        {"recipes": {"degu": {"likelihood": {"name": "gaussian"}}}},
        "recipes.degu.likelihood: only a recipe without a teacher has it",
    ),
    "noise by two ways": (
        {"recipes": {"aleatoric": {"likelihood": {"name": "gaussian"}}}},
        "recipes.aleatoric.likelihood: it does not go together with 'aleatoric'",
    ),
    "evidential without weight": (
        {"recipes": {"mine": {"likelihood": {"name": "evidential"}}}},
        "recipes.mine.likelihood: 'weight' is a required property",
    ),
    "option of another likelihood": (
        {"recipes": {"mine": {"likelihood": {"name": "gaussian", "weight": 1}}}},
        "recipes.mine.likelihood: unknown key 'weight'; allowed: name",
    ),
    "evidential teachers": (
        {
            "recipes": {
                "degu": {"teacher": "mine"},
                "mine": {"likelihood": {"name": "evidential", "weight": 1}},
            }
        },
        "recipes.degu.teacher: 'mine' is evidential: its epistemic heads are no spread over "
        "members",
    ),
    "labels of one teacher": (
        {"recipes": {"degu": {"teachers": 1}}},
        "recipes.degu.teachers: 1 is less than the minimum of 2",
    ),
    "teacher with fewer teachers": (
        {"recipes": {"standard": {"teachers": 2}}},
        "recipes.standard.teachers: only a recipe with a teacher has it",
    ),
    "scheme": (
        {"recipes": {"degu": {"dynamic": {"scheme": "shufle", "mode": "append"}}}},
        "recipes.degu.dynamic.scheme: 'shufle' is not known; allowed: mutagenesis, evoaug, "
        "shuffle. Did you mean 'shuffle'?",
    ),
    "measurements of augmented sequences": (
        {
            "recipes": {
                "degu": {
                    "dynamic": {"scheme": "shuffle", "mode": "append"},
                    "measured_weight": 0.5,
                }
            }
        },
        "recipes.degu.dynamic: it does not go together with 'measured_weight'",
    ),
    "measured weight above one": (
        {"recipes": {"degu": {"measured_weight": 1.5}}},
        "recipes.degu.measured_weight: 1.5 is greater than the maximum of 1",
    ),
    "validation of a teacher": (
        {"recipes": {"standard": {"validate": "labels"}}},
        "recipes.standard.validate: only a recipe with a teacher has it",
    ),
    "start of a teacher": (
        {"recipes": {"standard": {"start": "teacher"}}},
        "recipes.standard.start: only a recipe with a teacher has it",
    ),
    "start from another network": (
        {"recipes": {"degu": {"start": "teacher", "architecture": {"name": "deepstarr"}}}},
        "runs[0].recipes: 'degu' starts from teachers of another architecture on 'made'",
    ),
    "budget of nothing": (
        {"recipes": {"degu": {"budget": 0}}},
        "recipes.degu.budget: 0 is less than or equal to the minimum of 0",
    ),
    "two budgets of a student": (
        {"recipes": {"degu": {"budget": 3, "training": {"epochs": 20}}}},
        "recipes.degu.budget: it does not go together with training.epochs",
    ),
    "two budgets of a data set": (
        made(training={"epochs": 20, "steps": 900}),
        "datasets.made.training.epochs: the budget is given in steps",
    ),
    "schedule": (
        {"training": {"schedule": "cosin"}},
        "training.schedule: 'cosin' is not known; allowed: plateau, cosine. Did you mean 'cosine'?",
    ),
    "patience of a cosine": (
        {"recipes": {"degu": {"training": {"schedule": "cosine", "patience": 3}}}},
        "recipes.degu.training.patience: a cosine falls over its whole budget, and has none",
    ),
    "fewer steps than warm-up": (
        made(training={"steps": 399, "warmup_steps": 400}),
        "runs[0].recipes: trainings of 'standard' on 'made' have 399 steps, but 400 warmup_steps",
    ),
    "rate below its minimum": (
        {"recipes": {"degu": {"training": {"minimum_rate": 0.1}}}},
        "runs[0].recipes: trainings of 'degu' on 'made' have a minimum_rate above their "
        "learning_rate",
    ),
    "average of one epoch": (
        {"training": {"average": 1}},
        "training.average: 1 is less than the minimum of 2 (Mean weights*",
    ),
    "average without statistics": (
        made(training={"average": 2, "batchnorm_sample": 0}),
        "runs[0].recipes: trainings of 'standard' on 'made' have an average, whose statistics need "
        "a batchnorm_sample",
    ),
    "average of more epochs than there are": (
        made(training={"average": 8, "epochs": 7}),
        "runs[0].recipes: trainings of 'standard' on 'made' have 7 epochs, but an average of 8",
    ),
    "strands": (
        made(strands="revers"),
        "datasets.made.strands: 'revers' is not known; allowed: forward, both",
    ),
    "two ways of measuring": (
        measured({"mean": "m", "replicates": ["r1", "r2"]}),
        "datasets.other.assay.targets.activity: has mean, replicates, one choice of keys is "
        "needed; allowed: replicates, mean, bins",
    ),
    "a column with a wildcard": (
        measured({"replicates": ["r*", "b"]}),
        "datasets.other.assay.targets.activity.replicates[0]: 'r*' does not match '^[^*]+$' "
        "(Title of one column, without a *)",
    ),
    "one replicate": (
        measured({"replicates": ["r1"]}),
        "datasets.other.assay.targets.activity.replicates: ['r1'] is one replicate, "
        "but a standard deviation needs two or more",
    ),
    "aleatoric without replicates": (
        run(recipes=["standard", "aleatoric"]),
        "runs[0].recipes: 'aleatoric' has aleatoric heads, but the data set 'made' has targets "
        "without replicates or std",
    ),
    "aleatoric student without replicates": (
        run(recipes=["degu_aleatoric"]),
        "runs[0].recipes: 'degu_aleatoric' has aleatoric heads, but the data set 'made' has "
        "targets without replicates or std",
    ),
    "fraction of nothing": (
        run(fractions=[0.5, 0]),
        "runs[0].fractions[1]: 0 is less than the minimum of 0.0001",
    ),
    "fraction above one": (
        run(fractions=[1.5]),
        "runs[0].fractions[0]: 1.5 is greater than the maximum of 1",
    ),
    "fraction below zero": (
        run(fractions=[-0.5]),
        "runs[0].fractions[0]: -0.5 is less than the minimum of 0.0001",
    ),
    "recipe with dropout": (
        {"calibration": {"dropout": {"recipes": ["standrd"]}}},
        "calibration.dropout.recipes: 'standrd' is not defined; allowed: *. "
        "Did you mean 'standard'?",
    ),
    "one group of intervals": (
        {"calibration": {"groups": 1}},
        "calibration.groups: 1 is less than the minimum of 2",
    ),
    "models of variants": (
        {"variants": {"cagi5": {"models": {"lentimpra_k526": ["PKLR"]}}}},
        "variants.cagi5.models: 'lentimpra_k526' is not defined; allowed: *. "
        "Did you mean 'lentimpra_k562'?",
    ),
    "locus of variants": (
        {"variants": {"cagi5": {"models": {"made": ["PKLRR"]}}}},
        "variants.cagi5.models.made: 'PKLRR' is not in loci; allowed: *. Did you mean 'PKLR'?",
    ),
    "variants for profiles": (
        {"variants": {"cagi5": {"models": {"atac_a549": ["PKLR"]}}}},
        "variants.cagi5.models: models of 'atac_a549' tell profiles, and score no variants",
    ),
    "key of variants": (
        {"variants": {"cagi5": {"assay": {"windw": 230}}}},
        "variants.cagi5.assay: unknown key 'windw'; allowed: *. Did you mean 'window'?",
    ),
    "data set of the paper": (
        {"paper": {"k562": "mad"}},
        "paper.k562: 'mad' is not defined; allowed: *. Did you mean 'made'?",
    ),
    "variants of the paper": (
        {"paper": {"variants": "starrseq"}},
        "paper.variants: 'starrseq' is not defined; allowed: cagi5",
    ),
    "part of the paper": (
        {"paper": {"K562": "made"}},
        "paper: unknown key 'K562'; allowed: starrseq, k562, hepg2, atac, variants",
    ),
    "one teacher": (
        {"members": {"teachers": 1}},
        "members.teachers: 1 is less than the minimum of 2",
    ),
    "figure": (
        {"figures": ["performnce"]},
        "figures[0]: 'performnce' is not known; allowed: *. Did you mean 'performance'?",
    ),
    "title of an activity": (
        made(targets={"activty": {"unit": "log2"}}),
        "datasets.made.targets: there is no activity 'activty'; allowed: activity. "
        "Did you mean 'activity'?",
    ),
    "one title for two recipes": (
        {"recipes": {"degu_logvar": {"title": "DEGU"}}},
        "recipes.degu.title: 'DEGU' is the title of 'degu_logvar' already",
    ),
    "oracle": (
        {"shift": {"oracle": "standrad"}},
        "shift.oracle: 'standrad' is no recipe of teachers; allowed: *. Did you mean 'standard'?",
    ),
    "oracle that is a student": (
        {"shift": {"oracle": "degu"}},
        "shift.oracle: 'degu' is no recipe of teachers; allowed: *",
    ),
    "head to explain": (
        made(attribution={"heads": ["activity", "activity_epistmic"]}),
        "datasets.made.attribution.heads: there is no head 'activity_epistmic'; allowed: activity, "
        "activity_aleatoric, activity_epistemic. Did you mean 'activity_epistemic'?",
    ),
    "method of attribution": (
        {"attribution": {"methods": ["deepsahp"]}},
        "attribution.methods[0]: 'deepsahp' is not known; allowed: *. Did you mean 'deepshap'?",
    ),
    "method that has no rules for a network": (
        {"recipes": {"degu": {"architecture": {"name": "dream_rnn"}}}}
        | made(attribution={"methods": ["deepshap"]}),
        "datasets.made.attribution.methods: deepshap does not explain 'dream_rnn' (recipe "
        "'degu'), which has recurrent layers; allowed: saliency, integrated_gradients, ism, tism",
    ),
    "heads of attribution": (
        {"attribution": {"heads": "activity"}},
        "attribution.heads: 'activity' is not known; allowed: activities, all. "
        "Did you mean 'activities'?",
    ),
    "architecture": (
        made(architecture={"name": "deepstar"}),
        "datasets.made.architecture.name: 'deepstar' is not known; allowed: *. "
        "Did you mean 'deepstarr'?",
    ),
    "option of another architecture": (
        {"recipes": {"degu": {"architecture": {"name": "deepstarr", "width": 32}}}},
        "recipes.degu.architecture: unknown key 'width'; allowed: *",
    ),
    "option of an architecture": (
        made(architecture={"wdth": 32}),
        "datasets.made.architecture: unknown key 'wdth'; allowed: *. Did you mean 'width'?",
    ),
    "network of profiles for single activities": (
        {"recipes": {"standard": {"architecture": {"name": "cnn_task_base"}}}},
        "runs[0].recipes: 'standard' has 'cnn_task_base', but 'made' needs one of single "
        "activities",
    ),
    "network of single activities for profiles": (
        run(datasets=["atac_a549"], recipes=["mprann"]),
        "runs[0].recipes: 'mprann' has 'mprann', but 'atac_a549' needs one of profiles",
    ),
    "recipe that profiles have not": (
        run(datasets=["atac_a549"], recipes=["degu_evoaug"]),
        "runs[0].recipes: 'evoaug' has 'augment', but 'atac_a549' has profiles",
    ),
    "log-variance of profiles": (
        run(datasets=["atac_a549"], recipes=["degu_logvar"]),
        "runs[0].recipes: 'degu_logvar' has 'scale: logvar', but 'atac_a549' has profiles",
    ),
    "crop of less than half a window": (
        {"datasets": {"atac_a549": {"assay": {"crop": 1535}}}},
        "datasets.atac_a549.assay.crop: 1535 of 3072 bases; allowed: 1536 to 3072",
    ),
    "stride of more than a window": (
        {"datasets": {"atac_a549": {"stride": 3073}}},
        "datasets.atac_a549.stride: 3073 bases; allowed: 1 to 3072",
    ),
    "sequence to explain by profiles": (
        {"datasets": {"atac_a549": {"attribution": {"explain": {"mine": "ACGT"}}}}},
        "datasets.atac_a549.attribution.explain.mine: 4 bases, but models take 2048",
    ),
    "method of a data set": (
        made(attribution={"methods": ["saliency", "deepsahp"]}),
        "datasets.made.attribution.methods[1]: 'deepsahp' is not known; allowed: *. "
        "Did you mean 'deepshap'?",
    ),
    "assay": (
        assay(name="tabel"),
        "datasets.made.assay.name: 'tabel' is not known; allowed: *. Did you mean 'table'?",
    ),
    "genome of a file": (
        {"variants": {"cagi5": {"files": {"genome": {"genome": "hg18"}}}}},
        "cagi5.files.genome.genome: 'hg18' is not defined; allowed: hg38, hg19. "
        "Did you mean 'hg38'?",
    ),
    "archive of a file": (
        {"datasets": {"lentimpra_k562": {"files": {"hdf5": {"archive": "deg", "name": "x.h5"}}}}},
        "lentimpra_k562.files.hdf5.archive: 'deg' is not defined; allowed: *. Did you mean 'degu'?",
    ),
    "member with another seed": (
        {"reseed": {"made/standard/1.0": 1}},
        "reseed: 'made/standard/1.0' is no dataset/recipe/fraction/member",
    ),
    "recipe of a member with another seed": (
        {"reseed": {"made/standrad/1.0/3": 1}},
        "reseed: 'made/standrad/1.0/3': 'standrad' is not in recipes; allowed: *. "
        "Did you mean 'standard'?",
    ),
    "text for a number": (
        {"training": {"epochs": "many"}},
        "training.epochs: 'many' is not of type 'integer'",
    ),
    "no epochs": ({"training": {"epochs": 0}}, "training.epochs: 0 is less than the minimum of 1"),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Start the workflow with each mistake, as a user would; its table does not exist."""
    folder = tmp_path_factory.mktemp("mistakes")
    sound = write_yaml(folder / "sound.yaml", made_config(folder / "missing.tsv"))

    commands, directories = [], []
    for number, override in enumerate([*(override for override, _ in MISTAKES.values()), {}]):
        mistaken = write_yaml(folder / f"{number}.yaml", override)
        directories.append(folder / str(number))
        commands.append(["--cores", 1, "--directory", directories[-1]])
        commands[-1] += ["--configfile", sound, mistaken]
    said = zip(snakemakes(commands, folder), directories, strict=True)
    return dict(zip([*MISTAKES, "no mistake"], said, strict=True))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_config_is_named_in_one_line(mistake, answers):
    said, directory = answers[mistake]
    start, _, end = MISTAKES[mistake][1].partition("*")
    lines = [line for line in said.stdout.splitlines() if line.startswith("config: ")]
    assert len(lines) == 1, said.stdout
    assert lines[0].startswith(f"config: {start}")
    assert lines[0].endswith(end)
    assert said.returncode != 0
    assert not (directory / "results").exists()


def test_a_missing_table_is_named_before_any_job(answers):
    said, directory = answers["no mistake"]
    assert "config: " not in said.stdout
    assert re.search(r"Missing input files for rule prepare:\n(.*\n)+.*/missing\.tsv", said.stdout)
    assert said.returncode != 0
    assert not (directory / "results").exists()
