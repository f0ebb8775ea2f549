"""text -> blocks. One module per form of capture, each with the same verb: ``extract(text) -> tuple[Block, ...]``.

``plain`` text with blank lines, ``markdown``, ``html`` (through a readable rendition), ``flat`` text that lost its
line breaks. ``lines`` is what the first three share; ``mending``, ``pruning``, ``places``, ``main`` and ``rendition``
serve ``html``.

What is a question and what its answer is told from the tags of a page, before it becomes text. ``ladder`` says in which
order and what is believed; its rungs are modules with one verb, ``find_pairs(page) -> Iterator[Claim]``:

microdata    schema.org's Question in attributes       headings    up to the next heading of its rank
details      ``<details>``                             numbered    list items that begin with a question
accordion    ARIA, ids that scripts open, tabs         bold        bold lines, "Q:" and "A:"
definitions  ``<dl>``                                  paragraphs  lines that ask, where nothing else does
tables       two columns, or rows in turn              jsonld      FAQPage: which words of the page are questions,
docbook      classes "question" and "answer"                       and those that the page does not show
repeated     siblings built alike                      marked      paragraphs of a class or type face of their own

``tree`` counts a page once for all rungs, ``flow`` has its lines and headings, ``links`` tells lists of contents,
``asking`` judges titles by ``wording``, ``judging`` groups of them; ``calls`` and ``rhetoric`` say which questions are
not meant as such, ``closing`` where the text of a page ends. Before all that ``preformatted`` gives tags to a FAQ in
``<pre>``, ``labels`` spells the letters of icons, and ``limits`` refuses what would take too long.
"""
