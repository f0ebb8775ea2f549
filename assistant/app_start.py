"""Starts Streamlit as its own command does, but with the sockets of `app_socket.py`: ``python -m assistant.app_start``.

Before the app is loaded, that is: the server has chosen its sockets by then.
"""

from __future__ import annotations

from streamlit.web.cli import main
from uvicorn.config import WS_PROTOCOLS

WS_PROTOCOLS["websockets-sansio"] = "assistant.app_socket:Socket"  # the ones that Streamlit asks for

if __name__ == "__main__":
    main(prog_name="streamlit")
