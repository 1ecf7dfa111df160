"""Answers about one text or two."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from flong import _flong

#: A span of a text: where it begins and ends, in characters.
Span = tuple[int, int]


@dataclass(frozen=True)
class Removed:
    """A piece that was removed from a text."""

    start: int
    """First character in the original text."""
    end: int
    """One past the last character."""
    text: str
    """The piece, with the white space that was removed with it."""
    rule: str
    """The rule, such as ``FL201``."""
    title: str
    """The rule in words, such as ``inserted link``."""
    evidence: str
    """What gave it away."""


@dataclass(frozen=True)
class Stripped:
    """A text without inserted links, calls to action and feed frames."""

    text: str
    """The text without the removed pieces."""
    removed: list[Removed]
    """The removed pieces, in order."""


@dataclass(frozen=True)
class Shared:
    """A passage that two texts hold in the same words."""

    a: Span
    """Where it is in the first text."""
    b: Span
    """Where it is in the second text."""
    text: str
    """The passage in the first text."""


@dataclass(frozen=True)
class Comparison:
    """What two texts are to each other."""

    kind: str | None
    """``exact``, ``near``, ``excerpt``, ``reworded`` or ``template``; None if they do not match."""
    score: float
    """How sure the match is, 0 to 1."""
    jaccard: float
    """Jaccard similarity of the shingles of the two bodies."""
    containment: float
    """Share of the shorter body's shingles that the other has."""
    weighted: float
    """Share of the shorter body's weight that the other has: rare words weigh more."""
    aligned: float
    """Share of the shorter body's words that are in the other in the same order."""
    facts_kept: int
    """Numbers and dates that both state."""
    facts_changed: int
    """Numbers and dates in which they differ."""
    shared: list[Shared] = field(repr=False)
    """The passages of three or more words that both hold."""


@dataclass(frozen=True)
class Boilerplate:
    """A piece of a text that is not body."""

    start: int
    """First character."""
    end: int
    """One past the last character."""
    text: str
    """The piece."""
    rule: str
    """The rule, such as ``FL201``."""
    title: str
    """The rule in words."""
    evidence: str
    """What gave it away."""
    score: float
    """How sure it is, 0 to 1."""
    certain: bool
    """Whether it would be removed; if not, it would be marked."""


@dataclass(frozen=True)
class Criterion:
    """A threshold, with what was measured of two texts."""

    threshold: str
    """The name of the threshold, as settings have it."""
    title: str
    """What is measured, in a few words."""
    measured: float
    """The measured value."""
    limit: float
    """The least value that passes, or the greatest if ``at_most``."""
    at_most: bool
    """Whether the limit is the greatest value that passes."""
    passed: bool
    """Whether the texts pass."""


@dataclass(frozen=True)
class Way:
    """A way in which two texts can match, with its thresholds."""

    way: str
    """``copy``, ``clauses`` (a rewording that shares clauses) or ``statement`` (one that says the same in other words)."""
    passed: bool
    """Whether all thresholds are passed."""
    criteria: list[Criterion]
    """The thresholds."""


@dataclass(frozen=True)
class Change:
    """What two texts have in the same place. Either may be empty."""

    a: str
    """Words of the first text."""
    b: str
    """Words of the second text."""


