"""The laws of the simulated world on sequences made by hand."""

import math

import numpy as np
import pytest

from degu.sequences import encode, reverse_complement
from degu.simulated import world as simulated
from degu.simulated.world import WORLD, activity, coverage, noise, sites, variant_effects

# One instance of each word: general, first_cell, left, right, silencer, noisy.
GENERAL, FIRST, LEFT = "TCGGAAGTGA", "AGATAAGGGC", "ACCCACGTGCCT"
RIGHT, SILENCER, NOISY = "GTCTAACGGAGC", "TCAGCACCAA", "CATTAGCATC"


def made(length, **words):
    """Codes of one sequence of A with words at positions, given as at_POSITION=WORD."""
    letters = ["A"] * length
    for place, word in words.items():
        start = int(place.removeprefix("at_"))
        letters[start : start + len(word)] = word
    return encode(["".join(letters)])


def test_without_sites_only_baseline_and_gc_count():
    codes = encode(["A" * 100, "AC" * 50, "N" * 60 + "G" * 40])
    assert len(sites(codes)) == 0
    np.testing.assert_allclose(activity(codes), [[-0.5, -0.2], [0, -0.5], [-0.1, -0.44]])


def test_a_site_adds_its_effect():
    # 5 of 100 bases are G or C: f = 0 - 0.45 + 1.0 and -0.5 + 0.45 * 0.6 + 0.8.
    codes = made(100, at_20=GENERAL)
    np.testing.assert_allclose(activity(codes), [[0.55, 0.57]])
    np.testing.assert_allclose(noise(codes), [[0.25 * 2**0.0825, 0.25 * 2**0.0855]])


def test_sites_have_place_strand_and_occupancy():
    opposite = reverse_complement(encode([FIRST]))
    found = sites(np.concatenate([made(60), made(60, at_7=FIRST), made(60)]))
    assert found.to_dict("records") == [
        {"row": 1, "motif": 1, "start": 7, "strand": 1, "centre": 11.5, "occupancy": 1.0}
    ]
    codes = made(60)
    codes[0, 30:40] = opposite
    assert sites(codes).to_dict("records") == [
        {"row": 0, "motif": 1, "start": 30, "strand": -1, "centre": 34.5, "occupancy": 1.0}
    ]


@pytest.mark.parametrize(
    ("word", "occupancy"),
    [
        ("TCGGAAGTGA", [1.0]),
        ("ACGGAAGTGA", [0.5]),  # A small letter of tCGGAAGTGa,
        ("ACGGAAGTGT", [0.25]),  # both of them,
        ("TCGGTAGTGA", [0.25]),  # a capital,
        ("TCGGTAGTGT", [0.125]),  # one of each,
        ("TCGGTTGTGA", []),  # two capitals,
        ("NCGGAAGTGA", []),  # or an unknown base.
    ],
)
def test_mismatches_weaken_a_site(word, occupancy):
    assert sites(made(60, at_20=word)).occupancy.tolist() == occupancy


def test_every_word_and_its_opposite_are_one_site():
    for number, motif in enumerate(WORLD.motifs):
        word = motif.word.upper().translate(str.maketrans("RYSWKM", "ACCAGA"))
        codes = made(80, at_30=word)
        found = sites(np.concatenate([codes, reverse_complement(codes)]))
        assert found.motif.tolist() == [number] * 2
        assert found.strand.tolist() == [1, -1]
        assert found.occupancy.tolist() == [1, 1]


@pytest.mark.parametrize(("distance", "near"), [(12, 1), (13, 1), (30, 1), (31, 0), (60, 0)])
@pytest.mark.parametrize("turned", [False, True])
def test_partners_help_only_at_their_spacing(distance, near, turned):
    # 15 of 200 bases are G or C: 0.075 - 0.5 + 0.3 + 0.2, and -0.5 + 0.425 * 0.6 + 0.2 + 0.3.
    codes = made(200, **{"at_50": LEFT, f"at_{50 + distance}": RIGHT})
    codes = reverse_complement(codes) if turned else codes
    np.testing.assert_allclose(activity(codes), [[0.075 + 1.4 * near, 0.255 + 1.2 * near]])


