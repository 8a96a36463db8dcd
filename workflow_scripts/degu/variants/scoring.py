"""Effects of the variants of a file, block by block: one table for TSV and VCF."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pandas as pd

from degu.heads import Heads
from degu.intervals import Calibration
from degu.sequences import encode
from degu.variants import certainty, effects
from degu.variants.null import Null
from degu.variants.placed import Placed, Places
from degu.variants.vcf import SCORED, Variant

# Variants that are worked on at once: memory is that of a block.
BLOCK = 4096
COLUMNS = {
    "chrom": "chromosome",
    "pos": "position from 1",
    "id": "identifier",
    "ref": "reference allele",
    "alt": "alternative allele",
    "aligned": "position, reference and alternative after left-alignment, where they differ",
    "status": "scored, or why it is not",
    "output": "activity",
    "ref_activity": "predicted activity of the reference sequence",
    "alt_activity": "predicted activity of the alternative sequence",
    "effect": "alternative minus reference",
    "sigma": "standard deviation of the effect",
    "sigma_kind": "paired: over the heads of teachers; root_sum_...: root of both alleles' "
    "summed variances, which is too wide",
    "low": "lower end of the interval of the effect",
    "high": "upper end of the interval of the effect",
    "interval": "calibrated on measured effects, or gaussian",
    "p_sign": "probability of the predicted sign",
    "sign_agreement": "share of the heads of teachers with the predicted sign",
    "percentile": "share of matched random substitutions with a smaller effect, in percent",
    "call": "increase, decrease, or abstain where the interval holds zero",
}


@dataclass
class Scorer:
    """A model that scores variants, and what it needs.

    Attributes
    ----------
    predict
        uint8 codes (n, length) -> float (n, heads), deviations as deviations.
    heads
        Heads of the predictions.
    places
        Genome and window.
    adaptors
        Letters left and right of the window; with it they are as long as the model takes.
    level
        Level of intervals and calls.
    smallest_std
        Deviations below are raised to it.
    calibrations
        Calibrations of effects by activity and kind of uncertainty; empty for Gaussian intervals.
    screen
        Which of some placed variants are worth a prediction, bool (n,), by `degu.variants.screen`;
        None for all.
    null : dict of Null
        Effects of random substitutions by activity; empty for no percentiles.
    counts
        Variants by status so far.
    predicted
        Sequences that were predicted so far.
    """

    predict: Callable[[np.ndarray], np.ndarray]
    heads: Heads
    places: Places
    adaptors: tuple[str, str] = ("", "")
    level: float = 0.95
    smallest_std: float = 1e-3
    calibrations: Mapping[tuple[str, str], Calibration] = field(default_factory=dict)
    screen: Callable[[list[Placed]], np.ndarray] | None = None
    null: Mapping[str, Null] = field(default_factory=dict)
    counts: Counter = field(default_factory=Counter)
    predicted: int = 0

    def tables(self, variants: Iterable[Variant], block: int = BLOCK) -> Iterator[pd.DataFrame]:
        """Score variants in their order: a table a block, with a row a variant and activity.

        Columns are `COLUMNS`. Numbers of variants that are not scored are NaN.
        """
        left = iter(variants)
        while some := list(islice(left, block)):
            placed = self._screened([self.places.place(one) for one in some])
            self.counts.update(one.variant.status for one in placed)
            yield self._table(placed)

    def _screened(self, placed: list[Placed]) -> list[Placed]:
        """Mark the variants that the screen finds no effect of."""
        known = [at for at, one in enumerate(placed) if one.variant.status == SCORED]
        if self.screen is None or not known:
            return placed
        worth = self.screen([placed[at] for at in known])
        for at in (at for at, kept in zip(known, worth, strict=True) if not kept):
            one = placed[at]
            placed[at] = one._replace(variant=one.variant._replace(status="screened_out"))
        return placed

    def both(self, placed: list[Placed]) -> tuple[np.ndarray, np.ndarray]:
        """Predict both alleles, float (n, heads) each; what is the same sequence once."""
        left, right = self.adaptors
        number = {}
        pairs = [
            [number.setdefault(text, len(number)) for text in (one.ref_sequence, one.alt_sequence)]
            for one in placed
        ]
        predicted = self.predict(encode([left + text + right for text in number]))
        self.predicted += len(number)
        ref, alt = np.array(pairs).T
        return predicted[ref], predicted[alt]

    def _table(self, placed: list[Placed]) -> pd.DataFrame:
        outputs, number = self.heads.activities, len(placed)
        frame = pd.DataFrame([one.variant for one in placed])
        frame["aligned"] = [_aligned(one) for one in placed]
        known = np.flatnonzero(frame["status"] == SCORED)
        parts = []
        scored = [placed[at] for at in known]
        both = self.both(scored) if scored else None
        for output in outputs:
            part = frame.assign(output=output)
            found = {} if both is None else self._of_output(scored, *both, output)
            for column in list(COLUMNS)[len(part.columns) :]:
                text = column in ("sigma_kind", "interval", "call")
                values = np.full(number, "" if text else np.nan, object if text else float)
                if column in found:
                    values[known] = found[column]
                part[column] = values
            parts.append(part)
        # Rows of a variant stand together.
        return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)[[*COLUMNS]]

    def _of_output(
        self, scored: list[Placed], ref: np.ndarray, alt: np.ndarray, output: str
    ) -> dict[str, np.ndarray | str]:
        """Columns of one activity, of the variants that are scored."""
        column = self.heads.column(output)
        before, after = ref[:, column].astype(float), alt[:, column].astype(float)
        values = {"ref_activity": before, "alt_activity": after, "effect": after - before}
        values["sign_agreement"] = effects.sign_agreement(self.heads, ref, alt, output)
        if output in self.null:
            texts = [one.ref_sequence for one in scored]
            values["percentile"] = self.null[output].percentile(texts, before, after - before)
        found = effects.deviations(self.heads, ref, alt, output)
        kind = effects.preferred(found)
        if kind is None:
            return values
        calibrated = self.calibrations.get((output, kind))
        std = found[kind].astype(float)
        sure = certainty.of_effects(after - before, std, self.level, self.smallest_std, calibrated)
        return (
            values
            | sure._asdict()
            | {
                "sigma": std,
                "sigma_kind": kind if kind == effects.PAIRED else f"root_sum_{kind}",
                "interval": "gaussian" if calibrated is None else "calibrated",
            }
        )


def _aligned(one: Placed) -> str:
    """Place and alleles after left-alignment, where they differ from those of the file."""
    moved = (one.pos, one.ref, one.alt) != one.variant[1:2] + one.variant[3:5]
    return f"{one.pos}:{one.ref}:{one.alt}" if moved else ""
