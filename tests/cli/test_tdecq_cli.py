"""lightlane tdecq: closed forms, invariances, formats, and files that are no waveform."""

import math
import pathlib
import random
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program
from lightlane_waveforms import csv, lowpass, npy, pattern, raw, staircase, with_cursors

RATE = 53.125
KEYS = ["tdecq_db", "ceq", "oma_outer_w", "pave_w", "er_db", "taps", "main_tap", "phase_ui", "thresholds_w", "overshoot_pct",
        "undershoot_pct", "tpe", "causes", "pattern", "closed"]
# As the closed forms have it: no filter, no equaliser, decisions in the middle, thresholds where they belong.
PLAIN = ["--no-filter", "--taps", "1", "--phase", "0", "--thresholds", "nominal"]


class Case(program.Case):
    def tdecq(self, wave, *options, status=(0,), samples=16):
        if not isinstance(wave, (str, pathlib.Path)):
            wave = self.file("wave.npy", npy(wave))
        return self.json("tdecq", wave, "--samples-per-ui", samples, "--symbol-rate-gbd", RATE, *options, status=status)


def transmitter(samples=16, name="prbs13q"):
    """A slow transmitter, about 1 dB."""
    return lowpass(staircase(pattern(name), samples), 1 - math.exp(-2 * math.pi * 30 / (RATE * samples)))


class TestClosedForms(Case):
    def test_ideal_staircase(self):
        answer = self.tdecq(staircase(pattern("prbs13q")), *PLAIN)
        self.assertAlmostEqual(answer["tdecq_db"], 0, delta=0.01)
        self.assertAlmostEqual(answer["oma_outer_w"], 3e-3, delta=1e-8)
        self.assertAlmostEqual(answer["pave_w"], 2.5e-3, delta=1e-6)
        self.assertAlmostEqual(answer["er_db"], 10 * math.log10(4), delta=1e-4)
        self.assertAlmostEqual(answer["ceq"], 1, delta=1e-6)
        self.assertAlmostEqual(answer["noise_w"] / (3e-3 / (6 * 3.414)), 1, delta=0.003)
        for threshold, expected in zip(answer["thresholds_w"], (1.5e-3, 2.5e-3, 3.5e-3)):
            self.assertAlmostEqual(threshold, expected, delta=1e-6)
        self.assertAlmostEqual(answer["overshoot_pct"], 0, delta=0.1)
        self.assertAlmostEqual(answer["tpe"], 1.5e-3, delta=1e-6)

    def test_unequal_levels(self):
        answer = self.tdecq(staircase(pattern("prbs13q"), powers=(1e-3, 1.95e-3, 3.05e-3, 4e-3)), *PLAIN)
        self.assertAlmostEqual(answer["tdecq_db"], 0.1615, delta=0.005)

    def test_post_cursor(self):
        answer = self.tdecq(with_cursors(pattern("prbs13q"), post=0.03), *PLAIN)
        self.assertAlmostEqual(answer["tdecq_db"], 0.317, delta=0.005)

    def test_noise_enhancement_of_taps(self):
        answer = self.tdecq(staircase(pattern("prbs13q")), "--taps=-0.05,-0.12,1.30,-0.18,0.05", "--phase", 0, status=(0, 1))
        self.assertAlmostEqual(answer["ceq"], 1.31366, delta=1e-4)
        self.assertEqual(answer["main_tap"], 2)
        for tap, expected in zip(answer["taps"], [-0.05, -0.12, 1.30, -0.18, 0.05]):
            self.assertAlmostEqual(tap, expected, delta=1e-9)

    def test_the_scope_s_noise_is_given_back(self):
        wave = self.file("wave.npy", npy(staircase(pattern("prbs13q"))))
        bare = self.tdecq(wave, *PLAIN)
        noise = 0.5 * bare["noise_w"]
        answer = self.tdecq(wave, *PLAIN, "--scope-noise-w", noise)
        expected = bare["tdecq_db"] - 5 * math.log10(1 + 0.25)
        self.assertAlmostEqual(answer["tdecq_db"], expected, delta=0.002)


