"""The paper's numbers beside those of the workflow."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.predictions import ENSEMBLE

# Numbers of the paper's figures, and directions that its text states where it prints no numbers.
REFERENCE = Path(__file__).with_name("reference_numbers.tsv")
COLUMNS = ["figure", "dataset", "output", "condition", "metric", "models", "recipe", "fraction"]
COLUMNS += ["paper", "ours", "difference", "direction", "n", "note"]

# Table that a metric stands in, by the first word of its condition.
TABLES = {
    "": "performance",
    "method": "attribution_consistency",
    "shift": "shift",
    "kind": "intervals",
    "share": "variants",
    "locus": "variant_effects",
    "size": "ensemble_sizes",
}
# Rows of a table that the paper shows, where there are others.
SHOWN = {"intervals": {"covers": "measurement"}, "variants": {"certainty": "own"}}
# Columns of numbers that name what a row is of.
LABELS = ("member", "fraction", "share", "size")


class Study(NamedTuple):
    """A data set of the paper as the config has it.

    Attributes
    ----------
    dataset
        Its name.
    activities
        Names of its activities, in their order.
    standard, distilled
        Recipes of its models with standard training, and of those that are distilled from them.
    """

    dataset: str
    activities: list[str]
    standard: str
    distilled: str

    def recipe(self, models: str) -> str:
        """Recipe of models: "standard", "distilled" with what follows, or a recipe's own name.

        With "ensemble" behind it a name means the mean of the members; alone of the standard ones.
        """
        name = models.removesuffix(ENSEMBLE).strip() or "standard"
        for word, recipe in [("standard", self.standard), ("distilled", self.distilled)]:
            if name.startswith(word):
                return recipe + name.removeprefix(word)
        return name

    def head(self, role: str, output: str) -> str | None:
        """Name of the head that the paper calls so; None if the data set has no such activity."""
        activity, *kind = output.split("_")
        names = dict(zip(outputs(role), self.activities, strict=False))
        return "_".join([names[activity], *kind]) if activity in names else None


class Group(NamedTuple):
    """Models, and what is measured of them.

    Attributes
    ----------
    models
        As `Study.recipe` has them.
    metric
        Name in the column metric.
    condition
        Columns and their values, such as "share 0.25, locus PKLR".
    fraction
        Of the training set; by default the largest that is run.
    """

    models: str
    metric: str = "pearson"
    condition: str = ""
    fraction: str | None = None

    @property
    def table(self) -> str:
        """Name of the table that it stands in."""
        return TABLES[self.condition.partition(" ")[0]]

    @property
    def labels(self) -> dict[str, str]:
        """Values by column of the table."""
        parts = [part.split(" ", 1) for part in self.condition.split(", ") if part]
        return {"metric": self.metric, **SHOWN.get(self.table, {}), **dict(parts)}


class Measured(NamedTuple):
    """The workflow's numbers.

    Attributes
    ----------
    tables
        Joined tables by name, from `read`.
    studies
        By role in the paper: starrseq, k562, hepg2, atac.
    variants
        Name of the set of variants.
    """

    tables: Mapping[str, pd.DataFrame]
    studies: Mapping[str, Study]
    variants: str | None = None

    def rows(self, role: str, output: str, group: Group) -> pd.DataFrame:
        """Rows of a group: its members, or sequences, and its ensemble; none if it was not run."""
        study, rows = self.studies.get(role), self.tables.get(group.table)
        if study is None or rows is None:
            return pd.DataFrame()
        labels = {"dataset": study.dataset, "recipe": study.recipe(group.models)}
        labels |= {"output": study.head(role, output), **group.labels}
        if "variants" in rows:
            labels["variants"] = self.variants
        for column, value in labels.items():
            rows = rows[rows[column] == value]
        fraction = group.fraction or max(rows["fraction"], key=float, default=None)
        return rows[rows["fraction"] == fraction]

    def mean(self, role: str, output: str, group: Group) -> tuple[float, int]:
        """Mean over a group, or the value of its ensemble, and number of members or sequences.

        NaN where a value is, such as the correlation of a model that predicts one number.
        """
        rows = self.rows(role, output, group)
        if rows.empty:
            return np.nan, 0
        single = rows[rows["member"] != ENSEMBLE]
        number = single["member"].nunique() or len(single)
        shown = rows[rows["member"] == ENSEMBLE] if group.models.endswith(ENSEMBLE) else single
        if shown.empty:
            return np.nan, 0
        return float(shown["value"].to_numpy(float).mean()), number

    def loci(self) -> dict[str, list[str]]:
        """Loci whose variants are scored, by role of the data set."""
        if "variants" not in self.tables:
            return {}
        scored = self.tables["variants"].query("variants == @self.variants")
        loci = scored.groupby("dataset")["locus"].unique()
        return {
            role: list(loci[study.dataset])
            for role, study in self.studies.items()
            if study.dataset in loci
        }


def outputs(role: str) -> list[str]:
    """Activities of a data set in the paper's words, in their order."""
    return ["Dev", "Hk"] if role == "starrseq" else ["activity"]


