"""Parse deliveries in a child process, so that a hostile file cannot take the run with it.

The child has a memory limit (where the system knows one) and a time limit; when it dies, the file
is refused by name and a new child serves the next one.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, Self, TypeVar

from warehouse.readers.parse import parse
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from assets.contract import Contract
    from warehouse.readers.extract import Extracted

MEMORY_BYTES = 4 << 30
SECONDS = 300

_Result = TypeVar("_Result")


class ParsingChild:
    """A child process that parses one file at a time. Use as a context manager."""

    def __init__(self) -> None:
        """Start nothing yet: the child is made when the first file comes."""
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Enter."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop the child."""
        self._stop()

    def parse(self, path: Path, contract: Contract, period: str, file: str) -> Extracted:
        """Parse one delivery in the child.

        Raises:
            Refusal: the file's own fault, `parse.died`, `parse.slow` or `parse.failed`.
        """
        return self.run(parse, path, contract, period, file, file=file)

    def run(self, function: Callable[..., _Result], *arguments: object, file: str) -> _Result:
        """Call a function of ours, picklable as its arguments and answer are, in the child.

        Raises:
            Refusal: what the function refuses, `parse.died`, `parse.slow` or `parse.failed`.
        """
        if self._pool is None:
            self._pool = _new_pool()
        try:
            return self._pool.submit(_call, function, arguments, file).result(SECONDS)
        except (BrokenProcessPool, MemoryError) as error:
            self._stop()
            raise _unreadable(
                "parse.died", "ファイルの読み取りに必要なメモリが大きすぎます。", file
            ) from error
        except TimeoutError as error:
            self._stop()
            raise _unreadable(
                "parse.slow", "ファイルの読み取りが時間内に終わりません。", file
            ) from error

    def _stop(self) -> None:
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001
                process.kill()
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def _call(function: Callable[..., Any], arguments: tuple[object, ...], file: str) -> Any:  # noqa: ANN401
    """Work in the child; a reader that panics refuses this file and no other."""
    try:
        return function(*arguments)
    except Refusal:
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of a native reader is no Exception
        kind = type(error).__name__
        raise _unreadable("parse.failed", f"ファイルを読み取れません({kind})。", file) from None


def _new_pool() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(max_workers=1, mp_context=context, initializer=_start)


def _start() -> None:
    """Set the child up: its limit, and an eye on the run that started it."""
    _limit_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A run that is killed cannot stop its child; the child then ends by itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - POSIX only

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _unreadable(rule: str, what: str, file: str) -> Refusal:
    return Refusal(
        rule, what, file, "使っていない行・列・シートを消し、小さく分けて提出してください。"
    )