class TestInvariances(Case):
    def test_everything_is_in_the_answer(self):
        answer = self.tdecq(transmitter())
        for key in KEYS:
            self.assertIn(key, answer)
        self.assertEqual(len(answer["taps"]), 5)
        self.assertEqual(len(answer["thresholds_w"]), 3)
        self.assertAlmostEqual(sum(answer["taps"]), 1, delta=1e-6)
        self.assertEqual(answer["taps"][answer["main_tap"]], max(answer["taps"]))
        self.assertFalse(answer["closed"])
        causes = answer["causes"]
        self.assertAlmostEqual(sum(causes.values()), answer["tdecq_db"], delta=1e-6)
        self.assertEqual(answer["pattern"]["name"], "PRBS13Q")

    def test_formats_hold_the_same_waveform(self):
        wave = transmitter()
        expected = self.tdecq(wave)["tdecq_db"]
        step = 1e-9 / (16 * RATE)
        files = [self.file("f8.npy", npy(wave, "<f8")), self.file("big.npy", npy(wave, ">f4", version=2)), self.file("wave.f32", raw(wave)),
                 self.file("noname", raw(wave)), self.file("power.csv", csv(wave)), self.file("seconds.csv", csv(wave, step, "time,power")),
                 self.file("picoseconds.csv", csv(wave, step * 1e12, "# scope\nt [ps];p [W]")), self.file("ui.txt", csv(wave, 1 / 16))]
        for file in files:
            self.assertAlmostEqual(self.tdecq(file)["tdecq_db"], expected, delta=2e-4, msg=str(file))
        whole = [round(power * 1e7) for power in wave]
        self.assertAlmostEqual(self.tdecq(self.file("i4.npy", npy(whole, "<i4")))["tdecq_db"], expected, delta=2e-3)
        pairs = [value for power in wave for value in (1e-3, power)]
        file = self.file("lanes.npy", npy(pairs, shape=(len(wave), 2)))
        self.assertAlmostEqual(self.tdecq(file, "--lane", 1)["tdecq_db"], expected, delta=2e-4)

    def test_scale_unit_offset_turn_polarity_and_rate(self):
        wave = transmitter()
        answer = self.tdecq(wave)
        self.assertAlmostEqual(self.tdecq([1000 * p for p in wave])["tdecq_db"], answer["tdecq_db"], delta=0.001)
        milliwatts = self.tdecq([1000 * p for p in wave], "--unit", "mW")
        self.assertAlmostEqual(milliwatts["oma_outer_w"] / answer["oma_outer_w"], 1, delta=1e-5)
        raised = self.tdecq([p + 5e-3 for p in wave])
        self.assertAlmostEqual(raised["tdecq_db"], answer["tdecq_db"], delta=0.001)
        self.assertLess(raised["er_db"], answer["er_db"])
        turned = self.tdecq(wave[1234:] + wave[:1234])
        self.assertAlmostEqual(turned["tdecq_db"], answer["tdecq_db"], delta=0.001)
        self.assertEqual((turned["pattern"]["shift_samples"] + 1234) % len(wave), answer["pattern"]["shift_samples"])
        inverted = self.tdecq([5e-3 - p for p in wave])
        self.assertTrue(inverted["pattern"]["inverted"])
        for threshold, expected in zip(inverted["thresholds_w"], answer["thresholds_w"][::-1]):
            self.assertAlmostEqual(threshold, 5e-3 - expected, delta=2e-5)
        self.assertAlmostEqual(inverted["levels_w"][0], 5e-3 - answer["levels_w"][3], delta=1e-7)
        self.assertAlmostEqual(inverted["er_db"], 10 * math.log10(inverted["levels_w"][3] / inverted["levels_w"][0]), delta=1e-6)
        self.assertAlmostEqual(inverted["tdecq_db"], answer["tdecq_db"], delta=0.02)
        file = self.file("slow.npy", npy(wave))
        slow = self.json("tdecq", file, "--samples-per-ui", 16, "--symbol-rate-gbd", 26.5625)
        self.assertAlmostEqual(slow["tdecq_db"], answer["tdecq_db"], delta=1e-4)

    def test_given_taps_and_phase_are_the_optimum_again(self):
        wave = transmitter()
        for turn in (0, 5):
            file = self.file("wave.npy", npy(wave[turn:] + wave[:turn]))
            best = self.tdecq(file, "--thresholds", "nominal")
            taps = ",".join(map(repr, best["taps"]))
            again = self.tdecq(file, "--thresholds", "nominal", f"--taps={taps}", f"--phase={best['phase_ui']!r}")
            self.assertAlmostEqual(again["tdecq_db"], best["tdecq_db"], delta=0.001)
            self.assertAlmostEqual(again["phase_ui"], best["phase_ui"], delta=1e-6)

    def test_taps_before_the_file(self):
        file = self.file("wave.npy", npy(staircase(pattern("prbs13q"))))
        after = self.json("tdecq", file, "--taps=-0.1,1.1", "--no-filter", "--phase", 0)
        before = self.json("tdecq", "--taps", "-0.1,1.1", "--phase", 0, file, "--no-filter")
        self.assertEqual(after["tdecq_db"], before["tdecq_db"])

    def test_periods_one_after_the_other(self):
        wave = transmitter(8)
        once = self.tdecq(wave, samples=8)
        thrice = self.tdecq(wave * 3, samples=8)
        self.assertEqual(thrice["pattern"]["periods"], 3)
        self.assertAlmostEqual(thrice["tdecq_db"], once["tdecq_db"], delta=1e-3)

    def test_patterns(self):
        wave = transmitter(8)
        expected = self.tdecq(wave, samples=8)["tdecq_db"]
        levels = pattern("prbs13q")
        file = self.file("levels.txt", "".join(map(str, levels[100:] + levels[:100])) + "\n")
        for name in ("PRBS13Q", "prbs13q", file):
            self.assertAlmostEqual(self.tdecq(wave, "--pattern", name, samples=8)["tdecq_db"], expected, delta=1e-3)
        answer = self.tdecq(transmitter(8, "ssprq"), samples=8)
        self.assertEqual(answer["pattern"]["name"], "SSPRQ")
        self.assertAlmostEqual(answer["tdecq_db"], expected, delta=0.1)

    def test_editions(self):
        file = self.file("wave.npy", npy(lowpass(transmitter(), 0.25)))
        results = {name: self.tdecq(file, "--edition", name) for name in ("bs", "cd", "cu", "db", "dj")}
        self.assertEqual(results["bs"]["measurement"]["thresholds"], "nominal")
        self.assertLessEqual(results["cd"]["tdecq_db"], results["bs"]["tdecq_db"] + 1e-4)
        self.assertEqual(results["cu"]["tdecq_db"], results["cd"]["tdecq_db"])
        self.assertLessEqual(results["db"]["tdecq_db"], results["cd"]["tdecq_db"] + 1e-3)
        self.assertEqual(len(results["db"]["taps"]), 9)
        self.assertEqual(len(results["dj"]["taps"]), 15)
        self.assertEqual(self.tdecq(file, "--ffe-taps", 9)["tdecq_db"], results["db"]["tdecq_db"])


