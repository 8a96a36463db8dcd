"""Write the raw files of the simulated world."""

from pathlib import Path

from degu.job import log_to, seed
from degu.simulated.files import simulate

if __name__ == "__main__":
    log_to(snakemake.log[0])
    simulate(
        Path(snakemake.output.truth).parent,
        seed=seed(snakemake.params.base_seed, "simulated"),
        **snakemake.params.sizes,
    )
