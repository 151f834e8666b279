import shutil
import stat
import subprocess
import sys
import time
from html import unescape

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from notebooks.toolkit.render import main
from notebooks.toolkit.sanitize import list_outside_references


@pytest.fixture
def save_notebook(tmp_path):
    def save(*cells):
        path = tmp_path / "試し.ipynb"
        nbformat.write(new_notebook(cells=list(cells)), path)
        return path

    return save


def list_files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_notebook_becomes_a_page_and_an_executed_notebook(
    save_notebook, kernel_environment, tmp_path, capsys
):
    notebook = save_notebook(
        new_markdown_cell("# 題"),
        new_code_cell("N = 2", metadata={"tags": ["parameters"]}),
        new_code_cell("import sys, pathlib\nprint(N * 21, sys.executable, pathlib.Path.cwd())"),
    )
    before = notebook.read_bytes()
    page, executed = tmp_path / "out" / "a.html", tmp_path / "out" / "a.ipynb"
    assert main([str(notebook), str(page), "--executed", str(executed), "--set", "N=3"]) == 0
    text = unescape(page.read_text(encoding="utf-8"))
    assert f"63 {sys.executable} {tmp_path}" in text
    assert "63" in nbformat.read(executed, 4).cells[-1].outputs[0].text
    assert notebook.read_bytes() == before
    assert list_files(tmp_path / "out") == ["a.html", "a.ipynb"]
    assert str(page) in capsys.readouterr().out
    assert list(kernel_environment.iterdir()) == []


@pytest.mark.usefixtures("kernel_environment")
def test_the_page_has_the_rights_of_any_new_file(save_notebook, tmp_path):
    (tmp_path / "plain").touch()
    assert main([str(save_notebook()), str(tmp_path / "a.html")]) == 0
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "a.html")}
    assert len(modes) == 1


@pytest.mark.parametrize(
    ("program", "cause"),
    [
        ("raise ValueError('山田太郎 090')", "ValueError"),
        ("class 山田(Exception): pass\nraise 山田", "例外"),
        ("import os\nos._exit(3)", "落ちました"),
        ("import time\ntime.sleep(60)", "制限時間"),
    ],
)
@pytest.mark.usefixtures("kernel_environment")
def test_a_failing_cell_is_named_and_nothing_is_written(
    save_notebook, tmp_path, capfd, program, cause
):
    notebook = save_notebook(
        new_code_cell("N = 2", metadata={"tags": ["parameters"]}),
        new_markdown_cell("文"),
        new_code_cell(program),
        new_code_cell("print('not reached')"),
    )
    page = tmp_path / "out.html"
    page.write_text("前の版")
    arguments = [str(notebook), str(page), "--executed", str(tmp_path / "x.ipynb")]
    assert main([*arguments, "--set", "N=1", "--timeout", "3"]) == 1
    told = capfd.readouterr().err.splitlines()
    assert len(told) == 3
    assert cause in told[0]
    assert told[1] == "場所: 試し.ipynb の上から3番目のセル(コードのセルでは2番目)"
    assert "山田" not in "".join(told)
    assert page.read_text() == "前の版"
    assert not (tmp_path / "x.ipynb").exists()


@pytest.mark.parametrize("content", [None, "{", '{"cells": 1}', "[]"])
def test_a_file_that_is_no_notebook_is_refused(tmp_path, capsys, content):
    path = tmp_path / "a.ipynb"
    if content is not None:
        path.write_text(content)
    assert main([str(path), str(tmp_path / "a.html")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 3


@pytest.mark.usefixtures("kernel_environment")
def test_a_place_that_cannot_be_written_is_told(save_notebook, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main([str(save_notebook()), str(tmp_path / "file" / "a.html")]) == 1
    assert "書き込めません" in capsys.readouterr().err


def has_namespaces():
    unshare = shutil.which("unshare")
    return bool(unshare) and not subprocess.run([unshare, "-rn", "true"], check=False).returncode


@pytest.mark.skipif(not has_namespaces(), reason="needs Linux user namespaces")
@pytest.mark.usefixtures("kernel_environment")
def test_no_network_is_needed_not_even_loopback(save_notebook, tmp_path):
    notebook = save_notebook(
        new_code_cell(
            "import socket\ntry:\n    socket.create_server(('127.0.0.1', 0)).getsockname()\n"
            "    socket.create_connection(('127.0.0.1', 9), 1)\n"
            "except OSError as error:\n    print(error.errno)"
        )
    )
    command = [
        shutil.which("unshare") or "",
        "-rn",
        sys.executable,
        "-m",
        "notebooks.toolkit.render",
    ]
    done = subprocess.run(
        [*command, str(notebook), str(tmp_path / "a.html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    # 101 is ENETUNREACH: loopback really was down.
    assert "<pre>101\n</pre>" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("kernel_environment")
def test_rendering_is_quick(save_notebook, tmp_path):
    started = time.monotonic()
    assert main([str(save_notebook(new_code_cell("1"))), str(tmp_path / "a.html")]) == 0
    assert time.monotonic() - started < 30
    assert list_outside_references((tmp_path / "a.html").read_text(encoding="utf-8")) == []
