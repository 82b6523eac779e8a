"""Sets of cars as bits of one number: 100,000 of them are 12 KB, and what two sets share is one step of the processor's."""

import re
from collections.abc import Iterable, Iterator

SOME = re.compile(rb"[^\0]")
IN_BYTE = [tuple(n for n in range(8) if byte >> n & 1) for byte in range(256)]


def put(into: bytearray, positions: Iterable[int]) -> bytearray:
    """Set the bits at these positions, none of them below zero; the same bytes, grown where they are too short."""
    for position in positions:
        byte = position >> 3
        if byte >= len(into):
            into.extend(bytes(byte + 1 - len(into)))
        into[byte] |= 1 << (position & 7)
    return into


def number(of: bytes | bytearray) -> int:
    """As one number."""
    return int.from_bytes(of, "little")


def raw(of: int) -> bytes:
    """As bytes."""
    return of.to_bytes((of.bit_length() + 7) // 8, "little")


def positions(of: bytes) -> Iterator[int]:
    """Where bits are set, the lowest first."""
    for found in SOME.finditer(of):
        begin = 8 * found.start()
        for n in IN_BYTE[of[found.start()]]:
            yield begin + n


def has(of: bytes, position: int) -> bool:
    """Whether the bit is set."""
    byte = position >> 3
    return byte < len(of) and bool(of[byte] >> (position & 7) & 1)
