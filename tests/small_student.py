"""A small student with its passport, as the workflow exports them."""

import numpy as np

from degu import models
from degu.heads import Heads
from degu.intervals import Calibration
from degu.students import passport
from small_networks import small, trained_like

LENGTH = 20
HEADS = Heads.of(["y"], "aleatoric", "epistemic")
ADAPTORS = ("ACG", "TTGA")


def calibration(output="y", kind="total", **changes):
    """Factors of two groups, which are bounded at 0.25, at two levels."""
    fields = {
        "member": "1",
        "output": output,
        "kind": kind,
        "number": 100,
        "units": 90,
        "raised": 0.0,
        "offset": 0.125,
        "edges": [0.25],
        "factors": {0.5: [1.0, 2.0], 0.9: [3.0, np.inf]},
    }
    return Calibration(**fields | changes)


def save(
    folder, heads=HEADS, strands="forward", architecture="compact_cnn", length=LENGTH, **changes
):
    """Write student.keras and student.json into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    model = trained_like(small(architecture, length, len(heads)))
    models.save(model, folder / "student.keras", heads)
    calibrated = [calibration(activity) for activity in heads.activities]
    fields = {
        "run": "mpra/degu/1.0",
        "sha256": passport.hash_of(folder / "student.keras"),
        "heads": heads,
        "units": dict.fromkeys(heads.activities, "log2"),
        "length": length,
        "profile": False,
        "adaptors": ADAPTORS,
        "strands": strands,
        "level": 0.9,
        "smallest_std": 0.001,
        "calibrations": {(one.output, one.kind): one for one in calibrated},
        "facts": {},
    }
    passport.write(folder / "student.json", passport.Passport(**fields | changes))
    return folder
