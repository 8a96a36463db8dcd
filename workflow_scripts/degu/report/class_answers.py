"""Sentences on the first page of the report on data sets of classes."""

import pandas as pd

from degu.report.answers import Answer, comparisons, listed, names, off, span, verdicts
from degu.report.answers import answers as of_activities


def first_page(
    rows: pd.DataFrame, classes: pd.DataFrame, level: float, trainings: pd.DataFrame
) -> list[Answer]:
    """Answer the questions of the report's first page, of classes after those of activities.

    Parameters
    ----------
    rows, level, trainings
        As of `degu.report.answers.answers`.
    classes
        As of `answers`; empty where no students of classes are run.
    """
    found = of_activities(rows, level, trainings)
    if classes.empty:
        return found
    return [*(found[-1:] if rows.empty else found), *answers(classes, level)]


def answers(rows: pd.DataFrame, level: float) -> list[Answer]:
    """Answer what the report's first page asks of classes.

    Parameters
    ----------
    rows
        From `degu.tables.class_summary.compare`, titled; not empty.
    level
        Nominal coverage of conformal sets.
    """
    found = [
        Answer("Did distillation help to tell classes?", _helped(rows)),
        Answer("Are the probabilities of classes right?", _calibrated(rows, level)),
        Answer("Do students know what their teachers disagree about?", _informed(rows)),
    ]
    if rows["outliers"].notna().any():
        found.append(Answer("Are foreign sequences known for foreign?", _foreign(rows)))
    advice = (
        "The page on that rests on Pearson's r, which classes have not. By the numbers above: a "
        "gap between members and their ensemble is what students can close, in one pass instead "
        "of one a member; without one they save passes alone."
    )
    return [*found, Answer("Should you distil classes?", advice)]


def _helped(rows: pd.DataFrame) -> str:
    found, total = verdicts(rows).value_counts(), len(rows)
    better, worse, unclear = (found.get(word, 0) for word in ("better", "worse", "unclear"))
    lead = "Yes" if better == total else "In part" if better else "No" if worse == total else ""
    lead = lead or ("Nowhere for certain" if worse else "That cannot be told")
    best = rows["difference"].fillna(-2).argmax()
    row = rows.iloc[best]
    text = (
        f"{lead}. Of {comparisons(total)} with single members, by Matthews' correlation (MCC) on "
        f"the test set, students are better in {better} and worse in {worse}; in {unclear} it "
        "cannot be told: the 95 % interval of the difference holds zero, or a side has a single "
        f"member. Students minus members: {span(rows['difference'], '{:+.3f}')}. "
        f"{'Best case' if total > 1 else 'The case'}: {names(rows)[best]}: members "
        f"{row['member_mcc']:.3f} (n = {row['member_number']}), their ensemble "
        f"{row['ensemble_mcc']:.3f}, students {row['student_mcc']:.3f} "
        f"(n = {row['student_number']})."
    )
    closed = rows["gap_closed"].dropna()
    if len(closed):
        text += (
            f" The ensemble is better than its members' interval in {len(closed)}; there students "
            f"close {span(100 * closed, '{:.0f} %')} of that gap."
        )
    return text


def _calibrated(rows: pd.DataFrame, level: float) -> str:
    before, after = (span(rows[name], "{:.3f}") for name in ("ece", "scaled_ece"))
    missed = rows[off(rows["coverage"], level)]
    text = (
        f"Students' confidence and accuracy differ by {before} (expected calibration error), and "
        f"by {after} at one temperature. Conformal sets of {level * 100:g} % hold the class of "
        f"{span(100 * rows['coverage'], '{:.1f} %')} of the test sequences, with "
        f"{span(rows['set_size'], '{:.1f}')} classes each."
    )
    if len(missed):
        text += f" They miss their level: {listed(names(missed), len(rows))}."
    return text


def _informed(rows: pd.DataFrame) -> str:
    known = rows["information_r"].dropna()
    follow = f"with r = {span(known, '{:.2f}')}" if len(known) else "by no r that is defined"
    return (
        "Their heads of mutual information follow what their teachers disagree about, "
        f"{follow}, and find the students' own errors with an area under the ROC curve of "
        f"{span(rows['errors_by_information'], '{:.2f}')}."
    )


def _foreign(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["outliers"])
    parts = [
        f"{name}: {row.outliers:+.3f} ({row.outliers_low:+.3f} to {row.outliers_high:+.3f})"
        for name, row in zip(names(known), known.itertuples(), strict=True)
    ]
    fewer = span(known["passes_ratio"], "{:.0f}")
    return (
        "Area under the ROC curve of the students' one pass minus that of their teachers' mutual "
        f"information, mean over groups of foreign sequences, with {fewer} times as few passes: "
        f"{listed(parts)}. The figure on foreign sequences shows each group and other scores."
    )
