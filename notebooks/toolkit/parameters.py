"""Set a notebook's parameters from outside.

Here belong the reading of ``NAME=VALUE`` and the cell that carries the values,
in the manner of papermill: the cell tagged ``parameters`` holds the defaults
and a cell tagged ``injected-parameters`` follows it. Here does not belong the
running of the notebook.
"""

import ast

import nbformat

from notebooks.toolkit.kernel import INJECTED

PARAMETERS = "parameters"


class ParameterError(ValueError):
    """A parameter cannot be set; the message is three lines of Japanese."""


def parse_settings(settings: list[str]) -> dict[str, object]:
    """Read ``NAME=VALUE`` texts.

    Args:
        settings: Such as ``TARGET_RATE_PCT=60``; a value that is no Python
            literal is taken as text.

    Returns:
        The values by name.

    Raises:
        ParameterError: A text has no ``=``, or its name is not a Python name.
    """
    pairs = [setting.partition("=") for setting in settings]
    if not all(name.isidentifier() and equals for name, equals, _ in pairs):
        raise ParameterError(
            "パラメータの書き方が正しくありません。\n"
            "場所: --set の指定\n"
            "次に: --set TARGET_RATE_PCT=60 のように、名前=値 の形で指定してください。"
        )
    return {name: _read_literal(value) for name, _, value in pairs}


def inject_parameters(
    notebook: nbformat.NotebookNode, values: dict[str, object], *, name: str
) -> None:
    """Insert a cell with ``values`` after the notebook's own defaults.

    Args:
        notebook: Is changed; without values it stays as it is.
        values: Values by name.
        name: What the notebook is called in an error message.

    Raises:
        ParameterError: The notebook has no such parameter.
    """
    if not values:
        return
    tagged = [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and PARAMETERS in cell.metadata.get("tags", [])
    ]
    known = _list_assigned(notebook.cells[tagged[0]].source) if tagged else set()
    unknown = sorted(values.keys() - known)
    if unknown:
        raise ParameterError(
            f"このノートにないパラメータです({'、'.join(unknown)})。\n"
            f"場所: {name} の parameters のセル\n"
            f"次に: 次の名前から選んでください: {'、'.join(sorted(known)) or '(なし)'}"
        )
    source = "\n".join(f"{key} = {value!r}" for key, value in values.items())
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": [INJECTED]})
    notebook.cells.insert(tagged[0] + 1, cell)


def _read_literal(text: str) -> object:
    """Read a Python literal, or else keep the text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _list_assigned(source: str) -> set[str]:
    """List the names a cell assigns at its top level."""
    targets = (
        target
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    )
    return {target.id for target in targets if isinstance(target, ast.Name)}
