"""An OpenAI-compatible endpoint that proposes texts while a corpus is made. Answering never comes here.

What came is kept line by line in a journal, so that a run that broke off goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from assistant.intake import clean
from assistant.prompts import BadReply, Prompt, parse_reply
from assistant.wordings import Slot
from ingest.addresses import is_address
from ingest.errors import InputError

if TYPE_CHECKING:
    from openai import APIError, OpenAI

JOURNAL = "expand.jsonl"  # in the home
RETRIES = 4  # of a request that met a busy or failing server, with growing pauses or those that it asks for


class Proposed(Struct, frozen=True):
    """What the endpoint came up with."""

    texts: tuple[tuple[str, Slot], ...]  # each with the slot that it was asked for, in words
    failures: tuple[str, ...]  # requests whose reply could not be used, and why


class _Journalled(Struct, frozen=True):
    key: str
    texts: tuple[str, ...]


class _Message(Struct):
    content: str | None = None


class _Choice(Struct):
    message: _Message


class _Completion(Struct):
    choices: list[_Choice]


class Endpoint:
    """A model behind an address. Its key, where it needs one, is ``$OPENAI_API_KEY``."""

    def __init__(self, url: str, model: str, timeout: float) -> None:
        """``timeout`` is in seconds, for each try. Raises InputError when an argument or the key can not be right."""
        if "@" in (urlsplit(url).netloc if is_address(url) else url):  # not shown: it may hold a password
            raise InputError("the endpoint has a user or password before an @; leave them out, and set OPENAI_API_KEY")
        if not is_address(url):
            raise InputError(
                f"the endpoint {url!r} is no http or https address; name one such as http://localhost:8000/v1"
            )
        if (name := clean(model)) is None:
            raise InputError(f"the model {model[:40]!r} is no name; name one that the endpoint has")
        self.url, self.model = url, name
        self._client = _client(url, timeout)

    def complete(self, prompt: Prompt) -> str:
        """Return the model's reply.

        Raises BadReply when there is none to this request, InputError when there will be none to others either.
        """
        from openai import APIError, BadRequestError, UnprocessableEntityError

        try:
            response = self._client.chat.completions.with_raw_response.create(
                model=self.model,
                messages=[{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
            )
        except (BadRequestError, UnprocessableEntityError) as error:
            raise BadReply(_reason(error)) from None
        except APIError as error:
            self._give_up(error)
        except UnicodeError:
            raise InputError(f"the endpoint {self.url!r} has a host that no network has; correct it") from None
        try:
            content = msgspec.json.decode(response.content, type=_Completion).choices[0].message.content
        except (msgspec.DecodeError, UnicodeError, RecursionError, IndexError):
            raise BadReply("no chat completion") from None
        return content or ""

    def _give_up(self, error: APIError) -> NoReturn:
        from openai import APITimeoutError, AuthenticationError, PermissionDeniedError

        if isinstance(error, AuthenticationError | PermissionDeniedError):  # whose message may repeat the key
            raise InputError(f"{self.url} refuses the key; set OPENAI_API_KEY to one that it knows") from None
        if isinstance(error, APITimeoutError):
            raise InputError(f"{self.url} does not answer in time; raise --timeout, or try again later") from None
        raise InputError(f"{self.url} can not be used ({_reason(error)}); correct it, or try again later") from None


def missing(endpoint: Endpoint, prompts: Sequence[Prompt], home: Path) -> tuple[Prompt, ...]:
    """Return the prompts that the journal in ``home`` has no texts for."""
    known = read_journal(home / JOURNAL)
    return tuple(prompt for prompt in prompts if prompt.key(endpoint.model) not in known)


def propose(
    endpoint: Endpoint, prompts: Sequence[Prompt], home: Path, progress: Callable[[int, int], None] | None = None
) -> Proposed:
    """Ask for every prompt that the journal in ``home`` has no texts for. ``progress`` is told (answered, all).

    Raises InputError, with what was answered kept, when the endpoint gives out.
    """
    journal = home / JOURNAL
    known = read_journal(journal)
    texts: list[tuple[str, Slot]] = []
    failures: list[str] = []
    for number, prompt in enumerate(prompts, start=1):
        key, where = prompt.key(endpoint.model), _place(prompt.slot)
        try:
            if key not in known:
                known[key] = parse_reply(endpoint.complete(prompt), prompt.count)
                _keep(journal, _Journalled(key, known[key]))
        except BadReply as error:
            failures.append(f"{where}: {error}")
        except InputError as error:
            raise InputError(f"{error} ({number - 1} of {len(prompts)} requests are done and kept)") from None
        texts += [(where, msgspec.structs.replace(prompt.slot, text=text)) for text in known.get(key, ())]
        if progress:
            progress(number, len(prompts))
    return Proposed(tuple(texts), tuple(failures))


def read_journal(path: Path) -> dict[str, tuple[str, ...]]:
    """The texts of each request that is answered, by its key; a line that a break cut short is passed over."""
    known: dict[str, tuple[str, ...]] = {}
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        with contextlib.suppress(msgspec.DecodeError, UnicodeError):
            row = msgspec.json.decode(line, type=_Journalled)
            known[row.key] = row.texts
    return known


def forget_journal(home: Path) -> None:
    """Begin anew: the texts of the run are in the corpus."""
    (home / JOURNAL).unlink(missing_ok=True)


def _keep(path: Path, row: _Journalled) -> None:
    with path.open("ab") as file:
        file.write(b"\n" + msgspec.json.encode(row) + b"\n")  # the first break ends a line that was cut short


def _client(url: str, timeout: float) -> OpenAI:
    from openai import OpenAI

    key = _key() or "none"  # a local server wants none, the client always one
    if not (key.isascii() and key.isprintable()):
        raise InputError("OPENAI_API_KEY has characters that no key has; copy it again")
    return OpenAI(base_url=url, api_key=key, timeout=timeout, max_retries=RETRIES)


def _key() -> str:
    return os.environ.get("OPENAI_API_KEY", "").strip()


def _reason(error: APIError) -> str:
    """What the server says, without the key: some repeat the header, whole or cut short."""
    message = error.message
    if key := _key():
        message = re.sub(rf"{re.escape(key)}|(?<=bearer )[^\s'\"]+", "[key]", message, flags=re.IGNORECASE)
    return " ".join(message.split())[:200]


def _place(slot: Slot) -> str:
    return f"{slot.entry}, paragraph {slot.paragraph}" if slot.kind == "alternate" else f"{slot.entry}, {slot.kind}"
