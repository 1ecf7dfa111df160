"""Answers about one text or two."""

from __future__ import annotations

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
class Measure:
    """A measure of two texts, and the least values for a copy and for a rewording where it has any."""

    value: float
    copy: float | None
    reworded: float | None


@dataclass(frozen=True)
class Explanation:
    """Why two texts match or do not match, and what of them is boilerplate. ``print`` shows it for people."""

    kind: str | None
    """The kind of the match; None if there is none, or only one text."""
    score: float
    """How sure the match is, 0 to 1."""
    reason: str
    """The rule that decided, in words."""
    measures: dict[str, Measure]
    """The measures, by their names."""
    facts: tuple[int, int] | None
    """Numbers and dates that both state, and those that they change."""
    names: tuple[int, int] | None
    """Names that both have, and those that they change."""
    boilerplate: list[list[Boilerplate]]
    """Of each text, what is not body."""
    differences: list[tuple[int, str]] = field(repr=False)
    """The two texts as one, in pieces: each with 0 if both have it, -1 if only the first has it, and 1 if only the second."""

    def __str__(self) -> str:
        lines: list[str] = []
        if self.reason:
            lines.append(f"{self.kind} {self.score:.2f}: {self.reason}" if self.kind else f"no match: {self.reason}")
            lines.append(f"  {'':<22}{'measured':>10}{'for a copy':>12}{'reworded':>12}")
            for name, measure in self.measures.items():
                copy, reworded = ("-" if limit is None else f"{limit:.2f}" for limit in (measure.copy, measure.reworded))
                lines.append(f"  {name:<22}{measure.value:>10.2f}{copy:>12}{reworded:>12}")
            for name, counts in (("numbers and dates", self.facts), ("names", self.names)):
                if counts is not None:
                    lines.append(f"  {name:<22}{counts[0]} kept, {counts[1]} changed")
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
    >>> flong.explain("Maize rose.\\n\\nREAD ALSO: Ferry Runs Aground").boilerplate[0][0].title
    'inserted link'
    """
    told = _flong.explain(a, b)
    measures = {name: Measure(*values) for name, values in told.get("measures", {}).items()}
    pieces = [[Boilerplate(*piece) for piece in text] for text in told["boilerplate"]]
    return Explanation(
        kind=told.get("kind"),
        score=told.get("score", 0.0),
        reason=told.get("reason", ""),
        measures=measures,
        facts=told.get("facts"),
        names=told.get("names"),
        boilerplate=pieces,
        differences=told.get("differences", []),
    )
