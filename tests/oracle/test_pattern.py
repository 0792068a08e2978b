"""`lightlane pattern` against independent generators, and its checker on patterns that were spoilt on purpose."""

import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program
import pattern_model as model
from block_model import bits_of_number, hex_of_bits
from phy_model import GRAY_BACK, digits


def reference(name, count, seed=None):
    """`count` bits or levels of a pattern in its default phase, or from a seed (a number, bit i = S_i)."""
    if name == "ssprq":
        return (model.ssprq() * (count // 65535 + 1))[:count]
    if name in ("jp03a", "jp03b", "square"):
        return {"jp03a": model.jp03a, "jp03b": model.jp03b, "square": model.square_wave}[name](count)
    order = int(name[4:].rstrip("q"))
    if seed is not None:
        start = bits_of_number(seed, order)
    else:
        start = [int(bit) for bit in model.PRBS13Q_SEEDS[0]] if order == 13 else [1] * order
    return model.prbs_q(order, start, count) if name.endswith("q") else model.prbs(order, start, count)


NAMES = [
    "prbs7", "prbs9", "prbs13", "prbs15", "prbs23", "prbs31", "prbs9q", "prbs13q", "prbs31q", "ssprq", "jp03a", "jp03b",
    "square",
]


class TestGenerate(program.Case):
    def generated(self, name, *arguments):
        text = self.good("pattern", "generate", name, *arguments).stdout
        return "".join(text.split())

    def test_every_pattern(self):
        for name in NAMES:
            self.assertEqual(self.generated(name, "--symbols", "3000"), digits(reference(name, 3000)), name)

    def test_whole_periods(self):
        for name, period in (("prbs13q", 8191), ("ssprq", 65535), ("prbs15", 32767)):
            self.assertEqual(self.generated(name, "--symbols", 2 * period), digits(reference(name, 2 * period)), name)

    def test_seeds(self):
        rng = random.Random(1)
        for name in ("prbs7", "prbs13q", "prbs31", "prbs31q"):
            order = int(name[4:].rstrip("q"))
            seed = rng.randrange(1, 2**order)
            self.assertEqual(self.generated(name, "--symbols", "500", "--seed", seed), digits(reference(name, 500, seed)))

    def test_lanes_of_prbs13q(self):
        for lane, seed in enumerate(model.PRBS13Q_SEEDS):
            wanted = model.prbs_q(13, [int(bit) for bit in seed], 300)
            self.assertEqual(self.generated("prbs13q", "--symbols", "300", "--lane", lane), digits(wanted))

    def test_start_and_polarity(self):
        wanted = reference("ssprq", 70000)[60000:70000]
        self.assertEqual(self.generated("ssprq", "--start", "60000", "--symbols", "10000"), digits(wanted))
        wanted = [3 - level for level in reference("prbs13q", 400)]
        self.assertEqual(self.generated("prbs13q", "--inverted", "--symbols", "400"), digits(wanted))

    def test_hex_is_bits_in_time_order(self):
        wanted = hex_of_bits(reference("prbs31", 4000))
        self.assertEqual(self.generated("prbs31", "--bits", "4000", "--format", "hex"), wanted)

    def test_list(self):
        listed = self.json("pattern", "list")
        names = {entry["pattern"] for entry in listed}
        self.assertLessEqual(set(NAMES), names)

    def test_bad_values(self):
        generate = ["pattern", "generate"]
        self.refused(generate, statuses=(2,))
        self.refused(generate + ["prbs8"], ["prbs8", "prbs9"], statuses=(2,))
        self.refused(generate + ["prbs31"], ["--symbols"], statuses=(2,))
        self.refused(generate + ["prbs13q", "--symbols", "0"], ["symbols", "0"], statuses=(2,))
        self.refused(generate + ["prbs13q", "--symbols", "-1"], ["symbols"], statuses=(2,))
        self.refused(generate + ["prbs13q", "--bits", "3"], ["bits", "3"], statuses=(2,))
        self.refused(generate + ["prbs13q", "--seed", "0"], ["seed", "0"], statuses=(2,))
        self.refused(generate + ["prbs13q", "--seed", "8192"], ["seed"], statuses=(2,))
        self.refused(generate + ["ssprq", "--seed", "1"], ["seed"], statuses=(2,))
        self.refused(generate + ["prbs13q", "--lane", "4"], ["lane", "4"], statuses=(2,))
        self.refused(generate + ["prbs9", "--out", "no/such/folder/x"], ["no/such/folder"], statuses=(3,))
        self.refused(["pattern", "check", "nothing.txt", "--pattern", "prbs9"], ["nothing.txt"], statuses=(3,))
        self.refused(["pattern", "check", "--pattern", "prbs9"], ["x"], statuses=(3,), stdin="0101x")
        self.refused(["pattern", "check", "--pattern", "prbs9"], ["2"], statuses=(3,), stdin="01012")


class TestCheck(program.Case):
    def checked(self, name, symbols):
        return self.json("pattern", "check", "--pattern", name, stdin=digits(symbols) + "\n", status=(0, 1))

    def test_a_clean_pattern_from_anywhere(self):
        rng = random.Random(2)
        for name in NAMES:
            symbols = reference(name, 12000)[rng.randrange(1000) :]
            report = self.checked(name, symbols)
            self.assertTrue(report["locked"], name)
            self.assertEqual((report["symbol_errors"], report["bit_errors"], report["slips"]), (0, 0, 0), name)
            self.assertGreater(report["checked"], 8000, name)

    def test_every_wrong_symbol_is_counted_once(self):
        rng = random.Random(3)
        for name in ("prbs13q", "prbs31q", "ssprq", "prbs9", "prbs31"):
            symbols = reference(name, 20000)
            levels = 4 if name.endswith("q") else 2
            hit = rng.sample(range(2000, 19000), 100)
            bits = 0
            for place in hit:
                right = symbols[place]
                symbols[place] = rng.choice([level for level in range(levels) if level != right])
                if levels == 4:
                    bits += sum(a != b for a, b in zip(GRAY_BACK[right], GRAY_BACK[symbols[place]]))
                else:
                    bits += 1
            report = self.checked(name, symbols)
            self.assertEqual(report["symbol_errors"], 100, name)
            self.assertEqual(report["bit_errors"], bits, name)

    def test_slips_are_named(self):
        for name in ("prbs13q", "prbs31q"):
            symbols = reference(name, 30000)
            report = self.checked(name, symbols[:12000] + symbols[12003:])
            self.assertEqual((report["slips"], report["lost"], report["inserted"]), (1, 3, 0), name)
            report = self.checked(name, symbols[:12000] + [0, 3] + symbols[12000:])
            self.assertEqual((report["slips"], report["lost"], report["inserted"]), (1, 0, 2), name)

    def test_inverted_polarity_is_found(self):
        report = self.checked("prbs13q", [3 - level for level in reference("prbs13q", 12000)])
        self.assertTrue(report["locked"] and report["inverted"])
        self.assertEqual(report["bit_errors"], 0)

    def test_noise_does_not_lock(self):
        rng = random.Random(4)
        report = self.checked("prbs31q", [rng.randrange(4) for _ in range(20000)])
        self.assertFalse(report["locked"])

    def test_the_limit_decides_the_exit_status(self):
        symbols = reference("prbs13q", 20000)
        symbols[9000] ^= 1
        text = digits(symbols)
        check = ("pattern", "check", "--pattern", "prbs13q", "--format", "json", "--limit-ber")
        self.assertEqual(json.loads(program.run(*check, "1e-3", stdin=text).stdout)["symbol_errors"], 1)
        self.assertEqual(program.run(*check, "1e-3", stdin=text).returncode, 0)
        self.assertEqual(program.run(*check, "1e-6", stdin=text).returncode, 1)


if __name__ == "__main__":
    program.main()