class TestVerdicts(Case):
    def test_limit(self):
        file = self.file("wave.npy", npy(transmitter()))
        met = self.tdecq(file, "--limit-db", 3.4)
        self.assertEqual(met["verdict"], "pass")
        missed = self.tdecq(file, "--limit-db", 0.5, status=(1,))
        self.assertEqual(missed["verdict"], "fail")
        text = self.good("tdecq", file, "--limit-db", 0.5, status=(1,)).stdout
        self.assertTrue(text.startswith("FAIL"), text)
        text = self.good("tdecq", file).stdout
        self.assertTrue(text.startswith("TDECQ 1."), text)
        for word in ("OMAouter", "extinction ratio", "Ceq", "taps", "phase", "thresholds", "overshoot", "dBm", "mW", "why", "PRBS13Q"):
            self.assertIn(word, text)

    def test_a_closed_eye_is_no_number(self):
        file = self.file("wave.npy", npy(with_cursors(pattern("prbs13q"), post=0.25, pre=0.2)))
        answer = self.tdecq(file, *PLAIN, status=(1,))
        self.assertTrue(answer["closed"])
        self.assertIsNone(answer["tdecq_db"])
        self.assertIsNone(answer["causes"])
        text = self.good("tdecq", file, *PLAIN, status=(1,)).stdout
        self.assertIn("closed", text.splitlines()[0])


