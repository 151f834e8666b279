"""A release with `method: noise`: persons counted, blurred once, paid for, laid out by region.

Belongs here: the way from the query's rows of persons to a wide noisy table. Must not hold: noise
(`anonymize.noise`), the record of spendings (`budget`), the standard's columns (`shape`).
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import polars as pl

from anonymize.cells import add_margins
from anonymize.noise.contributions import index_cells, require_persons
from anonymize.noise.counts import COUNT, Measured, lay_out, measure, protect
from anonymize.noise.mechanisms import counting_noise
from warehouse.budget import Budget, current_year, draw_once
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from anonymize.noise.mechanisms import Noise as Blur
    from assets.release import City, Noise
    from warehouse.home import Home


def blur_table(
    table: pl.DataFrame, protection: Noise, home: Home, city: City, *, release: str, key: bytes
) -> tuple[pl.DataFrame, list[str], tuple[str, ...]]:
    """Give the wide noisy table, its columns of counts, and what was done in words.

    The noise belongs to the rows and the protection: asked again with both unchanged, the table is
    the same and nothing is spent.

    Raises:
        Refusal: `release.noise` when the query's rows do not fit the protection; `budget.*`.
    """
    budget = _budget(protection, city)
    domain = {protection.region: protection.regions, protection.cell: protection.counts}
    used = [protection.person, protection.region, protection.cell]
    constants = _constants(table, used, release)
    noise = counting_noise(protection.cells_per_person, protection.epsilon, protection.delta)
    rows = _rows(table, used, domain, release)

    def draw() -> pl.DataFrame:
        most = protection.cells_per_person
        drawn = measure(
            rows,
            [*domain],
            person=protection.person,
            domain=domain,
            noise=noise,
            most=most,
            key=key,
        )
        return lay_out(drawn.columns, domain, drawn.counts)

    noisy = draw_once(
        home,
        budget,
        year=current_year(),
        purpose=f"release:{release}",
        request=_request(rows, protection, key),
        cost=noise.cost,
        draw=draw,
    )
    drawn = Measured((*domain,), noisy[COUNT].to_numpy(), noise)
    whole = protect([drawn], domain, delta=protection.delta, most=protection.cells_per_person)
    wide = _widen(whole.table, protection).with_columns(
        pl.lit(value).alias(name) for name, value in constants.items()
    )
    with_margins = add_margins(wide, protection.sums)
    return with_margins, [*protection.counts, *protection.sums], _words(protection, noise)


def _budget(protection: Noise, city: City) -> Budget:
    declared = city.privacy_budgets.get(protection.population)
    if declared is None:
        raise Refusal(
            "budget.none",
            f"プライバシー予算のない母集団です: {protection.population}",
            "city.yaml の privacy_budgets",
            "1年に使ってよい ε を責任者と決めて書いてください。",
        )
    return Budget(protection.population, declared.yearly_epsilon, declared.delta)


def _rows(
    table: pl.DataFrame, used: list[str], domain: dict[str, list[str]], release: str
) -> pl.DataFrame:
    """Take the columns that are counted, checked before anything is paid."""
    rows = table.select(used)
    try:
        index_cells(rows, domain)
        require_persons(rows[used[0]])
    except ValueError as error:
        what, where, _ = str(error).split("\n", 2)
        raise _misfit(what, where.partition(": ")[2], release) from None
    return rows


def _constants(table: pl.DataFrame, used: list[str], release: str) -> dict[str, object]:
    if missing := [name for name in used if name not in table.columns]:
        raise _misfit(f"SQL の結果に列がありません: {'、'.join(missing)}", "protection", release)
    others = [name for name in table.columns if name not in used]
    if many := [name for name in others if table[name].n_unique() > 1]:
        raise _misfit(
            f"表全体で1つの値にならない列があります: {'、'.join(many)}", "SQL の結果", release
        )
    # A number the same in every row is most likely a total, and would go out exact.
    if numbers := [name for name in others if table.schema[name].is_numeric()]:
        raise _misfit(f"ノイズのない数の列があります: {'、'.join(numbers)}", "SQL の結果", release)
    if table.is_empty():
        raise _misfit("1行もありません。", "SQL の結果", release)
    return {name: table[name][0] for name in others}


def _request(rows: pl.DataFrame, protection: Noise, key: bytes) -> str:
    """Name the question by a keyed hash, so that the record tells nothing about the rows."""
    content = rows.sort(rows.columns).write_csv()
    # Neither margins nor the budget's name change the noise.
    asked = protection.model_dump_json(exclude={"sums", "population"})
    return hmac.digest(key, f"noise:{asked}\n{content}".encode(), "sha256").hex()


def _widen(table: pl.DataFrame, protection: Noise) -> pl.DataFrame:
    """Turn rows of (region, cell, count) into one row a region, in the declared orders."""
    wide = table.pivot(on=protection.cell, index=protection.region, values=COUNT)
    return wide.select(protection.region, *protection.counts)


def _words(protection: Noise, noise: Blur) -> tuple[str, ...]:
    kind = "離散ラプラス" if noise.mechanism == "discrete_laplace" else "離散ガウス"
    delta = f"、δ = {protection.delta:.0e}" if protection.delta else ""
    return (
        f"人数は差分プライバシーの整数ノイズ({kind}、ε = {protection.epsilon:g}{delta})を加えました。",
        f"1人を数える区分は最大 {protection.cells_per_person} です。",
        f"1区分の誤差は平均 {noise.mean_absolute_error:.2f} 人、95%は {noise.half_width} 人以内です。",
        "0未満は0に直し、合計は公表する区分の和です。",
        "同じデータからは同じノイズつきの表だけを出し、予算(ε)は1回だけ使います。",
        "守れないこと: 区分の全員に共通する性質は分かります。世帯などn人まとめての保護は ε の n 倍まで弱まります。",
    )


def _misfit(what: str, where: str, release: str) -> Refusal:
    return Refusal(
        "release.noise",
        what,
        f"{release}.sql の結果の{where}",
        "SQL か protection(person、region、regions、cell、counts)を直してください。",
    )
