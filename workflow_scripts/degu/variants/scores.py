"""Score a VCF with a student: one table, in constant memory, whole or a shard of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from degu import progress
from degu.genome import Genome
from degu.job import InputError, log
from degu.lengths import check_window
from degu.shards import WHOLE, Shard
from degu.variants import null, outputs, screen, vcf
from degu.variants.null import Null
from degu.variants.placed import Places
from degu.variants.scoring import BLOCK, Scorer
from degu.variants.vcf import SCORED, Variant

if TYPE_CHECKING:
    from degu.students.loaded import Student
    from degu.students.passport import Effects, Passport

# Effects to first order of all substitutions (activities, n, length, 4) of codes (n, length).
Explain = Callable[[np.ndarray], np.ndarray]
_NOT_SCORED = {
    "ref_mismatch": "have another reference allele than the genome: is it the same assembly?",
    "no_contig": "lie on sequences that the genome lacks",
    "symbolic": "are symbolic alleles such as <DEL>",
    "breakend": "are breakends of structural variants",
    "spanning_deletion": "are * alleles, of a deletion that another record holds",
    "no_alternative": "have no alternative allele",
    "iupac": "have other letters than ACGT",
    "long": "have an allele longer than half of the window",
    "edge": "lie too near the end of their chromosome",
    "screened_out": "have an effect below the screen to first order",
}


def write(
    student: "Student",
    variants: str | Path,
    genome: str | Path,
    paths: Sequence[str | Path],
    *,
    level: float | None = None,
    window: int | None = None,
    effects: str | None = None,
    random: int = 2000,
    screened: tuple[Explain, float] | None = None,
    shard: Shard = WHOLE,
    stop: bool = False,
    seed: int = 0,
) -> Counter:
    """Score the variants of a VCF, block by block.

    On a terminal a progress bar says how far it is. The file is read twice: first to check it, to
    count its variants, and to draw random ones.

    Parameters
    ----------
    student
        From `degu.students.load`.
    variants
        VCF, bgzipped or not.
    genome
        FASTA with its index.
    paths
        Files to write (`degu.variants.outputs`).
    level
        Level of intervals and calls; by default that of the student's passport.
    window
        Bases of the genome around a variant; by default those of the variants that calibrate
        effects, else what the student takes without adaptors.
    effects
        Name of the measured variants whose calibration intervals have, of those in the passport;
        by default the first one with this window. Without any intervals are Gaussian.
    random
        Number of random substitutions that effects are compared with; 0 for no percentiles.
    screened
        Effects to first order, and the smallest one that is worth a prediction; None for all.
    shard
        Share of the variants; all shards draw the same random substitutions.
    stop
        Whether a reference allele that is not the genome's ends the job.
    seed
        Seed of the random substitutions.

    Returns
    -------
    counts : Counter
        Variants by status.

    Raises
    ------
    InputError
        For files that cannot be read or written, a student of profiles, a level, window or
        calibration that the student does not have, a VCF without variants, or one of which none is
        scored.
    """
    outputs.check_endings(paths)
    passport = student.passport
    if passport.profile:
        raise InputError(f"{student.path} predicts profiles: variants need single activities.")
    level = passport.level if level is None else level
    measured = _measured(passport, effects, window, level)
    left, right = adaptors = measured.adaptors if measured else tuple(passport.adaptors)
    if window is None:
        window = measured.window if measured else student.length - len(left) - len(right)
    check_window(window, len(left), len(right), student.length)
    adaptors = ("", "") if window == student.length else adaptors
    with Genome(genome) as opened:
        places = Places(opened, window)
        number, draws = _read_once(variants, random, places, seed)
        scorer = Scorer(
            predict=student.predict,
            heads=student.heads,
            places=places,
            adaptors=adaptors,
            level=level,
            smallest_std=passport.smallest_std,
            calibrations=measured.calibrations if measured else {},
        )
        scorer.null = _null(draws, scorer)
        if screened is not None:
            explain, threshold = screened
            scorer.screen = partial(
                screen.worth, explain=explain, places=places, adaptors=adaptors,
                threshold=threshold,
            )  # fmt: skip
        first, last = (number * past // shard.of for past in (shard.number - 1, shard.number))
        own = islice(vcf.read(variants), first, last)
        about = [f"degu_student={passport.run} {passport.sha256[:12]}", f"degu_level={level:g}"]
        with (
            outputs.opened(paths, opened.sizes, about) as files,
            progress.bar(lambda: last - first, "variants") as done,
        ):
            written = 0
            for table in scorer.tables(_checked(own, places) if stop else own, BLOCK):
                files.write(table)
                written = min(written + BLOCK, last - first)
                done(written)
            if shard == WHOLE and not scorer.counts[SCORED] + scorer.counts["screened_out"]:
                reasons = "; ".join(told(scorer.counts))
                raise InputError(f"No variant of {variants} is scored: {reasons}.")
    for line in told(scorer.counts):
        log.info(line)
    return scorer.counts


def told(counts: Counter) -> list[str]:
    """Sentences on the variants that are not scored, by reason."""
    return [f"{counts[key]} {text}" for key, text in _NOT_SCORED.items() if counts[key]]


def _read_once(
    variants: str | Path, random: int, places: Places, seed: int
) -> tuple[int, list[Variant]]:
    """Read a VCF to its end: number of variants, and random substitutions around them."""
    number, absent = 0, {}

    def counted() -> Iterator[Variant]:
        nonlocal number
        for one in vcf.read(variants):
            number += 1
            if one.chrom not in absent and places.length(one.chrom) is None:
                absent[one.chrom] = None
            yield one

    draws = null.draw(counted(), random, places, seed)
    if number == 0:
        raise InputError(f"{variants} has a header, but no variants.")
    if absent:
        known = ", ".join(list(places.genome.sizes)[:5])
        log.warning(
            "The genome has no %s: its names are %s …; chr1 and 1 are taken for the same.",
            ", ".join(list(absent)[:10]), known,
        )  # fmt: skip
    return number, draws


def _checked(variants: Iterator[Variant], places: Places) -> Iterator[Variant]:
    """Pass on variants up to the first one whose reference allele is not the genome's."""
    for one in variants:
        if places.place(one).variant.status == "ref_mismatch":
            raise InputError(
                f"{one.chrom}:{one.pos} {one.ref}>{one.alt}: the genome has another reference "
                "allele there: is it the same assembly?"
            )
        yield one


