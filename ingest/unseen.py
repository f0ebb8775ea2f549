"""Characters that no reader sees, and that can carry words which only a program reads, or cut words in two.

They are left out of what is made from a page or file. A text file is itself the capture, whose words are quoted as they
stand in it.
"""

from __future__ import annotations

import re

# Flags of regions are spelt in tag characters, joiners shape the letters of many scripts and emoji, a selector chooses
# between forms of one character, and a byte order mark begins a file: these stay.
FLAG = "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)"
UNSEEN = re.compile(
    f"{FLAG}|[\u200b\u2060-\u2064\U000e0000-\U000e007f]|(?!\\A)\ufeff|(?<=[\0-\x7f])[\u200c\u200d]+"
    "|[\u200b-\u200d]{2,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"
)


def strip_unseen(text: str) -> str:
    """``text`` without what no reader sees of it."""
    return text if text.isascii() else UNSEEN.sub(lambda found: found[1] or "", text)
