"""`degu explain`: the maps of the workflow's methods, logos, and mistakes before any work."""

import numpy as np
import pytest
from PIL import Image

import small_student
from degu import attribution, commands, maps, students
from degu.commands import explain
from degu.sequences import decode
from small_networks import made

CODES = made(3, 20)


@pytest.fixture
def student(tmp_path):
    return small_student.save(tmp_path / "student")


@pytest.fixture
def fasta(tmp_path):
    letters = decode(CODES)
    text = f">a\n{letters[0]}\n>b\n{letters[1]}\n>long\n{letters[2]}ACGTA\n"
    (tmp_path / "a.fa").write_text(text)
    return tmp_path / "a.fa"


def refused(*arguments):
    with pytest.raises(SystemExit) as end:
        commands.main(list(map(str, arguments)))
    return end.value.code


def test_maps_and_logos(student, fasta, tmp_path):
    out, logos = tmp_path / "maps.h5", tmp_path / "logos.png"
    options = ["--fit", "tile", "--out", out, "--logos", logos]
    commands.main(list(map(str, ["explain", student, fasta, *options])))
    found = maps.read(out)
    assert found.keys() == {"y"}
    assert list(found["y"].names) == ["a", "b", "long:0-20", "long:5-25"]
    np.testing.assert_array_equal(found["y"].codes[:3], CODES)
    model = students.load(student).model
    expected = attribution.correct(attribution.saliency(model, CODES, 0))
    np.testing.assert_allclose(found["y"].scores[0, :3], expected, rtol=1e-5, atol=1e-7)
    width, height = Image.open(logos).size
    assert (width, height) == (1800, 4 * 225)


def test_heads_and_methods_are_chosen(student, fasta, tmp_path):
    out = tmp_path / "maps.h5"
    heads = ["--head", "y_epistemic", "--head", "y", "--method", "ism", "--fit", "centre"]
    commands.main(list(map(str, ["explain", student, fasta, *heads, "--out", out])))
    found = maps.read(out)
    assert found.keys() == {"y", "y_epistemic"} and found["y_epistemic"].kind == "epistemic"
    model = students.load(student).model
    for head, output in {"y": 0, "y_epistemic": 2}.items():
        expected = attribution.correct(attribution.ism(model, CODES[:2], output))
        np.testing.assert_allclose(found[head].scores[0, :2], expected, rtol=1e-5, atol=1e-6)


def test_mistakes_are_told_before_any_work(student, fasta, tmp_path, capsys):
    out = tmp_path / "maps.h5"
    command = ("explain", student, fasta, "--out", out)
    assert refused(*command, "--head", "z") == (
        "Error: There is no head 'z': heads are y, y_aleatoric, y_epistemic."
    )
    for options, said in {
        ("--logos", "a.svg"): "--logos a.svg: a name that ends in .pdf or .png is needed",
        ("--references", "0"): "--references 0: at least 1 is needed",
        ("--method", "guess"): "invalid choice: 'guess'",
    }.items():
        assert refused(*command, *options) == 2
        assert said in capsys.readouterr().err
    assert not out.exists()


def test_methods_are_those_that_explain_single_models():
    """All of the workflow's but the library shap, which needs a process of its own."""
    assert set(explain.METHODS) == {
        *("saliency", "ism", "tism"),
        *(name for name in attribution.WITH_REFERENCES if not name.startswith("shap_")),
    }
