"""Every number of the paper's figures stands in results/tables, panel by panel.

The tables are those of `make paper-small`: the paper's runs on the simulated world, with compact
networks. Names are the paper's: Dev and Hk for STARR-seq, K562 and HepG2 for lentiMPRA.
"""

import os
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

RESULTS = Path(os.environ.get("DEGU_PAPER_SMALL", "build/paper_small/results"))
pytestmark = pytest.mark.skipif(
    not (RESULTS / "tables/performance.tsv").exists(),
    reason=f"{RESULTS} has no tables: `make paper-small` writes them",
)

CORRELATIONS = ["pearson", "spearman"]
STARR, K562, HEPG2, ATAC = "sim_starrseq", "sim_k562", "sim_hepg2", "sim_atac"
MPRA = [K562, HEPG2]
ALEATORIC = ["aleatoric", "degu_aleatoric"]
FRACTIONS, SHIFTS = [0.5, 1.0], ["none", "small", "moderate", "large"]
STUDENTS = ["degu", "degu_dynamic_evoaug", "degu_dynamic_mutagenesis", "degu_dynamic_shuffle"]
VARIANT_STUDENTS = ["degu_aleatoric", *(f"degu_aleatoric_{name[5:]}" for name in STUDENTS[1:])]
SUMMARY, INTERVALS = "performance_summary.tsv", "intervals.tsv"
# Kinds of uncertainty of Fig. 5c,d, each with the recipe that has it.
KINDS = {
    "standard": ["dropout", "ensemble"],
    "degu_aleatoric": ["epistemic", "aleatoric", "total"],
    "heteroscedastic": ["aleatoric"],
    "evidential": ["epistemic", "aleatoric", "total"],
    "aleatoric": ["aleatoric", "ensemble_total"],
}


def attribution(dataset, recipes, outputs, method, metrics):
    """Rows of a panel of attribution maps, and of its tests."""
    labels = {"dataset": [dataset], "output": outputs, "method": [method]}
    yield "attribution_consistency.tsv", labels | {"recipe": recipes, "metric": metrics}
    tests = labels | {"recipe": recipes[1:], "metric": metrics}
    yield "attribution_tests.tsv", tests


def intervals(datasets, metrics):
    """Rows of the panels on intervals, at the whole training set."""
    for recipe, kinds in KINDS.items():
        labels = {"dataset": datasets, "recipe": [recipe], "fraction": [1.0], "kind": kinds}
        yield INTERVALS, labels | {"covers": ["measurement"], "metric": metrics}


def curves(datasets, recipes, outputs):
    """Rows of the panels of agreement by training fraction."""
    labels = {"dataset": datasets, "recipe": recipes, "fraction": FRACTIONS}
    yield SUMMARY, labels | {"output": outputs, "metric": ["pearson"]}


def variants(dataset, locus, recipes, certainty, shares):
    """Rows of the panels on variants."""
    labels = {"dataset": [dataset], "locus": [locus], "recipe": recipes, "share": shares}
    labels |= {"certainty": [certainty], "metric": ["pearson", "spearman"]}
    yield "variants.tsv", labels | {"member": ["0", "1", "ensemble"]}


