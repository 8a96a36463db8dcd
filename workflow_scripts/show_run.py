"""Show what a run cost, and the versions and seeds that it was made with."""

import platform

import pandas as pd

from degu.job import begin
from degu.report import costs, page

PACKAGES = ["snakemake", "tensorflow", "keras", "evoaug-tf", "shap", "numpy", "pandas", "scipy"]
PACKAGES += ["h5py", "matplotlib", "logomaker", "pyBigWig", "pyfaidx", "itables"]


def main(benchmarks: str, lock: str, seed: int, reseed: dict, output: str) -> None:
    """Benchmarks are read as they lie there: they are no files that the workflow knows."""
    pinned, found = costs.pins(lock), costs.installed(PACKAGES)
    software = pd.DataFrame(
        [(name, pinned.get(name, ""), found.get(name, "")) for name in PACKAGES],
        columns=["package", "pinned", "found"],
    )
    page.write(
        output,
        "run.html",
        costs=costs.costs(benchmarks),
        software=software,
        version=costs.code_version(),
        seed=seed,
        reseed=[f"{member}: {number}" for member, number in reseed.items()],
        python=platform.python_version(),
        platform=platform.platform(terse=True),
    )


if __name__ == "__main__":
    begin(snakemake)
    main(
        benchmarks=snakemake.params.benchmarks,
        lock=snakemake.input.lock,
        seed=snakemake.params.seed,
        reseed=snakemake.params.reseed,
        output=snakemake.output[0],
    )
