"""What a rule says: its verdict, and the words a clerk reads about it.

Belongs here: the shape of a rule. Must not hold: any rule of a format; they stand with the function
that applies them, and `catalogue` gathers them.
"""

from typing import NamedTuple

from transforms.verdict import OK


class Example(NamedTuple):
    """One text and what becomes of it; the documentation prints it and a test repeats it.

    Attributes:
        text: Raw text.
        value: The value as `machikane normalize` writes it, empty under uncertain and refused.
        kind: KIND of `machikane normalize`.
        context: Its `context` column, and `policy=lenient`.
    """

    text: str
    value: str
    kind: str
    context: str = ""


class Rule(NamedTuple):
    """One rule: a rule has one verdict, always.

    Attributes:
        verdict: One of the four levels. `ok`: the text says this value, in a spelling that law,
            standard or contract allow. `repaired`: something was mended or left out, in the one
            way possible. `uncertain`: kept, but it does not say one value. `refused`: it says none.
        title: What the rule recognises, in Japanese.
        remedy: What to do about it, a Japanese sentence; empty where nothing has to be done.
        examples: Texts that fall under the rule.
        source: Law, standard or document it follows; empty for a convention of this project.
    """

    verdict: str
    title: str
    remedy: str = ""
    examples: tuple[Example, ...] = ()
    source: str = ""


BLANK_RULE = Rule(OK, "空欄")