RANKED = "degu_aleatoric_dynamic_mutagenesis"
UNCERTAINTIES = ["epistemic", "aleatoric", "total"]
PANELS = {
    "2a,b": [*curves([STARR], ["standard", "degu"], ["Dev", "Hk"])],
    "2c,d": [
        *curves(MPRA, ["standard", "aleatoric", "degu_aleatoric"], ["activity"]),
        (SUMMARY, {"dataset": MPRA, "recipe": ["mprann"], "metric": ["pearson"]}),
    ],
    "3a": [("toy.tsv", {"role": ["member", "ensemble", "student", "student_outside", "labelled"]})],
    "3b,c": [
        (
            "shift.tsv",
            {
                "dataset": [STARR],
                "recipe": ["standard", *STUDENTS],
                "output": ["Dev", "Hk"],
                "shift": SHIFTS,
                "member": ["0", "1"],
                "metric": ["mse", "mse_teachers"],
            },
        )
    ],
    "4a": [
        (
            "attributions.tsv",
            {
                "dataset": [STARR],
                "recipe": ["standard", "degu"],
                "method": ["saliency", "deepshap"],
                "member": ["0", "ensemble"],
                "output": ["Dev", "Hk"],
            },
        )
    ],
    "4b,c": [
        *attribution(STARR, ["standard", "degu"], ["Dev"], "deepshap", ["rmse", "spread"]),
        *attribution(
            K562, ["aleatoric", "degu_aleatoric"], ["activity"], "saliency", ["rmse", "spread"]
        ),
    ],
    "5a,b": [
        *curves([STARR], ["degu"], ["Dev_epistemic"]),
        *curves([K562], ["degu_aleatoric"], ["activity_epistemic", "activity_aleatoric"]),
        *curves([K562], ["aleatoric"], ["activity_aleatoric"]),
    ],
    "5c,d": [*intervals([K562], ["coverage", "width", "conformal_coverage", "pearson"])],
    "6a": [*variants(K562, "PKLR", ["standard", *VARIANT_STUDENTS], "own", [1.0])],
    "6b": [*variants(K562, "PKLR", ["standard", RANKED], RANKED, [0.25, 0.5, 0.75, 1.0])],
    "6c": [
        (
            "variant_effects.tsv.gz",
            {
                "dataset": [K562],
                "recipe": [RANKED],
                "member": ["0"],
                "metric": [
                    "measured",
                    "effect",
                    *UNCERTAINTIES,
                    *(f"alt_{k}" for k in UNCERTAINTIES),
                ],
            },
        )
    ],
    "S1a": [
        (
            SUMMARY,
            {"dataset": [ATAC], "recipe": ["aleatoric", "degu_aleatoric"], "metric": ["pearson"]},
        )
    ],
    "S1b": [
        *attribution(
            ATAC, ["aleatoric", "degu_aleatoric"], ["accessibility"], "saliency", ["rmse", "spread"]
        )
    ],
    "S1c": [
        (
            INTERVALS,
            {
                "dataset": [ATAC],
                "recipe": ["degu_aleatoric"],
                "kind": UNCERTAINTIES,
                "metric": ["coverage", "width", "pearson"],
            },
        )
    ],
    "S2": [
        *curves([STARR], ["evoaug", "degu_evoaug"], ["Dev", "Hk"]),
        *curves([STARR], ["degu_evoaug"], ["Dev_epistemic", "Hk_epistemic"]),
    ],
    "S3": [
        (
            "ensemble_sizes.tsv",
            {"dataset": [STARR], "recipe": ["standard"], "size": [2, 3], "output": ["Dev", "Hk"]},
        ),
        (
            SUMMARY,
            {"dataset": [STARR], "recipe": ["degu_of_2", "degu_of_3"], "output": ["Dev", "Hk"]},
        ),
    ],
    "S4": [
        (
            "shift_distributions.tsv",
            {"dataset": [STARR], "recipe": ["standard", *STUDENTS], "shift": SHIFTS},
        )
    ],
    "S5": [
        (
            SUMMARY,
            {
                "dataset": [STARR],
                "recipe": STUDENTS,
                "output": ["Dev", "Hk", "Dev_epistemic", "Hk_epistemic"],
            },
        )
    ],
    "S6": [
        *attribution(STARR, ["standard", "degu"], ["Hk"], "deepshap", ["rmse", "spread"]),
        *attribution(STARR, ["standard", "degu"], ["Dev", "Hk"], "saliency", ["rmse", "spread"]),
        *attribution(
            HEPG2, ["aleatoric", "degu_aleatoric"], ["activity"], "saliency", ["rmse", "spread"]
        ),
    ],
    "S7": [
        *attribution(STARR, ["standard", "degu"], ["Dev", "Hk"], "saliency", ["normalised_spread"]),
        *attribution(STARR, ["standard", "degu"], ["Dev", "Hk"], "deepshap", ["normalised_spread"]),
    ],
    "S8a,b": [
        *curves([STARR], ["degu"], ["Hk_epistemic"]),
        *curves([HEPG2], ["degu_aleatoric"], ["activity_epistemic", "activity_aleatoric"]),
    ],
    "S8c,d": [*intervals([HEPG2], ["coverage", "width", "pearson"])],
    "S9": [
        (
            "predictions.tsv.gz",
            {
                "dataset": [STARR],
                "recipe": ["degu"],
                "member": ["0"],
                "output": ["Dev", "Hk", "Dev_epistemic", "Hk_epistemic"],
            },
        )
    ],
    "S10": [
        (
            SUMMARY,
            {
                "dataset": [STARR],
                "recipe": ["degu", "degu_logvar"],
                "output": ["Dev_epistemic", "Hk_epistemic"],
                "metric": ["pearson"],
            },
        )
    ],
    "S11": [
        (
            SUMMARY,
            {
                "dataset": MPRA,
                "recipe": [
                    "aleatoric",
                    "degu_aleatoric",
                    "heteroscedastic",
                    "degu_heteroscedastic",
                ],
                "output": ["activity", "activity_aleatoric"],
                "metric": ["pearson"],
            },
        )
    ],
    "S12": [*intervals(MPRA, ["conformal_coverage", "conformal_width", "pearson"])],
    "S13": [*variants(HEPG2, "SORT1", ["standard", *VARIANT_STUDENTS], "own", [1.0])],
    "S14": [
        (
            "variant_effects.tsv.gz",
            {
                "dataset": [K562],
                "recipe": [RANKED],
                "metric": ["measured", "effect", *UNCERTAINTIES],
            },
        )
    ],
    "S15": [*variants(HEPG2, "SORT1", ["standard", RANKED], RANKED, [0.25, 0.5, 0.75, 1.0])],
}


