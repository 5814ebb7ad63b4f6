"""What do we ask about readings and roll-ups? Each question once, for every engine (Ibis).

A question takes tables and gives an expression. Times are naive UTC throughout, sums are integer
watt hours: no question depends on an engine's time zone or on the order of its additions. Counts
are made inside the same aggregate that leaves bad readings out, never after a filter.
"""

from __future__ import annotations

from typing import Any

PLACE = ("province", "city", "feeder", "sector")
HEAD = "head"  # the sector of a meter at the head of a feeder; it is no demand of its own


def current(readings: Any) -> Any:
    """Return of each meter and time the highest version; of the same one the first known."""
    import ibis

    order = [ibis.desc(readings.version), readings.known]
    window = ibis.window(group_by=[readings.meter, readings.ts], order_by=order)
    ranked = readings.mutate(place=ibis.row_number().over(window))
    return ranked.filter(ranked.place == 0).drop("place")


def rolled(readings: Any, meters: Any, flags: Any) -> Any:
    """Return Wh, n and bad per place, sector and hour, from raw readings and their flags."""
    import ibis

    ours = current(readings)
    marked = flags.select("meter", "ts", "flags").distinct()
    joined = ours.inner_join(meters.select("meter", *PLACE), "meter")
    joined = joined.left_join(marked, ["meter", "ts"])
    bad = joined.flags.notnull()
    return joined.group_by([*PLACE, "ts"]).agg(
        wh=ibis.ifelse(bad, ibis.literal(0, "int64"), joined.wh).sum(),
        n=joined.count(),
        bad=bad.cast("int64").sum(),
    )


def by_sector(rollup: Any) -> Any:
    """Return demand per province, sector and hour, with how much of it rests on readings."""
    demand = rollup.filter(rollup.sector != HEAD)
    return demand.group_by(["province", "sector", "ts"]).agg(
        wh=demand.wh.sum(), n=demand.n.sum(), bad=demand.bad.sum(),
        expected=demand.expected.sum(),
    )  # fmt: skip


def balance(rollup: Any, supply: Any) -> Any:
    """Return per province and hour demand, supply and what is short, in Wh.

    supply: province, ts, supply_wh. An hour without figures of supply has none; it is not zero.
    """
    demand = rollup.filter(rollup.sector != HEAD)
    used = demand.group_by(["province", "ts"]).agg(wh=demand.wh.sum())
    joined = used.left_join(supply, ["province", "ts"])
    short = joined.wh - joined.supply_wh
    return joined.select(
        "province", "ts", "wh", "supply_wh",
        short_wh=short * (short > 0).cast("int64"),  # unknown stays unknown
    )  # fmt: skip


def deviating(rollup: Any, limit: int = 20) -> Any:
    """Return the feeders whose head meter and meters differ most, in millionths."""
    import ibis

    is_head, zero = rollup.sector == HEAD, ibis.literal(0, "int64")
    sums = rollup.group_by(["province", "city", "feeder"]).agg(
        head_wh=ibis.ifelse(is_head, rollup.wh, zero).sum(),
        meters_wh=ibis.ifelse(is_head, zero, rollup.wh).sum(),
    )
    sums = sums.filter(sums.head_wh > 0)
    gap = (sums.head_wh - sums.meters_wh).abs()
    # whole millionths, so that every engine orders alike
    ppm = (gap * 1_000_000 // sums.head_wh).cast("int64")
    ordered = sums.mutate(gap_ppm=ppm)
    return ordered.order_by([ibis.desc("gap_ppm"), "feeder"]).limit(limit)


def quality(rollup: Any) -> Any:
    """Return per province and sector how many readings were owed, came, and were bad."""
    return rollup.group_by(["province", "sector"]).agg(
        expected=rollup.expected.sum(), n=rollup.n.sum(), bad=rollup.bad.sum()
    )
