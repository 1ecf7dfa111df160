"""Results in notebooks. Everything that comes from data is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from flong import _flong

if TYPE_CHECKING:
    from flong._results import Cleaned, Result
    from flong._texts import Explanation

#: Clusters that are shown.
_CLUSTERS = 5
#: Words of a passage that are shown.
_WORDS = 40
_GONE = "text-decoration: line-through; background: rgba(255, 0, 0, .15)"
_NEW = "background: rgba(0, 160, 0, .18)"


def _row(cells: list[str], tag: str = "td") -> str:
    return "<tr>" + "".join(f'<{tag} style="text-align: left">{cell}</{tag}>' for cell in cells) + "</tr>"


def _table(head: list[str], rows: list[list[str]]) -> str:
    return f"<table><thead>{_row(head, 'th')}</thead><tbody>{''.join(map(_row, rows))}</tbody></table>"


def _passage(text: str) -> str:
    words = text.split()
    if len(words) > _WORDS:
        words = [*words[: _WORDS // 2], "…", *words[-_WORDS // 2 :]]
    return escape(" ".join(words))


def difference(pieces: list[tuple[int, str]]) -> str:
    """Return two texts as one, with the words that differ marked."""
    marked: list[str] = []
    for side, text in pieces:
        shown = _passage(text)
        if side < 0:
            shown = f'<del style="{_GONE}">{shown}</del>'
        elif side > 0:
            shown = f'<ins style="{_NEW}; text-decoration: none">{shown}</ins>'
        marked.append(shown)
    return " ".join(marked)


def _counts(summary: dict[str, Any]) -> str:
    rows: list[list[str]] = []
    for grain, kinds in summary["matches"].items():
        clusters = sum(summary["clusters"].get(grain, {}).values())
        told = ", ".join(f"{count:,} {escape(kind)}" for kind, count in kinds.items())
        rows.append([escape(grain), f"{clusters:,}", told])
    return _table(["grain", "clusters", "matches"], rows) if rows else "<p>Nothing repeats.</p>"


def _clusters(found: _flong.FoundIn) -> str:
    rows: list[list[str]] = []
    for _, grain, kind, size, a, b, first, second in found.largest(_CLUSTERS):
        texts = difference(_flong.differences(first, second)) if first or second else ""
        name = f"{escape(grain)}, {escape(kind)}, {size:,} texts"
        rows.append([name, f"{escape(a)}<br>{escape(b)}", texts])
    if not rows:
        return ""
    return "<p>The largest clusters, each with one of its members:</p>" + _table(["cluster", "texts", "difference"], rows)


def result(found: Result) -> str:
    """Return a result as HTML."""
    summary = found.summary
    head = f"<p><b>{summary['documents']:,} documents</b>, {summary['bytes']:,} bytes of text"
    skipped = f", {summary['skipped']:,} skipped" if summary["skipped"] else ""
    return f"<div>{head}{skipped}</p>{_counts(summary)}{_clusters(found._found)}</div>"


def cleaned(cleaned: Cleaned) -> str:
    """Return a cleaned table as HTML."""
    counts = cleaned.summary["cleaned"]
    rows = [[f"{counts[name]:,}"] for name in ("kept", "edited", "dropped", "removed", "marked")]
    head = ["documents kept as they were", "with pieces removed", "dropped", "removals", "marks"]
    table = _table(head, [[cell for row in rows for cell in row]])
    rules = [
        [escape(rule), ", ".join(f"{count:,} {escape(action)}" for action, count in actions.items())]
        for rule, actions in cleaned.summary.get("rules", {}).items()
    ]
    return f"<div>{table}{_table(['rule', 'ledger'], rules) if rules else ''}{result(cleaned.found)}</div>"


def _mark(passed: bool) -> str:
    return "passed" if passed else "<b>not passed</b>"


def explanation(told: Explanation) -> str:
    """Return an explanation as HTML."""
    parts: list[str] = []
    if told.reason:
        parts.append(f"<p><b>{escape(told.kind or 'no match')}</b> {told.score:.2f}: {escape(told.reason)}</p>")
        rows = [
            [way.way, escape(one.title), f"{one.measured:.2f}", f"{'≤' if one.at_most else '≥'} {one.limit:.2f}", _mark(one.passed)]
            for way in told.ways
            for one in way.criteria
        ]
        parts.append(_table(["way", "", "measured", "threshold", ""], rows))
    pieces = [
        [str(number), f"{escape(piece.rule)} {escape(piece.title)}", escape(piece.evidence), _passage(piece.text)]
        for number, text in enumerate(told.boilerplate, 1)
        for piece in text
    ]
    if pieces:
        parts.append(_table(["text", "boilerplate", "evidence", "piece"], pieces))
    if told.differences:
        parts.append(f"<p>{difference(told.differences)}</p>")
    return f"<div>{''.join(parts)}</div>"
