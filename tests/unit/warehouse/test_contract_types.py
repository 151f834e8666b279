"""The words a contract may use are the ones the column functions know."""

from typing import get_args

from assets.column import CheckDigit, ColumnType, Vocabulary
from transforms.catalogue import TRANSFORMS
from transforms.codes.check_digits import DECLARABLE
from transforms.codes.vocabularies import VOCABULARIES


def test_a_contract_names_what_the_column_functions_know():
    assert set(get_args(ColumnType)) == set(TRANSFORMS)
    assert set(get_args(Vocabulary)) == set(VOCABULARIES)
    assert set(get_args(CheckDigit)) == set(DECLARABLE)
