"""What can be wrong with an index on disk."""


class IndexUnusable(Exception):
    """There is no index that can answer. The message is one line that says what differs and what to run."""
