"""Paper, ink and type of all pictures: one palette, one style, SVG and PNG.

Colours are told apart by people who see few of them: blue against vermilion, and shape or fill says it again.
Pictures are drawn on ``Figure`` objects under a lock: pyplot's state is never touched, so threads may draw.
"""

import html
import io
import re
import threading
from collections.abc import Callable
from functools import cache
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

Form = Literal["svg", "png"]
INK, MUTED, FAINT, PAPER = "#1c2128", "#646c78", "#d8dce2", "#fefefe"
REAL, SYNTHETIC, SOUP = "#aab2bd", "#0b6cb3", "#cf5200"
DARK = {
    INK: "#e7eaee",
    MUTED: "#9ca6b3",
    FAINT: "#3a414c",
    PAPER: "#15181d",
    REAL: "#6d7683",
    SYNTHETIC: "#5cb6f2",
    SOUP: "#ff8f52",
}
TWO_SIDED = LinearSegmentedColormap.from_list(
    "two_sided",
    [
        (0, (0.81, 0.32, 0, 1)),
        (0.5, (0.81, 0.32, 0, 0)),
        (0.5, (0.04, 0.42, 0.7, 0)),
        (1, (0.04, 0.42, 0.7, 1)),
    ],
)
"""Vermilion below zero, blue above, clear at zero: it stands on light paper and on dark."""

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,
    "svg.fonttype": "none",
    "text.parse_math": False,
}
_LOCK = threading.Lock()
_PLAIN = {"Date": None, "Creator": None, "Format": None, "Type": None}
_SPELT = re.compile(r"⟦([0-9a-f ]+)⟧")


def picture(draw: Callable[[Figure], None], size: tuple[float, float], form: Form, name: str) -> bytes:
    """What ``draw`` puts on a figure of ``size`` inches. The same figures give the same bytes."""
    stream = io.BytesIO()
    with _LOCK, mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=size)
        draw(figure)
        if form == "png":
            figure.savefig(stream, format="png", dpi=120, facecolor="white")
        else:
            figure.savefig(stream, format="svg", facecolor="none", metadata=_PLAIN)
    return stream.getvalue() if form == "png" else _respelt(stream.getvalue())


def legible(text: str, form: Form, length: int = 24) -> str:
    """Text as it can be drawn: one line, shortened in the middle, no mathematics.

    Signs that the pictures' own font lacks are boxes in a PNG. In an SVG they are spelt out as numbers while
    the picture is laid out and set right afterwards: whoever looks at it has more fonts than we do.
    """
    line = shortened(" ".join("".join(c if c.isprintable() else " " for c in text).split()), length)
    if all(ord(sign) in _glyphs() for sign in line) and "⟦" not in line:
        return line
    if form == "png":
        return "".join(sign if ord(sign) in _glyphs() else "□" for sign in line)
    return f"⟦{' '.join(f'{ord(sign):x}' for sign in line)}⟧"


def shortened(text: str, length: int) -> str:
    """The text with its middle left out where it is longer than ``length`` signs."""
    if len(text) <= length:
        return text
    tail = (length - 1) // 2
    return f"{text[: length - 1 - tail].rstrip()}…{text[len(text) - tail :].lstrip()}"


def minus(text: str) -> str:
    """Numbers with a true minus sign, as wide as a plus."""
    return text.replace("-", "\N{MINUS SIGN}")


def themed(svg: bytes) -> str:
    """The SVG alone, its colours following the reader's light or dark scheme."""
    text = svg.decode("utf-8")
    text = text[text.index("<svg") :]
    names = {colour: f"--c{place}" for place, colour in enumerate(DARK)}
    light = "".join(f"{names[colour]}:{colour};" for colour in DARK)
    dark = "".join(f"{names[colour]}:{other};" for colour, other in DARK.items())
    for colour, variable in names.items():
        text = text.replace(f": {colour}", f": var({variable})")
    style = (
        f"<style>:root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif!important}"
        "</style>"
    )
    end = text.index(">") + 1
    return text[:end] + style + text[end:]


def _respelt(svg: bytes) -> bytes:
    def word(spelt: re.Match[str]) -> str:
        return html.escape("".join(chr(int(code, 16)) for code in spelt[1].split()))

    return _SPELT.sub(word, svg.decode("utf-8")).encode("utf-8")


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())
