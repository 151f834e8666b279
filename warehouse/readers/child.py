"""Parse deliveries in a child process, so that a hostile file cannot take the run with it.

The child works under a limit of time and of memory that grow with the size of the file, watched
from outside and so on every system alike. When it dies or is stopped, the file is refused by name
and a new child serves the next one.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import psutil

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from types import TracebackType

    from assets.contract import Contract
    from warehouse.readers.delivery import Delivery

MEMORY_BYTES, MEMORY_PER_BYTE = 1 << 30, 16
SECONDS, SECONDS_PER_MEGABYTE = 45.0, 2.0
# Programs reserve far more addresses than memory; this only stops what asks for absurdly much.
_ADDRESSES = 6 << 30
_INTERVAL = 0.02

_Result = TypeVar("_Result")


class ParsingChild:
    """A child process that parses one file at a time. Use as a context manager."""

    def __init__(self) -> None:
        """Start nothing yet: the child is made when the first file comes."""
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

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

    def store(self, path: Path, contract: Contract, period: str, file: str, into: Path) -> Delivery:
        """Read one delivery in the child and write its raw rows to `into`.

        Raises:
            Refusal: the file's own fault, `parse.died`, `parse.slow` or `parse.failed`.
        """
        from warehouse.readers.delivery import store_delivery  # noqa: PLC0415 - not every parent needs the engines

        return self.run(store_delivery, path, contract, period, file, into, file=file)

    def run(self, function: Callable[..., _Result], *arguments: object, file: str) -> _Result:
        """Call a function of ours, picklable as its arguments and answer are, in the child.

        The limits follow from the size of the files among the arguments.

        Raises:
            Refusal: what the function refuses, `parse.died`, `parse.slow` or `parse.failed`.
        """
        process, pipe = self._start()
        limits = _Limits.of(arguments)
        with _Watch(process, limits) as watch:
            try:
                pipe.send((function, arguments, file, limits.memory))
                is_answer, value = pipe.recv()
            except (EOFError, ConnectionError):
                self._stop()
                raise watch.reason(file) from None
            except BaseException:
                self._stop()
                raise
        if is_answer:
            return cast("_Result", value)
        raise value

    def _start(self) -> tuple[SpawnProcess, Connection]:
        if self._process is not None and not self._process.is_alive():
            self._stop()
        if self._process is None or self._pipe is None:
            context = multiprocessing.get_context("spawn")
            self._pipe, far_end = context.Pipe()
            self._process = context.Process(target=_serve, args=(far_end,), daemon=True)
            with _unnamed_main():
                self._process.start()
            far_end.close()
        return self._process, self._pipe

    def _stop(self) -> None:
        """End the child and wait until it is gone; nobody else waits for it."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


@contextlib.contextmanager
def _unnamed_main() -> Generator[None]:
    """Start a child without the program that was started: it would load all of it once more."""
    main = sys.modules["__main__"]
    kept = {name: vars(main).pop(name) for name in ("__file__", "__spec__") if name in vars(main)}
    main.__spec__ = None
    try:
        yield
    finally:
        vars(main).update(kept)


class _Limits:
    """What one file may take."""

    def __init__(self, memory: int, seconds: float) -> None:
        self.memory, self.seconds = memory, seconds

    @classmethod
    def of(cls, arguments: tuple[object, ...]) -> _Limits:
        """Take them from the sizes of the files among the arguments."""
        paths = [value for value in arguments if isinstance(value, Path) and value.is_file()]
        size = sum(path.stat().st_size for path in paths)
        seconds = SECONDS + SECONDS_PER_MEGABYTE * size / (1 << 20)
        return cls(MEMORY_BYTES + MEMORY_PER_BYTE * size, seconds)


class _Watch:
    """Kills a process that passes its limits, while the block lasts."""

    def __init__(self, process: SpawnProcess, limits: _Limits) -> None:
        self._process, self._limits = process, limits
        self._is_over = threading.Event()
        self._rule = "parse.died"
        self._what = "読み取りの途中で、読み取りのプログラムが止まりました。"
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def reason(self, file: str) -> Refusal:
        """Say why the process ended."""
        self._is_over.set()
        self._thread.join()
        return _unreadable(self._rule, self._what, file)

    def _look(self) -> None:
        end = time.monotonic() + self._limits.seconds
        with contextlib.suppress(psutil.Error):
            seen = psutil.Process(self._process.pid)
            while not self._is_over.wait(_INTERVAL):
                if time.monotonic() > end:
                    self._rule = "parse.slow"
                    self._what = "ファイルの読み取りが時間内に終わりません。"
                elif seen.memory_info().rss > self._limits.memory:
                    self._what = "ファイルの読み取りに必要なメモリが大きすぎます。"
                else:
                    continue
                seen.kill()
                return


def _serve(pipe: Connection) -> None:
    """Work in the child until the run closes its end."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            function, arguments, file, memory = pipe.recv()
            _limit_addresses(memory)
            answer = _call(function, arguments, file)
            try:
                pipe.send(answer)
            except (TypeError, AttributeError, ValueError, MemoryError) as error:
                pipe.send((False, _failed(error, file)))


def _call(
    function: Callable[..., Any], arguments: tuple[object, ...], file: str
) -> tuple[bool, Any]:
    """Answer whether it worked, and the result; a reader that panics refuses this file only."""
    try:
        return True, function(*arguments)
    except Refusal as refusal:
        return False, refusal
    except BaseException as error:  # noqa: BLE001 - a panic of a native reader is no Exception
        return False, _failed(error, file)


def _failed(error: BaseException, file: str) -> Refusal:
    """Word an unforeseen error without its own words, which may repeat a row."""
    if isinstance(error, MemoryError):
        return _unreadable("parse.died", "ファイルの読み取りに必要なメモリが大きすぎます。", file)
    kind = type(error).__name__
    return _unreadable("parse.failed", f"ファイルを読み取れません({kind})。", file)


def _end_with_parent() -> None:
    """A run that is killed cannot stop its child; the child then ends by itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_addresses(memory: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - POSIX only

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (memory + _ADDRESSES, hard))


def _unreadable(rule: str, what: str, file: str) -> Refusal:
    return Refusal(
        rule, what, file, "使っていない行・列・シートを消し、小さく分けて提出してください。"
    )
