"""The ``%%machikane`` cell: SQL in, a polars frame out, under the role that is named.

Here belong the words of the magic and its one connection. Here do not belong
what a role may see, nor how an answer looks.

Load it with ``%load_ext notebooks.toolkit.sql_magic``; notebooks that the
platform runs have it already.
"""

import argparse
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from warehouse.analyst import connect

if TYPE_CHECKING:
    from warehouse.analyst import Analyst

USAGE = (
    "%%machikane [--role 役割] [--home データの置き場所] [--refresh] [--pandas] [結果の名前]\n"
    "  次の行から SQL を書きます。結果の名前を書くと、表はその変数に入ります。"
)


class MagicArguments(argparse.ArgumentParser):
    """The words after ``%%machikane``, refused in Japanese."""

    def __init__(self) -> None:
        """Declare the words."""
        super().__init__(prog="%%machikane", add_help=False)
        self.add_argument("name", nargs="?")
        self.add_argument("--role", default="analyst")
        self.add_argument("--home")
        self.add_argument("--refresh", action="store_true")
        self.add_argument("--pandas", action="store_true")

    def error(self, message: str) -> NoReturn:
        """Say how it is written; the library's own words are English.

        Args:
            message: The library's.

        Raises:
            UsageError: Always.
        """
        del message
        raise UsageError(f"書き方が違います。\n  場所: %%machikane の行\n  直し方: {USAGE}")


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Make the magic known to a notebook.

    Args:
        shell: The notebook's interpreter.
    """
    shell.register_magic_function(build_magic(shell), "cell", "machikane")


def build_magic(shell: InteractiveShell) -> Callable[[str, str], object]:
    """Build the magic, with its connections: one a role and home, kept until the kernel ends.

    Args:
        shell: Where a named result is put.

    Returns:
        The function of a line and a cell.
    """
    opened: dict[tuple[str | None, str], Analyst] = {}

    def machikane(line: str, cell: str) -> object:
        """Answer the SQL of a cell."""
        said = MagicArguments().parse_args(shlex.split(line))
        key = (said.home, said.role)
        if key not in opened:
            opened[key] = connect(said.home, role=said.role)
        elif said.refresh:
            opened[key].refresh()
        answer = opened[key].sql(cell)
        frame = answer.df() if said.pandas else answer.pl()
        if said.name is None:
            return frame
        if not said.name.isidentifier():
            raise UsageError(
                f"結果の名前に使えません: {said.name}\n  場所: %%machikane の行\n  直し方: {USAGE}"
            )
        shell.user_ns[said.name] = frame
        return None

    return machikane
