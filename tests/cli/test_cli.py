"""The command line: help of every verb, common flags, `lightlane fec`."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program

VERBS = ["info", "bench", "link", "phy", "replay", "fec", "pattern", "vector", "budget"]


class TestHelp(program.Case):
    def test_the_program_lists_its_verbs(self):
        text = self.good("--help").stdout
        for verb in VERBS:
            self.assertRegex(text, rf"(?m)^\s+{verb}\b", verb)

    def test_version(self):
        self.assertRegex(self.good("--version").stdout, r"^(lightlane )?\d+\.\d+\.\d+")

    def test_every_verb_explains_itself(self):
        for verb in VERBS:
            done = self.good(verb, "--help")
            self.assertGreater(len(done.stdout), 200, verb)
            self.assertEqual(done.stderr, "", verb)

    def test_every_flag_of_every_verb_has_a_help_text(self):
        for verb in VERBS:
            for line in self.good(verb, "--help").stdout.splitlines():
                if line.startswith("  --"):
                    self.assertGreater(len(line.split(None, 1)), 1, f"{verb}: {line}")

    def test_usage_errors(self):
        self.refused([], statuses=(2,))
        self.refused(["fly"], ["fly"], statuses=(2,))
        self.refused(["--fly"], ["fly"], statuses=(2,))
        for verb in VERBS:
            self.refused([verb, "--no-such-flag"], ["no-such-flag"], statuses=(2,))


class TestCommonFlags(program.Case):
    def test_info(self):
        facts = self.json("info")
        text = self.good("info").stdout
        for key in ("version", "processor", "active_variant"):
            self.assertIn(str(facts[key]), text, key)
        self.assertGreaterEqual(facts["threads"], 1)

    def test_variants(self):
        order = ["ref", "portable", "avx2", "avx512"]
        best = order.index(self.json("info")["supported_variant"])
        for i, variant in enumerate(order):
            if i <= best:
                self.assertEqual(self.json("info", "--variant", variant)["active_variant"], variant)
                answer = self.json("info", env={"LIGHTLANE_VARIANT": variant})
                self.assertEqual(answer["active_variant"], variant)
            else:
                self.refused(["info", "--variant", variant], [variant], statuses=(2,))

    def test_bad_values(self):
        self.refused(["info", "--format", "xml"], ["format", "xml"], statuses=(2,))
        self.refused(["info", "--variant", "sse9"], ["variant", "sse9", "avx2"], statuses=(2,))
        self.refused(["info", "--threads", "5000"], ["threads", "5000", "1024"], statuses=(2,))
        self.refused(["info", "--threads", "-1"], ["threads"], statuses=(2,))
        self.refused(["info", "--threads", "two"], ["threads", "two"], statuses=(2,))
        self.refused(["info"], ["LIGHTLANE_VARIANT", "fast"], statuses=(2,), env={"LIGHTLANE_VARIANT": "fast"})

    def test_a_closed_pipe_is_no_crash(self):
        done = program.run("info", "--format", "json")
        self.assertEqual(done.returncode, 0)
        status = os.system(f"'{program.PROGRAM}' info --format json | head -c 1 >/dev/null")
        self.assertEqual(status, 0)


class TestFec(program.Case):
    STRUCTURES = ["400g-4lane", "400g-8lane", "200g-2lane", "200g-4lane", "100g-1lane", "100g-2lane", "100g-4lane"]

    def points(self, *arguments):
        answer = self.json("fec", *arguments)
        return answer["points"]

    def test_the_textbook_case(self):
        """802.3: 2.4e-4 gives a frame loss ratio of 1.7e-12 at 400G and 9.2e-13 at 100G."""
        for structure, wanted in (("400g-4lane", 1.737e-12), ("100g-1lane", 9.221e-13)):
            point = self.points("--structure", structure, "--ber", "2.4e-4", "--model", "bits")[0]
            self.assertAlmostEqual(point["frame_loss_ratio"] / wanted, 1, delta=0.002)
            self.assertAlmostEqual(point["codeword_error_ratio"] / 8.152e-13, 1, delta=0.002)
            self.assertAlmostEqual(point["post_fec_ber"] / 2.412e-15, 1, delta=0.002)
            self.assertEqual(point["ber"], 2.4e-4)

    def test_kr4(self):
        point = self.points("--structure", "100g-4lane", "--code", "kr4", "--ber", "5e-5", "--model", "bits")[0]
        self.assertAlmostEqual(point["frame_loss_ratio"] / 4.97e-10, 1, delta=0.005)

    def test_every_structure(self):
        for structure in self.STRUCTURES:
            points = self.points("--structure", structure, "--ber", "1e-4,2.4e-4,1e-3")
            self.assertEqual([point["ber"] for point in points], [1e-4, 2.4e-4, 1e-3])
            for key in ("codeword_error_ratio", "frame_loss_ratio", "post_fec_ber"):
                values = [point[key] for point in points]
                self.assertEqual(values, sorted(values), f"{structure} {key}")
                self.assertTrue(all(0 < value < 1 for value in values), f"{structure} {key}")

    def test_bursts_cost(self):
        """The published order at 2.4e-4 with a = 0.5: one lane of 100G far worse than four of 400G, those than eight."""
        ratios = {}
        for structure in ("100g-1lane", "400g-4lane", "400g-8lane"):
            arguments = ("--structure", structure, "--ber", "2.4e-4", "--burst-continuation", "0.5")
            ratios[structure] = self.points(*arguments)[0]["codeword_error_ratio"]
        wanted = {"100g-1lane": 3.4e-6, "400g-4lane": 1.2e-8, "400g-8lane": 1.6e-12}
        for structure, value in wanted.items():
            self.assertTrue(0.5 < ratios[structure] / value < 2, f"{structure}: {ratios[structure]}, published {value}")

    def test_bad_values(self):
        base = ["fec", "--structure", "400g-4lane"]
        self.refused(["fec", "--structure", "400g-5lane", "--ber", "1e-4"], ["structure", "400g-5lane", "400g-4lane"])
        self.refused(base + ["--ber", "2"], ["ber", "2"])
        self.refused(base + ["--ber", "-1e-4"], ["ber"])
        self.refused(base + ["--ber", "nan"], ["ber"])
        self.refused(base + ["--ber", "much"], ["ber", "much"])
        self.refused(base + ["--ber", "1e-4", "--code", "lp4"], ["code", "lp4", "kp4"])
        self.refused(base + ["--ber", "1e-4", "--model", "magic"], ["model", "magic"])
        self.refused(base + ["--ber", "1e-4", "--burst-continuation", "1.5"], ["continuation", "1.5"])
        self.refused(base + ["--ber", "1e-4", "--burst-continuation", "-0.1"], ["continuation"])
        self.refused(base + ["--ber", "1e-4", "--frame-octets", "3"], ["octets", "3", "64"])
        self.refused(base + ["--ber", "1e-4", "--skew-bits", "1,2"], ["skew"])
        self.refused(base + ["--ber", "1e-4", "--format", "yaml"], ["format", "yaml"])


class TestBench(program.Case):
    def test_list_and_rates(self):
        names = self.good("bench", "--list").stdout.split()
        self.assertIn("kp4_encode/ref", names)
        rates = self.json("bench", "--filter", "^kp4_encode/ref$", "--seconds", "0.01")
        self.assertEqual(len(rates), 1)
        self.assertEqual(set(rates[0]), {"name", "variant", "rate", "unit", "threads"})
        self.assertEqual((rates[0]["name"], rates[0]["variant"], rates[0]["unit"]), ("kp4_encode", "ref", "Gb/s"))
        self.assertGreater(rates[0]["rate"], 0)

    def test_bad_values(self):
        for options in (["--filter", "no_such_thing"], ["--filter", "("], ["--seconds", "0"], ["--seconds", "-1"]):
            done = program.run("bench", *options)
            self.assertEqual(done.returncode, 2, options)
            self.assertIn(options[0], done.stderr)


if __name__ == "__main__":
    program.main()
