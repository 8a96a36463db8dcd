"""A mistake in the config ends in one clear line before any job; what is left out follows."""

import gzip
import math
import re
import sys
from copy import deepcopy

import pytest
import yaml

import mistakes_of_analyses
import mistakes_of_data
import mistakes_of_form
import mistakes_of_recipes
from made_configs import ADAPTORS, made, other, reporter
from workflow import (
    ROOT,
    checked,
    checks,
    jobs,
    made_config,
    make,
    refusal,
    snakemake,
    snakemakes,
    write_yaml,
)

# A mistake, and the line that names it: key, value, what is allowed (* stands for a list).
MISTAKES = {
    **mistakes_of_form.MISTAKES,
    **mistakes_of_recipes.MISTAKES,
    **mistakes_of_data.MISTAKES,
    **mistakes_of_analyses.MISTAKES,
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Make a config whose only fault can be that of an override."""
    table = tmp_path_factory.mktemp("sound") / "made.tsv"
    table.touch()
    return made_config(table)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_config_is_named_in_one_line(mistake, sound):
    override, expected = MISTAKES[mistake]
    said = refusal(sound, override)
    start, _, end = expected.partition("*")
    assert said.startswith(f"config: {start}") and said.endswith(end), said
    assert "\n" not in said


def with_genome(path):
    """Define a set of variants of the user's, in a genome."""
    files = {"variants": str(path), "genome": str(path)}
    variants = {"assay": {"name": "table", "window": 40}, "files": files}
    return {"variants": {"mine": variants | {"models": {"made": ["x"]}}}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b">chr1\nACGT\n", "has no index beside it: `samtools faidx {path}` makes it; or name it"),
        (
            gzip.compress(b">chr1\nACGT\n", mtime=0),
            "is packed: name it under `genomes`, as in {{mine: FILE",
        ),
    ],
    ids=["no index", "packed"],
)
def test_a_genome_without_an_index_is_told_how_to_get_one(content, message, sound, tmp_path):
    path = tmp_path / "mine.fa"
    path.write_bytes(content)
    listed = {"variants": {"mine": {"files": {"genome": {"genome": "mine"}}}}}
    assert refusal(sound, with_genome(path) | {"genomes": {"mine": str(path)}}, listed) is None
    said = refusal(sound, with_genome(path))
    place = f"config: variants.mine.files.genome: {str(path)!r} "
    assert said.startswith(place + message.format(path=path)), said
    if content[:1] == b">":
        path.with_name("mine.fa.fai").touch()
        assert refusal(sound, with_genome(path)) is None


