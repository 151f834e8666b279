"""Run a notebook from the first cell to the last, leaving no trace elsewhere.

Here belong the choice of kernel, its isolation, and what to say when a cell
fails. Here do not belong the look of the result, nor files.

The kernel is this very interpreter, whatever kernels the user has installed;
its connection file, settings and history live in a folder that is removed.
On POSIX it speaks over Unix sockets: no network is needed, not even loopback.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# A Unix socket's path has room for 104 bytes on the strictest system (macOS).
SOCKET_PATH_BYTES = 80
SHORT_FOLDER = "/tmp"  # noqa: S108  (a private folder is made in it)
STARTUP_SECONDS = 60
JUPYTER_FOLDERS = (
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
)
INJECTED = "injected-parameters"
# Loaded into every kernel; one that cannot find it says so and goes on.
SQL_MAGIC = "notebooks.toolkit.sql_magic"


class CellFailedError(Exception):
    """A notebook stopped before its end; the message carries no cell's data."""


class InterpreterKernelSpecs(KernelSpecManager):
    """Answer every request for a kernel with the running interpreter."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Describe the kernel.

        Args:
            kernel_name: Ignored: the notebook's wish may be absent here.

        Returns:
            The specification that starts ``sys.executable``.
        """
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        argv += [f"--InteractiveShellApp.extra_extensions={SQL_MAGIC}"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


def run_notebook(
    notebook: nbformat.NotebookNode, *, name: str, folder: Path, timeout_seconds: int
) -> nbformat.NotebookNode:
    """Run all cells in a fresh kernel.

    Args:
        notebook: What to run; it gains its outputs.
        name: What the notebook is called in an error message.
        folder: Working directory of the kernel.
        timeout_seconds: Longest time for one cell.

    Returns:
        The same notebook, with outputs.

    Raises:
        CellFailedError: A cell raised, ran too long, or the kernel died.
    """
    started: list[int] = []
    with _open_private_folder() as private:
        client = NotebookClient(
            notebook,
            km=_create_kernel_manager(private),
            timeout=timeout_seconds,
            startup_timeout=STARTUP_SECONDS,
            record_timing=False,
            store_widget_state=False,
            on_cell_start=lambda cell, cell_index: started.append(cell_index),  # noqa: ARG005
        )
        try:
            client.execute(
                cwd=str(folder),
                env=_build_environment(private),
                cleanup_kc=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
            message = describe_failure(notebook, name, started[-1] if started else None, error)
        else:
            return notebook
    # Outside the handler: the library's message, which quotes data, is not chained.
    raise CellFailedError(message)


def describe_failure(
    notebook: nbformat.NotebookNode, name: str, index: int | None, error: Exception
) -> str:
    """Say in three lines of Japanese which cell failed, and how.

    Only the type of the exception is told: its message may quote a row.

    Args:
        notebook: The notebook that was running.
        name: What it is called.
        index: Position of the cell that was running, from 0; None if none was.
        error: What the client raised.

    Returns:
        What is wrong, where, and what to do next.
    """
    if index is None:
        return (
            f"ノートを実行するプログラムを起動できませんでした({type(error).__name__})。\n"
            f"場所: {name}\n"
            "次に: 空きメモリと、Pythonパッケージ ipykernel の導入を確かめてください。"
        )
    written = [cell for cell in notebook.cells[: index + 1] if not _is_injected(cell)]
    codes = sum(cell.cell_type == "code" for cell in written)
    return (
        f"ノートの実行が途中で止まりました({_name_cause(error)})。\n"
        f"場所: {name} の上から{len(written)}番目のセル(コードのセルでは{codes}番目)\n"
        "次に: JupyterLabでこのセルまで実行して原因を直し、もう一度実行してください。"
    )


def _name_cause(error: Exception) -> str:
    """Name the kind of failure without quoting the failure itself."""
    if isinstance(error, CellTimeoutError):
        return "制限時間を超えました"
    if isinstance(error, DeadKernelError):
        return "実行中のプログラムが落ちました。メモリ不足のことがあります"
    name = str(getattr(error, "ename", type(error).__name__))
    return name if re.fullmatch(r"[A-Za-z_][\w.]{0,80}", name, re.ASCII) else "例外"


def _is_injected(cell: nbformat.NotebookNode) -> bool:
    """Tell a cell we added from one the analyst sees."""
    return INJECTED in cell.metadata.get("tags", [])


@contextmanager
def _open_private_folder() -> Generator[Path]:
    """Make a folder only this user can read, and remove it afterwards."""
    place = tempfile.gettempdir()
    too_long = os.name == "posix" and len(os.fsencode(place)) > SOCKET_PATH_BYTES
    with tempfile.TemporaryDirectory(
        prefix="kernel-",
        dir=SHORT_FOLDER if too_long else place,
        ignore_cleanup_errors=True,
    ) as folder:
        yield Path(folder)


def _create_kernel_manager(private: Path) -> AsyncKernelManager:
    """Prepare the kernel's manager, not yet started."""
    return AsyncKernelManager(
        kernel_spec_manager=InterpreterKernelSpecs(data_dir=str(private)),
        transport="ipc" if os.name == "posix" else "tcp",
        connection_file=str(private / "k.json"),
        data_dir=str(private),
    )


def _build_environment(private: Path) -> dict[str, Any]:
    """Copy the environment, with the user's own Jupyter and IPython out of reach."""
    return {
        **os.environ,
        **{name: str(private / name.lower()) for name in JUPYTER_FOLDERS},
        "JUPYTER_NO_CONFIG": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONUTF8": "1",
    }
