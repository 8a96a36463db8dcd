"""Random substitutions: where they lie, that draws repeat, and percentiles by hand."""

from collections import Counter

import numpy as np
import pytest

from degu.genome import Genome
from degu.variants import null
from degu.variants.null import Null
from degu.variants.placed import Places
from degu.variants.vcf import Variant
from test_genome import write_fasta

LETTERS = "".join(np.random.default_rng(0).choice([*"ACGT"], 300)) + "N" * 20


@pytest.fixture
def places(tmp_path):
    with Genome(write_fasta(tmp_path / "hg.fa", chr1=LETTERS)) as genome:
        yield Places(genome, 11)


def variants(number, start=20, status="scored"):
    return [Variant("chr1", start + at, ".", "A", "C", status) for at in range(number)]


def test_substitutions_lie_in_the_windows_of_variants(places):
    found = null.draw(variants(40, start=100), 40, places, seed=1)
    assert len(found) == 40
    for one, of in zip(found, variants(40, start=100), strict=True):
        assert abs(one.pos - of.pos) <= 5
        assert one.ref == LETTERS[one.pos - 1] and one.alt != one.ref
    assert null.draw(variants(40, start=100), 40, places, seed=1) == found
    assert null.draw(variants(40, start=100), 40, places, seed=2) != found


def test_each_variant_is_as_likely_to_be_drawn(places):
    counts = Counter()
    for seed in range(2000):
        (one,) = null.draw(variants(4, start=100), 1, places, seed)
        counts[one.pos] += 1
    # Windows of 100 to 103 reach from 95 to 108: all four hold 98 to 105, one holds 95.
    assert sum(counts.values()) == 2000
    assert counts[95] == pytest.approx(2000 / 4 / 11, rel=0.4)
    assert counts[100] == pytest.approx(2000 / 11, rel=0.25)


def test_what_has_no_letters_gives_none(places):
    assert null.draw(variants(9, start=314), 9, places, 0) == []
    assert null.draw(variants(5, status="symbolic"), 5, places, 0) == []
    assert null.draw([Variant("chr9", 50, ".", "A", "C")], 5, places, 0) == []
    assert null.draw(variants(5), 0, places, 0) == []


def test_percentiles_of_few_random_effects_by_hand():
    of = Null(["ACGT"] * 4, np.zeros(4), np.array([-1.0, 2, 3, 4]))
    sizes = np.array([0.5, 1, -2.5, 9])
    assert of.percentile(["ACGT"] * 4, np.zeros(4), sizes).tolist() == [0, 12.5, 50, 100]


def test_effects_are_compared_with_those_of_like_elements():
    """Elements rich in GC, and active ones, have larger effects; neither moves a percentile."""
    rng, number = np.random.default_rng(0), 8000
    rich = rng.integers(2, size=number)
    texts = [("GC" if one else "AT") * 5 for one in rich]
    activity = rng.uniform(1, 3, number)
    effect = rng.normal(size=number) * activity * (1 + 9 * rich)
    of = Null(texts[:4000], activity[:4000], effect[:4000])
    found = of.percentile(texts[4000:], activity[4000:], effect[4000:])
    assert found.mean() == pytest.approx(50, abs=2)
    for part in (rich[4000:] == 1, activity[4000:] > 2.5):
        assert found[part].mean() == pytest.approx(50, abs=4)


def test_gc_content():
    assert null.gc_content(["ACGT", "NNGC", "AAAA"]).tolist() == [0.5, 0.5, 0]