def test_a_file_in_the_place_of_the_results_is_named(sound, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").touch()
    expected = (
        f"config: results: '{tmp_path}/results' is a file, where a folder of results is to be made"
    )
    assert refusal(sound) == expected


@pytest.mark.parametrize(
    "words", ["--report none/report.html", "--report=none/report.zip -n", "-n --report none/x.html"]
)
def test_a_report_in_a_folder_that_is_not_there_is_refused(words, sound, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["snakemake", *words.split(), "--configfile", "mine.yaml"])
    expected = f"config: --report: there is no folder '{tmp_path}/none', make it first"
    assert refusal(sound) == expected
    (tmp_path / "none").mkdir()
    assert refusal(sound) is None
    for sound_words in (
        "",
        "--report",
        "--report report.html",
        "--report -n",
        "--report-after-run",
    ):
        monkeypatch.setattr(sys, "argv", ["snakemake", *sound_words.split()])
        assert refusal(sound) is None


# Configs out of the ordinary that are right; no run needs the file of `other`.
SOUND = {
    "as it stands": {},
    "target with underscores": other(targets={"K562_log2FC": {"mean": "m"}}),
    "target with blanks": other(targets={"log2 fold change": {"mean": "m"}}),
    "words for splits": other(splits={"train": ["pool", "A"], "test": ["B"], "drop": ["?"]}),
    "padded sequences": other(length={"pad": "both"}),
    "cut sequences": other(length="centre"),
    "numbered names": other(repeated_names="number"),
    "sequences with N": made(attribution={"explain": {"wild type (−35)": "ACGTNacgtn"}}),
    "commands in titles": made(title="$(touch pwned); `true`"),
    "reporter experiment": reporter(),
    "reporter experiment with all options": reporter(
        min_barcodes=1,
        min_counts={"dna": 0, "rna": 0},
        pseudocount={"barcode": 0.5, "oligo": 1},
        depth="none",
        length="centre",
    ),
    "adaptors that are named twice alike": {
        "datasets": {"lentimpra_k562": {"adaptors": ADAPTORS}},
        "variants": {"cagi5": {"adaptors": {"left": "aggacc", "right": "CATTG"}}},
    },
    "another seed": {"reseed": {"made/standard/1.0/1": 7}},
    "rate as a whole number": {"training": {"learning_rate": 1}},
    "no holdout": {"calibration": {"holdout": None}},
}


@pytest.mark.parametrize("override", SOUND.values(), ids=SOUND)
def test_what_is_out_of_the_ordinary_is_no_mistake(override, sound):
    assert refusal(sound, override) is None


def test_adaptors_of_a_data_set_serve_all_sets_of_variants(sound):
    """Adaptors that a set of variants names serve data sets without their own."""
    named = {"variants": {"cagi5": {"adaptors": ADAPTORS}}}
    checked(sound, made(adaptors={"left": "acgt", "right": ""}), named)
    adaptors_of = checks()["adaptors_of"]
    assert adaptors_of("made") == adaptors_of("made", "cagi5") == ["ACGT", ""]
    assert adaptors_of("lentimpra_k562") == ["", ""]
    assert adaptors_of("lentimpra_k562", "cagi5") == ["AGGACC", "CATTG"]


def test_axes_of_a_reporter_experiment_have_its_unit(sound):
    checked(sound, reporter())
    targets_of = checks()["targets_of"]
    assert targets_of("mpra") == {"activity": ["activity", "log2(RNA/DNA)"]}
    shown = {"activity": {"title": "expression", "unit": "log2 fold"}}
    checked(sound, reporter(), {"datasets": {"mpra": {"targets": shown}}})
    assert targets_of("mpra") == {"activity": ["expression", "log2 fold"]}
    assert targets_of("made") == {"activity": ["activity", ""]}


def places(value, place=()):
    """All places in a config, the inner ones too."""
    items = enumerate(value) if isinstance(value, list) else ()
    for key, item in value.items() if isinstance(value, dict) else items:
        yield (*place, key)
        yield from places(item, (*place, key))


JUNK = [None, "x", "", -1, 10**30, math.nan, True, [], [None], ["x"], {}, {1: 1}, {"x": {}}]


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_junk_ends_in_one_line_or_is_accepted_and_never_in_a_traceback(junk, sound):
    """Put in each place of a config in turn."""
    for place in places(sound):
        config = deepcopy(sound)
        inner = config
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = junk
        said = refusal(config)
        assert said is None or re.fullmatch("config: .+", said), (place, said)


# A user's config that leaves things out


def mine(sound, **changes):
    """Define a data set and nothing else."""
    definition = sound["datasets"]["made"]
    return {"datasets": {"mine": definition | {"assay": definition["assay"] | changes}}}


def test_runs_and_data_follow_from_the_data_set(sound, caplog):
    config = checked(mine(sound))
    run = {"datasets": ["mine"], "recipes": ["standard", "degu"], "fractions": [1.0]}
    assert (config["runs"], config["data"]) == ([run], ["mine"])
    assert caplog.messages == [
        "config: runs follow from the data sets: mine by standard and degu",
        "config: data follow from the data sets: mine",
        "config: no sampling with dropout: calibration.dropout.recipes asks for it",
        "config: attribution by saliency alone: attribution.methods asks for deepshap and others",
    ]
    assert config["calibration"]["dropout"]["recipes"] == []
    assert config["attribution"]["methods"] == ["saliency"]


def test_costly_analyses_of_own_data_are_asked_for(sound):
    asked = {
        "calibration": {"dropout": {"recipes": ["standard"]}},
        "attribution": {"methods": ["saliency", "deepshap"]},
    }
    config = checked(mine(sound), asked)
    assert config["calibration"]["dropout"]["recipes"] == ["standard"]
    assert config["attribution"]["methods"] == ["saliency", "deepshap"]
    paper = checked(mine(sound), {"paper": {"k562": "mine"}})
    assert paper["calibration"]["dropout"]["recipes"] == ["standard", "aleatoric"]
    assert paper["attribution"]["methods"] == ["saliency", "deepshap"]


def test_replicates_are_learnt_where_no_run_is_named(sound):
    with_replicates = {"targets": {"y": {"replicates": ["a", "b"]}}}
    (run,) = checked(mine(sound, **with_replicates))["runs"]
    assert run["recipes"] == ["aleatoric", "degu_aleatoric"]


def test_data_follow_from_runs(sound):
    runs = [{"datasets": ["mine"], "recipes": ["degu"], "fractions": [0.5]}]
    config = checked(mine(sound), {"runs": runs})
    assert (config["runs"], config["data"]) == (runs, ["mine"])
    scored = {"variants": {"cagi5": {"models": {"mine": ["F9"]}}}}
    assert checked(mine(sound), scored)["data"] == ["mine", "cagi5"]


def test_figures_of_the_paper_are_not_asked_for_data_of_ones_own(sound, caplog):
    figures = checked(mine(sound))["figures"]
    assert "performance" in figures and "toy" not in figures
    assert not [name for name in figures if re.match(r"(fig|supp)\d", name)]
    assert checked(mine(sound), {"figures": ["fig2"]})["figures"] == ["fig2"]


def test_data_that_stand_for_the_papers_ask_for_its_figures():
    config = yaml.safe_load((ROOT / "tests/paper_small.yaml").read_text())
    assert "figures" not in config
    figures = checked(config)["figures"]
    assert figures == yaml.safe_load((ROOT / "config.yaml").read_text())["figures"]


def test_the_paper_runs_only_where_no_data_set_is_defined(sound, caplog):
    config = checked({"members": {"teachers": 3}})
    assert len(config["data"]) == 5 and "fig2" in config["figures"]
    assert caplog.messages == [
        "config: it defines no data set and no runs: those of config.yaml, the paper's, run"
    ]


# The workflow as it is started


@pytest.fixture(scope="module")
def answers(sound, tmp_path_factory):
    """Start the workflow with some of the mistakes, and with a config of one data set."""
    folder = tmp_path_factory.mktemp("mistakes")
    overrides = [MISTAKES[name][0] for name in STARTED]
    commands = []
    for number, override in enumerate(overrides):
        files = [
            write_yaml(folder / f"{number}_{i}.yaml", c) for i, c in enumerate((sound, override))
        ]
        commands.append(["--cores", 1, "--directory", folder / str(number), "--configfile", *files])
    alone = write_yaml(folder / "mine.yaml", mine(sound) | scored_variants(folder / "mine.fa"))
    commands.append(["-n", "--directory", folder / "mine", "--configfile", alone])
    return dict(zip([*STARTED, "mine"], snakemakes(commands), strict=True)), folder


STARTED = ["unknown key", "table that is not there", "chromosomes that are no expression"]


@pytest.mark.parametrize("mistake", STARTED)
def test_a_mistake_ends_in_its_line_alone(mistake, answers):
    answers, folder = answers
    said = answers[mistake]
    start, _, end = MISTAKES[mistake][1].partition("*")
    last = said.stdout.splitlines()[-1]
    assert last.startswith(f"config: {start}") and last.endswith(end), said.stdout
    assert said.returncode != 0
    assert 'File "' not in said.stdout
    assert not (folder / str(STARTED.index(mistake)) / "results").exists()


def scored_variants(path):
    """Define variants of the user's that models of the data set `mine` score."""
    path.write_text(">chr1\nACGT\n")
    path.with_name(f"{path.name}.fai").touch()
    variants = with_genome(path)
    variants["variants"]["mine_variants"] = variants["variants"].pop("mine")
    variants["variants"]["mine_variants"]["models"] = {"mine": ["x"]}
    return variants


def test_a_data_set_alone_plans_its_own_jobs(answers):
    """Ten teachers, ten students, no download, and no word of the paper's figures."""
    said = answers[0]["mine"]
    assert said.returncode == 0, said.stdout
    found = jobs(said.stdout)
    chain = ("prepare", "train_teacher", "label", "train_student", "predict")
    assert [found[rule] for rule in chain] == [1, 10, 1, 10, 2]
    assert not {"download", "train_toy", "fig2"} & found.keys()
    assert "no run feeds" not in said.stdout
    assert "config: data follow from the data sets: mine, mine_variants" in said.stdout


@pytest.mark.parametrize(
    ("content", "target", "message"),
    [
        ("a: 1\n", "fig4", "There is no config file 'fig4'. *--cores 2 --configfile {path}"),
        ("a: 1\nb:\n\tc: 2\n", "", "{path}, line 3, column 1: a tab; YAML is indented by blanks*"),
        ("a: 1\nb: 2\na: 3\n", "", "{path}, line 3, column 1: the key 'a' stands in line 1 *"),
    ],
    ids=["target behind it", "tab", "key twice"],
)
def test_what_is_no_config_is_named_before_snakemake_reads_it(content, target, message, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(content)
    said = snakemake("-n", "--configfile", path, *target.split())
    start, _, end = message.format(path=path).partition("*")
    last = said.stdout.splitlines()[-1]
    assert last.startswith(f"config: {start}") and last.endswith(end), said.stdout
    assert said.returncode != 0 and "Traceback" not in said.stdout


def test_results_of_another_config_are_kept_and_a_failed_job_says_why(tmp_path):
    """The first config owns the folder; another one is refused, and named beside it."""
    first, card = make(tmp_path), "results/tables/data_made.tsv"
    other_config = tmp_path / "other.yaml"
    other_config.write_text(f"{first.read_text()}seed: 1\n")

    def run(config, *options):
        command = ["--cores", 1, "--directory", tmp_path, card, *options, "--configfile", config]
        return snakemake(*command)

    assert run(first).returncode == 0
    before = (tmp_path / card).read_bytes()
    said = run(other_config)
    assert said.returncode != 0
    assert said.stdout.splitlines()[-1] == (
        f"config: results: those in '{tmp_path}/results' are of made.yaml, and other.yaml would "
        "overwrite some: add `--directory FOLDER` for a folder of its own, or delete "
        "results/config.txt to mix both"
    )
    assert (tmp_path / card).read_bytes() == before
    table = tmp_path / "made.tsv"
    table.write_text(table.read_text().replace("train", "trian", 1))
    said = run(first)
    problem = rf"Error: {table}, column 'split' holds 'trian': allowed are train, .*"
    # The job says it, the error of its rule, and the outcome of the run.
    assert len(re.findall(problem, said.stdout)) == 3, said.stdout
    assert re.search(rf"    message: \S+ {problem}", said.stdout)
    assert "None" not in said.stdout and "CalledProcessError" not in said.stdout
