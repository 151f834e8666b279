import pytest

from tests.unit.transforms.judging import one
from transforms.codes.school_codes import school_code


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("F112310102342", "F112310102342", "school_code.plain"),
        ("ｆ１-12-3-1010234-2", "F112310102342", "school_code.written_form"),
        ("Z112310102342", None, "school_code.not_code"),
        ("F148310102342", None, "school_code.not_code"),
        ("F11231010234", None, "school_code.not_code"),
    ],
)
def test_school_code(text, value, rule):
    assert one(school_code, text)[::2] == (value, rule)
