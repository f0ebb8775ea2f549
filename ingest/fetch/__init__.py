"""The network, only on request. Knows nothing of what the pages hold.

Read in this order::

    client.py   one address -> what became of it: redirects, robots.txt, retries, unchanged pages
    replies.py  what an answer means for a page
    wire.py     one request, one answer, within limits of time and size
    guard.py    the one way by which connections are made
    networks.py which network addresses are public, which private
    manners.py  when a host may be asked next
    robots.py   robots.txt -> what may be asked for
    body.py     what was sent -> bytes, unpacked within limits and judged by its own signs
    charset.py  bytes -> UTF-8
    refresh.py  the pages of a corpus, fetched again
"""
