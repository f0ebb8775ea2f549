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
    links.py    where a page leads, and what it looks like
    sitemap.py  what a site lists of itself
    scope.py    which addresses belong to a site
    judge.py    which pages are none, whatever their status says
    crawl.py    the pages of a site, breadth first
    visits.py   what is remembered of pages between requests
    names.py    what captures are called
    staging.py  the web as one refresh has it: what has come is kept
    store.py    where that lies until it is adopted, and the adoption
    refresh.py  all sources of a corpus, fetched
"""
