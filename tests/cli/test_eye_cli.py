"""lightlane eye: figures against closed forms, pictures that are well formed, masks, and what cannot be measured."""

import math
import pathlib
import random
import sys
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program
from lightlane_waveforms import lowpass, npy, pattern, staircase, with_cursors


def q(x):
    return 0.5 * math.erfc(x / math.sqrt(2))


def bisect(low, high, f):
    """x where the falling f passes 0."""
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return low


class Case(program.Case):
    def wave(self, values, name="wave.npy"):
        return self.file(name, npy(values))

    def eye(self, file, *options, status=(0,)):
        return self.json("eye", file, "--samples-per-ui", 16, *options, status=status)


class TestPam4(Case):
    def test_noise_narrows_the_eyes_as_its_tail_says(self):
        levels = pattern("prbs13q")
        share = [levels.count(level) / len(levels) for level in range(4)]
        file = self.wave(staircase(levels))
        for sigma, p in ((3e-5, 1e-6), (5e-5, 1e-6), (5e-5, 1e-12), (8e-5, 1e-4)):
            answer = self.eye(file, "--filter", "none", "--noise-w", sigma, "--probability", p)
            for e, eye in enumerate(answer["eyes"]):
                top = 1e-3 + 1e-3 * e
                up = bisect(0, 1e-3, lambda d: share[e] * q(d / sigma) + share[e + 1] * q((1e-3 - d) / sigma) - p)
                down = bisect(0, 1e-3, lambda d: share[e + 1] * q(d / sigma) + share[e] * q((1e-3 - d) / sigma) - p)
                self.assertTrue(eye["open"])
                self.assertAlmostEqual(eye["height_w"], 1e-3 - up - down, delta=0.02 * sigma)
                self.assertAlmostEqual(eye["low_w"], top + up, delta=0.02 * sigma)
            self.assertAlmostEqual(answer["rlm_120d"], 1, delta=1e-3)
            self.assertAlmostEqual(answer["oma_outer_w"], 3e-3, delta=1e-7)
            self.assertEqual([eye["eye"] for eye in answer["eyes"]], ["lower", "middle", "upper"])

    def test_density_is_a_distribution_at_each_phase(self):
        file = self.wave(lowpass(staircase(pattern("prbs13q")), 0.3))
        answer = self.eye(file, "--noise-w", 1e-5, "--rows", 50, "--columns", 20, "--ui", 1, "--contour", "1e-3,1e-9")
        density = answer["density"]
        self.assertEqual((density["rows"], density["columns"]), (50, 20))
        self.assertEqual(len(density["share"]), 50)
        for column in range(20):
            self.assertAlmostEqual(sum(row[column] for row in density["share"]), 1, delta=1e-4)
        self.assertEqual(len(answer["contours"]), 9)
        for contour in answer["contours"]:
            for _, low, high in contour["phase_ui_low_w_high_w"]:
                self.assertLess(low, high)
        tub = answer["bathtub_vertical"][1]
        self.assertEqual(len(tub["threshold_w"]), len(tub["error_ratio"]))
        self.assertLess(min(tub["error_ratio"]), 1e-6)

    def test_unequal_levels(self):
        answer = self.eye(self.wave(staircase(pattern("prbs13q"), powers=(1.0, 1.95, 3.1, 4.0))), "--filter", "none")
        es1, es2 = 0.55 / 1.5, 0.6 / 1.5
        self.assertAlmostEqual(answer["rlm_120d"], min(3 * es1, 3 * es2, 2 - 3 * es1, 2 - 3 * es2), delta=1e-4)
        self.assertAlmostEqual(answer["rlm_94"], 0.9, delta=1e-4)

    def test_a_capture_without_a_known_pattern(self):
        chance = random.Random(2)
        wave = lowpass(staircase([chance.randrange(4) for _ in range(1000)]), 0.6)[11:-3]
        answer = self.eye(self.wave(wave), "--filter", "bt4:60")
        self.assertIsNone(answer["pattern"])
        self.assertTrue(all(eye["open"] for eye in answer["eyes"]))
        text = self.good("eye", "wave.npy", "--filter", "bt4:60", "--pattern", "none").stdout
        self.assertIn("no known pattern", text)

    def test_the_opposite_polarity(self):
        wave = lowpass(staircase(pattern("prbs13q")), 0.3)
        answer = self.eye(self.wave(wave))
        inverted = self.eye(self.wave([5e-3 - power for power in wave], "inverted.npy"))
        self.assertTrue(inverted["pattern"]["inverted"])
        self.assertAlmostEqual(inverted["oma_outer_w"], answer["oma_outer_w"], delta=1e-8)
        self.assertAlmostEqual(inverted["jitter"]["rms_ui"], answer["jitter"]["rms_ui"], delta=1e-4)
        for eye, other in zip(answer["eyes"], inverted["eyes"][::-1]):
            self.assertAlmostEqual(other["height_w"], eye["height_w"], delta=3e-6)

    def test_rin_and_jitter_of_several_periods(self):
        chance = random.Random(3)
        levels = pattern("prbs13q")
        file = self.wave([power + chance.gauss(0, 2e-5) for power in staircase(levels, 4) * 6])
        answer = self.json("eye", file, "--samples-per-ui", 4)
        self.assertEqual(answer["pattern"]["periods"], 6)
        # White noise over 2 x 53.125 GHz of which the filter passes 1.0464 x 26.5625 GHz.
        bandwidth = 1.0464 * 26.5625e9
        variance = 2e-5**2 * bandwidth / (2 * 53.125e9)
        self.assertAlmostEqual(answer["rin_oma_db_per_hz"], 10 * math.log10(variance / (bandwidth * 1.5e-3**2)), delta=0.5)
        self.assertLess(answer["jitter"]["uncorrelated_rms_ui"], 0.03)


