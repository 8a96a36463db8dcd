"""Logos of one model: a line a sequence, letters where scores are, one scale a head."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from degu.maps import Maps
from degu.plotting import logos

# Contributions 1, -2, nothing at N, 0.5; and a sequence that nothing is said of.
CODES = np.array([[0, 2, 4, 3], [1, 1, 1, 1]], np.uint8)
SCORES = np.zeros((1, 2, 4, 4), np.float32)
SCORES[0, 0, [0, 1, 3], [0, 2, 3]] = [1, -2, 0.5]
MAPS = {"y": Maps("activity", np.array(["a", "b"]), CODES, 2, SCORES)}


@pytest.fixture
def figure():
    made = logos.of_maps(MAPS, "saliency")
    yield made
    plt.close(made)


def test_each_sequence_has_a_line(figure):
    first, second = figure.axes
    assert first.get_title(loc="left") == "saliency of y: a"
    assert second.get_title(loc="left") == "saliency of y: b"
    assert first.get_ylim() == second.get_ylim()
    low, high = first.get_ylim()
    assert (low, high) == (-2, 1)


def test_letters_are_as_high_as_their_scores(figure):
    boxes = [patch.get_path().get_extents() for patch in figure.axes[0].patches]
    heights = sorted(round(box.height, 3) for box in boxes if box.height > 0)
    assert heights == [0.5, 1, 2]
    assert not figure.axes[1].patches


def test_format_by_the_name(figure, tmp_path):
    logos.write(figure, tmp_path / "a.png")
    assert Image.open(tmp_path / "a.png").format == "PNG"
    logos.write(figure, tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
