"""The generator gives its published numbers, and keys give independent, even draws."""

import numpy as np
import pytest

from amnok.compiling import allocating_kernel
from amnok.decisions import OPPORTUNITY_DRAW, PACKING_DRAW, ROUTE_DRAW
from amnok.draws import Key, draw, draw4, philox, replicate_key, unit

# Random123, kat_vectors: philox4x32 with 10 rounds.
VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF),
        (0xFFFFFFFF, 0xFFFFFFFF),
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_published_vectors(counter, key, expected):
    assert tuple(int(word) for word in philox(*counter, *key)) == expected


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_published_vectors_uncompiled(counter, key, expected):
    plain = getattr(philox, "py_func", philox)
    assert tuple(int(word) for word in plain(*counter, *key)) == expected


def test_draws_lie_strictly_inside_the_unit_interval():
    assert 0.0 < unit(np.uint64(0)) < 1e-9
    assert 1.0 - 1e-9 < unit(np.uint64(0xFFFFFFFF)) < 1.0


def test_every_part_of_the_key_matters():
    key, other = replicate_key(1, 0), replicate_key(2, 0)
    base = draw4(key, 5, 7, ROUTE_DRAW, 3)
    others = [
        draw4(other, 5, 7, ROUTE_DRAW, 3),
        draw4(replicate_key(1, 1), 5, 7, ROUTE_DRAW, 3),
        draw4(key, 6, 7, ROUTE_DRAW, 3),
        draw4(key, 5, 8, ROUTE_DRAW, 3),
        draw4(key, 5, -7, ROUTE_DRAW, 3),
        draw4(key, 5, 7, PACKING_DRAW, 3),
        draw4(key, 5, 7, ROUTE_DRAW, 4),
    ]
    assert len({base, *others}) == 8
    assert base == draw4(key, 5, 7, ROUTE_DRAW, 3)


def test_seeds_beyond_32_bits_differ():
    assert replicate_key(1, 0) != replicate_key(1 + 2**32, 0)


@allocating_kernel
def neighbours(key: Key, n: int) -> np.ndarray:
    """Draws of neighbouring agents, days and options, [which, n]."""
    result = np.empty((3, n))
    for i in range(n):
        result[0, i] = draw(key, i, 10, OPPORTUNITY_DRAW)
        result[1, i] = draw(key, 10, i, OPPORTUNITY_DRAW)
        result[2, i] = draw(key, 10, 10, ROUTE_DRAW, i)
    return result


@pytest.mark.statistical
def test_neighbouring_draws_are_even_and_uncorrelated():
    """Fixed seed. Chi-square over 256 cells below its 1 - 1e-6 quantile (370.6), lag-1 correlation
    within 5 standard errors: six checks, together a false alarm in about 1 of 100,000 seeds."""
    n = 200_000
    for series in neighbours(replicate_key(20190721, 3), n):
        counts = np.bincount((series * 256).astype(int), minlength=256)
        chi_square = float(((counts - n / 256) ** 2 / (n / 256)).sum())
        assert chi_square < 370.6
        lag = np.corrcoef(series[:-1], series[1:])[0, 1]
        assert abs(lag) < 5 / np.sqrt(n)
