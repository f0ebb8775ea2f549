"""Files of a folder -> text.

Read in this order::

    walk.py        which files of a folder there are
    reading.py     the bytes of one file
    kinds.py       what kind of file the bytes are
    renditions.py  bytes that are no text -> their rendition
    tables.py      CSV and JSON lines -> rows
    ready.py       rows -> questions with their answers
    worker.py      a process of its own for PDF, DOCX and XLSX, with limits
    pdf.py, docx.py, xlsx.py, archive.py   run in that process, and are imported nowhere else
    layout.py      the lines of PDF pages -> text
"""
