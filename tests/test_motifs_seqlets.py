"""Recursive seqlets against a brute-force reference, and by hand."""

import numpy as np
import pandas as pd
import pytest

from degu.motifs import seqlets


def share(sums, value):
    """p-value of a sum among those of all spans of its length, by its definition."""
    alike = [abs(other) for other in sums if other * value > 0]
    return sum(size >= abs(value) for size in alike) / len(alike) if value else 1.0


def reference(contributions, threshold, shortest, longest):
    """Call seqlets span by span."""
    n, length = contributions.shape
    spans = {
        (row, start, start + width): contributions[row, start : start + width].sum()
        for row in range(n)
        for width in range(shortest, longest + 1)
        for start in range(length - width + 1)
    }
    of_width = {}
    for (_, start, end), value in spans.items():
        of_width.setdefault(end - start, []).append(value)
    p = {span: share(of_width[span[2] - span[1]], value) for span, value in spans.items()}
    worst = {
        (row, start, end): max(
            p[row, first, last]
            for first in range(start, end)
            for last in range(first + shortest, end + 1)
        )
        for row, start, end in spans
    }
    found = []
    for row, start, end in sorted(worst, key=lambda s: (s[1] - s[2], worst[s], s[1])):
        apart = all(other != row or end <= a or b <= start for other, a, b in found)
        if worst[row, start, end] < threshold and apart:
            found.append((row, start, end))
    return sorted(found), worst


@pytest.mark.parametrize("threshold", [0.05, 0.2, 0.6])
def test_seqlets_are_those_of_the_definition(threshold):
    contributions = np.random.default_rng(0).normal(size=(6, 24)).round(3)
    contributions[:, 8:13] += 1
    contributions[2, 3] = 0
    expected, worst = reference(contributions, threshold, 3, 7)
    found = seqlets.call(contributions, threshold, 3, 7)
    assert list(found[["row", "start", "end"]].itertuples(index=False, name=None)) == expected
    assert len(expected) > 2
    np.testing.assert_allclose(found["p"], [worst[span] for span in expected], rtol=1e-6)
    sums = [contributions[row, start:end].sum() for row, start, end in expected]
    np.testing.assert_allclose(found["attribution"], sums)


def test_p_values_by_hand():
    """Two of four positive sums are at least 3, and both of two negative ones at least 1."""
    found = seqlets.p_values(np.array([[1.0, 2.0, 3.0, 4.0], [-1.0, -5.0, 0.0, 0.0]]))
    np.testing.assert_allclose(found, [[1, 0.75, 0.5, 0.25], [1, 0.5, 1, 1]])


def test_one_block_that_stands_out_is_one_seqlet():
    contributions = np.full((10, 30), 1e-3)
    contributions[4, 10:16] = 1.0
    found = seqlets.call(contributions, 0.02, 4, 6)
    expected = pd.DataFrame([(4, 10, 16)], columns=["row", "start", "end"])
    pd.testing.assert_frame_equal(found[["row", "start", "end"]], expected)
    assert found["attribution"].item() == pytest.approx(6)


def test_maps_of_zeros_have_no_seqlets():
    assert seqlets.call(np.zeros((2, 10)), 0.5, 4, 6).empty
