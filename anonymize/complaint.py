"""How this room refuses an argument: three lines of Japanese, never a value of a row.

Belongs here: the wording of a wrong call. Must not hold: findings about a release (`gate`).
"""


def complaint(what: str, where: str, remedy: str) -> ValueError:
    """Build the error to raise when an argument cannot be used.

    Args:
        what: What is wrong.
        where: Function, argument or column; no content of a row.
        remedy: What to do next.
    """
    return ValueError(f"{what}\n  場所: {where}\n  直し方: {remedy}")


def require_columns(present: list[str], wanted: list[str], where: str) -> None:
    """Raise when a wanted column is not there.

    Raises:
        ValueError: At least one name of `wanted` is not in `present`.
    """
    if missing := [name for name in wanted if name not in present]:
        raise complaint(
            f"表にない列が指定されています: {'、'.join(missing)}",
            where,
            "列名の書き間違いを直すか、表にその列を加えてください。",
        )