class TestNrz(Case):
    def test_an_ideal_transmitter(self):
        file = self.wave(staircase(pattern("prbs9"), powers=(1e-3, 3e-3)))
        answer = self.eye(file, "--modulation", "nrz", "--filter", "none", "--symbol-rate-gbd", 25.78125)
        self.assertEqual(answer["pattern"]["name"], "PRBS9")
        self.assertAlmostEqual(answer["tdec"]["penalty_db"], 0, delta=0.02)
        self.assertAlmostEqual(answer["tdp"]["penalty_db"], 0, delta=0.02)
        self.assertAlmostEqual(answer["vecp_db"], 0, delta=0.01)
        self.assertTrue(answer["mask"]["pass"])
        self.assertEqual(answer["mask"]["hit_ratio"], 0)
        self.assertAlmostEqual(answer["eyes"][0]["height_w"], 2e-3, delta=4e-6)

    def test_a_post_cursor(self):
        file = self.wave(with_cursors(pattern("prbs9"), post=0.1))
        answer = self.eye(file, "--modulation", "nrz", "--filter", "none")
        self.assertAlmostEqual(answer["vecp_db"], -10 * math.log10(1 - 0.2), delta=0.01)
        # Half of the symbols follow an equal one, half of them have lost 2 h of their distance.
        sigma = bisect(1e-3, 10, lambda s: 5e-5 - 0.5 * q(0.5 / s) - 0.5 * q(0.4 / s))
        self.assertAlmostEqual(answer["tdec"]["penalty_db"], -10 * math.log10(2 * 3.8906 * sigma), delta=0.03)

    def test_masks(self):
        file = self.wave(lowpass(staircase(pattern("prbs9"), powers=(1e-3, 3e-3)), 0.07))
        answer = self.eye(file, "--modulation", "nrz")
        self.assertFalse(answer["mask"]["pass"])
        self.assertLess(answer["mask"]["margin"], 0)
        self.eye(file, "--modulation", "nrz", "--mask", "0.25,0.4,0.45,0.25,0.28,0.4", status=(1,))
        self.eye(file, "--modulation", "nrz", "--mask", "0.49,0.495,0.5,0.48,0.49,2", status=(0,))
        text = self.good("eye", file, "--modulation", "nrz").stdout
        for word in ("NRZ eye", "eye mask", "VECP", "TDEC", "TDP"):
            self.assertIn(word, text)


