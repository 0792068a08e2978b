"""Captured waveforms for tests: patterns as powers, and the files that hold them. Standard library only."""

import functools
import struct

import lightlane_program as program


@functools.lru_cache(maxsize=None)
def pattern(name):
    """One period of levels."""
    done = program.run("pattern", "generate", name)
    assert done.returncode == 0, done.stderr
    return tuple(int(digit) for digit in done.stdout.strip())


def staircase(levels, samples=16, powers=(1e-3, 2e-3, 3e-3, 4e-3)):
    """Each symbol for a whole UI."""
    return [powers[level] for level in levels for _ in range(samples)]


def with_cursors(levels, samples=16, post=0.0, pre=0.0, low=1e-3, step=1e-3):
    """Each symbol for a whole UI, with some of its neighbours in it."""
    out = []
    for i, level in enumerate(levels):
        value = (1 - post - pre) * level + post * levels[i - 1] + pre * levels[(i + 1) % len(levels)]
        out += [low + step * value] * samples
    return out


def lowpass(wave, share):
    """A single pole, settled: out += share * (in - out)."""
    out, value = [0.0] * len(wave), wave[-1]
    for _ in range(2):
        for i, power in enumerate(wave):
            value += share * (power - value)
            out[i] = value
    return out


def npy(values, descr="<f4", shape=None, fortran=False, version=1):
    """A .npy file; `shape` may lie."""
    shape = (len(values),) if shape is None else shape
    header = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {tuple(shape)!r}, }}"
    header = header.ljust(117) + "\n"
    kind = {"f4": "f", "f8": "d", "i2": "h", "i4": "i"}[descr[1:]]
    order = {"<": "<", ">": ">", "|": "<"}[descr[0]]
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header.encode() + struct.pack(f"{order}{len(values)}{kind}", *values)


def raw(values):
    return struct.pack(f"<{len(values)}f", *values)


def csv(values, interval=None, header=""):
    """Power, or time and power."""
    lines = [header] if header else []
    for i, value in enumerate(values):
        lines.append(f"{value!r}" if interval is None else f"{i * interval:.9e},{value!r}")
    return "\n".join(lines) + "\n"
