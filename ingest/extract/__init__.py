"""text -> blocks. One module per form of capture, each with the same verb: ``extract(text) -> tuple[Block, ...]``.

``plain`` text with blank lines, ``markdown``, ``html`` (through a readable rendition), ``flat`` text that lost its
line breaks. ``lines`` is what the first three share; ``mending``, ``pruning``, ``places`` and ``main`` serve ``html``.
"""
