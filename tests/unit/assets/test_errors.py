import pickle

from hypothesis import given
from hypothesis import strategies as st

from assets.errors import RegisterError, RegisterFault, suggest

words = st.text("abcdefgh_", min_size=1, max_size=8)


def test_an_error_says_every_fault_in_three_lines(tmp_path):
    faults = [RegisterFault(tmp_path / n, "columns.a", f"誤り{n}", f"直す{n}") for n in ("x", "y")]
    error = RegisterError(faults)
    assert error.faults == faults
    for fault in faults:
        said = str(fault).splitlines()
        assert len(said) == 3
        assert str(fault.file) in said[1]
        assert "columns.a" in said[1]
        assert str(fault) in str(error)


def test_a_fault_of_a_whole_file_names_the_file_alone(tmp_path):
    assert " の " not in str(RegisterFault(tmp_path / "x", "", "誤り", "直す")).splitlines()[1]


@given(words, st.lists(words, min_size=1, max_size=6))
def test_every_right_word_is_in_the_suggestion(word, known):
    said = suggest(word, known)
    assert all(item in said for item in known)
    if word in known:
        assert f"「{word}」" in said


def test_a_fault_can_be_kept(tmp_path):
    fault = RegisterFault(tmp_path, "a", "b", "c")
    assert pickle.loads(pickle.dumps(fault)) == fault  # noqa: S301 - our own bytes
