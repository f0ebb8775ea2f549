"""The gate of the maintainers' pages: a password, or, where none is set, this computer only."""

from __future__ import annotations

import math
import os
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from assistant.app_trouble import notice
from assistant.markup import tag
from assistant.signin import Door, is_local
from assistant.text import count

LONGEST = 500  # characters of a password
_SIGNED_IN, _TYPED, _WRONG = "maintainer", "password", "wrong password"  # in the session, which ends with its tab

_door = Door()


def gate() -> bool:
    """Whether the page may be shown. If not, what is on the page instead says how to get in."""
    try:
        password = _password()
    except (OSError, ValueError, StreamlitSecretNotFoundError):
        notice(
            "This page is closed",
            "The file that should hold the password (.streamlit/secrets.toml) can not be read. Correct it, or set "
            "CITEWELL_PASSWORD, and start the app again.",
        )
        return False
    if password is None:
        return _is_here()
    if admitted():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(tag("p", "You are signed in as a maintainer.", class_="cw-meta"), width="content")
            st.button("Sign out", type="tertiary", on_click=_sign_out)
        return True
    _ask()
    return False


def admitted() -> bool:
    """Whether whoever sends a message of this session may do what a maintainer does; nothing is shown.

    To be asked where something is done: the widgets of a page stay alive in a session that has signed out.
    """
    try:
        password = _password()
    except (OSError, ValueError, StreamlitSecretNotFoundError):
        return False
    if password is None:
        return _is_local()
    return _door.is_proof(st.session_state.get(_SIGNED_IN), password)


def _is_local() -> bool:
    headers = st.context.headers
    return is_local(st.context.ip_address, [(name, value) for name in {*headers} for value in headers.get_all(name)])


def _password() -> str | None:
    """The password that is set; None without one. Raises what reading the file of secrets raises."""
    given = os.environ.get("CITEWELL_PASSWORD")
    if not given and any(Path(path).exists() for path in st.get_option("secrets.files")):
        given = str(st.secrets.get("password", ""))
    return given or None


def _is_here() -> bool:
    """Without a password: whether the reader sits at this computer."""
    here = _is_local()
    said = "No password is set: this page opens on this computer only. Set CITEWELL_PASSWORD to open it elsewhere."
    if here:
        st.html(tag("p", said, class_="cw-meta"))
    else:
        notice(
            "This page is for maintainers",
            said,
            "Whoever runs the app does that before starting it. At the computer itself, open the page as "
            "http://localhost, with the port of the app.",
        )
    return here


def _ask() -> None:
    """The form, and what became of the last try."""
    with st.form("sign in", border=False):
        st.text_input(
            "Password for maintainers",
            type="password",
            key=_TYPED,
            max_chars=LONGEST,
            autocomplete="current-password",
        )
        st.form_submit_button("Sign in", type="primary", on_click=_try)
    if st.session_state.pop(_WRONG, False):
        wait = math.ceil(_door.wait(st.context.ip_address))
        again = f"Too many tries: try again in {count(wait, 'second')}." if wait else "Try again."
        st.html(
            tag("p", f"You are not signed in: the password was not accepted. {again}", class_="cw-say", role="alert")
        )


def _try() -> None:
    """Look at what was typed, and forget it."""
    typed, st.session_state[_TYPED] = st.session_state[_TYPED], ""
    proof = _door.opens(typed, _password() or "", st.context.ip_address)
    st.session_state[_WRONG] = proof is None
    if proof is not None:
        st.session_state[_SIGNED_IN] = proof


def _sign_out() -> None:
    st.session_state.pop(_SIGNED_IN, None)
