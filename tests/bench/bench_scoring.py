"""Score substitutions of a made-up genome beside two predictions a variant; memory; the screen.

    python tests/bench/bench_scoring.py

All three alternatives of each position are scored by a student with ten heads of teachers. The peer
predicts both alleles of each variant in batches of 512, and writes nothing. Memory is the peak of a
process of its own. The screen keeps substitutions whose effect to first order reaches that of a
share of them; what it loses is counted among the largest effects.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pyfaidx

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow_scripts"))

from degu import models, students
from degu.attribution.substitutions import first_order
from degu.heads import Heads
from degu.sequences import encode
from degu.students import passport
from degu.variants import scores

LENGTH, TEACHERS, VARIANTS = 230, 10, 100_000
MEASURED = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from degu import students
from degu.variants import scores
student, vcf, genome, out = sys.argv[2:]
scores.write(students.load(student), vcf, genome, [out], random=0)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def made(folder: Path) -> str:
    """Write a student and a genome; return its letters."""
    keras.utils.set_random_seed(0)
    heads = Heads.of(["y"]).with_members(TEACHERS)
    model = models.build("compact_cnn", LENGTH, len(heads), width=128, kernel=9)
    models.save(model, folder / "student.keras", heads)
    fields = {"run": "bench", "sha256": passport.hash_of(folder / "student.keras"), "heads": heads}
    fields |= {"units": {"y": ""}, "length": LENGTH, "profile": False, "adaptors": ("", "")}
    fields |= {"strands": "forward", "level": 0.9, "smallest_std": 1e-3}
    of = passport.Passport(**fields, calibrations={}, facts={})
    passport.write(folder / "student.json", of)
    letters = "".join(np.random.default_rng(0).choice([*"ACGT"], VARIANTS // 3 + 1000))
    (folder / "hg.fa").write_text(f">chr1\n{letters}\n")
    pyfaidx.Faidx(str(folder / "hg.fa")).close()
    return letters


def write(path: Path, letters: str, number: int) -> list[tuple[int, str]]:
    """Write a VCF of so many substitutions; return position and alternative of each."""
    lines, found = ["##fileformat=VCFv4.3", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"], []
    for pos in range(500, 500 + -(-number // 3)):
        ref = letters[pos - 1]
        alternatives = "ACGT".replace(ref, "")
        lines.append(f"chr1\t{pos}\t.\t{ref}\t{','.join(alternatives)}\t.\t.\t.")
        found += [(pos, alt) for alt in alternatives]
    path.write_text("\n".join(lines) + "\n")
    return found


def naive(student: students.Student, letters: str, variants: list[tuple[int, str]]) -> np.ndarray:
    """Predict both alleles of each variant."""
    index, effects = (LENGTH - 1) // 2, []
    for at in range(0, len(variants), 256):
        texts = []
        for pos, alt in variants[at : at + 256]:
            start = pos - 1 - index
            ref = letters[start : start + LENGTH]
            texts += [ref, ref[:index] + alt + ref[index + 1 :]]
        predicted = student.predict(encode(texts))[:, 0]
        effects.append(predicted[1::2] - predicted[::2])
    return np.concatenate(effects)


def main() -> None:
    """Print variants a second of each way, peaks of memory, and what the screen loses."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        letters = made(folder)
        student, vcf, out = students.load(folder), folder / "my.vcf", folder / "my.tsv"
        small = write(folder / "small.vcf", letters, VARIANTS // 10)
        write(vcf, letters, VARIANTS)
        naive(student, letters, small[:600])
        start = time.perf_counter()
        expected = naive(student, letters, small)
        peer = len(small) / (time.perf_counter() - start)
        start = time.perf_counter()
        counts = scores.write(student, vcf, folder / "hg.fa", [out], random=0)
        ours = counts.total() / (time.perf_counter() - start)
        found = pd.read_table(out)["effect"].to_numpy()
        gap = np.abs(found[: len(small)] - expected).max()
        print("way\tvariants a second\ttimes the peer")
        print(f"two predictions\t{peer:.0f}\t1\nscore\t{ours:.0f}\t{ours / peer:.2f}")
        explain = first_order(student.model, [0])
        size = np.abs(found)
        top = size >= np.quantile(size, 0.99)
        for share in (0.5, 0.2, 0.1):
            threshold = float(np.quantile(size, 1 - share))
            start = time.perf_counter()
            screened = explain, threshold
            counts = scores.write(
                student, vcf, folder / "hg.fa", [out], random=0, screened=screened
            )
            speed = counts.total() / (time.perf_counter() - start)
            kept = pd.read_table(out)["status"].to_numpy() == "scored"
            lost = f"{(~kept[top]).mean():.1%} of the largest 1 % lost"
            print(f"screen, {kept.mean():.0%} kept\t{speed:.0f}\t{speed / peer:.2f}\t{lost}")
        print(f"largest difference of an effect: {gap:.1e}")
        package = Path(__file__).parents[2] / "workflow_scripts"
        for path in (folder / "small.vcf", vcf):
            words = [sys.executable, "-c", MEASURED, package, folder, path, folder / "hg.fa", out]
            said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
            print(f"{path.stem}.vcf: peak of {float(said):.0f} MB")


if __name__ == "__main__":
    main()
