"""How does a time line look as a picture? One SVG file that needs no other: title, axes, bars, hatched gaps."""

from __future__ import annotations

import html
import math
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from searcher.cli.listing import plural, totals
from searcher.cli.terminal import columns
from searcher.cli.timeline import Gap, left_out, parts, percent, size, subject
from searcher.model import Bucket, Period, Results, Timeline

WIDTH, HEIGHT = 960, 440
LEFT, RIGHT, TOP, BOTTOM = 72, 936, 112, 364
"""Where the bars stand."""

WIDEST = 64
"""How wide a bar may be: one bar alone is a bar, no wall."""

NUMERAL = tuple(times * 10**power for power in range(5) for times in (1, 2, 5))

STEPS: dict[Period | None, Sequence[int]] = {"month": (1, 2, 3, 6, *(12 * step for step in NUMERAL))}
"""How many months may lie between two labels; of other periods 1, 2, 5, 10 and so on."""

STYLE = """
text { font-family: system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; fill: #555; font-size: 13px }
.title { fill: #111; font-size: 19px; font-weight: 600 }
.grid { stroke: #e3e3e3 } .axis { stroke: #777 }
.bar { fill: #2b6a99 } .bar:hover { fill: #d9822b }
"""

HATCHED = """<defs>
<pattern id="gap" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="7" height="7" fill="#f4f4f4"/><line y2="7" stroke="#b5b5b5" stroke-width="2"/>
</pattern></defs>"""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(path: Path, found: Results, share: bool) -> None:
    """Writes the picture; `-` is standard output. Raises OSError."""
    drawn = "\n".join(svg(found, share)) + "\n"
    if str(path) == "-":
        sys.stdout.write(drawn)
    else:
        path.write_text(drawn, "utf-8")


def svg(found: Results, share: bool) -> Iterator[str]:
    """The lines of the file."""
    line = found.timeline
    about = ". ".join(filter(None, [totals(found), subject(line, share), left_out(line)]))
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    yield f' width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="timeline-title timeline-about">'
    yield f'<title id="timeline-title">{_xml(found.echo)}</title>'
    yield f'<desc id="timeline-about">{_xml(about)}</desc>'
    yield f"<style>{STYLE}</style>"
    yield HATCHED
    yield _rect(0, 0, WIDTH, HEIGHT, 'fill="#fff"')
    yield _text(24, 38, _cut(found.echo, 88), "title")
    yield _text(24, 62, totals(found))
    yield from Chart(line, share, _Scale.of(line, share)).drawn()
    yield from _notes(line)
    yield "</svg>"


def _notes(line: Timeline) -> Iterator[str]:
    gaps = {part.what(line) for part in parts(line) if isinstance(part, Gap)}
    if gaps:
        yield _rect(24, HEIGHT - 25, 22, 12, 'fill="url(#gap)" stroke="#b5b5b5"')
        yield _text(54, HEIGHT - 14, " or ".join(sorted(gaps)))
    yield _text(RIGHT, HEIGHT - 14, left_out(line), anchor="end")


