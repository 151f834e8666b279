"""Every model and the best node by the book: plain Python over rows, for small tables."""

import itertools
import math
from collections import Counter

from anonymize.records import models as m


def people(rows, person):
    return len({row[person] for row in rows}) if person else len(rows)


def tally(rows, on, person):
    if not person:
        return Counter(row[on] for row in rows)
    return Counter(value for value, _ in {(row[on], row[person]) for row in rows})


def passes(model, rows, table, person=None, population=0):
    size = people(rows, person)
    if isinstance(model, m.KAnonymity):
        return size >= model.k
    if isinstance(model, m.KMap):
        return population >= model.k
    counts, whole = tally(rows, model.on, person), tally(table, model.on, person)
    p = {s: counts[s] / counts.total() for s in whole}
    q = {s: whole[s] / whole.total() for s in whole}
    falling = sorted(counts.values(), reverse=True)
    match model:
        case m.DistinctL():
            return len(counts) >= model.l
        case m.EntropyL():
            entropy = -sum(x * math.log(x) for x in p.values() if x)
            return entropy >= math.log(model.l) - 1e-9
        case m.RecursiveCL():
            return falling[0] < model.c * sum(falling[model.l - 1 :])
        case m.EqualT():
            return sum(abs(p[s] - q[s]) for s in whole) / 2 <= model.t + 1e-9
        case m.OrderedT():
            order = [s for s in model.order if s in whole] or sorted(whole, key=float)
            sums = itertools.accumulate(p[s] - q[s] for s in order)
            return sum(map(abs, sums)) / max(len(order) - 1, 1) <= model.t + 1e-9
        case m.AlphaK():
            return size >= model.k and max(falling) / size <= model.alpha + 1e-9
        case m.BetaLikeness():
            caps = {
                s: min(model.beta, -math.log(q[s])) if model.enhanced else model.beta for s in q
            }
            return all((p[s] - q[s]) / q[s] <= caps[s] + 1e-9 for s in q if p[s] > q[s])
        case m.DeltaDisclosure():
            return all(p[s] > 0 and abs(math.log(p[s] / q[s])) < model.delta - 1e-9 for s in q)
    raise TypeError(model)


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
