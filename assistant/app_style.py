"""How the app's own HTML looks. It names only classes made in ``app_*``, never the inside of Streamlit's elements.

``light-dark()`` follows the theme, because Streamlit sets ``color-scheme`` on the page. Everything else (buttons,
inputs, headings) is themed in ``.streamlit/config.toml``.
"""

from __future__ import annotations

import streamlit as st

_STYLE = """<style>
.cw-words, .cw-short, .cw-question, .cw-capture { font-family: "Source Serif", Georgia, "DejaVu Serif", serif; }
.cw-words, .cw-capture { max-width: 34em; line-height: 1.6; overflow-wrap: anywhere; }
.cw-words { font-size: 1.12rem; }
.cw-words p, .cw-words li, .cw-words ul, .cw-words ol { font-size: inherit; line-height: inherit; margin: 0 0 0.7em; }
.cw-words li ul { margin-top: 0.5em; }
.cw-short { font-size: 1.28rem; line-height: 1.65; margin: 0; padding: 0; border: 0; max-width: 30em; }
.cw-short p { margin: 0 0 0.35em; font-size: inherit; }
.cw-short a { font: 600 0.75rem "Source Sans", sans-serif; vertical-align: super; line-height: 0; padding: 0 0.2em; }
.cw-short a, .cw-say a { color: light-dark(#0B5D57, #6FD3C7); }
.cw-mark {
  background: light-dark(#FFE8A3, #5C4A0E); color: light-dark(#1C2B33, #ECE9E2); padding: 0 0.1em; margin: 0 -0.1em;
  border-radius: 0.12em; box-decoration-break: clone; -webkit-box-decoration-break: clone;
}
.cw-frame { outline: 2px solid light-dark(#7A3E00, #FFC27A); outline-offset: 0; scroll-margin: 30vh; }
.cw-anchor { scroll-margin-top: 10rem; }
.st-key-masthead { border-bottom: 1px solid light-dark(#D8D3C4, #37444B); padding-bottom: 0.5rem; }
.cw-brand { font: 600 1.15rem/1.3 "Source Serif", Georgia, "DejaVu Serif", serif; margin: 0; }
.cw-say { margin: 0; max-width: 40em; }
.cw-meta { margin: 0; font: 0.92rem/1.5 "Source Sans", sans-serif; color: light-dark(#4A5A63, #A9B6BD); }
.cw-meta, .cw-say, .cw-question { overflow-wrap: anywhere; }
.cw-speaker { display: flex; flex-wrap: wrap; gap: 0 1.2em; align-items: baseline; justify-content: space-between; }
.cw-speaker { border-top: 2px solid; padding-top: 0.6em; }
.cw-speaker h2, h2.cw-label, h2.cw-plain { font-size: 1.05rem; font-weight: 650; margin: 0; padding: 0; }
h2.cw-label { padding: 0.6em 0 0.3em; }
h2.cw-plain { font-size: 1.3rem; margin-bottom: 0.35em; }
.cw-speaker h2:focus-visible, h2.cw-plain:focus-visible, .cw-notice h2:focus-visible {
  outline: 2px solid; outline-offset: 4px; border-radius: 1px;
}
.cw-question { font-size: 1.06rem; line-height: 1.5; margin: 0; max-width: 34em; }
.cw-notice {
  background: light-dark(#FFF3DC, #3A2A12); color: light-dark(#7A3E00, #FFC27A); padding: 0.9em 1.1em;
  border-radius: 0.35rem; border-left: 4px solid;
}
.cw-notice h2 { color: inherit; font-size: 1.2rem; font-weight: 650; margin: 0; padding: 0; }
.cw-notice p { margin: 0.35em 0 0; }
.cw-caution { border-left: 4px solid light-dark(#7A3E00, #FFC27A); padding: 0.1em 0 0.1em 0.8em; max-width: 40em; }
.cw-caution p, .cw-caution ul { margin: 0; overflow-wrap: anywhere; }
.cw-paper { display: none; }
.cw-capture { white-space: pre-wrap; font-size: 1.06rem; }
.cw-facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.15em 1.1em; margin: 0; font-size: 0.95rem; }
.cw-facts dt { color: light-dark(#4A5A63, #A9B6BD); font-weight: 400; }
.cw-facts dd { margin: 0; overflow-wrap: anywhere; }
.cw-map { border-collapse: collapse; font-size: 0.95rem; width: 100%; margin-top: 0.8em; }
.cw-map th, .cw-map td { border-bottom: 1px solid light-dark(#D8D3C4, #37444B); padding: 0.4em 0.3em; }
.cw-map th { text-align: left; }
.cw-map td, .cw-map thead th + th { text-align: center; width: 3em; white-space: nowrap; }
.cw-map tbody th { font-weight: 400; line-height: 1.4; min-width: 9em; }
.cw-wide { position: relative; overflow-x: auto; }
.cw-wide:focus-visible { outline: 2px solid; outline-offset: 2px; }
.cw-unseen {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
@media print {
  .st-key-masthead, .st-key-box, .st-key-carried, .st-key-answer, .st-key-around, .st-key-visit, .st-key-footer,
  .st-key-feedback { display: none; }
  .cw-paper { display: block; background: #FFF; color: #000; padding: 1rem; overflow-wrap: anywhere; }
  .cw-paper h1 { font-size: 1.5rem; color: inherit; }
}
@media (max-width: 30rem) {
  .cw-short { font-size: 1.18rem; }
  .cw-facts { grid-template-columns: 1fr; }
  .cw-facts dd { margin-bottom: 0.4em; }
  .cw-map td, .cw-map thead th + th { width: 1.9em; padding: 0.4em 0.25em; }
}
</style>"""


def apply() -> None:
    """Put the style on the page."""
    st.html(_STYLE)