@dataclass(frozen=True, slots=True)
class _Scale:
    """What the axis of amounts is marked with: 0, `step`, and so on up to `top`."""

    step: float
    top: float

    @classmethod
    def of(cls, line: Timeline, share: bool) -> _Scale:
        """Round numbers, some five of them, that hold the highest bar."""
        highest = max((size(bucket, share) for bucket in line), default=0.0) or 1.0
        least = highest / 5 if share else max(1.0, highest / 5)
        power = 10.0 ** math.floor(math.log10(least) + 1e-9)
        step = next(power * times for times in (1, 2, 5, 10) if power * times >= least * 0.999)
        return cls(step, step * math.ceil(highest / step - 1e-9))

    def marks(self) -> Iterator[float]:
        return (self.step * number for number in range(round(self.top / self.step) + 1))


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of a time line, between axes."""

    line: Timeline
    share: bool
    scale: _Scale

    @property
    def slot(self) -> float:
        """The room of a period."""
        return (RIGHT - LEFT) / max(1, len(self.line))

    def drawn(self) -> Iterator[str]:
        """The elements, those behind first."""
        yield from self._levels()
        at = 0
        for part in parts(self.line):
            x = LEFT + at * self.slot
            yield self._gap(x, part) if isinstance(part, Gap) else self._bar(x, part)
            at += len(part.buckets) if isinstance(part, Gap) else 1
        yield f'<line class="axis" x1="{LEFT}" x2="{RIGHT}" y1="{BOTTOM}" y2="{BOTTOM}"/>'
        yield from self._labels()

    def _levels(self) -> Iterator[str]:
        for mark in self.scale.marks():
            y = self._y(mark)
            yield f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{_number(y)}" y2="{_number(y)}"/>'
            yield _text(LEFT - 8, y + 4, f"{100 * mark:.10g}%" if self.share else f"{mark:,.0f}", anchor="end")
        yield _text(24, TOP - 14, "% of the archive's articles" if self.share else "articles")

    def _y(self, amount: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * amount / self.scale.top

    def _bar(self, x: float, bucket: Bucket) -> str:
        y = self._y(size(bucket, self.share))
        if bucket.count:
            y = min(y, BOTTOM - 1)  # what is not nothing can be seen
        width = min(WIDEST, max(1, self.slot * 0.82 if self.slot > 3 else self.slot))
        left = min(max(LEFT, x + (self.slot - width) / 2), RIGHT - width)
        # The whole height answers to the pointer, so that a low bar can be asked for its name.
        behind = _rect(x, TOP, self.slot, BOTTOM - TOP, 'fill="none" pointer-events="all"')
        shown = _rect(left, y, width, BOTTOM - y, 'class="bar"')
        return f"<g><title>{_xml(self._told(bucket))}</title>{behind}{shown}</g>"

    def _told(self, bucket: Bucket) -> str:
        stories = f" in {plural(bucket.stories, 'story')}" if bucket.stories != bucket.count else ""
        share = f", {percent(bucket)} of {bucket.of:,} in the archive" if bucket.of else ""
        return f"{self.line.label(bucket)}: {plural(bucket.count, 'article')}{stories}{share}"

    def _gap(self, x: float, gap: Gap) -> str:
        shown = _rect(x, TOP, self.slot * len(gap.buckets), BOTTOM - TOP, 'fill="url(#gap)"')
        return f"<g><title>{_xml(gap.text(self.line))}</title>{shown}</g>"

    def _labels(self) -> Iterator[str]:
        for at, label in ticks(self.line, self.slot):
            x = LEFT + (at + 0.5) * self.slot
            yield f'<line class="axis" x1="{_number(x)}" x2="{_number(x)}" y1="{BOTTOM}" y2="{BOTTOM + 5}"/>'
            yield _text(x, BOTTOM + 20, label, anchor="middle")
        yield _text((LEFT + RIGHT) / 2, BOTTOM + 42, self.line.period or "", anchor="middle")


def ticks(line: Timeline, slot: float) -> Iterator[tuple[int, str]]:
    """The places of a time line that have a label, so far apart that labels do not meet."""
    labels = [line.label(bucket) for bucket in line]
    numbers = [_place(line.period, at, bucket) for at, bucket in enumerate(line)]
    room = 8 * max(map(len, labels), default=0) + 10
    step = next(step for step in STEPS.get(line.period, NUMERAL) if step * slot >= room)
    for at, (number, label) in enumerate(zip(numbers, labels, strict=True)):
        if number % step == 0:
            yield at, label[:4] if line.period == "month" and step % 12 == 0 else label


def _place(period: Period | None, at: int, bucket: Bucket) -> int:
    """What is counted to find round labels: years, months; else the bars."""
    start = bucket.start
    return start.year if period == "year" else start.year * 12 + start.month - 1 if period == "month" else at


def _rect(x: float, y: float, width: float, height: float, more: str) -> str:
    place = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return f"<rect {place} {more}/>"


def _text(x: float, y: float, content: str, kind: str = "", anchor: str = "") -> str:
    if not content:
        return ""
    more = (f' class="{kind}"' if kind else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{_number(x)}" y="{_number(y)}"{more}>{_xml(content)}</text>'


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _cut(content: str, width: int) -> str:
    """The content, or as much of it as fits in `width` columns."""
    used = 0
    for at, char in enumerate(content):
        used += columns(char)
        if used > width:
            return content[: at - 1] + "…"
    return content


def _xml(content: str) -> str:
    """The content as text or a value of an attribute; characters that XML does not have are left out."""
    return html.escape(_NOT_XML.sub("", content))
