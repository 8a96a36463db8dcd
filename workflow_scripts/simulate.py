"""Write the raw files of the simulated world."""

from pathlib import Path

from degu.job import begin, seed
from degu.simulated.files import simulate

if __name__ == "__main__":
    begin(snakemake)
    simulate(
        Path(snakemake.output.truth).parent,
        seed=seed(snakemake.params.base_seed, "simulated"),
        **snakemake.params.sizes,
    )
