"""Cards of students: every fact of a passport in words."""

import small_student
from degu.heads import Heads
from degu.students import card, passport

FACTS = {
    "picked": {"member": 1, "of": 3, "by": "largest r", "r": [0.5, 0.61234, None]},
    "trained": {
        "titles": {"dataset": "MPRA", "recipe": "DEGU", "teachers": "standard"},
        "teachers": 10,
        "licence": "CC0",
        "data": {"sequences": {"train": 20000}},
        "sequences": 5000,
        "unlabelled": {"sequences": 15000},
    },
    "test": {
        "y": {
            "r": 0.8,
            "low": 0.78,
            "high": 0.82,
            "ceiling": 0.9,
            "teacher_r": 0.77,
            "ensemble_r": 0.81,
            "published": {"r": 0.879, "model": "another"},
        },
    },
    "fidelity": {"y": {"mean_r": 0.95, "spread_r": None}},
    "versions": {"degu": "0.1.0", "keras": "3"},
}


def shown(folder, **changes):
    read = passport.read(small_student.save(folder, **changes) / "student.json")
    return list(card.lines(read)), read


def test_all_facts(tmp_path):
    paired = {("y", "paired"): small_student.calibration(kind="paired", offset=0.0)}
    effects = {"satmut": passport.Effects(13, ("AC", "G"), ["F9", "PKLR"], paired)}
    lines, read = shown(tmp_path, facts=FACTS, level=0.5, strands="both", effects=effects)
    assert lines == [
        "Student mpra/degu/1.0",
        "  takes       20 bases, inserts between ACG and TTGA, mean over both strands",
        "  predicts    y (log2): activity, aleatoric, epistemic",
        "  picked      number 1 of 3 students, by the largest r (0.612)",
        "  trained     DEGU of 10 teachers (standard), on 5,000 of 20,000 training sequences of "
        "MPRA and 15,000 without measurements",
        "  test        y: r 0.800 (0.780 to 0.820); noise ceiling 0.900; its ensemble 0.810; a "
        "mean teacher 0.770; best published 0.879 (another)",
        "  fidelity    y: r with the ensemble's mean 0.950, of the epistemic head with its spread "
        "unknown",
        "  intervals   50 % of y: mean ± 1 or 2 × (total + 0.125), calibrated on 90 measured units",
        "  effects     50 % of y: effect ± 1 or 2 × (paired), calibrated on 90 positions of satmut "
        "(F9, PKLR) in windows of 13 bases",
        "  licence     CC0",
        "  made by     degu 0.1.0, keras 3",
        f"  SHA-256     {read.sha256}",
    ]


def test_a_passport_that_knows_little(tmp_path):
    lines, read = shown(
        tmp_path, heads=Heads.of(["y"]), adaptors=("", ""), calibrations={}, profile=True
    )
    assert lines == [
        "Student mpra/degu/1.0",
        "  takes       20 bases",
        "  predicts    y (log2): activity; a profile, for each base",
        "  intervals   not calibrated",
        "  licence     not stated",
        f"  SHA-256     {read.sha256}",
    ]
