import nbformat
import pytest

from notebooks.toolkit.parameters import ParameterError, inject_parameters, parse_settings


@pytest.fixture
def notebook():
    cells = [
        nbformat.v4.new_markdown_cell("# 題"),
        nbformat.v4.new_code_cell("RATE = 50\nNAME: str = 'a'", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("print(RATE)"),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def test_settings_are_literals_or_text():
    assert parse_settings(["RATE=62.5", "LIST=[1, 2]", "NAME=粗大ごみ", "A=b=c"]) == {
        "RATE": 62.5,
        "LIST": [1, 2],
        "NAME": "粗大ごみ",
        "A": "b=c",
    }


@pytest.mark.parametrize("setting", ["RATE", "=5", "a b=1", "import os;x=1"])
def test_a_setting_that_is_none_is_refused(setting):
    with pytest.raises(ParameterError, match="--set"):
        parse_settings([setting])


def test_values_follow_the_defaults_as_literals(notebook):
    inject_parameters(notebook, {"RATE": 60, "NAME": "'); import os  #"}, name="a.ipynb")
    injected = notebook.cells[2]
    assert injected.metadata["tags"] == ["injected-parameters"]
    scope = {}
    exec(injected.source, scope)  # noqa: S102
    assert (scope["RATE"], scope["NAME"]) == (60, "'); import os  #")
    nbformat.validate(notebook)


def test_nothing_to_set_changes_nothing(notebook):
    inject_parameters(notebook, {}, name="a.ipynb")
    assert len(notebook.cells) == 3


def test_an_unknown_parameter_is_refused_and_the_known_are_told(notebook):
    with pytest.raises(ParameterError, match=r"RTAE[\s\S]*NAME、RATE"):
        inject_parameters(notebook, {"RTAE": 1}, name="a.ipynb")
    del notebook.cells[1]
    with pytest.raises(ParameterError, match="なし"):
        inject_parameters(notebook, {"RATE": 1}, name="a.ipynb")
