"""The files around the method: pins, rules, scripts, the house, what is tracked."""

import ast
import os
import re
import subprocess
import sys
import tokenize
import tomllib
from graphlib import TopologicalSorter

import pytest
import yaml

from degu.download import transfer
from workflow import ROOT, clone, module_of, rule_texts

PACKAGE = ROOT / "workflow_scripts/degu"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = {
    name.lower(): version
    for name, version in re.findall(
        r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
}
# Names that differ between conda-forge and the lock.
PYPI = {"matplotlib-base": "matplotlib"}
RULES = rule_texts()


def pins(path):
    """Versions by name in a conda environment, those that pip installs into it among them."""
    content = yaml.safe_load(path.read_text())
    assert content["channels"] == ["conda-forge", "nodefaults"]
    found = {}
    for dependency in content["dependencies"]:
        if isinstance(dependency, dict):
            assert dependency.keys() == {"pip"} and "pip" in content["dependencies"]
            found |= dict(line.split("==") for line in dependency["pip"])
        # The installer itself decides no result.
        elif dependency != "pip":
            name, version = dependency.split(" =")
            found[name] = version
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "envs").glob("*.yaml")), ids=lambda path: path.stem)
def test_environments_have_the_pins_of_the_lock(path):
    found = pins(path)
    python = found.pop("python")
    assert {name: LOCK.get(PYPI.get(name, name)) for name in found} == found
    stated = (ROOT / "requirements.lock").read_text().splitlines()[0]
    assert f"Python {python} " in stated
    assert PYPROJECT["project"]["requires-python"] == f">={python}"
    assert f'python-version: "{python}"' in (ROOT / ".github/workflows/test.yaml").read_text()


def test_the_lock_pins_everything_once():
    lines = [
        line
        for line in (ROOT / "requirements.lock").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert len(lines) == len(LOCK)
    wanted = PYPROJECT["project"]["dependencies"] + PYPROJECT["dependency-groups"]["dev"]
    assert {name.lower() for name in wanted} - LOCK.keys() == set()


@pytest.fixture(scope="module")
def tracked(tmp_path_factory):
    """Text of each file that git would track."""
    root = clone(tmp_path_factory.mktemp("tracked") / "clone")
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): path.read_text(errors="ignore") for path in files}


def test_no_file_names_this_machine_or_a_registry(tracked):
    """Folders that stand on any machine, such as /tmp or /etc, are allowed."""
    folders = "|".join(["home", "root", "work", "Users", "mnt", "data", "scratch"])
    registry = r"(pypi|pythonhosted|anaconda|conda)\.(org|com)|files\.pythonhosted|artifactory"
    wrong = re.compile(rf"""(?:^|[\s"'=(:])/({folders})/\w|{registry}""", re.MULTILINE)
    found = {
        name: match[0].strip()
        for name, text in tracked.items()
        if name != "tests/test_project.py" and (match := wrong.search(text))
    }
    assert found == {}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_a_log_and_an_environment(rule):
    assert re.search(r'^    log:\n        "<logs>/', RULES[rule], re.MULTILINE)
    environment = re.search(
        r'^    conda:\n        "\.\./(envs/\w+\.yaml)"$', RULES[rule], re.MULTILINE
    )
    assert (ROOT / environment[1]).exists()


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_the_script_of_its_name(rule):
    assert f'"../workflow_scripts/{rule}.py"' in RULES[rule]
    assert (ROOT / f"workflow_scripts/{rule}.py").exists()


@pytest.mark.parametrize("rule", RULES)
def test_a_job_on_the_cluster_asks_for_memory_and_time(rule):
    if "localrule: True" not in RULES[rule]:
        assert re.search(r"^        mem_mb=grow\(\d+\),$", RULES[rule], re.MULTILINE)
        assert re.search(r"^        runtime=hours\(\d+\),$", RULES[rule], re.MULTILINE)


def test_scripts_are_short_and_each_is_of_a_rule():
    scripts = {path.stem: path for path in (ROOT / "workflow_scripts").glob("*.py")}
    assert scripts.keys() == RULES.keys()
    lengths = {name: len(path.read_text().splitlines()) for name, path in scripts.items()}
    assert {name: length for name, length in lengths.items() if length > 50} == {}


MODULES = sorted(
    path.relative_to(PACKAGE).with_suffix("")
    for path in PACKAGE.rglob("*.py")
    if not path.stem.startswith("__")
)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_each_module_has_a_test_file_of_its_name(module):
    assert (ROOT / f"tests/test_{'_'.join(module.parts)}.py").exists()