def _null(draws: Sequence[Variant], scorer: Scorer) -> dict[str, Null]:
    """Effects of random substitutions by activity; nothing where there are none."""
    placed = [scorer.places.place(one) for one in draws]
    placed = [one for one in placed if one.variant.status == SCORED]
    if not placed:
        return {}
    ref, alt = scorer.both(placed)
    texts, columns = [one.ref_sequence for one in placed], scorer.heads.column
    return {
        name: Null(texts, ref[:, columns(name)], (alt - ref)[:, columns(name)])
        for name in scorer.heads.activities
    }


def _measured(
    passport: "Passport", name: str | None, window: int | None, level: float
) -> "Effects | None":
    """Find what calibrates effects in a passport; None, and a warning, where nothing does."""
    if name is not None and name not in passport.effects:
        known = ", ".join(passport.effects) or "none"
        raise InputError(
            f"No variants {name!r} calibrate effects of the student: known are {known}."
        )
    named = [name] if name is not None else list(passport.effects)
    fit = [one for one in named if window in (None, passport.effects[one].window)]
    if name is not None and not fit:
        raise InputError(
            f"Effects are calibrated on {name!r} in windows of {passport.effects[name].window} "
            f"bases, not {window}."
        )
    if not fit:
        log.warning(
            "Intervals are Gaussian: they tell how far teachers differ, which is far less than how "
            "far they are from a measurement. No measured variants calibrate effects of %s%s.",
            passport.run, f" in windows of {window} bases" if named else "",
        )  # fmt: skip
        return None
    found = passport.effects[fit[0]]
    if level not in found.levels():
        levels = ", ".join(f"{one:g}" for one in found.levels())
        raise InputError(f"No effect is calibrated at {level:g}: levels are {levels}.")
    log.info("Intervals of effects are calibrated on %s (%s).", fit[0], ", ".join(found.loci))
    return found
