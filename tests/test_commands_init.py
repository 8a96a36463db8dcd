"""The command `degu init`: what it writes, says and refuses; and that it starts in a moment."""

import pytest
import yaml

import newcomer_tables
from degu import commands
from workflow import printed


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Table W, in the folder that the command is started in."""
    monkeypatch.chdir(tmp_path)
    return newcomer_tables.few_deviations(tmp_path)


def refused(*arguments):
    """Return the line in which the command ends."""
    with pytest.raises(SystemExit) as end:
        commands.main(list(map(str, arguments)))
    return end.value.code


def test_a_config_is_written_and_told(table, capsys):
    commands.main(["init", table.name])
    config = yaml.safe_load((table.parent / "deviations.yaml").read_text())
    assert list(config["datasets"]) == ["deviations"]
    assert config["datasets"]["deviations"]["files"] == {"table": str(table)}
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{table}: 400 rows, sequences of 110 bases"
    assert said[-1] == (
        "Wrote deviations.yaml. Next, beside the Snakefile: snakemake -n --configfile "
        f"{table.parent}/deviations.yaml"
    )
    (table.parent / "Snakefile").touch()
    commands.main(["init", table.name, "--force"])
    assert capsys.readouterr().out.endswith("snakemake -n --configfile deviations.yaml\n")


def test_name_and_output_are_chosen(table):
    commands.main(["init", table.name, "--name", "mine", "--output", "new/a b.yaml"])
    text = (table.parent / "new/a b.yaml").read_text()
    assert list(yaml.safe_load(text)["datasets"]) == ["mine"]
    assert f"CONFIG='{table.parent}/new/a b.yaml'" in text


def test_a_config_that_is_there_is_kept(table):
    mine = table.parent / "mine.yaml"
    mine.write_text("seed: 1\n")
    said = refused("init", table, "--output", "mine.yaml")
    assert said == ("Error: mine.yaml is there: --force replaces it, --output writes another one.")
    assert mine.read_text() == "seed: 1\n"
    commands.main(["init", str(table), "--output", "mine.yaml", "--force"])
    assert "datasets" in yaml.safe_load(mine.read_text())


def test_mistakes_end_in_one_line(table):
    table.parent.joinpath("book.xlsx").write_bytes(b"PK\x03\x04")
    assert refused("init", "no.tsv") == f"Error: '{table.parent}/no.tsv' is not there."
    assert refused("init", "book.xlsx") == (
        f"Error: {table.parent}/book.xlsx is an Excel workbook or another archive: save the table "
        "as tab-separated text."
    )
    (table.parent / "taken").touch()
    said = refused("init", table, "--output", "taken/mine.yaml")
    assert said == "Error: taken/mine.yaml cannot be written: File exists (taken)."
    assert [path.name for path in table.parent.iterdir() if path.suffix == ".yaml"] == []


def test_a_verb_is_needed(capsys):
    for arguments in ([], ["unit"]):
        assert refused(*arguments) == 2
    assert "init" in capsys.readouterr().err


def test_the_command_starts_without_tensorflow():
    """Neither TensorFlow nor Keras is imported until a verb needs it."""
    code = (
        "import sys; sys.argv = ['degu', '--help']; import runpy\n"
        "try: runpy.run_module('degu', run_name='__main__')\n"
        "except SystemExit: print(sorted({'tensorflow', 'keras', 'shap'} & set(sys.modules)))"
    )
    said = printed(code)
    assert "Write a commented config for a table of your own" in said
    assert said.endswith("[]\n")
