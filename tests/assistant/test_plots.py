"""Plots as images: with words in their place, and in the colours of the dark side."""

from __future__ import annotations

from base64 import b64decode

import pytest

from assistant.plots import DARK, as_image, plot_times, plot_weeks


@pytest.mark.parametrize("times", [[1.0], [0.0, 0.0], [3.5, 1.25, 900.0] * 40])
@pytest.mark.parametrize("dark", [False, True])
def test_times_are_an_image_with_words(times: list[float], dark: bool) -> None:
    address, words = as_image(plot_times(times, 3.5, 9.0), dark=dark)
    kind, _, data = address.partition(",")
    assert kind == "data:image/svg+xml;base64"
    svg = b64decode(data, validate=True).decode()
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')
    assert words.startswith("How long the questions took. The curve says")
    assert "half after 3.5, 95 % after 9.0" in words
    assert [light in svg for light in DARK] == [not dark] * len(DARK)
    assert [other in svg for other in DARK.values()] == [dark] * len(DARK)


def test_the_words_are_text_and_no_markup() -> None:
    _, words = as_image('<svg role="img"><title>a &lt;b&gt; &amp; c</title><desc>d</desc></svg>', dark=False)
    assert words == "a <b> & c. d"


def test_weeks_are_an_image_with_words() -> None:
    address, words = as_image(plot_weeks([("2026-W01", 3), ("2026-W02", 12)]), dark=False)
    assert address.startswith("data:image/svg+xml;base64,")
    assert (
        words == "Questions by week. A bar for each of 2 weeks; the highest stands for 12. The table has the numbers."
    )