class TestUsage(Case):
    def test_options(self):
        file = self.file("wave.npy", npy(staircase(pattern("prbs13q"))))
        cases = [(["--edition", "xx"], "xx"), (["--thresholds", "high"], "--thresholds"), (["--taps", "1,1"], "--taps"), (["--taps", "0.5"], "--taps"),
                 (["--phase", "0.7"], "--phase"), (["--phase", "nan"], "--phase"), (["--samples-per-ui", "3"], "--samples-per-ui"),
                 (["--samples-per-ui", "0"], "--samples-per-ui"), (["--samples-per-ui=-16"], "--samples-per-ui"), (["--samples-per-ui", "1.5"], "1.5"),
                 (["--symbol-rate-gbd", "0"], "--symbol-rate-gbd"), (["--symbol-rate-gbd", "nan"], "--symbol-rate-gbd"),
                 (["--symbol-rate-gbd", "inf"], "--symbol-rate-gbd"), (["--scope-noise-w=-1"], "--scope-noise-w"), (["--ffe-taps", "0"], "--ffe-taps"),
                 (["--ffe-taps", "32"], "--ffe-taps"), (["--ffe-taps", "5", "--taps", "1"], "--ffe-taps"), (["--main-positions", "0"], "--main-positions"),
                 (["--reference-bandwidth-ghz", "1e6"], "--reference-bandwidth-ghz"), (["--reference-bandwidth-ghz=-1"], "--reference-bandwidth-ghz"),
                 (["--limit-db", "nan"], "--limit-db"), (["--unit", "dBm"], "--unit"), (["--input-format", "wav"], "--input-format"),
                 (["--pattern", "prbs9"], "PAM4"), (["--pattern", "prbs31q"], "prbs31q"), (["--pattern", "none"], "none"), (["--colour", "red"], "--colour"),
                 (["--lane=-1"], "lane")]
        for options, named in cases:
            self.refused(["tdecq", file, *options], [named], (2,))
        self.refused(["tdecq"], ["file"], (2,))


