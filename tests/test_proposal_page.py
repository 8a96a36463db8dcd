"""Lines of YAML read as the values that were written, whatever stands in them."""

import pytest
import yaml

from degu.proposal import page

NASTY = ["a", "a b", "é", "a: b", "[x]", "{a, b}", "#1", "a #b", "'", '"', "1", "1.0", "1e3", "yes"]
NASTY += ["null", "~", "-", "- a", "@x", "%", "!x", "&a", "*a", "|", ">", "?", "2024-01-01", "0x1f"]
NASTY += [" a ", "a\tb", "a" * 200, "log2(RNA/DNA)", "=", "<<", ":", "a:", ",", "x,y", "−35", ""]


@pytest.mark.parametrize("value", [*NASTY, NASTY, {key: key for key in NASTY}, 1, 1.0, {"a": [1]}])
def test_values_read_as_they_were_written(value):
    written = page.flow(value)
    assert "\n" not in written
    assert yaml.safe_load(f"x: {written}") == {"x": value}


def test_keys_have_their_remarks_beside_or_above():
    assert page.entry(2, "a", 1) == ["  a: 1"]
    assert page.entry(0, "a") == ["a:"]
    beside = page.entry(2, "a", 1, "why")
    assert beside == [f"{'  a: 1':<44}  # why"]
    above = page.entry(2, "a", "x" * 80, "why it is so")
    assert above == ["  # why it is so", f"  a: {'x' * 80}"]
    assert yaml.safe_load("\n".join([*beside, *page.entry(2, "b", "#", "c: d")])) == {
        "a": 1,
        "b": "#",
    }


def test_remarks_are_broken_into_lines():
    lines = page.remark("word " * 50, 4)
    assert len(lines) == 3 and all(len(line) <= 96 for line in lines)
    assert all(line.startswith("    # word") for line in lines)
    assert page.remark("a" * 120) == [f"# {'a' * 120}"]
