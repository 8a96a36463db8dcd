"""Time `degu.tracks.summarise` on made replicates, beside a base-by-base way through text.

    python tests/bench/bench_tracks.py [--megabases 100] [--peer-megabases 10]

The tracks are steps of 20 to 50 bases. The peer reads the same three files with pyBigWig's
`values`, takes mean and standard deviation at every base, writes each run of one value as a line
of bedGraph, and turns that text into bigWig. Both run in processes of their own: on the part
that the peer is given, whose ratio is shown, and `summarise` on the whole as well.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np
import pyBigWig

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow_scripts"))

from degu import tracks

REPLICATES = 3
CHUNK = 1_000_000


def simulate(folder: Path, megabases: int) -> None:
    """Write the replicates of one chromosome: steps of 20-50 bases, gamma-distributed values."""
    size = megabases * 1_000_000
    folder.mkdir()
    for replicate in range(REPLICATES):
        rng = np.random.default_rng(replicate)
        edges = np.append(0, np.cumsum(rng.integers(20, 51, size // 20)))
        edges = np.append(edges[edges < size], size)
        values = rng.gamma(0.5, 2, len(edges) - 1).round(5)
        with pyBigWig.open(str(folder / f"{replicate}.bw"), "w") as file:
            file.addHeader([("chr1", size)])
            for part in np.array_split(np.arange(len(values)), megabases):
                file.addEntries(
                    ["chr1"] * len(part), edges[part], ends=edges[part + 1], values=values[part]
                )


def summarise(folder: Path) -> None:
    """Run what is measured."""
    tracks.summarise(_replicates(folder), folder / "mean.bw", folder / "std.bw")


def peer(folder: Path) -> None:
    """Run the way through values and text."""
    files = [pyBigWig.open(path) for path in _replicates(folder)]
    size = files[0].chroms("chr1")
    texts = [folder / "mean.bedgraph", folder / "std.bedgraph"]
    with texts[0].open("w") as mean, texts[1].open("w") as std:
        for start in range(0, size, CHUNK):
            end = min(start + CHUNK, size)
            values = [np.nan_to_num(file.values("chr1", start, end, numpy=True)) for file in files]
            values = np.stack(values).astype(float)
            _write_text(mean, start, np.float32(values.mean(axis=0)))
            _write_text(std, start, np.float32(values.std(axis=0, ddof=1)))
    for text in texts:
        _text_to_bigwig(text, size)


def _replicates(folder: Path) -> list[str]:
    return [str(folder / f"{replicate}.bw") for replicate in range(REPLICATES)]


def _write_text(file, offset: int, values: np.ndarray) -> None:
    breaks = np.flatnonzero(values[1:] != values[:-1]) + 1
    edges = [0, *breaks.tolist(), len(values)]
    runs = zip(edges[:-1], edges[1:], values[edges[:-1]].tolist(), strict=True)
    file.writelines(f"chr1\t{offset + start}\t{offset + end}\t{v}\n" for start, end, v in runs)


def _text_to_bigwig(path: Path, size: int) -> None:
    with path.open() as text, pyBigWig.open(str(path.with_suffix(".peer.bw")), "w") as file:
        file.addHeader([("chr1", size)], maxZooms=0)  # as `summarise` does
        while lines := list(islice(text, 100_000)):
            names, starts, ends, values = zip(*(line.split() for line in lines), strict=True)
            file.addEntries(
                list(names),
                list(map(int, starts)),
                ends=list(map(int, ends)),
                values=list(map(float, values)),
            )


def measure(way: str, folder: Path) -> tuple[float, float]:
    """Seconds and peak MB of one way in a process of its own, which starts with the imports."""
    command = [sys.executable, __file__, "--run", way, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def compare(folder: Path) -> None:
    """Raise unless both ways gave the same tracks, base for base."""
    for track in ("mean", "std"):
        paths = [folder / f"{track}.bw", folder / f"{track}.peer.bw"]
        with pyBigWig.open(str(paths[0])) as ours, pyBigWig.open(str(paths[1])) as theirs:
            for start in range(0, ours.chroms("chr1"), CHUNK):
                region = ("chr1", start, min(start + CHUNK, ours.chroms("chr1")))
                np.testing.assert_array_equal(
                    ours.values(*region, numpy=True), theirs.values(*region, numpy=True)
                )


def main(megabases: int, peer_megabases: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        part, whole = Path(scratch) / "part", Path(scratch) / "whole"
        simulate(part, peer_megabases)
        simulate(whole, megabases)
        rows = [
            ("peer", peer_megabases, *measure("peer", part)),
            ("summarise", peer_megabases, *measure("summarise", part)),
            ("summarise", megabases, *measure("summarise", whole)),
        ]
        compare(part)
    print("way\tMb\tseconds\tpeak_MB")
    for way, size, seconds, megabytes in rows:
        print(f"{way}\t{size}\t{seconds:.1f}\t{megabytes:.0f}")
    print(f"peer / summarise on {peer_megabases} Mb: {rows[0][2] / rows[1][2]:.1f}")


def run(way: str, folder: Path) -> None:
    """Run one way and print its seconds and this process's peak MB."""
    start = time.perf_counter()
    {"summarise": summarise, "peer": peer}[way](folder)
    seconds = time.perf_counter() - start
    # Not getrusage: its peak takes over what the parent had in memory before exec.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(seconds, int(peak[1]) / 1000)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabases", type=int, default=100)
    parser.add_argument("--peer-megabases", type=int, default=10)
    parser.add_argument("--run", choices=("summarise", "peer"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        run(arguments.run, arguments.folder)
    else:
        main(arguments.megabases, arguments.peer_megabases)
