"""A progress bar on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_WIDTH = 30
# Seconds between two pictures of the bar.
_PAUSE = 0.2


@contextmanager
def bar(
    count: Callable[[], int], unit: str, stream: TextIO | None = None
) -> Iterator[Callable[[int], None]]:
    """Show how far a job is; on anything but a terminal show nothing.

    Parameters
    ----------
    count
        Tells the number of all units; it is asked on a terminal alone.
    unit
        Their name.
    stream
        Terminal; standard error by default.

    Yields
    ------
    done : callable
        To be told the number of units done so far.
    """
    stream = stream or sys.stderr
    if not stream.isatty():
        yield lambda _: None
        return
    total, start, last = count(), time.monotonic(), 0.0

    def done(number: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > _PAUSE or number == total:
            last = now
            stream.write(f"\r{picture(number, total, unit, now - start)}\x1b[K")
            stream.flush()

    try:
        done(0)
        yield done
    finally:
        stream.write("\n")


def picture(number: int, total: int, unit: str, seconds: float) -> str:
    """Draw the bar: its share, the numbers, units a second, and the time that is left."""
    share = number / total if total else 1.0
    filled = "#" * int(share * _WIDTH)
    drawn = f"[{filled:<{_WIDTH}}] {share:4.0%}  {number:,} of {total:,} {unit}"
    if not number or not seconds:
        return drawn
    minutes, rest = divmod(round(seconds * (total - number) / number), 60)
    return f"{drawn}, {number / seconds:,.0f} a second, {minutes}:{rest:02d} left"
