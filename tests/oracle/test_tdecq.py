"""`lightlane tdecq` against an independent model of the procedure."""

import array
import math
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program
import pattern_model
import tdecq_model as model

M = 16
LEVELS = pattern_model.prbs_q(13, [int(bit) for bit in pattern_model.PRBS13Q_SEEDS[0]], 8191)
NOMINAL = ("--samples-per-ui", M, "--symbol-rate-gbd", "53.125", "--pattern", "PRBS13Q", "--thresholds", "nominal")


def transmitted(edge_ui=0.6, echo=0.0, curve=0.0, noise=0.0, seed=1):
    """A staircase whose edges are raised cosines of `edge_ui`, with an echo after 1.5 UI, bent by a parabola."""
    taps = [1 - math.cos(2 * math.pi * (i + 0.5) / (M * edge_ui)) for i in range(round(M * edge_ui))]
    total = sum(taps)
    taps = [tap / total for tap in taps]
    stairs = [level / 3 for level in LEVELS for _ in range(M)]
    half = len(taps) // 2
    stairs = stairs[-half:] + stairs + stairs[: len(taps)]
    smooth = [sum(map(model.mul, taps, stairs[i : i + len(taps)])) for i in range(len(LEVELS) * M)]
    late = 3 * M // 2
    draw = random.Random(seed)
    wave = [p + echo * q for p, q in zip(smooth, smooth[-late:] + smooth[:-late])]
    wave = [p + curve * p * (1 - p) + noise * draw.gauss(0, 1) for p in wave]
    return array.array("f", [1e-3 * (0.4 + p) for p in wave])


class TestTdecq(program.Case):
    def measured(self, samples, *arguments):
        return self.json("tdecq", self.file("wave.f32", samples.tobytes()), *arguments)

    def compare(self, wave, taps, phase, **found):
        result = self.measured(
            wave, *NOMINAL, "--taps", ",".join(f"{tap:.12g}" for tap in taps), "--phase", phase
        )
        reference = model.Waveform(list(wave), M, LEVELS)
        self.assertAlmostEqual(result["tdecq_db"], reference.tdecq(taps, phase), delta=0.01)
        self.assertAlmostEqual(result["ceq"], reference.ceq(taps), delta=1e-4)
        # The program lines the pattern up itself, to a sample or two: the runs' central 2 UI move by as much.
        self.assertAlmostEqual(result["oma_outer_w"] / reference.oma, 1, delta=5e-4)
        self.assertAlmostEqual(result["pave_w"] / reference.pave, 1, delta=1e-6)
        self.assertAlmostEqual(result["er_db"], 10 * math.log10(reference.p3 / reference.p0), delta=5e-3)

    def test_constants_of_the_model(self):
        correlate = model.ReferenceFilter().noise_correlation
        for lag, known in enumerate((1, 0.020561, 0.001350, -0.0000798, 0.0000017)):
            self.assertAlmostEqual(correlate(lag), known, delta=6e-7)
        self.assertAlmostEqual(1.5 * model.tail(model.Q_T), model.TARGET_SER, delta=1e-6)

    def test_given_taps_and_phase(self):
        self.compare(transmitted(), [-0.03, 1.15, -0.14, 0.03, -0.01], 0.0)

    def test_given_taps_and_phase_with_echo(self):
        self.compare(transmitted(edge_ui=1.0, echo=0.08), [0.02, -0.12, 1.25, -0.17, 0.02], 0.06)

    def test_given_taps_and_phase_bent(self):
        self.compare(transmitted(edge_ui=1.2, curve=0.15), [0.02, -0.14, 1.28, -0.2, 0.04], -0.05)

    def test_given_taps_and_phase_with_noise(self):
        self.compare(transmitted(noise=0.03), [-0.1, 1.2, -0.1], 0.02)

    def optimum(self, wave, thresholds):
        """The figure is that of the receiver that is reported, and no receiver near it is better."""
        result = self.measured(wave, *NOMINAL[:-1], thresholds)
        reference = model.Waveform(list(wave), M, LEVELS)
        taps, phase, limits = result["taps"], result["phase_ui"], result["thresholds_w"]
        self.assertAlmostEqual(sum(taps), 1, delta=1e-6)
        figure = reference.tdecq(taps, phase, limits)
        self.assertAlmostEqual(result["tdecq_db"], figure, delta=0.01)
        for k in range(3):
            nominal = reference.pave + (k - 1) * reference.oma / 3
            self.assertLess(abs(limits[k] - nominal) / reference.oma, 0.0103 if thresholds == "adjusted" else 3e-4)
        draw = random.Random(5)
        for trial in range(12):
            size = (0.03, 0.01, 0.003)[trial % 3]
            other = [tap + size * draw.gauss(0, 1) for tap in taps]
            other[result["main_tap"]] += 1 - sum(other)
            moved = phase + (0.03 * draw.uniform(-1, 1) if trial % 4 == 0 else 0)
            self.assertGreater(reference.tdecq(other, moved, limits), figure - 0.005)

    def test_optimum_nominal_thresholds(self):
        self.optimum(transmitted(edge_ui=1.1, echo=0.05), "nominal")

    def test_optimum_adjusted_thresholds(self):
        self.optimum(transmitted(edge_ui=1.1, curve=0.12), "adjusted")

    def test_closed_form(self):
        """Unequal levels without filter and equaliser: 0.1615 dB."""
        power = {0: 1.0, 1: 1.95, 2: 3.05, 3: 4.0}
        wave = array.array("f", [1e-3 * power[level] for level in LEVELS for _ in range(M)])
        result = self.measured(wave, *NOMINAL, "--no-filter", "--taps", "1", "--phase", "0")
        self.assertAlmostEqual(result["tdecq_db"], 0.1615, delta=0.005)
        plain = model.Waveform(list(wave), M, LEVELS, filtered=False)
        self.assertAlmostEqual(plain.tdecq([1.0], 0.0), 0.1615, delta=0.005)


if __name__ == "__main__":
    program.main()
