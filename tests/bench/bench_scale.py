"""Peak memory of trainings by the size of the data set, which is made on the way.

A million and ten million sequences of 249 bases; a tenth and a fifth of a human genome of profiles
in windows of 3,072 bases: a teacher and a student of each, by the workflow's own scripts on the
paper's networks. One epoch reads everything, but takes two steps of each pool. Each training is a
process of its own. It takes half an hour and 8 GB of the temporary folder (TMPDIR); run by
`make bench-scale`.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow_scripts"))

from degu import dataset, feed
from degu.heads import Heads

WINDOW, CROP, GENOME = 3072, 2048, 3_100_000_000
CASES = [("activities", 10**6), ("activities", 10**7)]
CASES += [("profiles", GENOME // share // WINDOW) for share in (10, 5)]
HEADS = {"activities": Heads.of(["Dev", "Hk"]), "profiles": Heads.of(["atac"], "aleatoric")}
NETWORKS = {"activities": "deepstarr", "profiles": "cnn_task_base"}
STEPS = 2
SETTINGS = {
    "batch_size": 100,
    "epochs": 1,
    "learning_rate": 1e-3,
    "decay": 0.1,
    "decay_patience": 5,
    "minimum_rate": 1e-7,
    "patience": 1,
    "warmup_steps": 0,
    "batchnorm_sample": 512,
    "reverse_complement": True,
}


def simulate(folder: Path, task: str, number: int) -> None:
    """Write random sequences and targets, a hundredth of them for validation, and their labels."""
    heads, profile, rng = HEADS[task], task == "profiles", np.random.default_rng(0)
    length, dtype = (WINDOW, "float16") if profile else (249, "float32")
    with h5py.File(folder / "data.h5", "w") as data, h5py.File(folder / "labels.h5", "w") as labels:
        data.attrs["crop"] = CROP if profile else length
        labels.attrs["heads"] = heads.to_json()
        writer = dataset.Writer(data, length, heads.names, heads.activities, profile, dtype)
        writer.count([])
        for split, n in [("train", number), ("validation", number // 100), ("test", 100)]:
            shape = (length,) if profile else ()
            mean = labels.create_dataset(f"{split}/mean", (n, *shape, len(heads)), dtype)
            std = labels.create_dataset(f"{split}/std", (n, *shape, len(heads.activities)), dtype)
            block = 5120 if profile else 102_400
            for at in range(0, n, block):
                rows = min(block, n - at)
                codes = rng.integers(0, 4, (rows, length), dtype=np.uint8)
                targets = rng.random((rows, *shape, len(heads)), np.float32).astype(dtype)
                names = np.arange(at, at + rows).astype(str)
                writer.append(split, codes, targets, names)
                mean[at : at + rows] = targets
                std[at : at + rows] = targets[..., : len(heads.activities)]


def train(folder: Path, task: str, kind: str) -> None:
    """Train a member; print bytes of its files, peak GB of this process, steps a second."""
    import train_student
    import train_teacher
    from degu.training import loop

    taken, seconds, pools, run_epoch = [], [], feed.pools, loop._run_epoch

    def few(*arguments):
        for codes, targets, batches in pools(*arguments):
            taken.append(len(batches[:STEPS]))
            yield codes, targets, batches[:STEPS]

    def timed(*arguments):
        start = time.monotonic()
        loss = run_epoch(*arguments)
        seconds.append(time.monotonic() - start)
        return loss

    feed.pools, loop._run_epoch = few, timed
    student = {"scale": "std", "weights": {"epistemic": 1, "aleatoric": 1}}
    arguments = {
        "data": str(folder / "data.h5"),
        "fraction": 1.0,
        "fraction_seed": 0,
        "architecture": {"name": NETWORKS[task]},
        "settings": SETTINGS,
        "seed": 1,
        "threads": 1,
        "model_path": str(folder / "0.keras"),
        "history_path": str(folder / "0.tsv"),
    }
    if kind == "teacher":
        aleatoric = len(HEADS[task].of_kind("aleatoric")) > 0
        asked = {"trainings": {}, "explain": {}, "regions": {}, "windows": {}}
        train_teacher.main(recipe={"aleatoric": aleatoric}, asked=asked, **arguments)
    else:
        labels = str(folder / "labels.h5")
        train_student.main(labels=labels, unlabelled=[], teachers=[], recipe=student, **arguments)
    # Not getrusage: its peak takes over what the parent had in memory before exec.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(int(peak[1]) / 1e6, sum(taken) / sum(seconds))


def main() -> None:
    """Print the table."""
    print("task\tnumber\tmember\tfile_GB\tpeak_GB\tsteps/s")
    for task, number in CASES:
        with tempfile.TemporaryDirectory() as folder:
            simulate(Path(folder), task, number)
            for kind in ("teacher", "student"):
                command = [sys.executable, __file__, folder, task, kind]
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                peak, rate = map(float, done.stdout.split()[-2:])
                files = ["data.h5", *(["labels.h5"] if kind == "student" else [])]
                size = sum(Path(folder, file).stat().st_size for file in files) / 1e9
                print(f"{task}\t{number}\t{kind}\t{size:.2f}\t{peak:.2f}\t{rate:.2f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        train(Path(sys.argv[1]), *sys.argv[2:])
    else:
        main()
