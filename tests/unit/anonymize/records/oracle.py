"""Every model and the best node by the book: plain Python over rows, for small tables."""

import itertools
import math
from collections import Counter
from types import SimpleNamespace

from anonymize.records import models as m


def people(rows, person):
    return len({row[person] for row in rows}) if person else len(rows)


def tally(rows, on, person):
    if not person:
        return Counter(row[on] for row in rows)
    return Counter(value for value, _ in {(row[on], row[person]) for row in rows})


def distance(model, p, q):
    order = [s for s in model.order if s in q] or sorted(q, key=float)
    sums = itertools.accumulate(p[s] - q[s] for s in order)
    return sum(map(abs, sums)) / max(len(order) - 1, 1)


def cap(model, share):
    return min(model.beta, -math.log(share)) if model.enhanced else model.beta


# Of a class c: falling counts r, shares p of every value of the table, shares q in the table.
TESTS = {
    m.DistinctL: lambda x, c: len(c.r) >= x.l,
    m.EntropyL: lambda x, c: (
        -sum(s * math.log(s) for s in c.p.values() if s) >= math.log(x.l) - 1e-9
    ),
    m.RecursiveCL: lambda x, c: c.r[0] < x.c * sum(c.r[x.l - 1 :]),
    m.EqualT: lambda x, c: sum(abs(c.p[s] - c.q[s]) for s in c.q) / 2 <= x.t + 1e-9,
    m.OrderedT: lambda x, c: distance(x, c.p, c.q) <= x.t + 1e-9,
    m.BetaLikeness: lambda x, c: all(
        (c.p[s] - q) / q <= cap(x, q) + 1e-9 for s, q in c.q.items() if c.p[s] > q
    ),
    m.DeltaDisclosure: lambda x, c: all(
        c.p[s] > 0 and abs(math.log(c.p[s] / q)) < x.delta - 1e-9 for s, q in c.q.items()
    ),
}


def passes(model, rows, table, person=None, population=0):
    size = people(rows, person)
    if isinstance(model, m.KAnonymity):
        return size >= model.k
    if isinstance(model, m.KMap):
        return population >= model.k
    counts, whole = tally(rows, model.on, person), tally(table, model.on, person)
    falling = sorted(counts.values(), reverse=True)
    if isinstance(model, m.AlphaK):
        return size >= model.k and falling[0] / size <= model.alpha + 1e-9
    p = {s: counts[s] / counts.total() for s in whole}
    q = {s: whole[s] / whole.total() for s in whole}
    return TESTS[type(model)](model, SimpleNamespace(r=falling, p=p, q=q))


def judge_node(rows, ladders, levels, models, *, person=None, population=()):
    """Return (suppressed rows, loss) of a node; rows are dicts of text."""

    def labels(row):
        return tuple(
            h.labels[level][h.codes[level][h.labels[0].index(row[h.column])]]
            for h, level in zip(ladders, levels, strict=True)
        )

    classes = {}
    for row in rows:
        classes.setdefault(labels(row), []).append(row)
    known = Counter(labels(row) for row in population)
    lost = suppressed = 0
    for label, members in classes.items():
        if all(passes(model, members, rows, person, known[label]) for model in models):
            for h, level, name in zip(ladders, levels, label, strict=True):
                below = int(h.leaves(level)[h.labels[level].index(name)]) - 1
                lost += len(members) * below / max(len(h.labels[0]) - 1, 1) / len(ladders)
        else:
            suppressed += len(members)
            lost += len(members)
    return suppressed, lost / len(rows)


def best(rows, ladders, models, limit, **more):
    """Return the least loss over all nodes within the limit; None if there is none."""
    nodes = itertools.product(*(range(h.height + 1) for h in ladders))
    judged = [judge_node(rows, ladders, levels, models, **more) for levels in nodes]
    allowed = int(limit * len(rows) + 1e-6)
    return min((loss for suppressed, loss in judged if suppressed <= allowed), default=None)