@pytest.fixture(scope="module")
def tables():
    """Tables by name, each read once."""
    read = {}

    def get(name):
        if name not in read:
            read[name] = pd.read_table(RESULTS / "tables" / name, dtype={"member": str})
        return read[name]

    return get


@pytest.mark.parametrize("panel", PANELS)
def test_the_numbers_of_a_panel_stand_in_tables(panel, tables):
    for name, labels in PANELS[panel]:
        table = tables(name)
        found = set(table[list(labels)].itertuples(index=False, name=None))
        assert set(product(*labels.values())) - found == set(), name
        shown = table[np.logical_and.reduce([table[k].isin(v) for k, v in labels.items()])]
        numbers = shown[[c for c in ("value", "mean", "y", "score", "predicted") if c in shown]]
        finite = np.isfinite(numbers.to_numpy(float)).all(axis=1)
        # A student that ends up constant, as one of shuffled sequences may, has no correlation.
        correlation = shown["metric"].isin(CORRELATIONS) if "metric" in shown else False
        assert (finite | correlation).all(), name
        assert finite.mean() > 0.8, name


def test_claims_and_numbers_of_the_paper_are_compared(tables):
    """Numbers that are missing were not run there: smaller fractions, larger ensembles."""
    claims, numbers = tables("claims.tsv"), tables("comparison.tsv")
    missing = claims.loc[claims["verdict"] == "not testable", "note"]
    known = r" 0\.1 | 0\.25 | 0\.75 | size |degu_of_|not finite|no better"
    assert missing[~missing.str.contains(known)].tolist() == []
    assert {"held", "not held"} < set(claims["verdict"])
    assert numbers.loc[numbers["fraction"].isin(FRACTIONS), "n"].min() > 0


def test_all_panels_of_the_paper_are_named():
    """Figures 2 to 6 and Supplementary Figures 1 to 15."""
    figures = {panel.rstrip("abcd,") for panel in PANELS}
    assert figures == {*"23456", *(f"S{number}" for number in range(1, 16))}
