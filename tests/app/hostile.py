"""A page of strings, one a line of $CITEWELL_HOME/strings.json, each as a button's label and as HTML."""

from __future__ import annotations

import json
import os
from pathlib import Path

import streamlit as st

from assistant.markup import passage, tag
from assistant.text import label

for position, text in enumerate(json.loads((Path(os.environ["CITEWELL_HOME"]) / "strings.json").read_text("utf-8"))):
    st.button(label(text), key=f"label-{position}")
    st.html(tag("div", passage((text,)), class_="hostile"))
st.title("Ready")
