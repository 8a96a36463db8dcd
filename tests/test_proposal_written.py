"""The words around a proposed config: what a biologist reads in the file and on the terminal."""

import re

import pytest

import newcomer_tables
from degu.proposal import config, written


@pytest.fixture(scope="module")
def proposal(tmp_path_factory):
    """Propose a config for the table with the most to be said."""
    path = newcomer_tables.lengths_differ(tmp_path_factory.mktemp("written"))
    return config.propose(path, "mine", 0)


def test_the_page_tells_what_is_in_the_table(proposal):
    text = "\n".join(written.lines(proposal, "mine.yaml"))
    for line in (
        "# The jobs that would run:     snakemake -n --configfile mine.yaml",
        "# What they cost on a cluster: make forecast CONFIG=mine.yaml",
        "# - split: file has words of its own: pool as train.",
        "        sequence: sequence                    # 168 to 200 bases",
        "        split: file                           # train 320, validation 40, test 40",
        "        group: variant                        # its rows stay in one split",
        "        K562_log2FC: {mean: K562_log2FC}      # in all 400 rows",
        "        # Not used: K562_lfcSE (a standard error or bound).",
        "      K562_log2FC: {unit: log2 fold change}   # on all axes",
        "      splits: {train: [pool]}                 # words of the column of splits",
    ):
        assert line in text.splitlines(), line
    assert "Units on axes" not in text


def test_lines_fit_on_a_terminal(proposal):
    for line in written.lines(proposal, "mine.yaml"):
        assert len(line) <= 96 or str(proposal.given.path) in line


def test_the_terminal_says_what_was_found_and_what_it_costs(proposal):
    said = list(written.said(proposal))
    assert said[:6] == [
        f"{proposal.given.path}: 400 rows, sequences of 168 to 200 bases",
        "  sequence  sequence",
        "  name      ID",
        "  split     file",
        "  group     variant",
        "  target    K562_log2FC: mean K562_log2FC; in all 400 rows",
    ]
    assert said[-1] == "To be checked: split: file has words of its own: pool as train."
    # 13 trainings of 320 sequences of 200 bases, 100 epochs, 34 s for 10,000 of 249 bases.
    cost = re.search(r"10 teachers and 3 students .* about (\d+) minutes of one CPU", said[-2])
    assert int(cost[1]) == round(13 * 320 * 200 * 100 * 34 / (10_000 * 249) / 60)


def test_units_that_are_not_told_are_asked_for(tmp_path):
    proposal = config.propose(newcomer_tables.few_deviations(tmp_path), None, 0)
    text = "\n".join(written.lines(proposal, "mine.yaml"))
    assert (
        "    # Units on axes, if you tell them: targets: {activity: {unit: log2(RNA/DNA)}}" in text
    )
    assert "# No column of splits: 80/10/10 at random, train 320, validation 40, test 40." in text
