"""Measure how many members of a network to train side by side: `make side-by-side`, in a job's GPU.

    srun --gpus=1 --cpus-per-task=8 --mem=32G make side-by-side

Trains 1, 2, 4 and 8 members at the same time, each in a process, on made-up sequences. A row a
number: sequences/s of the slowest member and of all together, the GiB of a GPU that a member took
at most, and the gain over one member after another. The first epoch, which compiles, is left out.
"""

import argparse
import multiprocessing
import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow_scripts"))

BATCH, EPOCHS = 100, 3


def train(arguments: argparse.Namespace, members: int, seed: int) -> tuple[float, float]:
    """Train a member; return its sequences/s and the GiB of a GPU that it took at most."""
    import numpy as np
    import tensorflow as tf

    from degu import device, losses, models, training

    device.claim(None, sharers=members)
    training.start(seed, threads=1)
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (arguments.sequences, arguments.length), dtype=np.uint8)
    targets = rng.normal(size=(arguments.sequences, 2)).astype(np.float32)
    settings = training.Settings(
        batch_size=BATCH,
        epochs=EPOCHS,
        learning_rate=1e-3,
        decay=0.1,
        decay_patience=EPOCHS,
        minimum_rate=1e-7,
        patience=EPOCHS,
        warmup_steps=0,
        batchnorm_sample=0,
        reverse_complement=False,
    )
    model = models.build(arguments.architecture, arguments.length, 2)
    few = (codes[:BATCH], targets[:BATCH])
    history = training.fit(model, (codes, targets), few, losses.mse, settings, seed)
    memory = 0.0
    if tf.config.list_logical_devices("GPU"):
        memory = tf.config.experimental.get_memory_info("GPU:0")["peak"] / 2**30
    return len(codes) / history["seconds"][1:].median(), memory


def measure(arguments: argparse.Namespace, members: int) -> dict:
    """Train members at the same time, each in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(members) as pool:
        found = pool.starmap(train, [(arguments, members, seed) for seed in range(members)])
    speeds, memories = zip(*found, strict=True)
    return {"members": members, "of_one": min(speeds), "of_all": sum(speeds), "GiB": max(memories)}


def main() -> None:
    """Measure each number of members; print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "architecture", nargs="?", default="deepstarr", help="network (%(default)s)"
    )
    parser.add_argument("length", nargs="?", type=int, default=249, help="bases (%(default)s)")
    parser.add_argument("--members", nargs="+", type=int, default=[1, 2, 4, 8])
    parser.add_argument("--sequences", type=int, default=20_000, help="sequences an epoch")
    arguments = parser.parse_args()
    table = pd.DataFrame([measure(arguments, members) for members in arguments.members])
    table["gain"] = table["of_all"] / table["of_all"][0]
    print(f"{arguments.architecture}, {arguments.length} bases, batches of {BATCH}; sequences/s:")
    print(table.round({"of_one": 0, "of_all": 0, "GiB": 2, "gain": 2}).to_string(index=False))


if __name__ == "__main__":
    main()