def house():
    """Rooms, folders or modules, that the modules of each room import; itself is left out."""
    rooms = {path.stem for path in PACKAGE.iterdir() if not path.stem.startswith("__")}
    found = {room: set() for room in rooms}
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).with_suffix("").parts[0]
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            whole = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            parts = [f"{whole}{alias.name}".split(".") for alias in node.names]
            below = {part[1] for part in parts if part[0] == "degu" and len(part) > 1}
            found.get(room, set()).update(below & rooms - {room})
    return found


def test_modules_import_from_lower_floors_of_the_house_only():
    page = (ROOT / "docs/architecture.md").read_text()
    floors = {
        room.strip("/"): int(floor)
        for floor, rooms in re.findall(r"^ ?(\d+)  (\S.*)$", page, re.MULTILINE)
        for room in rooms.split()
    }
    rooms = house()
    assert floors.keys() == rooms.keys()
    upwards = [
        (room, other)
        for room, below in rooms.items()
        for other in below
        if floors[other] >= floors[room]
    ]
    assert upwards == []
    told = "".join(re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE))
    assert {room for room in rooms if not re.search(rf"`{room}/?`", told)} == set()


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


def public_functions(path):
    """Public functions of a module, and methods of its public classes."""
    tree = ast.parse(path.read_text())
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    bodies = [tree.body, *(node.body for node in classes if not node.name.startswith("_"))]
    for node in (node for body in bodies for node in body if isinstance(node, ast.FunctionDef)):
        if not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_public_functions_have_type_hints(path):
    missing = []
    for function in public_functions(path):
        of = function.args
        named = [*of.posonlyargs, *of.args, *of.kwonlyargs]
        named += [one for one in (of.vararg, of.kwarg) if one is not None]
        bare = [
            one.arg for one in named if one.annotation is None and one.arg not in ("self", "cls")
        ]
        missing += [f"{function.name}({name})" for name in bare]
        missing += [f"{function.name} -> ?"] if function.returns is None else []
    assert missing == []


def said(path):
    """Comments and docstrings of a Python or rule file: number and text of their first lines."""
    follows = False
    with path.open() as file:
        for token in tokenize.generate_tokens(file.readline):
            comment = token.type == tokenize.COMMENT
            if comment and not follows:
                yield token.start[0], token.string.lstrip("# ")
            # The docstring of a rule has one line.
            elif token.string.startswith('"""') or re.match(r' {4}"[^"]*"$', token.line):
                yield token.start[0], token.string.strip('"')
            # A comment over several lines starts once.
            alone = comment and token.line.strip().startswith("#")
            follows = alone or (follows and token.type == tokenize.NL)


def test_comments_and_docstrings_have_their_noun(tracked):
    """Neither "Of a member" nor "What a member says" is a sentence or a noun phrase."""
    dropped = re.compile(r"(Of|That|What|Whose)\b")
    files = [name for name in tracked if name.endswith((".py", ".smk"))]
    found = [
        f"{name}:{line}: {text}"
        for name in files
        for line, text in said(ROOT / name)
        if dropped.match(text)
    ]
    assert found == [] and len(files) > 300


def test_the_package_installs_by_itself(tmp_path):
    """A wheel holds all modules and tables, and they are imported without the repository."""
    copy, target = clone(tmp_path / "clone"), tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--target", target]
    subprocess.run([*pip, *options, copy], check=True, cwd=tmp_path)
    installed, ours = (
        {
            path.relative_to(folder)
            for path in folder.rglob("*.*")
            if path.suffix in (".py", ".tsv", ".html")
        }
        for folder in (target / "degu", PACKAGE)
    )
    assert installed == ours
    code = "import degu.intervals, degu.tables.join; print(degu.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(target)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == str(target / "degu/__init__.py")
    command = subprocess.run(
        [target / "bin/degu", "init", "--help"],
        env=os.environ | {"PYTHONPATH": str(target)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert command.stdout.startswith("usage: degu init ")


def test_the_citation_can_be_read():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert citation["version"] == PYPROJECT["project"]["version"]
    # Requests to archives carry both.
    name, version = PYPROJECT["project"]["name"], PYPROJECT["project"]["version"]
    assert transfer.USER_AGENT.startswith(f"{name}/{version} (+https://")
    assert {"title", "message", "authors", "license"} <= citation.keys()
    assert all(
        {"family-names", "given-names"} <= a.keys() or "name" in a for a in citation["authors"]
    )


def test_the_lock_for_gpus_adds_cuda_alone():
    first, *pins = [
        line
        for line in (ROOT / "requirements-gpu.lock").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert first == "-r requirements.lock"
    assert len(pins) == 12
    assert all(re.fullmatch(r"nvidia-[\w-]+-cu12==[\d.]+", pin) for pin in pins)
