"""Ridge regression on k-mer counts: counts by hand and by letters, fits against scikit-learn."""

from collections import Counter

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from degu import ridge
from degu.sequences import decode, encode, reverse_complement

RNG = np.random.default_rng(0)


def drawn(n, length=30):
    return RNG.integers(0, 4, (n, length), dtype=np.uint8)


def test_counts_by_hand():
    """Words are A or T, C or G; AA, AC, AG, AT, CA, CC, CG, GA, GC, TA."""
    found = ridge.counts(encode(["AACG", "TNCG"]), 2)
    assert found.dtype == np.float32
    assert found.tolist() == [
        [2, 2, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0],
        [1, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
    ]


def test_counts_are_those_of_letters():
    codes = drawn(4, 200)
    opposite = reverse_complement(codes)
    found = ridge.counts(codes)
    assert found.shape == (4, 2 + 10 + 32 + 136 + 512 + 2080)
    for row, *texts in zip(found, decode(codes), decode(opposite), strict=True):
        ahead, behind = texts
        words = Counter(
            min(ahead[at : at + k], behind[len(behind) - at - k :][:k])
            for k in range(1, 7)
            for at in range(len(ahead) - k + 1)
        )
        expected = sorted(words.items(), key=lambda item: (len(item[0]), item[0]))
        assert row[row > 0].tolist() == [number for _, number in expected]


def test_both_strands_have_the_same_counts():
    codes = drawn(5)
    np.testing.assert_array_equal(ridge.counts(codes), ridge.counts(reverse_complement(codes)))


def test_fit_and_choice_of_the_penalty_are_those_of_scikit_learn(monkeypatch):
    """Counted in blocks; each target by itself."""
    monkeypatch.setattr(ridge, "ROWS", 64)
    codes, other, new = drawn(300), drawn(100), drawn(50)
    words = [ridge.counts(some, 3) for some in (codes, other, new)]
    effects = RNG.normal(size=(words[0].shape[1], 2))
    noise = [1.0, 30.0]
    targets, held = (x @ effects + RNG.normal(0, noise, (len(x), 2)) + 7 for x in words[:2])
    fitted = ridge.fit((codes, targets), (other, held), 3)
    for at in range(2):
        tried = {alpha: Ridge(alpha).fit(words[0], targets[:, at]) for alpha in ridge.ALPHAS}
        errors = {
            alpha: np.mean((one.predict(words[1]) - held[:, at]) ** 2)
            for alpha, one in tried.items()
        }
        best = min(errors, key=errors.get)
        assert fitted.alphas[at] == best
        np.testing.assert_allclose(
            fitted.predict(new)[:, at], tried[best].predict(words[2]), rtol=1e-4, atol=1e-4
        )
    # The noisy one asks for more.
    assert fitted.alphas[0] < fitted.alphas[1]


def test_words_are_no_longer_than_sequences():
    codes, targets = drawn(40, 2), RNG.normal(size=(40, 1))
    fitted = ridge.fit((codes, targets), (codes, targets))
    assert fitted.longest == 2 and fitted.weights.shape == (12, 1)


@pytest.mark.parametrize("planted", [0.0, 1.0])
def test_a_planted_word_is_found_and_noise_is_not(planted):
    codes = drawn(1500, 40)
    has = ridge.counts(codes, 4)[:, [-1]]
    targets = planted * has + RNG.normal(0, 0.1, has.shape)
    train, validation, test = (slice(0, 1000), slice(1000, 1250), slice(1250, 1500))
    fitted = ridge.fit((codes[train], targets[train]), (codes[validation], targets[validation]), 4)
    r = np.corrcoef(fitted.predict(codes[test])[:, 0], targets[test, 0])[0, 1]
    assert r > 0.9 if planted else abs(r) < 0.2
