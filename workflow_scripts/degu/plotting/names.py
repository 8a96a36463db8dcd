"""Names that people read, in all figures."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from degu.heads import Head, Heads
from degu.plotting.style import ENSEMBLE, Look, looks


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
    """

    datasets: Mapping[str, str]
    variants: Mapping[str, str]
    recipes: Mapping[str, str]
    teachers: Mapping[str, str]
    targets: Mapping[str, Mapping[str, list[str]]]
    units: Mapping[str, str]

    def looks(self, shown: Iterable[str]) -> dict[str, Look]:
        """Return the looks of recipes, which are the same in all figures, in the config's order."""
        kept = set(shown)
        every = looks(self.recipes, self.teachers)
        return {recipe: look for recipe, look in every.items() if recipe in kept}

    def taught(self, shown: Iterable[str]) -> list[str]:
        """Recipes, of those shown, whose ensemble teaches another one of them."""
        shown = set(shown)
        teachers = shown & {self.teachers.get(recipe) for recipe in shown}
        return [recipe for recipe in self.recipes if recipe in teachers]

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
        places = [
            list(self.targets[dataset]).index(self._head(dataset, output).activity)
            for dataset, output in zip(table["dataset"], table["output"], strict=True)
        ]
        return table.assign(role=table["dataset"].map(roles), place=places)

    def ensemble(self, recipe: str) -> str:
        """Title of the ensemble of a recipe's members."""
        return f"ensemble of {self.recipes[recipe]}"

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

    def axis(self, label: str, dataset: str, output: str) -> str:
        """Label of an axis in units of an output's activity, where its unit is known."""
        _, unit = self.targets[dataset][self._head(dataset, output).activity]
        return with_unit(label, unit)

    def legend(self, shown: Iterable[str], ensembles: Iterable[str] = ()) -> dict[str, Look]:
        """Return looks by the titles that a legend shows: of recipes, then of ensembles."""
        found = self.looks([*shown, *ensembles])
        titles = {self.recipes[recipe]: found[recipe] for recipe in found if recipe in set(shown)}
        return titles | {self.ensemble(one): of_ensemble(found[one]) for one in ensembles}


def of_ensemble(look: Look) -> Look:
    """Look of the ensemble of a recipe: one colour for all, told apart by the recipe's line."""
    return ENSEMBLE._replace(line=look.line)


def with_unit(label: str, unit: str) -> str:
    """Label of an axis with its unit in brackets, if there is one."""
    return f"{label} [{unit}]" if unit else label
