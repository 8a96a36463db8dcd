"""Progress bars: drawn by hand, on a terminal alone."""

import io

from degu import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_pictures():
    half = "[###############               ]  50%  500 of 1,000 sequences"
    assert progress.picture(500, 1000, "sequences", 100) == f"{half}, 5 a second, 1:40 left"
    empty = "[                              ]   0%  0 of 10 sequences"
    assert progress.picture(0, 10, "sequences", 3) == empty
    assert progress.picture(0, 0, "x", 1) == "[##############################] 100%  0 of 0 x"


def test_a_terminal_sees_start_and_end():
    terminal = Terminal()
    with progress.bar(lambda: 3, "sequences", terminal) as done:
        for number in (1, 2, 3):
            done(number)
    shown = terminal.getvalue()
    assert "0 of 3 sequences" in shown and shown.endswith("\x1b[K\n")
    assert "100%  3 of 3 sequences" in shown


def test_a_file_sees_nothing_and_nothing_is_counted():
    file = io.StringIO()
    with progress.bar(lambda: 1 / 0, "sequences", file) as done:
        done(1)
    assert file.getvalue() == ""
