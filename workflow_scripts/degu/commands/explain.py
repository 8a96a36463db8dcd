"""Explain sequences with a student: maps of each base's part in a prediction, and logos."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from degu.commands import asked
from degu.job import InputError
from degu.students import passport
from degu.students.inputs import Window
from degu.students.passport import Passport

EXAMPLES = """\
examples:
  degu explain results/students/my_mpra/degu/1.0 designs.fa --out maps.h5 --logos logos.pdf
  degu explain student/ designs.fa --method ism --head activity_epistemic --out epistemic.h5
  degu explain student/ peaks.bed --genome hg38.fa --fit centre --method deepshap --out maps.h5
"""
METHODS = ("saliency", "tism", "ism", "deepshap", "integrated_gradients")
# Sequences that are shown as logos.
SHOWN = 20
# Bases that are explained at once: maps and references are larger than predictions.
_BASES = 1 << 16


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    asked.describe(parser)
    told = "HDF5 file of the maps, to be written"
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=told)
    told = f"PDF or PNG, to be written, with logos of the first {SHOWN} sequences"
    parser.add_argument("--logos", type=Path, metavar="FILE", help=told)
    told = "saliency without it; ism predicts every substitution, deepshap is exact for each pair"
    parser.add_argument("--method", choices=METHODS, default="saliency", help=told)
    told = "head to explain, also several times; without it all activities"
    parser.add_argument("--head", action="append", metavar="NAME", help=told)
    told = "dinucleotide shuffles of each sequence as references, 20 without it"
    parser.add_argument("--references", type=int, default=20, metavar="NUMBER", help=told)
    told = "seed of the shuffles, 0 without it"
    parser.add_argument("--seed", type=int, default=0, metavar="NUMBER", help=told)


def run(arguments: argparse.Namespace) -> None:
    """Write the maps block by block, then logos of the first sequences.

    Raises
    ------
    InputError
        For a student or sequences that cannot be used, or a head that there is not.
    """
    asked.check(arguments)
    if arguments.references < 1:
        arguments.misused(f"--references {arguments.references}: at least 1 is needed")
    if arguments.logos and arguments.logos.suffix not in (".pdf", ".png"):
        arguments.misused(f"--logos {arguments.logos}: a name that ends in .pdf or .png is needed")
    model, of_student = passport.checked(arguments.student)
    outputs = outputs_of(arguments.head, of_student)
    for path in filter(None, (arguments.out, arguments.logos)):
        asked.check_writable(path)
    # TensorFlow starts once the arguments are known to be right.
    import tensorflow as tf

    from degu import device
    from degu.attribution import streamed
    from degu.students import loaded

    device.claim("any")
    # It warns of functions that are compiled for each block, which have little part in the time.
    tf.get_logger().setLevel("ERROR")
    student = loaded.Student(model, of_student)
    streamed.write(
        arguments.out,
        student.model,
        student.heads,
        outputs,
        named(asked.blocks(arguments, of_student, _BASES)),
        arguments.method,
        arguments.references,
        seed=arguments.seed,
    )
    if arguments.logos:
        draw(arguments.out, arguments.logos, arguments.method)


def outputs_of(names: list[str] | None, of_student: Passport) -> list[int]:
    """Return the indices of the heads asked for; those of all activities without names."""
    heads = of_student.heads
    for name in names or ():
        if name not in heads.names:
            raise InputError(f"There is no head {name!r}: heads are {', '.join(heads.names)}.")
    return [heads.column(name) for name in dict.fromkeys(names or heads.activities)]


def named(
    blocks: Iterator[tuple[list[Window], np.ndarray]],
) -> Iterator[tuple[list[str], np.ndarray]]:
    """Name the windows of blocks: name:start-end where a sequence was cut, padded or widened."""
    for some, codes in blocks:
        yield [one.title for one in some], codes


def draw(maps: Path, output: Path, method: str) -> None:
    """Draw logos of the first sequences, a line each."""
    from degu.attribution import streamed
    from degu.plotting import logos

    logos.write(logos.of_maps(streamed.first(maps, SHOWN), method), output)
