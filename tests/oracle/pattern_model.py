"""Test patterns in plain Python, from 802.3 120.5.11.2 and 49.2.8: the oracle of `lightlane pattern`.

All shift registers: feedback = XOR of the tapped stages, the feedback bit is the output and enters S0. A seed is a list
S0, S1, ..: the bits just before the first output bit, latest first.
"""

from phy_model import pam4

TAPS = {7: (7, 6), 9: (9, 5), 13: (13, 12, 2, 1), 15: (15, 14), 23: (23, 18), 31: (31, 28)}  # exponents of x
INVERTED = {15, 23, 31}  # 31: figure 49-9; 15 and 23: ITU-T O.150
# 94.2.9.3, S0 first
PRBS13Q_SEEDS = ["0000010101011", "0011101000001", "1001000101100", "0100010000010"]


def prbs(order, seed, count, inverted=None):
    """`count` output bits."""
    history = [int(bit) for bit in seed][::-1]
    for _ in range(count):
        feedback = 0
        for tap in TAPS[order]:
            feedback ^= history[-tap]
        history.append(feedback)
    flip = int(order in INVERTED if inverted is None else inverted)
    return [bit ^ flip for bit in history[order:]]


def prbs_q(order, seed, count):
    """PRBS9Q, PRBS13Q, PRBS31Q: `count` PAM4 levels, two bits of the pattern each."""
    return pam4(prbs(order, seed, 2 * count))


def ssprq():
    """Short stress pattern random quaternary: one period of 65535 levels."""
    a = []
    for start, count in ((0x00000002, 10924), (0x34013FF7, 10922), (0x0CCCCCCC, 10922)):
        a += prbs(31, [start >> i & 1 for i in range(31)], count)
    levels = pam4(a + a + a[1:] + a[:-1])
    flipped = list(range(16384, 32768)) + list(range(49151, 65535))
    for i in flipped:
        levels[i] = 3 - levels[i]
    return levels


def jp03a(count):
    return [(0, 3)[i % 2] for i in range(count)]


def jp03b(count):
    period = [0, 3] * 15 + [3, 0] * 16
    return [period[i % 62] for i in range(count)]


def square_wave(count):
    period = [3] * 16 + [0] * 16
    return [period[i % 32] for i in range(count)]
