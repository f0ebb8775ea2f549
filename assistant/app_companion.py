"""What Streamlit has no element for: announce a result and go to it, copy and print, a list of questions to pick from.

The only scripts of the app. They get text as data and put it on the page as text, never as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

_GUIDE = """
// Somebody who has begun to type anew keeps the focus.
let typing = false;
document.addEventListener("input", () => { typing = true; }, true);
document.addEventListener("click", () => { typing = false; }, true);
document.addEventListener("keydown", (event) => { if (event.key === "Enter") typing = false; }, true);

export default function ({ data, parentElement }) {
  const said = parentElement.querySelector("[role=status]");
  if (parentElement.dataset.turn === data.turn) return;
  parentElement.dataset.turn = data.turn;
  said.textContent = data.say;
  if (!data.to) return;
  const started = performance.now();
  const go = () => {
    const keyed = document.getElementsByClassName(`st-key-${data.to}`)[0];
    const target = document.getElementById(data.to) ?? keyed?.querySelector("input");
    if (typing) return;
    if (target) {
      target.scrollIntoView({ block: data.block, behavior: "instant" });
      target.focus({ preventScroll: true });
    } else if (performance.now() - started < 3000) requestAnimationFrame(go);
  };
  requestAnimationFrame(go);
}
"""

_GUIDE_HTML = """
<div role="status" class="cw-unseen"></div>
"""

_guide = st.components.v2.component("citewell_guide", html=_GUIDE_HTML, js=_GUIDE, isolate_styles=False)


def guide(turn: str, say: str, to: str = "", block: str = "nearest") -> None:
    """Once for each ``turn``: announce ``say``, and go to the element with the id ``to`` or the input with that key."""
    _guide(key="guide", data={"turn": turn, "say": say, "to": to, "block": block})


_TOOLS = """
export default function ({ data, parentElement }) {
  const status = parentElement.querySelector("[role=status]");
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); status.textContent = "Copied"; }
    catch { status.textContent = "This browser does not let the page copy"; }
  };
  parentElement.querySelector("#plain").onclick = () => copy(data.plain);
  parentElement.querySelector("#markdown").onclick = () => copy(data.markdown);
  parentElement.querySelector("#link").onclick = () => copy(window.location.href);
  parentElement.querySelector("#print").onclick = () => window.print();
}
"""

_TOOLS_HTML = """
<div class="tools">
<button id="plain">Copy with citation</button>
<button id="markdown">Copy as Markdown</button>
<button id="link">Copy link</button>
<button id="print">Print</button>
<span role="status"></span>
</div>
"""

_TOOLS_STYLE = """
.tools { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; align-items: center; }
button { font: inherit; font-size: 0.94rem; min-height: 28px; padding: 0; border: 0; background: none; cursor: pointer;
  color: var(--st-link-color); text-decoration: underline; text-underline-offset: 0.2em; }
button:hover { text-decoration-thickness: 2px; }
button:focus-visible { outline: 2px solid var(--st-link-color); outline-offset: 3px; }
@media print { .tools { display: none; } }
"""

_tools = st.components.v2.component("citewell_tools", html=_TOOLS_HTML, css=_TOOLS_STYLE, js=_TOOLS)


def tools(plain: str, markdown: str) -> None:
    """Copy the quoted words with their citation in either form, copy the address, print."""
    _tools(key="tools", data={"plain": plain, "markdown": markdown})


_PICKS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ul");
  list.replaceChildren(...data.items.map(([text, address], position) => {
    const link = document.createElement("a");
    link.textContent = text;
    link.href = address;
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setTriggerValue("picked", position);
    };
    const item = document.createElement("li");
    item.append(link);
    return item;
  }));
}
"""

_PICKS_STYLE = """
ul { list-style: none; margin: 0; padding: 0; }
li { border-bottom: 1px solid color-mix(in srgb, var(--st-border-color) 45%, transparent); }
li:last-child { border-bottom: 0; }
a { display: block; padding: 0.5rem 0; line-height: 1.4; overflow-wrap: anywhere;
  color: var(--st-link-color); text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: 0.2em; }
a:focus-visible { outline: 2px solid var(--st-link-color); outline-offset: 2px; }
"""

_picks = st.components.v2.component(
    "citewell_picks",
    html="""
<ul></ul>
""",
    css=_PICKS_STYLE,
    js=_PICKS,
)


def pick(items: Sequence[tuple[str, str]], key: str, then: Callable[[int], None] | None = None) -> int | None:
    """A list of links, each a text and its address within the app; returns the position of the one just picked.

    ``then`` gets it before the page runs again, so that it runs but once.
    """

    def noted() -> None:  # Streamlit gives a component's values back only to those who listen
        position = _position(st.session_state[key].picked, items)
        if then is not None and position is not None:
            then(position)

    picks = _picks(key=key, data={"items": [list(item) for item in items]}, on_picked_change=noted)
    return _position(picks.picked, items)


def _position(picked: object, items: Sequence[tuple[str, str]]) -> int | None:
    """What the browser sent, if it is the position of an item."""
    return picked if isinstance(picked, int) and 0 <= picked < len(items) else None
