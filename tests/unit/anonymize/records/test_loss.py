import numpy as np
import pytest

from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.records.loss import column_weights, label_losses, loss_at

AGE = hierarchy_of_rows("age", [("0", "0-1", "*"), ("1", "0-1", "*"), ("2", "2", "*")])
SEX = hierarchy_of_rows("sex", [("男", "*"), ("女", "*")])
CODES = np.array([[0, 0], [1, 1], [2, 0]], np.int32)
ROWS = np.array([2, 1, 1])


def test_a_label_costs_the_values_beside_its_own():
    assert label_losses(AGE, 0).tolist() == [0, 0, 0]
    assert label_losses(AGE, 1).tolist() == [0.5, 0]
    assert label_losses(AGE, 2).tolist() == [1]
    assert label_losses(hierarchy_of_rows("x", [("a", "b")]), 1).tolist() == [0]


def test_loss_is_the_mean_over_rows_and_columns():
    nothing = np.zeros(3, bool)
    # ages: 3 rows at 0.5, 1 at 0; sex untouched
    assert loss_at(CODES, ROWS, nothing, [AGE, SEX], [1, 0]) == 3 * 0.5 / 4 / 2
    # the last row suppressed costs 1 in both
    hidden = np.array([False, False, True])
    assert loss_at(CODES, ROWS, hidden, [AGE, SEX], [1, 0]) == (3 * 0.5 / 2 + 1) / 4
    assert loss_at(CODES, ROWS, ~nothing, [AGE, SEX], [0, 0]) == 1
    assert loss_at(CODES[:0], ROWS[:0], nothing[:0], [AGE, SEX], [0, 0]) == 0


def test_weights_are_shares():
    assert column_weights([AGE, SEX], {"age": 3}).tolist() == [0.75, 0.25]
    found = loss_at(CODES, ROWS, np.zeros(3, bool), [AGE, SEX], [0, 1], weights={"age": 3})
    assert found == 0.25


@pytest.mark.parametrize(
    "weights", [{"age": -1}, {"無い列": 1}, {"age": 0, "sex": 0}, {"age": float("nan")}]
)
def test_refuses_wrong_weights(weights):
    with pytest.raises(ValueError, match="重み"):
        column_weights([AGE, SEX], weights)