class TestPictures(Case):
    def test_svg_and_page_stand_on_their_own(self):
        for modulation, wave in (("pam4", lowpass(staircase(pattern("prbs13q")), 0.3)), ("nrz", staircase(pattern("prbs9"), powers=(1e-3, 3e-3)))):
            file = self.wave(wave)
            self.good("eye", file, "--modulation", modulation, "--svg", "eye.svg", "--html", "eye.html", "--noise-w", 1e-5)
            svg = (self.folder / "eye.svg").read_text()
            self.assertTrue(xml.fromstring(svg).tag.endswith("svg"))
            page = (self.folder / "eye.html").read_text()
            self.assertTrue(page.startswith("<!DOCTYPE html>"))
            for text in (page, svg.replace("http://www.w3.org/2000/svg", "")):
                for word in ("http:", "https:", "<script", "@import", "url("):
                    self.assertNotIn(word, text)
            self.assertIn("Bathtubs", page)

    def test_text_is_a_picture_and_a_table(self):
        text = self.good("eye", self.wave(lowpass(staircase(pattern("prbs13q")), 0.3))).stdout
        self.assertIn("PAM4 eye", text.splitlines()[0])
        self.assertGreater(sum(line.count("▓") + line.count("█") for line in text.splitlines()), 100)
        self.assertNotIn("\033", text)
        for word in ("upper", "middle", "lower", "R_LM", "OMAouter", "UI", "mW"):
            self.assertIn(word, text)
        self.assertLessEqual(max(map(len, text.splitlines())), 120)

    def test_the_same_bytes_for_any_number_of_threads(self):
        file = self.wave(lowpass(staircase(pattern("prbs13q")), 0.3))
        outputs = {self.good("eye", file, "--format", "json", "--threads", threads).stdout for threads in (1, 2, 5)}
        self.assertEqual(len(outputs), 1)


class TestErrors(Case):
    def test_usage(self):
        file = self.wave(staircase(pattern("prbs13q")))
        cases = [(["--modulation", "pam8"], "pam8"), (["--filter", "bt4"], "--filter"), (["--filter", "bt4:"], "--filter"), (["--filter", "bt4:-3"], "--filter"),
                 (["--filter", "bt4:1e9"], "--filter"), (["--filter", "bt4:nan"], "--filter"), (["--filter", "bt4:30x"], "--filter"), (["--noise-w=-1"], "--noise-w"),
                 (["--noise-w", "nan"], "--noise-w"), (["--probability", "0"], "--probability"), (["--probability", "0.5"], "--probability"),
                 (["--contour", "1e-3,2"], "--contour"), (["--ui", "3"], "--ui"), (["--columns", "3"], "--columns"), (["--rows", "0"], "--rows"),
                 (["--rows", "1000000"], "--rows"), (["--mask", "0.25,0.4"], "--mask"), (["--mask", "0.25,0.4,0.45,0.25,0.28,0.4"], "nrz"),
                 (["--hit-ratio", "1"], "--hit-ratio"), (["--pattern", "prbs9"], "PAM4"), (["--pattern", "prbs31", "--modulation", "nrz"], "prbs31"),
                 (["--samples-per-ui", "2"], "--samples-per-ui"), (["--colour", "1"], "--colour")]
        for options, named in cases:
            self.refused(["eye", file, *options], [named], (2,))
        nrz = self.wave(staircase(pattern("prbs9"), powers=(1, 2)), "nrz.npy")
        self.refused(["eye", nrz, "--modulation", "nrz", "--mask", "0.5,0.4,0.45,0.25,0.28,0.4"], ["mask"], (2,))

    def test_input(self):
        self.refused(["eye", "nowhere.npy"], ["nowhere.npy"], (3,))
        chance = random.Random(5)
        self.refused(["eye", self.wave([chance.random() for _ in range(5000)])], ["wave.npy", "closed"], (3,))
        self.refused(["eye", self.wave([1.0] * 5000)], ["constant"], (3,))
        self.refused(["eye", self.wave([1.0, 2.0] * 20)], ["wave.npy"], (3,))
        self.refused(["eye", self.wave(staircase(pattern("prbs13q"))), "--pattern", "ssprq"], ["periods"], (3,))
        self.refused(["eye", self.wave(staircase(pattern("prbs13q"))), "--svg", "nowhere/eye.svg"], ["nowhere/eye.svg"], (3,))


if __name__ == "__main__":
    program.main()
