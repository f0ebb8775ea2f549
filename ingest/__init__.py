"""page -> entry: read captures, take questions with their answers, merge copies. Knows no model.

Read in this order::

    records.py     the vocabulary
    build.py       the whole stage: corpus folder -> entries, captures, report
    sources.py     sources.toml -> the pages that it comes to
    disk.py        files that are there whole or not at all
    tables.py      a file of TOML tables that people write -> a record
    stored.py      captures.jsonl: where and when each page was fetched
    files/         the files of a folder, and what each kind of them says
    addresses.py   which texts are web addresses
    fetch/         the network, only on request: one address -> what became of it
    signs.py       what some bytes are, by their own signs
    encodings.py   bytes that are text -> text
    unseen.py      characters that no reader sees
    captures.py    stored bytes -> text and its form
    cache.py       pages as they were read before: an unchanged one is not parsed
    extract/       text -> blocks, one module per form, each with the verb ``extract``
    boilerplate.py what the pages of a site have in common
    furniture.py   which blocks of a page are never content
    questions.py   which blocks are questions
    dates.py       the date between a question and its answer
    pairs.py       which blocks of a page markup ties together
    sections.py    each question or heading with what stands under it
    finds.py       blocks -> questions with answers, titled sections
    align.py       where known questions stand in text without structure
    duplicates.py  which finds are the same entry, and which contradict each other
    minhash.py     which of many questions may be nearly equal
    differences.py what two answers say differently
    report.py      groups of finds -> entries, and the report
    spans.py       where words stand in a text; the check that every paragraph is verbatim
    shorten.py     texts of reports, cut to a length that a person reads
    sameness.py    when two texts that people write say the same
    slugs.py       the readable ids of entries
    entries.py     the rows on disk, read and written
    overrides.py   overrides.toml: what a maintainer has decided over the pages, for a time
    plan.py        two builds -> what the later one changes
    diffs.py       two versions of a text -> the lines that show what differs
    references.py  which rows of the files that people write name an entry
    pages.py       the pages of each source: those that did not come, or are no longer there
    alarms.py      what of a change looks wrong
    errors.py      bad input
"""
