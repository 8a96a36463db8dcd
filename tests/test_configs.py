"""Config files: each mistake by file, line and column; config files of a command line."""

import json

import pytest
import yaml

from degu import configs
from degu.job import InputError
from workflow import ROOT

SOUND = {"data": ["mine"], "seed": 1}


@pytest.mark.parametrize("path", ["config.yaml", "demo/config.yaml", "tests/simulated.yaml"])
def test_configs_of_the_repository_are_sound(path):
    configs.check(ROOT / path)


@pytest.mark.parametrize(
    "content",
    [
        yaml.safe_dump(SOUND),
        json.dumps(SOUND),
        "\ufeffdata: [mine]\n",
        "# a remark\n---\nx: &x {a: 1, b: 2}\ny: {<<: *x, a: 3}\nz: [*x, *x]\n",
        "x: {a: 1}\ny: {a: 1}\n",
    ],
    ids=["YAML", "JSON", "mark of the order of bytes", "aliases", "one key in two mappings"],
)
def test_what_is_no_mistake(content, tmp_path):
    (tmp_path / "mine.yaml").write_text(content, encoding="utf-8")
    configs.check(tmp_path / "mine.yaml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "mine.yaml is empty: keys such as 'datasets:' are needed at its top level"),
        ("# nothing\n", "mine.yaml is empty"),
        ("- a\n- b\n", "mine.yaml holds no mapping: keys such as"),
        ("text\n", "mine.yaml holds no mapping"),
        ("a: 1\n\tb: 2\n", "mine.yaml, line 2, column 1: a tab; YAML is indented by blanks"),
        ("a: 1\nb: x: y\n", "mine.yaml, line 2, column 5: a colon too many, or an indentation"),
        ("a: 1\n  b: 2\n", "mine.yaml, line 2, column 4: a colon too many, or an indentation"),
        ("a:\n  - x\n b: 2\n", "mine.yaml, line 3, column 2: an indentation other than that of"),
        ("a: [1, 2\nb: 3\n", "mine.yaml, line 2, column 2: a list whose bracket is not closed"),
        ("a: {b: 1\nc: 3\n", "mine.yaml, line 2, column 2: a mapping whose brace is not closed"),
        ("a: 'x\nb: 1\n", "mine.yaml, line 3, column 1: found unexpected end of stream"),
        ("a: 1\n---\nb: 2\n", "mine.yaml, line 2, column 1: a second document"),
        ("a: *b\n", "mine.yaml, line 1, column 4: found undefined alias 'b'"),
        ("a: \x01\n", "mine.yaml is no YAML: unacceptable character #x0001"),
        ("? [a]\n: 1\n", "mine.yaml, line 1, column 3: found unhashable key"),
        ("a: 1\nb: 2\na: 3\n", "mine.yaml, line 3, column 1: the key 'a' stands in line 1 already"),
        ("a:\n  b: {c: 1, c: 2}\n", "mine.yaml, line 2, column 13: the key 'c' stands in line 2"),
        ("a:\n- {b: 1}\n- b: 1\n  b: 2\n", "mine.yaml, line 4, column 3: the key 'b' stands in"),
        ("a: 1".encode("utf-16"), "mine.yaml is UTF-16 text: save it as UTF-8"),
        ("a: 1\n# é\n".encode("latin-1"), "mine.yaml, line 2: the byte 0xe9 is no UTF-8 text"),
    ],
)
def test_a_mistake_is_named_by_its_place(content, message, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=f"^{tmp_path}/{message}"):
        configs.check(path)


def test_what_is_no_file_is_named(tmp_path):
    with pytest.raises(InputError, match=f"^{tmp_path} is a folder: a YAML file is needed"):
        configs.check(tmp_path)
    with pytest.raises(InputError, match=r"none\.yaml cannot be read: No such file"):
        configs.check(tmp_path / "none.yaml")


def test_all_that_follows_the_option_is_taken_for_configs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("a: 1\n")
    (tmp_path / "bad.yaml").write_text("a: 1\na: 2\n")
    named = "--configfile mine.yaml"
    for sound in (
        "-n",
        f"fig4 {named}",
        f"{named} --cores",
        "--configfile",
        f"{named} -n bad.yaml",
    ):
        configs.check_arguments(["snakemake", *sound.split()])
    order = "snakemake fig4 --cores 2 --configfile mine.yaml"
    with pytest.raises(InputError, match=f"no config file 'fig4'.* write it first, as in: {order}"):
        configs.check_arguments(["snakemake", "-n", "--configfile", "mine.yaml", "fig4"])
    with pytest.raises(InputError, match=r"^bad\.yaml, line 2"):
        configs.check_arguments(["snakemake", "--configfiles", "mine.yaml", "bad.yaml", "--cores"])