@dataclass(frozen=True)
class Explanation:
    """Why two texts match or do not match, and what of them is boilerplate. ``print`` shows it for people."""

    boilerplate: list[list[Boilerplate]]
    """Of each text, what is not body."""
    kind: str | None = None
    """The kind of the match; None if there is none, or only one text."""
    score: float = 0.0
    """How sure the match is, 0 to 1."""
    rule: str | None = None
    """The rule that decided that they match, such as ``same-words``."""
    reason: str = ""
    """What decided, in words."""
    measures: dict[str, float] = field(default_factory=dict)
    """What was measured, by name."""
    ways: list[Way] = field(default_factory=list)
    """The ways in which they could match. One of them must be passed, and no fact speak against it."""
    facts_kept: list[Change] = field(default_factory=list)
    """Numbers and dates that both state."""
    facts_changed: list[Change] = field(default_factory=list)
    """Numbers and dates that they state in each other's place."""
    names_kept: int | None = None
    """The number of names that both have; None if they do not match."""
    names_changed: list[Change] = field(default_factory=list)
    """Places where each has a name that the other has nowhere."""
    differences: list[tuple[int, str]] = field(default_factory=list, repr=False)
    """The two texts as one, in pieces: each with 0 if both have it, -1 if only the first has it, and 1 if only the second."""

    def __str__(self) -> str:
        lines: list[str] = []
        if self.reason:
            lines.append(f"{self.kind} {self.score:.2f}: {self.reason}" if self.kind else f"no match: {self.reason}")
            for way in self.ways:
                lines.append(f"  as {way.way}: {'passed' if way.passed else 'not passed'}")
                for one in way.criteria:
                    sign = ("<=" if one.at_most else ">=") if one.passed else (">" if one.at_most else "<")
                    mark = " " if one.passed else "!"
                    lines.append(f"  {mark} {one.title:<36}{one.measured:>8.2f} {sign:>2} {one.limit:.2f}")
            for name, kept, changed in (
                ("numbers and dates", len(self.facts_kept), self.facts_changed),
                ("names", self.names_kept, self.names_changed),
            ):
                told = ", ".join(f"{change.a or '-'} / {change.b or '-'}" for change in changed)
                both = "" if kept is None else f"{kept} kept, "
                lines.append(f"  {name}: {both}{len(changed)} changed{': ' if told else ''}{told}")
        for number, pieces in enumerate(self.boilerplate, 1):
            for piece in pieces:
                place = f"text {number}: " if len(self.boilerplate) > 1 else ""
                certain = "certain" if piece.certain else "marked"
                lines.append(f"  {place}{piece.rule} {piece.title}, {certain}, {piece.score:.2f}: {piece.evidence}")
                lines.append(f"    {' '.join(piece.text.split())}")
        if self.differences:
            marks = {0: "{}", -1: "[-{}-]", 1: "{{+{}+}}"}
            lines.append("  " + " ".join(marks[side].format(" ".join(text.split())) for side, text in self.differences))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from flong._html import explanation

        return explanation(self)


def strip(text: str) -> Stripped:
    """Remove inserted links, calls to action and feed frames from a text.

    Only what :func:`clean` would remove too is removed: what is uncertain stays. What only a corpus can show, such as a line
    that a source repeats, is not looked for.

    >>> import flong
    >>> flong.strip("The ferry ran aground.\\n\\nREAD ALSO: Maize Prices Rise\\n\\nNobody was hurt.").text
    'The ferry ran aground.\\n\\nNobody was hurt.'
    """
    stripped, removed = _flong.strip(text)
    return Stripped(stripped, [Removed(*piece) for piece in removed])


def compare(a: str, b: str) -> Comparison:
    """Compare two texts as :func:`find` does when these two are the whole corpus.

    >>> import flong
    >>> wire = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt at all."
    >>> flong.compare(wire, wire).kind
    'exact'
    >>> flong.compare(wire, "Maize prices rose.").kind is None
    True
    """
    told = _flong.compare(a, b)
    shared = [Shared(*passage) for passage in told.pop("shared")]
    return Comparison(shared=shared, **told)


def explain(a: str, b: str | None = None) -> Explanation:
    """Explain why two texts match or do not match, and what of them is boilerplate; of one text, only that.

    >>> import flong
    >>> wire = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt at all."
    >>> flong.explain(wire, wire).reason
    'the words are the same'
    >>> changed = flong.explain(wire, wire.replace("140", "150").replace("Tuesday", "Friday"))
    >>> [(change.a, change.b) for change in changed.facts_changed]
    [('Tuesday', 'Friday'), ('140', '150')]
    >>> flong.explain("Maize rose.\\n\\nREAD ALSO: Ferry Runs Aground").boilerplate[0][0].title
    'inserted link'
    """
    told = _flong.explain(a, b)
    boilerplate = [[Boilerplate(*piece) for piece in text] for text in told["boilerplate"]]
    if b is None:
        return Explanation(boilerplate)
    pair = json.loads(told["pair"])

    def changes(name: str) -> list[Change]:
        return [Change(change["a"], change["b"]) for change in pair[name]]

    return Explanation(
        boilerplate,
        kind=pair["kind"],
        score=pair["score"],
        rule=pair["rule"],
        reason=pair["reason"],
        measures=pair["measured"],
        ways=[Way(way["way"], way["passed"], [Criterion(**one) for one in way["criteria"]]) for way in pair["ways"]],
        facts_kept=changes("facts_kept"),
        facts_changed=changes("facts_changed"),
        names_kept=pair["names_kept"],
        names_changed=changes("names_changed"),
        differences=told["differences"],
    )