def read(path: str | Path) -> pd.DataFrame:
    """Read a joined table; numbers that are labels stay text."""
    return pd.read_table(path, dtype=dict.fromkeys(LABELS, str))


def reference() -> pd.DataFrame:
    """Read the paper's numbers and directions: figure, role of the data set, and so on."""
    table = pd.read_table(REFERENCE, dtype=str, keep_default_na=False)
    return table.assign(value=pd.to_numeric(table["value"]))


def compare(paper: pd.DataFrame, measured: Measured) -> pd.DataFrame:
    """Compare the paper's numbers with ours.

    Parameters
    ----------
    paper
        From `reference`.
    measured
        The workflow's numbers.

    Returns
    -------
    table : DataFrame
        A row for each of the paper: figure, dataset, output, condition, metric, models, recipe,
        fraction, paper, ours, difference (ours - paper), direction ("same" or "opposite": whether
        ours differs from the models that it is compared with to the side that the paper says), n
        (members, or sequences), note. What was not run has no value of ours.
    """
    rows = [_compared(row, measured) for row in paper.itertuples(index=False)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _compared(row: NamedTuple, measured: Measured) -> dict:
    study = measured.studies.get(row.role)
    group = Group(row.models, row.metric, row.condition, row.fraction)
    ours, n = measured.mean(row.role, row.output, group)
    return {
        **{name: getattr(row, name) for name in ("figure", "condition", "metric", "models")},
        "dataset": study.dataset if study else "",
        "output": study.head(row.role, row.output) or row.output if study else row.output,
        "recipe": study.recipe(row.models) if study else "",
        "fraction": row.fraction,
        "paper": row.value,
        "ours": ours,
        "difference": ours - row.value,
        "direction": _direction(row, ours, measured),
        "n": n,
        "note": _note(row, ours, n),
    }


def _direction(row: NamedTuple, ours: float, measured: Measured) -> str:
    """Whether ours lies on the side of other models that the paper says; nothing if unknown."""
    condition = row.than_condition or row.condition
    group = Group(row.than, row.metric, condition, row.fraction)
    other = measured.mean(row.role, row.output, group)[0] if row.direction else np.nan
    if np.isnan(ours) or np.isnan(other):
        return ""
    return "same" if (ours > other if row.direction == "higher" else ours < other) else "opposite"


def _note(row: NamedTuple, ours: float, n: int) -> str:
    """Where the paper says it, and what is to be known of the row."""
    source = row.source
    if source == "text":
        source += f": {row.direction} than {row.than} {row.than_condition}".rstrip()
    unknown = "" if np.isfinite(ours) else "a value is not finite" if n else "not run"
    return "; ".join(filter(None, [source, row.note, unknown]))
