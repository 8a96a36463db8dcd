"""The list of the paper's claims: what it covers, and verdicts on made-up numbers."""

from collections import Counter

import pandas as pd
import pytest

from degu.tables import comparison, verdicts
from degu.tables.claims import claims
from degu.tables.comparison import Measured, Study


@pytest.fixture(scope="module")
def listed():
    """All claims, at a level of 0.9 and with loci of one data set."""
    return list(claims({"k562": ["P", "Q"]}, 0.9))


def test_all_figures_with_numbers_are_claimed_on(listed):
    """Fig. 3a is a toy; Supplementary Fig. 4 and 9 show distributions without a claim."""
    figures = {
        name.rstrip("abcd") for claim in listed for name in claim.figure.replace(",", " ").split()
    }
    figures -= {""}
    assert figures == {*"23456", *(f"S{n}" for n in range(1, 16) if n not in (4, 9))}


def test_claims_name_tables_and_outputs_that_there_are(listed):
    keys = [(claim.claim, claim.role, claim.output, claim.groups) for claim in listed]
    assert len(set(keys)) == len(keys)
    for claim in listed:
        assert claim.output.split("_")[0] in comparison.outputs(claim.role)
        assert all(group.table in comparison.TABLES.values() for group in claim.groups)
        assert claim.bounds.above < claim.bounds.below


def test_bounds_of_coverage_follow_the_level(listed):
    bounds = {claim.claim: claim.bounds for claim in listed if claim.role == "k562"}
    assert bounds["Epistemic intervals cover far too little."].below == pytest.approx(0.75)
    conformal = bounds["Conformal intervals are nearly perfect."]
    assert conformal == pytest.approx((0.88, 0.92))


def test_claims_on_variants_are_made_locus_by_locus(listed):
    """Four pairs of recipes and one of shares by two metrics; two uncertainties in K562 alone."""
    conditions = Counter(
        part.removeprefix("locus ")
        for claim in listed
        for part in claim.groups[0].condition.split(", ")
        if part.startswith("locus ")
    )
    assert conditions == {"P": 12, "Q": 12, "F9": 10, "LDLR": 10, "SORT1": 10}


def test_better_students_hold_claims_and_worse_ones_do_not():
    """Students are better on all data, worse on half of it; on a quarter as good as all."""
    rows = [
        ("flies", recipe, fraction, str(member), output, "pearson", mean + 0.001 * member)
        for recipe, fraction, mean in [
            ("standard", "1.0", 0.60),
            ("degu", "1.0", 0.69),
            ("standard", "0.5", 0.55),
            ("degu", "0.5", 0.50),
            ("degu", "0.25", 0.58),
        ]
        for output in ("a", "b")
        for member in range(4)
    ]
    rows += [("flies", "standard", "1.0", "ensemble", o, "pearson", 0.7) for o in "ab"]
    columns = ["dataset", "recipe", "fraction", "member", "output", "metric", "value"]
    measured = Measured(
        {"performance": pd.DataFrame(rows, columns=columns)},
        {"starrseq": Study("flies", ["a", "b"], "standard", "degu")},
    )
    table = verdicts.judge(claims(measured.loci(), 0.95), measured)
    found = table[table["figure"].eq("2a,b") & table["output"].eq("a")]
    better, close, quarter = (
        found[found["claim"].str.contains(words)]["verdict"].tolist()
        for words in ("predict activity better", "come close", "of a quarter")
    )
    # Verdicts by fraction, 0.1 first; half of the data has no ensemble.
    assert better == [*["not testable"] * 2, "not held", "not testable", "held"]
    assert close == [*["not testable"] * 4, "held"]
    assert quarter == ["held"]
    others = table[table["dataset"] != "flies"]
    assert set(others["verdict"]) == {"not testable"}
