"""Each figure and page of the report has a caption that says what it rests on."""

import re

import pytest
import yaml
from jinja2 import Environment, StrictUndefined

from workflow import ROOT, rule_texts

CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
CAPTIONS = {path.stem: path.read_text() for path in (ROOT / "rules/captions").glob("*.rst")}
FIGURES = CONFIG["figures"]
# Figures that follow from recipes and studies, and need not be asked for.
UNASKED = ["guided", "tuning"]
# Neither models nor measurements.
TOY = "toy"


class Given:
    """Variables that Snakemake gives to captions."""

    config = CONFIG | {"ensembles": "10", "unmeasured": ""}
    params = {"about": "What the table shows."}  # noqa: RUF012


def shown(name):
    """Text of a caption as readers see it."""
    template = Environment(undefined=StrictUndefined).from_string(CAPTIONS[name])
    return " ".join(template.render(snakemake=Given, files=[], categories={}).split())


def test_each_caption_is_of_a_figure_or_a_page():
    pages = {"summary", "distil", "table", "cards", "run", "report"}
    assert CAPTIONS.keys() == {*FIGURES, *UNASKED, *pages}
    text = (ROOT / "rules/report.smk").read_text()
    assert set(re.findall(r'page\("[^"]+", "(\w+)"', text)) == pages - {"report"}


@pytest.mark.parametrize("name", sorted(CAPTIONS))
def test_a_caption_is_text(name):
    text = shown(name)
    assert text.endswith(".") and len(text) > 40
    assert "{" not in re.sub(r"<style.*</style>", "", text)


@pytest.mark.parametrize("figure", [figure for figure in FIGURES + UNASKED if figure != TOY])
def test_a_caption_says_how_many_and_of_which_set(figure):
    text = shown(figure)
    assert re.search(r"\bn = \d|n of each split", text)
    assert "test set" in text


def test_every_figure_is_in_a_chapter():
    drawn = [text for text in rule_texts().values() if "**figure(" in text]
    chapters = set(re.findall(r'figure\("\w+", "([^"]+)"', "".join(drawn)))
    known = re.search(r"CHAPTERS = \{(.*?)\}", (ROOT / "rules/common.smk").read_text(), re.DOTALL)
    titles = dict(re.findall(r'"(.+?)": "(\d) ', known[1]))
    assert chapters <= titles.keys()
    # The report sorts chapters as text.
    assert list(titles.values()) == sorted(titles.values())
