"""A run of two small students, of which one is worse, exported by the workflow's own scripts."""

from typing import NamedTuple

import calibrate
import export
import predict
import small_run
import small_student
from degu import calibration, dataset, heads, intervals, models, predictions
from degu.tables import distillation, join, performance
from small_networks import trained_like

LEVEL, SMALLEST = 0.9, 0.01
NETWORK = {"name": "compact_cnn", "width": 16, "kernel": 3}
SCORES = {"score": "normalised", "quantile": "finite_sample", "groups": 2}
FILES = ("predictions", "calibration", "performance", "distillation")


class Exported(NamedTuple):
    """Folder of the student, files of its run by role, and the number of the student in it."""

    folder: str
    files: dict
    member: int


def run(folder):
    """Train, predict, calibrate, measure and export."""
    data = small_run.simulate(folder / "data.h5", train=300, others=60, every=15)
    made = small_run.run(data, folder, 2, (NETWORK, NETWORK), epochs=4)
    worse = str(folder / "worse.keras")
    models.save(trained_like(models.load(made.student)), worse, heads.read(made.student))
    files = {name: str(folder / f"{name}.tsv") for name in FILES} | {
        "data": str(data),
        "models": [worse, made.student],
        "labels": made.labels,
        "unlabelled": None,
        "teachers": None,
        "effects": [str(folder / "effects.json")],
        "tuned": None,
    }
    predict.main(str(data), files["models"], made.labels, files["predictions"], None)
    told = files["predictions"], None, str(data), files["calibration"]
    calibrate.main(*told, LEVEL, smallest_std=SMALLEST, **SCORES)
    predict.main(str(data), made.teachers, None, str(folder / "theirs.h5"), None)
    students, teachers = (
        predictions.read(path) for path in (files["predictions"], folder / "theirs.h5")
    )
    measured = performance.performance(students, resamples=20)
    join.write(performance.against(measured, ["activity"]), files["performance"])
    join.write(distillation.measure(teachers, 2, students, resamples=20), files["distillation"])
    # Effects of variants are calibrated member by member.
    of = {"output": "activity", "kind": "epistemic", "edges": []}
    known = [small_student.calibration(**of, member=m, offset=float(m)) for m in ("0", "1")]
    intervals.write(files["effects"][0], known)
    out = folder / "student"
    out.mkdir()
    export.main(
        files=files,
        model=str(out / "student.keras"),
        output=str(out / "student.json"),
        run="mpra/degu/1.0",
        seed=0,
        training={
            "teachers": 2,
            "licence": "",
            "titles": {"dataset": "MPRA"},
            "architecture": NETWORK,
            "settings": {},
            "recipe": {},
        },
        targets={"activity": ["activity", "log2"]},
        measured=["activity"],
        published={"activity": "lentimpra/K562"},
        adaptors=["", ""],
        strands="forward",
        level=LEVEL,
        smallest_std=SMALLEST,
        effects={"satmut": {"window": 50, "adaptors": ["ACGTA", "ACGTA"], "loci": ["F9", "PKLR"]}},
    )
    return Exported(out, files, member=1)


def units(files):
    """Measured units of the validation set that choose epochs."""
    data = dataset.Dataset(files["data"])
    return data.units("validation")[data.selects()]


def levels():
    """Levels at which the run is calibrated."""
    return sorted({LEVEL, *calibration.LEVELS})
