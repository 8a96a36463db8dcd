"""Costs of a run and what it was made with: benchmarks, versions, the state of the code."""

import importlib.metadata
import re
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[3]


def costs(benchmarks: str | Path) -> pd.DataFrame:
    """Sum the benchmarks of each rule.

    Parameters
    ----------
    benchmarks
        Folder with a folder a rule, or a file of a rule with one job; files that are still written
        start with a dot.

    Returns
    -------
    table : DataFrame
        See `summed`.
    """
    files = sorted(path for path in Path(benchmarks).rglob("*") if path.is_file())
    return summed(
        read(
            (Path(file.relative_to(benchmarks).parts[0]).stem, file)
            for file in files
            if not file.name.startswith(".")
        )
    )


def read(files: Iterable[tuple[str, str | Path]]) -> pd.DataFrame:
    """Read benchmarks of jobs.

    Parameters
    ----------
    files
        Rule and file of each.

    Returns
    -------
    table : DataFrame
        rule, and the columns of the files, among them s (seconds) and max_rss (MB, NaN for a job
        that ended before its memory was measured).
    """
    tables = [pd.read_table(file, na_values="-").assign(rule=rule) for rule, file in files]
    return pd.concat([pd.DataFrame(columns=["rule", "s", "max_rss"], dtype=float), *tables])


def summed(benchmarks: pd.DataFrame) -> pd.DataFrame:
    """Sum benchmarks by rule.

    Parameters
    ----------
    benchmarks
        Table from `read`.

    Returns
    -------
    table : DataFrame
        rule, jobs, hours (of wall time, summed), longest (hours of one job), memory (GB of resident
        memory, of the largest job); the most expensive rule first.
    """
    by_rule = benchmarks.groupby("rule")
    table = pd.DataFrame(
        {
            "jobs": by_rule.size(),
            "hours": by_rule["s"].sum() / 3600,
            "longest": by_rule["s"].max() / 3600,
            "memory": by_rule["max_rss"].max() / 1024,
        }
    )
    return table.sort_values("hours", ascending=False).reset_index()


def pins(lock: str | Path) -> dict[str, str]:
    """Versions by package of a lock file."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", Path(lock).read_text(), re.MULTILINE))


def installed(packages: Iterable[str]) -> dict[str, str]:
    """Versions of the packages that this Python has."""
    found = {}
    for package in packages:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def code_version(root: Path = ROOT) -> str:
    """Version of the code, and where it lies in a git repository its commit."""
    version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    git = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        said = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return version
    return f"{version}, commit {said}"
