"""docs/ensembles.md, command by command, with an ensemble that is made up in a moment."""

import re
import shlex
import sys
import zlib

import numpy as np
import pandas as pd
import pytest
import yaml

from degu.labels import read_labels
from forks import programs
from workflow import ROOT, clone, write_yaml

PAGE = (ROOT / "docs/ensembles.md").read_text()
BLOCKS = {
    kind: re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for kind in ("yaml", "bash", "python")
}
# Three members that count G and C, each with weights of its own.
MODULE = BLOCKS["python"][1].replace("    ...\n", '''
    at = 1 + members().index(member)
    return [[at * 0.01 + sum(s.count(b) for b in "GC") / 40 + 0.02 * at * s.count("AT")]
            for s in sequences]
''')  # fmt: skip
SMALL = {
    "members": {"teachers": 3, "students": 1},
    "training": {"epochs": 2, "batch_size": 50, "warmup_steps": 0, "batchnorm_sample": 64},
    "metrics": {"resamples": 100},
}
TABLES = [f"results/tables/{name}.tsv" for name in ("intervals", "performance", "distillation")]


def shell(command, folder):
    words = shlex.split(command)
    (done,) = programs([words if words[0] == "snakemake" else words[1:]], folder)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Follow the page in a clone, on small sequences, and return its folder."""
    folder, rng = clone(tmp_path_factory.mktemp("page") / "clone"), np.random.default_rng(0)
    letters = rng.choice(list("ACGT"), (300, 40))
    pd.DataFrame(
        {
            "name": [f"s{row}" for row in range(300)],
            "sequence": ["".join(row) for row in letters],
            "split": np.repeat(["train", "validation", "test"], [200, 50, 50]),
        }
    ).to_csv(folder / "my_library.tsv", sep="\t", index=False)
    (folder / "mine.py").write_text(MODULE)
    (folder / "answer.py").write_text(BLOCKS["python"][0])
    write_yaml(folder / "mine.yaml", yaml.safe_load(BLOCKS["yaml"][0]) | SMALL)
    commands = "".join(BLOCKS["bash"][:2]).strip().splitlines()
    shell(commands[0], folder)
    shell(commands[1], folder)
    shell(commands[2].replace("snakemake", f"snakemake {' '.join(TABLES)}"), folder)
    return folder


def expected(sequences):
    """Predictions of the three members, (members, n)."""
    names = {}
    exec(MODULE, names)
    return np.array(
        [np.ravel(names["predict"](member, sequences)) for member in names["members"]()]
    )


def test_labels_are_mean_and_spread_of_the_ensemble(folder):
    table = pd.read_table(folder / "my_library.tsv")
    found = expected(table["sequence"].tolist())[:, table["split"] == "test"]
    mean, std = read_labels(folder / "results/labels/my_library/mine/1.0/3.h5", "test")
    np.testing.assert_allclose(mean[:, 0], found.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(std[:, 0], found.std(axis=0), rtol=1e-4, atol=1e-6)


def test_tables_say_that_nothing_was_measured(folder):
    intervals, performance, distillation = (pd.read_table(folder / path) for path in TABLES)
    assert set(intervals["covers"]) == {"mean of teachers"}
    assert set(intervals["recipe"]) == set(performance["recipe"]) == {"student"}
    against = performance.set_index("output")["against"].to_dict()
    assert against == {"activity": "mean of teachers", "activity_epistemic": "spread of teachers"}
    # Accuracy is not told; how members agree, and whether the student follows them, is.
    assert distillation["gain"].isna().all() and distillation["ensemble_r"].isna().all()
    table = pd.read_table(folder / "my_library.tsv")
    members = expected(table["sequence"].tolist())[:, table["split"] == "test"]
    r = np.corrcoef(members)[np.triu_indices(3, 1)].mean()
    np.testing.assert_allclose(distillation["agreement"], r, rtol=1e-5)
    (student,) = distillation.query("recipe == 'student'")["following"]
    own = performance.query("output == 'activity' and metric == 'pearson' and member == '0'")
    assert student == pytest.approx(own["value"].item(), rel=1e-5)


def test_a_module_gives_the_same_labels(folder):
    config = yaml.safe_load(BLOCKS["yaml"][0]) | SMALL
    config["recipes"]["mine"] = yaml.safe_load(BLOCKS["yaml"][1])["recipes"]["mine"]
    config["recipes"]["mine"]["predictions"]["python"] = sys.executable
    write_yaml(folder / "mine.yaml", config)
    path = "results/labels/my_library/mine/1.0/3.h5"
    before = zlib.crc32((folder / path).read_bytes())
    said = shell(f"snakemake {path} --configfile mine.yaml --cores 2", folder)
    assert re.search(r"^ +ask +12 ", said, re.MULTILINE)
    assert zlib.crc32((folder / path).read_bytes()) == before
