"""The smallest step of controlled rounding: the nearest multiples whose sums are near too.

Belongs here: one mixed-integer program for HiGHS and what to do when it finds nothing. Must not
hold: dimensions, the order of steps (`rounding`).

Written in units of the base. With target t = b (f + r), 0 ≤ r < 1, a cell is f + z, z ∈ {0, 1},
and the distance |b (f + z) − t| is linear in z: b r + z b (1 − 2r) (Cox and Ernst, Controlled
rounding, INFOR 20, 1982). Sums are variables of the same kind; they may leave {f, f + 1} at the
price of b and a fine a step, so that a solution exists also where zero-restricted rounding has
none (Causey, Cox and Ernst, JASA 80, 1985: three dimensions; Salazar-González, Annals of
Operations Research 144, 2006: relaxed).
"""

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from anonymize.tables.rounding_axes import Counts, Numbers
from anonymize.tables.solver import SilentHighs

_FINE = 10.0
_INTEGRAL = 1e-6
_OPTIONS = {
    "random_seed": 0,
    "mip_max_nodes": 200,
    "mip_rel_gap": 0.01,
}


@dataclass(frozen=True)
class Step:
    """n cells to be rounded, m sums to stay near, q sums that are fixed.

    Attributes:
        targets: n numbers, in units of the base.
        free: n flags: the cell may leave the two multiples around its target.
        zero: n flags: the cell stays 0.
        near: m × n, 1 where a cell is part of a sum.
        near_targets: m numbers.
        fixed: q × n.
        fixed_values: q whole numbers.
        network: m flags: these rows of `near`, together with `fixed`, are two families of nested
            sums. Such a program is a network and has a whole solution without branching.
    """

    targets: Numbers
    free: npt.NDArray[np.bool_]
    zero: npt.NDArray[np.bool_]
    near: sparse.csr_array
    near_targets: Numbers
    fixed: sparse.csr_array
    fixed_values: Counts
    network: npt.NDArray[np.bool_]


def solve(step: Step) -> Counts:
    """Return n whole numbers that meet the fixed sums, near to all targets.

    Deterministic: one thread, bounded by nodes and not by time. When the bound is reached before
    any solution, the sums outside the network are left alone.

    Raises:
        ArithmeticError: No numbers meet the fixed sums, which the caller must prevent.
    """
    everything = np.ones(len(step.near_targets), np.bool_)
    for rows, whole in ((everything, not step.network.all()), (step.network, False)):
        found = _run(step, np.flatnonzero(rows), whole=whole)
        if found is not None:
            return found
    raise ArithmeticError("the fixed sums cannot be met")


def _run(step: Step, near: npt.NDArray[np.int64], *, whole: bool) -> Counts | None:
    floor, rest = _split(step.targets)
    moves, upper, cost = _moves(step, floor, rest)
    rows = step.near[near]
    row_floor, row_rest = _split(step.near_targets[near])
    m, q = len(row_floor), len(step.fixed_values)
    eye = sparse.vstack([sparse.eye_array(m), sparse.csr_array((q, m))])
    matrix = sparse.hstack(
        [sparse.vstack([rows, step.fixed]) @ moves, -eye, -eye, eye], format="csc"
    )
    right = np.r_[row_floor - rows @ floor, step.fixed_values - step.fixed @ floor]
    upper = np.r_[upper, row_rest > 0, np.full(m, np.inf), row_floor]
    cost = np.r_[cost, 1 - 2 * row_rest, np.full(2 * m, 1 + _FINE)]
    found = minimise(matrix, right, upper, cost, moves.shape[1] if whole else 0)
    if found is None:
        return None
    moved = moves @ found[: moves.shape[1]]
    if np.abs(moved - np.rint(moved)).max(initial=0) > _INTEGRAL:
        return None
    return np.rint(floor + moved).astype(np.int64)


def _split(targets: Numbers) -> tuple[Numbers, Numbers]:
    floor = np.floor(targets + _INTEGRAL)
    return floor, np.maximum(targets - floor, 0)


def _moves(step: Step, floor: Numbers, rest: Numbers) -> tuple[sparse.csr_array, Numbers, Numbers]:
    """Return how each variable moves a cell (n × variables), its largest value and its price.

    One variable for each cell, up by one; for those that are free, further up and down as well.
    """
    n, loose = len(floor), np.flatnonzero(step.free & ~step.zero)
    further = sparse.csr_array(
        (np.ones(len(loose)), (loose, np.arange(len(loose)))), (n, len(loose))
    )
    upper = np.r_[(rest > 0) & ~step.zero, np.full(len(loose), np.inf), floor[loose]]
    cost = np.r_[1 - 2 * rest, np.full(2 * len(loose), 1 + _FINE)]
    return sparse.hstack([sparse.eye_array(n), further, -further], format="csr"), upper, cost


def minimise(
    matrix: sparse.csc_array, right: Numbers, upper: Numbers, cost: Numbers, whole: int
) -> Numbers | None:
    """Minimise cost · x with matrix x = right, 0 ≤ x ≤ upper, the first `whole` of x integers."""
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, np.zeros(len(cost)), upper
    program.row_lower_ = program.row_upper_ = right
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = matrix.indptr
    program.a_matrix_.index_ = matrix.indices
    program.a_matrix_.value_ = matrix.data
    if whole:
        kinds = [highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous]
        program.integrality_ = [kinds[0]] * whole + [kinds[1]] * (len(cost) - whole)
    solver = SilentHighs()
    for name, value in _OPTIONS.items():
        solver.setOptionValue(name, value)
    solver.passModel(program)
    solver.run()
    solution = solver.getSolution()
    return np.asarray(solution.col_value) if _is_feasible(solver) else None


def _is_feasible(solver: highspy.Highs) -> bool:
    return solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