@pytest.mark.parametrize(("distance", "near"), [(10, 1), (100, 1), (101, 0)])
def test_the_silencer_quenches_in_one_cell_at_short_range(distance, near):
    # 10 of 200 bases are G or C: 0.05 - 0.5 - 0.8 + 1.6, and -0.5 + 0.45 * 0.6 - 0.6 + 0.1.
    codes = made(200, **{"at_20": SILENCER, f"at_{20 + distance}": FIRST})
    np.testing.assert_allclose(activity(codes), [[0.35 - 0.7 * near, -0.73]])


def test_a_weak_partner_helps_less():
    strong = activity(made(200, at_50=LEFT, at_70=RIGHT))
    weak = activity(made(200, at_50="T" + LEFT[1:], at_70=RIGHT))  # Half the occupancy of left.
    np.testing.assert_allclose(strong - weak, [[0.15 + 0.7, 0.1 + 0.6]])


def test_the_noisy_motif_doubles_the_noise_and_nothing_else():
    # 4 of 100 bases are G or C: f is -0.46 and -0.5 + 0.46 * 0.6.
    codes = made(100, at_20=NOISY)
    np.testing.assert_allclose(activity(codes), [[-0.46, -0.224]])
    np.testing.assert_allclose(noise(codes), [[0.5 * 2**-0.069, 0.5 * 2**-0.0336]])
    two = made(100, at_20=NOISY, at_60=NOISY)
    np.testing.assert_allclose(noise(two), [[2**-0.063, 2**-0.0372]])


def test_variants_outside_sites_change_the_background_alone():
    outside = [*range(20), *range(30, 100)]
    codes = np.repeat(made(100, at_20=GENERAL), len(outside), axis=0)
    to_c = variant_effects(codes, outside, 1)
    np.testing.assert_allclose(to_c, np.tile([0.01, -0.006], (90, 1)), atol=1e-12)
    np.testing.assert_allclose(variant_effects(codes, outside, 3), 0, atol=1e-12)


def test_variants_inside_a_site_change_its_occupancy():
    codes = np.repeat(made(100, at_20=GENERAL), 2, axis=0)
    # A T for the first of its capitals, a C, and a C for its first letter, a T.
    expected = [[-0.75 - 0.01, -0.6 + 0.006], [-0.5 + 0.01, -0.4 - 0.006]]
    np.testing.assert_allclose(variant_effects(codes, [21, 20], [3, 1]), expected)


def test_both_strands_are_alike():
    rng = np.random.default_rng(3)
    codes = simulated.background(200, 230, rng)
    simulated.plant(codes, 40, rng)
    assert len(sites(codes)) > 600
    np.testing.assert_allclose(activity(reverse_complement(codes)), activity(codes), atol=1e-12)
    np.testing.assert_allclose(noise(reverse_complement(codes)), noise(codes))
    np.testing.assert_allclose(coverage(reverse_complement(codes))[:, ::-1], coverage(codes))


def test_coverage_is_a_background_and_a_peak_with_a_dip():
    codes = made(500, at_300=GENERAL)  # Its centre is 304.5, its opening 4.
    codes[0, :10] = 4
    mean = coverage(codes)[0]
    assert not mean[:10].any()
    # Bases 105 to 504 are in reach of the site.
    np.testing.assert_allclose(mean[10:105], 0.3)

    def peak(d):
        return 0.3 + 4 * (math.exp(-d * d / 7200) - 0.7 * math.exp(-d * d / 72))

    known = {304: peak(0.5), 305: peak(0.5), 290: peak(14.5), 400: peak(95.5), 105: peak(199.5)}
    np.testing.assert_allclose(mean[list(known)], list(known.values()))
    assert mean[304] < 1.6 < 4 < mean[285]
    sd = simulated.coverage_noise(mean)
    np.testing.assert_allclose(sd[[0, 50, 290]], [0, 0.11, 0.05 + 0.2 * peak(14.5)])


def test_backgrounds_have_their_base_content():
    codes = simulated.background(4000, 250, np.random.default_rng(1))
    share = np.isin(codes, (1, 2)).mean(axis=1)
    # Uniform from 0.35 to 0.65, and binomial of 250.
    variance = 0.3**2 / 12 + (0.25 - 0.3**2 / 12) / 250
    assert abs(share.mean() - 0.5) < 5 * math.sqrt(variance / 4000)
    assert share.var() == pytest.approx(variance, rel=0.1)
    counts = np.bincount(codes.ravel(), minlength=5)
    assert counts[4] == 0
    assert abs(counts[0] - counts[3]) < 5 * 1000
    assert abs(counts[1] - counts[2]) < 5 * 1000
