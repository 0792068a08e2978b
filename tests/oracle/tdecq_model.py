"""Golden model of TDECQ (802.3 121.8.5.3) in plain Python: straight through the steps, slow. Time in UI, power in W.

Behind the fourth-order Bessel-Thomson filter (half the symbol rate) samples are wanted at instants between those of the
waveform: they are sums over its impulse response, which is known in closed form.
"""

import cmath
import math
from collections import Counter
from operator import mul

Q_T = 3.414
TARGET_SER = 4.8e-4
NODES = 5  # instants inside each histogram window


def tail(x):
    return 0.5 * math.erfc(x / math.sqrt(2))


def bessel_roots():
    """Of y^4 + 10 y^3 + 45 y^2 + 105 y + 105, by Newton from their leading digits."""
    roots = []
    for y in (-2.8962 + 0.8672j, -2.8962 - 0.8672j, -2.1038 + 2.6574j, -2.1038 - 2.6574j):
        for _ in range(20):
            value = (((y + 10) * y + 45) * y + 105) * y + 105
            slope = ((4 * y + 30) * y + 90) * y + 105
            y -= value / slope
        roots.append(y)
    return roots


class ReferenceFilter:
    """Impulse response with the delay at DC taken out: at t = 0 a slow waveform is passed as it is."""

    REACH = 6.0  # UI behind which less than 1e-7 is left

    def __init__(self, f3db_over_rate=0.5):
        self.speed = 2 * math.pi * f3db_over_rate / 2.113917675  # y = s / speed
        roots = bessel_roots()
        self.terms = []
        for k, root in enumerate(roots):
            rest = 105
            for j, other in enumerate(roots):
                if j != k:
                    rest /= root - other
            self.terms.append((rest * self.speed, root * self.speed))
        self.delay = 1 / self.speed

    def response(self, t):
        t += self.delay
        return sum((a * cmath.exp(p * t)).real for a, p in self.terms) if t >= 0 else 0.0

    def noise_correlation(self, lag_ui):
        """Of white noise behind it: the integral of h(t) h(t + lag), term by term."""
        total = sum(
            a * b * cmath.exp(q * abs(lag_ui)) / -(p + q) for a, p in self.terms for b, q in self.terms
        ).real
        return total / sum(a * b / -(p + q) for a, p in self.terms for b, q in self.terms).real


class Waveform:
    """One period of a pattern; level i belongs to samples [i M, (i + 1) M)."""

    def __init__(self, samples, samples_per_ui, levels, filtered=True):
        assert len(samples) == samples_per_ui * len(levels)
        self.m, self.levels = samples_per_ui, levels
        self.filter = ReferenceFilter() if filtered else None
        self.pad = 8 * samples_per_ui
        self.samples = samples[-self.pad :] + samples + samples[: self.pad]
        self.count = len(levels)
        self.rows = {}
        self.pave = sum(samples) / len(samples)
        self.p3, self.p0 = self.run_power(3, 7), self.run_power(0, 6)
        self.oma = self.p3 - self.p0

    def weights(self, phase):
        """What samples from `first` of the symbol on weigh at `phase` UI from its centre."""
        at = (0.5 + phase) * self.m
        if self.filter:
            first = math.floor(at - ReferenceFilter.REACH * self.m)
            last = math.ceil(at + self.filter.delay * self.m)
            weights = [self.filter.response((at - i) / self.m) for i in range(first, last + 1)]
        else:  # as it stands: cubic through the four samples around
            first = math.floor(at) - 1
            u = at - math.floor(at)
            weights = [
                -u * (u - 1) * (u - 2) / 6,
                (u + 1) * (u - 1) * (u - 2) / 2,
                -(u + 1) * u * (u - 2) / 2,
                (u + 1) * u * (u - 1) / 6,
            ]
        total = sum(weights)
        return first, [w / total for w in weights]

    def instant(self, symbol, phase):
        first, weights = self.weights(phase)
        start = self.pad + first + symbol * self.m
        return sum(map(mul, weights, self.samples[start : start + len(weights)]))

    def t_spaced(self, phase):
        """Samples at `phase` UI from the centre of every symbol."""
        key = round(phase, 9)
        if key not in self.rows:
            first, weights = self.weights(phase)
            begin = self.pad + first
            self.rows[key] = [
                sum(map(mul, weights, self.samples[start : start + len(weights)]))
                for start in range(begin, begin + self.count * self.m, self.m)
            ]
        return self.rows[key]

    def run_power(self, level, length):
        """Mean over the central 2 UI of the runs of `length` symbols, unequalised."""
        starts = [
            i
            for i in range(self.count)
            if all(self.levels[(i + k) % self.count] == level for k in range(length))
            and self.levels[i - 1] != level
            and self.levels[(i + length) % self.count] != level
        ]
        assert starts, "no such run"
        total = weight = 0.0
        for start in starts:
            for i in range(2 * self.m + 1):  # the samples on both edges count half
                ui = length / 2 - 1 + i / self.m
                symbol = math.floor(ui)
                w = 0.5 if i in (0, 2 * self.m) else 1.0
                total += w * self.instant((start + symbol) % self.count, ui - symbol - 0.5)
                weight += w
        return total / weight

    def ceq(self, taps):
        correlate = ReferenceFilter().noise_correlation
        return math.sqrt(
            sum(a * b * correlate(i - j) for i, a in enumerate(taps) for j, b in enumerate(taps))
        )

    def equalised(self, taps, phase):
        """y_k = sum over j of c_j x(t_k - j): which symbol that is does not matter to a histogram."""
        row = self.t_spaced(phase)
        row = row[-len(taps) :] + row
        out = [0.0] * self.count
        for j, tap in enumerate(taps):
            start = len(taps) - j
            out = [y + tap * x for y, x in zip(out, row[start : start + self.count])]
        return out

    def histograms(self, taps, phase):
        """Left and right: share of samples in each bin of OMAouter / 2000."""
        width = self.oma / 2000
        out = []
        for side in (-0.05, 0.05):
            cells = Counter()
            for node in range(NODES):
                offset = side + 0.04 * ((node + 0.5) / NODES - 0.5)
                cells.update(int(y // width) for y in self.equalised(taps, phase + offset))
            total = sum(cells.values())
            out.append([((cell + 0.5) * width, count / total) for cell, count in sorted(cells.items())])
        return out

    def tdecq(self, taps, phase, thresholds=None):
        """[dB] for these taps (sum 1), this phase, and thresholds [W] (nominal where none are given)."""
        if thresholds is None:
            thresholds = [self.pave - self.oma / 3, self.pave, self.pave + self.oma / 3]
        sides, ceq = self.histograms(taps, phase), self.ceq(taps)

        def worse_ser(noise):
            reach = 7.5 * noise * ceq
            scale = 1 / (noise * ceq)
            return max(
                sum(share * tail(abs(y - t) * scale) for y, share in side for t in thresholds if abs(y - t) < reach)
                for side in sides
            )

        low, high = math.log(1e-4 * self.oma), math.log(0.2 * self.oma)
        while high - low > 1e-5:
            middle = (low + high) / 2
            if worse_ser(math.exp(middle)) > TARGET_SER:
                high = middle
            else:
                low = middle
        return 10 * math.log10(self.oma / (6 * Q_T * math.exp((low + high) / 2)))
