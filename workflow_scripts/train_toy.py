"""Train an ensemble and its students on a one-dimensional function."""

from degu import toy, training
from degu.job import begin, seed
from degu.tables import join

if __name__ == "__main__":
    begin(snakemake)
    own = seed(snakemake.params.base_seed, "toy")
    training.start(own, snakemake.threads)
    join.write(toy.simulate(own), snakemake.output[0])