class TestBadInput(Case):
    def refuse(self, name, content, *named, options=()):
        path = self.file(name, content)
        self.refused(["tdecq", path, *options], [name, *named], (3,))

    def test_files_that_are_no_waveform(self):
        good = staircase(pattern("prbs13q"))
        bytes_ = npy(good)
        nan, inf = float("nan"), float("inf")
        self.refused(["tdecq", "nowhere.npy"], ["nowhere.npy"], (3,))
        self.refused(["tdecq", self.folder], [str(self.folder)], (3,))
        cases = [
            ("empty.npy", b"", ["empty"]),
            ("empty.csv", b"", ["empty"]),
            ("empty.f32", b"", ["empty"]),
            ("header.npy", bytes_[:50], ["header"]),
            ("magic.npy", b"\x93NUMPX" + bytes_[6:], ["npy"]),
            ("version.npy", b"\x93NUMPY\x09\x00" + bytes_[8:], ["9.0"]),
            ("short.npy", bytes_[:-2], ["cut short"]),
            ("half.npy", bytes_[: len(bytes_) // 2], ["cut short"]),
            ("long.npy", bytes_ + b"more", ["behind"]),
            ("nan.npy", npy(good[:77] + [nan] + good[78:]), ["sample 77", "nan"]),
            ("inf.npy", npy(good[:-1] + [-inf], "<f8"), ["-inf"]),
            ("huge.npy", npy([1e300] * len(good), "<f8"), ["1e+300"]),
            ("shape.npy", npy(good, shape=(2**63,)), ["9223372036854775808"]),
            ("overflow.npy", npy(good, shape=(2**32, 2**32)), ["4294967296"]),
            ("wraps.npy", npy(good, shape=(2**63 + 1, 2)), ["9223372036854775809"]),
            ("promise.npy", npy(good, shape=(10**11,)), ["100000000000"]),
            ("negative.npy", npy(good, shape=(-5,)), ["shape"]),
            ("none.npy", npy([], shape=(0,)), ["empty"]),
            ("scalar.npy", npy([1.0], shape=()), ["0 dimensions"]),
            ("cube.npy", npy(good, shape=(len(good), 1, 1)), ["3 dimensions"]),
            ("fortran.npy", npy(good, fortran=True), ["Fortran"]),
            ("lanes.npy", npy(good, shape=(len(good) // 2, 2)), ["2 lanes"]),
            ("complex.npy", bytes_.replace(b"<f4", b"<c8"), ["<c8"]),
            ("text.npy", b"1\n2\n3\n", ["npy"]),
            ("odd.f32", raw(good) + b"\x00", ["multiple of 4"]),
            ("nan.f32", raw(good[:-1] + [nan]), ["nan"]),
            ("words.csv", "power\n1\ntwo\n", ["line 3", "two"]),
            ("nan.csv", "1e-3\nnan\n", ["line 2"]),
            ("columns.csv", "1e-3\n1e-3,2e-3\n", ["line 2"]),
            ("binary.csv", bytes(range(256)), ["line"]),
            ("comments.csv", "# nothing\n# at all\n", ["no sample"]),
            ("gap.csv", "".join(f"{(i if i < 50 else i + 3) * 1e-12},1\n" for i in range(100)), ["sample 50"]),
            ("constant.npy", npy([1e-3] * len(good)), ["constant"]),
            ("zero.f32", raw([0.0] * len(good)), ["constant"]),
            ("one.npy", npy([1.0]), ["constant"]),
            ("part.npy", npy(good[:-16]), ["periods", "131056"]),
            ("few.npy", npy(good[:40]), ["periods"]),
            ("one_more.npy", npy(good + [1e-3]), ["periods"]),
        ]
        self.assertGreaterEqual(len(cases), 35)
        for name, content, named in cases:
            self.refuse(name, content, *named)

    def test_waveforms_without_the_pattern(self):
        chance = random.Random(1)
        noise = [chance.random() for _ in range(8191 * 16)]
        self.refuse("noise.npy", npy(noise), "pattern", "PRBS13Q")
        other = staircase([chance.randrange(4) for _ in range(8191)])
        self.refuse("other.npy", npy(other), "pattern")
        good = npy(staircase(pattern("prbs13q")))
        self.refuse("ssprq.npy", good, "65535", options=["--pattern", "ssprq"])
        self.refuse("rate.npy", good, "periods", options=["--samples-per-ui", "10"])
        self.refuse("twice.npy", good, "alike", options=["--samples-per-ui", "8"])
        step = 1e-9 / (16 * RATE)
        self.refuse("rate.csv", csv(staircase(pattern("prbs13q"))[:5000], step * 1.01), "apart", "53.125")

    def test_pattern_files(self):
        file = self.file("wave.npy", npy(staircase(pattern("prbs13q"))))
        for name, content, named in [("words.txt", "0123x", ["words.txt", "offset 4"]), ("empty.txt", "", ["empty.txt"]), ("four.txt", "01234", ["four.txt"]),
                                     ("short.txt", "01", ["periods"]), ("flat.txt", "3" * 8191, ["single level"])]:
            self.refused(["tdecq", file, "--pattern", self.file(name, content)], named, (3,))
        self.refused(["tdecq", file, "--pattern", "nowhere"], ["nowhere", "prbs13q"], (3,))
        self.refused(["tdecq", file, "--pattern", self.folder], [], (3,))

    def test_patterns_without_long_runs(self):
        levels = [0, 1, 2, 3, 3, 1, 0, 2] * 16
        file = self.file("wave.npy", npy(staircase(levels)))
        self.refused(["tdecq", file, "--pattern", self.file("levels.txt", "".join(map(str, levels)))], ["run of 7"], (3,))

    def test_flipped_octets_never_crash(self):
        """Whatever the octets: an answer, or a clear error."""
        chance = random.Random(7)
        good = bytearray(npy(with_cursors([3] * 7 + [0] * 6 + [chance.randrange(4) for _ in range(50)], 4, post=0.1)))
        levels = self.file("levels.txt", "".join(map(str, [3] * 7 + [0] * 6 + [random.Random(7).randrange(4) for _ in range(50)])))
        for trial in range(60):
            bad = bytearray(good)
            for _ in range(chance.randrange(1, 4)):
                at = chance.randrange(200 if trial % 2 else len(bad))
                bad[at] = chance.randrange(256)
            path = self.file("bad.npy", bytes(bad[: chance.randrange(len(bad))] if trial % 5 == 0 else bad))
            done = program.run("tdecq", path, "--samples-per-ui", 4, "--pattern", levels, cwd=self.folder)
            self.assertIn(done.returncode, (0, 1, 3), f"trial {trial}: {done.returncode} {done.stderr}")
            if done.returncode == 3:
                self.assertTrue(done.stderr.startswith("lightlane: "), done.stderr)


if __name__ == "__main__":
    program.main()
