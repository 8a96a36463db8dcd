"""Names that people read, in all figures."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from degu.heads import Head, Heads
from degu.plotting.style import ENSEMBLE, Look, looks

# Titles of methods of attribution whose names in the config are none.
EXPLAINERS = {
    "deepshap": "DeepSHAP",
    "ism": "in silico mutagenesis",
    "tism": "Taylor ISM",
    "shap_deep": "shap's DeepExplainer",
    "shap_gradient": "shap's GradientExplainer",
}
# Shifts of the test sequences in their order, and their looks, the paler the larger.
SHIFTS = {
    "none": "no shift",
    "small": "small: mutagenesis",
    "moderate": "moderate: EvoAug",
    "large": "large: shuffling",
}
SHIFT_LOOKS = {
    "none": Look("#000000", "", "-"),
    "small": Look("#1F5A93", "", "--"),
    "moderate": Look("#5B9BD5", "", "-."),
    "large": Look("#A6C8E8", "", ":"),
}
# Kinds of uncertainty in the order of legends, and titles of those that have names of their own.
KINDS = ("dropout", "ensemble", "ensemble_total", "epistemic", "aleatoric", "total")
METHODS = {"dropout": "MC dropout", "ensemble": "deep ensemble", "ensemble_total": "deep ensemble"}


def explainer(method: str) -> str:
    """Title of a method of attribution; by default its name in the config."""
    return EXPLAINERS.get(method, method.replace("_", " "))


class Names(NamedTuple):
    """Titles, units and teachers, as the config states them.

    Attributes
    ----------
    datasets, variants, recipes
        Title of each data set, set of variants and recipe that is run.
    teachers
        Recipe of the teachers of each recipe of students.
    targets
        Title and unit of each activity, by data set.
    units
        Unit of the effects of each set of variants.
    lines
        Line of recipes that a figure tells apart by lines other than their own.
    """

    datasets: Mapping[str, str]
    variants: Mapping[str, str]
    recipes: Mapping[str, str]
    teachers: Mapping[str, str]
    targets: Mapping[str, Mapping[str, list[str]]]
    units: Mapping[str, str]
    lines: Mapping[str, str] = MappingProxyType({})

    def looks(self, shown: Iterable[str]) -> dict[str, Look]:
        """Return the looks of recipes, which are the same in all figures, in the config's order."""
        kept = set(shown)
        every = looks(self.recipes, self.teachers)
        return {
            recipe: look._replace(line=self.lines.get(recipe, look.line))
            for recipe, look in every.items()
            if recipe in kept
        }

    def taught(self, shown: Iterable[str]) -> list[str]:
        """Recipes, of those shown, whose ensemble teaches another one of them."""
        shown = set(shown)
        teachers = {self.teachers.get(recipe) for recipe in shown}
        return [recipe for recipe in self.recipes if recipe in shown & teachers]

    def families(self, shown: Iterable[str]) -> list[list[str]]:
        """Recipes, of those shown, in groups: a recipe and then its students."""
        found = {}
        for recipe in self.looks(shown):
            found.setdefault(self.teachers.get(recipe, recipe), []).append(recipe)
        return [sorted(family, key=self.teachers.__contains__) for family in found.values()]

    def pairs(self, shown: Iterable[str]) -> list[tuple[str, str]]:
        """Recipes of teachers and of their students, as far as both are shown."""
        shown = set(shown)
        pairs = [(self.teachers.get(recipe), recipe) for recipe in self.recipes]
        return [pair for pair in pairs if shown.issuperset(pair)]

    def place(self, table: pd.DataFrame, paper: Mapping[str, str]) -> pd.DataFrame:
        """Add to each row the part of its data set in the paper, and the place of its activity.

        Parameters
        ----------
        table
            Columns dataset, output.
        paper
            Data set of each part: starrseq, k562, hepg2, atac.

        Returns
        -------
        table : DataFrame
            With the columns `role` and `place`, from 0 in the order of the data set's activities;
            one without rows as it is.
        """
        if table.empty:
            return table
        roles = {dataset: role for role, dataset in paper.items()}
        outputs = list(zip(table["dataset"], table["output"], strict=True))
        places = {
            (dataset, output): list(self.targets[dataset]).index(
                self._head(dataset, output).activity
            )
            for dataset, output in set(outputs)
        }
        return table.assign(
            role=table["dataset"].map(roles), place=[places[output] for output in outputs]
        )

    def ensemble(self, recipe: str) -> str:
        """Title of the ensemble of a recipe's members."""
        return f"ensemble of {self.recipes[recipe]}"

    def method(self, recipe: str, kind: str) -> str:
        """Title of a way to tell uncertainty; its panel says of which kind, but for the total."""
        title = METHODS.get(kind, self.recipes[recipe])
        return f"{title}, total uncertainty" if "total" in kind else title

    def with_look(self, points: pd.DataFrame) -> pd.DataFrame:
        """Add to rows with a recipe and a kind of uncertainty their title, the name of a look."""
        pairs = zip(points["recipe"], points["kind"], strict=True)
        return points.assign(look=[self.method(*pair) for pair in pairs])

    def kind(self, kind: str) -> str:
        """Title of a kind of uncertainty, whatever the recipe."""
        title = METHODS.get(kind, kind)
        return f"{title}, total" if kind == "ensemble_total" else title

    def methods(self, points: pd.DataFrame) -> dict[str, Look]:
        """Return looks of methods by title: those of their recipes, total uncertainties hollow.

        Parameters
        ----------
        points
            Columns recipe, kind.
        """
        pairs = set(points[["recipe", "kind"]].itertuples(index=False, name=None))
        found = {}
        for recipe, look in self.looks(points["recipe"]).items():
            for kind in (kind for kind in KINDS if (recipe, kind) in pairs):
                own = ENSEMBLE if kind.startswith("ensemble") else look
                look_of = own._replace(line="none", filled="total" not in kind)
                found[self.method(recipe, kind)] = look_of
        return found

    def head(self, dataset: str, output: str) -> str:
        """Title of an output head: its activity's and its kind."""
        head = self._head(dataset, output)
        title, _ = self.targets[dataset][head.activity]
        return title if head.kind == "activity" else f"{title}, {head.kind} uncertainty"

    def _head(self, dataset: str, output: str) -> Head:
        every = Heads.of(list(self.targets[dataset]), "aleatoric", "epistemic")
        return every[every.column(output)]

    def panel(self, dataset: str, output: str) -> str:
        """Title of a panel on one output head of a data set."""
        return f"{self.datasets[dataset]}: {self.head(dataset, output)}"

    def explained(self, dataset: str, output: str, method: str) -> str:
        """Title of a panel on attribution maps of one output head by one method."""
        return f"{self.panel(dataset, output)}, {explainer(method)}"

    def with_row(self, table: pd.DataFrame) -> pd.DataFrame:
        """Add to each row the title of the panel of its output head, as the column `row`."""
        pairs = list(zip(table["dataset"], table["output"], strict=True))
        titles = {pair: self.panel(*pair) for pair in set(pairs)}
        return table.assign(row=[titles[pair] for pair in pairs])

    def axis(self, label: str, dataset: str, output: str) -> str:
        """Label of an axis in units of an output's activity, where its unit is known."""
        return with_unit(label, self.unit(dataset, output))

    def unit(self, dataset: str, output: str) -> str:
        """Return the unit of an output's activity; "" where there is none."""
        return self.targets[dataset][self._head(dataset, output).activity][1]

    def legend(self, shown: Iterable[str], ensembles: Iterable[str] = ()) -> dict[str, Look]:
        """Return looks by the titles that a legend shows: of recipes, then of ensembles."""
        found = self.looks([*shown, *ensembles])
        titles = {self.recipes[recipe]: found[recipe] for recipe in found if recipe in set(shown)}
        return titles | {self.ensemble(one): of_ensemble(found[one]) for one in ensembles}

    def marks(self, shown: Iterable[str]) -> dict[str, Look]:
        """Return the legend of recipes that are drawn as marks without lines."""
        return {title: look._replace(line="none") for title, look in self.legend(shown).items()}

    def explain(self, panels: Iterable[pd.DataFrame]) -> dict[str, Look]:
        """Return the legend of panels on recipes, each with the ensembles that teach in it."""
        shown = [set(panel["recipe"]) for panel in panels]
        ensembles = {recipe for recipes in shown for recipe in self.taught(recipes)}
        return self.legend(set().union(*shown), ensembles)


def of_ensemble(look: Look) -> Look:
    """Look of the ensemble of a recipe: one colour for all, told apart by the recipe's line."""
    return ENSEMBLE._replace(line=look.line)


def with_unit(label: str, unit: str) -> str:
    """Label of an axis with its unit in brackets, if there is one."""
    return f"{label} [{unit}]" if unit else label


def unit_below(label: str) -> str:
    """Label of an axis with its unit on a line of its own."""
    return label.replace(" [", "\n[")
