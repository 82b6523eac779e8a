"""The first of very many cars in an order of their kinds, without putting all of them in order."""

from array import array
from collections.abc import Hashable
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice
from typing import Any

from bookings.availability.fleet import bits
from bookings.availability.fleet.offered import Offered


@dataclass(frozen=True)
class Order:
    """Kinds by what they are ordered by; cars of equal ones by their ids."""

    rank: list[int]  # of each kind
    groups: "list[list[array[int]]]"  # positions of the kinds of one rank, in the order of ranks
    cars: int

    @classmethod
    def by(cls, offered: Offered, keys: list[Any]) -> "Order":
        """In the order of `keys`, one for each kind."""
        rank, groups = [0] * len(keys), []
        numbers = sorted(range(len(keys)), key=keys.__getitem__)
        for number, (_key, same) in enumerate(groupby(numbers, key=keys.__getitem__)):
            kinds = list(same)
            groups.append([offered.kinds[kind].positions for kind in kinds])
            for kind in kinds:
                rank[kind] = number
        return cls(rank, groups, sum(len(kind.positions) for kind in offered.kinds))

    def page(self, offered: Offered, of: int, first: int, count: int) -> list[int]:
        """Ids of the `count` cars of the set `of` that come after the first `first`, in order.

        Walks along the order where most of the cars are in the set, else puts those of the set in order: of both it
        takes the one that looks at fewer cars.
        """
        many, raw = of.bit_count(), bits.raw(of)
        last = first + count
        if many * many > last * self.cars:
            walked = (
                position for same in self.groups for position in _in_order(same) if bits.has(raw, position)
            )
            return offered.ids(list(islice(walked, first, last)))
        rank, kind_of = self.rank, offered.kind_of
        ranked = sorted(bits.positions(raw), key=lambda position: (rank[kind_of[position]], position))
        return offered.ids(ranked[first:last])


def _in_order(same: "list[array[int]]") -> Any:
    return same[0] if len(same) == 1 else merge(*same)


def order_of(offered: Offered, name: Hashable, keys: list[Any]) -> Order:
    """By these keys, made once for each name."""
    return offered.once(("order", name), lambda: Order.by(offered, keys))
