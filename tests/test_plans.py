"""Jobs of configs of one's own, as Snakemake plans them."""

import re
from pathlib import Path

from workflow import (
    CONFIG,
    DRAWING,
    OVERVIEWS,
    PAPERS,
    ROOT,
    jobs,
    listed,
    made_config,
    snakemake,
    trained,
    write_yaml,
)


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


def test_the_example_of_the_readme_resolves(tmp_path):
    example = re.search(r"```yaml\n(data:.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
    table = tmp_path / "my_mpra.tsv.gz"
    table.touch()
    (tmp_path / "mine.yaml").write_text(example.replace("/path/to/my_mpra.tsv.gz", str(table)))
    said = snakemake("-n", "--configfile", tmp_path / "mine.yaml", "--directory", tmp_path)
    assert said.returncode == 0, said.stdout
    assert re.search(r"^train_student +10$", said.stdout, re.MULTILINE)


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


def test_a_figure_that_no_run_feeds_is_named_and_asking_for_it_is_an_error(tmp_path):
    """No oracle, no described data, one method; a joined table without runs is named."""
    config = made_config(tmp_path / "made.tsv") | {"figures": CONFIG["figures"]}
    (tmp_path / "made.tsv").touch()
    mine = write_yaml(tmp_path / "mine.yaml", config)
    unfed = [*PAPERS, "data", "classes", "confusion", "class_reliability"]
    unfed += ["attribution_agreement", "motifs", "shifts", "shift_intervals", "outliers"]
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
