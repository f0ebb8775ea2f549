"""The one exception for bad input. Knows no exit codes: the command line turns it into one line and code 2."""


class InputError(Exception):
    """What was handed in can not be used. The message is one line: the value, what is wrong, the next step."""
