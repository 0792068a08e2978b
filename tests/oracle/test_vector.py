"""`lightlane vector` against the golden model, field by field, on seeded random requests of every rate."""

import json
import os
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program
import phy_model as phy
from model_requests import MARKER_BITS, RATES, disturb, random_request

ROUNDS = int(os.environ.get("LIGHTLANE_ROUNDS", "3"))  # `./test --all` asks for more
SETTLED = {400: 4, 200: 4, 100: 2}  # blocks whose descrambler (and nibble) does not yet know 58 bits of history
T = {None: 15, "kp4": 15, "kr4": 7}


def vector(direction, requests):
    """Answers to requests, sent as one JSON object per line."""
    text = "".join(json.dumps(request) + "\n" for request in requests)
    done = program.run("vector", direction, stdin=text)
    if done.returncode != 0:
        raise AssertionError(f"vector {direction}: exit status {done.returncode}: {done.stderr}")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(requests):
        raise AssertionError(f"{len(requests)} requests, {len(answers)} answers")
    return answers


def bits_differ(got, wanted):
    """Where two hex strings part."""
    if len(got) != len(wanted):
        return f"{len(got) // 2} octets, wanted {len(wanted) // 2}"
    a, b = phy.bits_of_hex(got), phy.bits_of_hex(wanted)
    places = [i for i in range(len(a)) if a[i] != b[i]]
    return f"{len(places)} bits differ, the first at {places[0]}"


def bad(block):
    """A block that is marked: header 00 or 11, or an error block."""
    bits = phy.bits_of_hex(block)
    return bits[0] == bits[1] or bits[:66] == phy.ERROR_BLOCK


class VectorTest(unittest.TestCase):
    maxDiff = 400

    def compare_field(self, name, got, wanted, note):
        self.assertIsNotNone(got, f"{note}: {name} is missing")
        if isinstance(wanted, str) and name in ("stream",):
            if got != wanted:
                self.fail(f"{note}: {name}: {bits_differ(got, wanted)}")
        elif isinstance(wanted, list) and wanted and isinstance(wanted[0], str):
            self.assertEqual(len(got), len(wanted), f"{note}: number of {name}")
            for i, (one, other) in enumerate(zip(got, wanted)):
                if one == other:
                    continue
                if name == "pmd_symbols":
                    at = next((k for k in range(min(len(one), len(other))) if one[k] != other[k]), "the end")
                    self.fail(f"{note}: {name}[{i}]: differs at symbol {at} ({len(one)} symbols, wanted {len(other)})")
                self.fail(f"{note}: {name}[{i}]: {bits_differ(one, other)}")
        else:
            self.assertEqual(got, wanted, f"{note}: {name}")

    def compare_tx(self, got, wanted, note):
        for name, value in wanted.items():
            if name != "code":
                self.compare_field(name, got.get(name), value, note)
        self.assertLessEqual(set(got) - set(wanted), {"code"}, note)

    def compare_rx(self, rate, code, got, wanted, note):
        if wanted is None or got is None:
            self.assertEqual(got, wanted, note)
            return
        for name in ("rate", "order", "skew", "stats", "status"):
            self.compare_field(name, got.get(name), wanted[name], note)
        self.assertEqual(len(got["blocks66"]), len(wanted["blocks66"]), f"{note}: number of blocks66")
        free = blocks_that_say_nothing(rate, code, wanted["stats"])
        for i, (one, other) in enumerate(zip(got["blocks66"], wanted["blocks66"])):
            if i < SETTLED[rate] or (i in free and not bad(other)):
                continue
            if bad(other):
                self.assertTrue(bad(one), f"{note}: blocks66[{i}] is {one}, wanted a marked block")
            else:
                self.assertEqual(one, other, f"{note}: blocks66[{i}]")


def blocks_that_say_nothing(rate, code, stats):
    """Clause 91: blocks of an uncorrectable codeword that need no mark, and the four behind it (descrambler, nibble)."""
    if rate != 100 or code == "none":
        return set()
    free, index = set(), 0
    for codeword, (count,) in enumerate(stats):
        size = 60 if codeword == 0 else 80
        if count < 0:
            free |= set(range(index, index + size + 4))
        index += size
    return free


class TestTransmit(VectorTest):
    def check(self, rate, code):
        requests = []
        for i in range(ROUNDS):
            rng = random.Random(f"tx {rate} {code} {i}")
            request = random_request(rng, rate, code, rng.choice((1, 2, 3)))
            request["stages"] = i % 3 != 2
            if code in ("kp4", "kr4") and i % 2:
                request["four_lane_pmd"] = rng.random() < 0.5
            requests.append(request)
        for i, (request, answer) in enumerate(zip(requests, vector("tx", requests))):
            self.compare_tx(answer, phy.tx(request), f"{rate} {code} round {i}")

    def test_400g(self):
        self.check(400, None)

    def test_200g(self):
        self.check(200, None)

    def test_100g_kp4(self):
        self.check(100, "kp4")

    def test_100g_kr4(self):
        self.check(100, "kr4")

    def test_100g_without_fec(self):
        self.check(100, "none")

    def test_a_long_request(self):
        request = random_request(random.Random(11), 400, None, 12)
        self.compare_tx(vector("tx", [request])[0], phy.tx(request), "12 pairs")

    def test_every_transition_of_two_words(self):
        """Every class of block after every other, from every state of the encoder."""
        words = [
            ["07" * 8, "11111111"],
            ["06" * 8, "11111111"],
            ["9c00000100000000", "10000000"],
            ["5c00000100000000", "10000000"],
            ["fb55555555555555", "10000000"],
            ["0011223344556677", "00000000"],
            ["fd07070707070707", "11111111"],
            ["00112233fd060606", "00001111"],
            ["001122334455fefd", "00000011"],
            ["00112233445566fd", "00000001"],
            ["fe" * 8, "11111111"],
            ["9c00000100000001", "10000000"],
        ]
        sequence = [word for first in words for second in words for third in words for word in (first, second, third)]
        size = 128 + 160 * 32
        sequence += [words[0]] * (size - len(sequence))
        request = random_request(random.Random(12), 400, None, 33, words=sequence)
        request["stages"] = True
        got = vector("tx", [request])[0]
        blocks = [phy.hex_of_bits(block) for block in phy.encode_words(sequence)]
        self.compare_field("blocks66", got["blocks66"], blocks, "transitions")


class TestReceive(VectorTest):
    def sent(self, seed, rate, code, units):
        request = random_request(random.Random(seed), rate, code, units)
        return [phy.bits_of_hex(lane) for lane in phy.tx(request)["lanes"]]

    def check(self, rate, code, made, note):
        requests = []
        for lanes in made:
            request = {"rate": rate, "lanes": [phy.hex_of_bits(lane) for lane in lanes]}
            if code:
                request["code"] = code
            requests.append(request)
        for i, (request, answer) in enumerate(zip(requests, vector("rx", requests))):
            self.compare_rx(rate, code, answer, phy.rx(request), f"{note}, {rate} {code} round {i}")

    def test_clean_lanes_in_order(self):
        for rate, code in RATES:
            self.check(rate, code, [self.sent(1, rate, code, 3)], "clean")

    def test_any_order_any_skew(self):
        for rate, code in RATES:
            made = []
            for i in range(ROUNDS):
                rng = random.Random(f"skew {i}")
                made.append(disturb(rng, rate, code, self.sent(i, rate, code, 3)))
            self.check(rate, code, made, "skewed")

    def test_random_errors(self):
        for rate, code in RATES:
            if code == "none":
                continue
            made = []
            for i in range(ROUNDS):
                rng = random.Random(f"errors {rate} {code} {i}")
                codewords = 3 if rate == 100 else 6
                errors = rng.choice((1, codewords, 5 * codewords, (T[code] - 1) * codewords, T[code] * codewords))
                made.append(disturb(rng, rate, code, self.sent(i, rate, code, 3), errors=errors, skew_ns=50))
            self.check(rate, code, made, "errors")

    def test_exactly_t_errors_and_one_more(self):
        for rate, code in RATES:
            if code == "none":
                continue
            for errors in (T[code], T[code] + 1):
                rng = random.Random(f"t {rate} {code} {errors}")
                lanes = self.sent(3, rate, code, 4)
                hit_one_codeword(rng, rate, code, lanes, 1, errors)
                wanted = phy.rx({"rate": rate, "code": code, "lanes": [phy.hex_of_bits(lane) for lane in lanes]})
                self.assertEqual(wanted["stats"][1][0], errors if errors == T[code] else -1)
                self.check(rate, code, [lanes], f"{errors} errors")

    def test_errors_in_the_markers(self):
        for rate, code in RATES:
            if code == "none":
                continue
            rng = random.Random(f"markers {rate} {code}")
            lanes = self.sent(4, rate, code, 2)
            for lane in lanes:
                if rate == 100:  # one nibble of one of the five markers of each lane
                    lane[64 * rng.randrange(5) + rng.randrange(24)] ^= 1
                elif rng.random() < 0.5:  # one nibble of the common part, one of the unique part
                    lane[rng.randrange(24)] ^= 1
                    lane[96 + rng.randrange(24)] ^= 1
            self.check(rate, code, [disturb(rng, rate, code, lanes)], "marker errors")

    def test_what_stands_before_the_marker_is_ignored(self):
        for rate, code in RATES:
            rng = random.Random(f"before {rate} {code}")
            lanes = self.sent(5, rate, code, 2)
            before = [[rng.randrange(2) for _ in range(9000)] for _ in lanes]
            self.check(rate, code, [[b + lane for b, lane in zip(before, lanes)]], "9000 bits before")

    def test_incomplete_codewords_at_the_end_are_left(self):
        for rate, code in RATES:
            lanes = self.sent(6, rate, code, 3)
            lanes[1] = lanes[1][:-8]
            self.check(rate, code, [lanes], "cut")

    def test_a_lane_that_is_not_there(self):
        for rate, code in RATES:
            rng = random.Random(f"missing {rate} {code}")
            twice = self.sent(7, rate, code, 2)
            twice[1] = list(twice[0])
            dark = self.sent(7, rate, code, 2)
            dark[2] = [0] * len(dark[2])
            noise = [[rng.randrange(2) for _ in lane] for lane in dark]
            self.check(rate, code, [twice, dark, noise], "no lanes")

    def test_invalid_257_bit_blocks(self):
        """Headers that no transmitter makes: the receiver must mark the blocks, not guess."""
        for rate in (400, 200):
            rng = random.Random(f"invalid {rate}")
            lanes = lanes_with_invalid_blocks(rng, rate)
            self.check(rate, None, [lanes], "invalid 257-bit blocks")


def hit_one_codeword(rng, rate, code, lanes, unit, errors):
    """Wrong symbols, exactly `errors` of them, in codeword A of pair (or codeword) `unit`."""
    n = 528 if code == "kr4" else 544
    half = len(lanes) // 2
    size = (n if rate == 100 else 2 * n) * 10 // len(lanes)
    for position in rng.sample(range(n), errors):
        if rate == 100:
            lane, place = position % 4, position // 4
        else:
            place = position // half
            lane = 2 * (position % half) + place % 2
        for bit in rng.sample(range(10), rng.randrange(1, 11)):
            lanes[lane][unit * size + 10 * place + bit] ^= 1


def lanes_with_invalid_blocks(rng, rate):
    """Lanes made from the model's steps, with 257-bit blocks of header 01111 and of unknown block types among them."""
    clause = phy.Clause119(rate)
    scrambler = phy.Scrambler([rng.randrange(2) for _ in range(58)])
    stream = clause.marker_group(phy.PadGenerator([1] * 9), [0, 0, 0])
    for i in range(80 - clause.group_blocks):
        words = [["07" * 8, "11111111"]] + [[rng.randbytes(8).hex(), "00000000"] for _ in range(3)]
        rng.shuffle(words)
        four = [phy.encode_word(list(bytes.fromhex(text)), [int(f) for f in flags])[1] for text, flags in words]
        if i % 5 == 1:
            four[rng.randrange(4)][:2] = rng.choice(([0, 0], [1, 1]))
        block = phy.transcode(four)
        if i % 5 == 3:  # 0, 2, 3, 5, 6, 7 (first nibble of no type), at the first control block
            c = block[1:5].index(0)
            known = {block_type & 15 for block_type in phy.BLOCK_TYPES}
            unknown = rng.choice([nibble for nibble in range(16) if nibble not in known])
            block[5 + 64 * c : 9 + 64 * c] = phy.bits_of_number(unknown, 4)
        stream += scrambler.scramble(block)
    lanes = [[] for _ in range(clause.lanes)]
    for i in range(0, len(stream), 10280):
        clause.distribute(*clause.encode_pair(stream[i : i + 10280]), lanes)
    return lanes


class TestBothWays(VectorTest):
    def test_what_the_program_sends_it_receives(self):
        for rate, code in RATES:
            rng = random.Random(f"loop {rate} {code}")
            request = random_request(rng, rate, code, 5)
            request["stages"] = True
            sent = vector("tx", [request])[0]
            lanes = disturb(rng, rate, code, [phy.bits_of_hex(lane) for lane in sent["lanes"]])
            back = {"rate": rate, "lanes": [phy.hex_of_bits(lane) for lane in lanes]}
            if code:
                back["code"] = code
            got = vector("rx", [back])[0]
            settled = SETTLED[rate]
            self.assertEqual(got["blocks66"][settled:], sent["blocks66"][settled:], f"{rate} {code}")
            self.assertEqual(got["status"], request.get("status", ""))


class TestBadRequests(VectorTest):
    def refuse(self, direction, request, *named):
        text = request if isinstance(request, str) else json.dumps(request)
        done = program.run("vector", direction, stdin=text)
        self.assertIn(done.returncode, (2, 3), f"{text[:100]}: exit status {done.returncode}")
        self.assertEqual(done.stdout, "")
        for word in named:
            self.assertIn(word, done.stderr)

    def test_transmit(self):
        good = random_request(random.Random(1), 400, None, 1)
        idle = ["07" * 8, "11111111"]
        self.refuse("tx", "{")
        self.refuse("tx", "[]")
        self.refuse("tx", "17")
        self.refuse("tx", {**good, "colour": 1}, "colour")
        self.refuse("tx", {**good, "rate": 800}, "rate", "800")
        self.refuse("tx", {**good, "rate": "fast"}, "rate")
        self.refuse("tx", {**good, "version": 2}, "version")
        self.refuse("tx", {**good, "S": "zz"}, "S")
        self.refuse("tx", {**good, "S": "fffffffffffffff"}, "S")
        self.refuse("tx", {**good, "P": "01"}, "P")
        self.refuse("tx", {**good, "status": "0120"}, "status")
        self.refuse("tx", {**good, "stages": 1}, "stages")
        self.refuse("tx", {**good, "words": []}, "words")
        self.refuse("tx", {**good, "words": [idle] * 129}, "standard input: object 1: words")
        self.refuse("tx", {**good, "words": [idle] * 127 + [["07", "11111111"]]}, "words")
        self.refuse("tx", {**good, "words": [idle] * 127 + [["07" * 8, "1111111x"]]}, "words")
        self.refuse("tx", {**good, "words": [idle] * 127 + [17]}, "words")
        self.refuse("tx", {**good, "rate": 100, "code": "lp4"}, "code")
        without = {key: value for key, value in good.items() if key != "words"}
        self.refuse("tx", without, "words")

    def test_receive(self):
        self.refuse("rx", {"rate": 400}, "lanes")
        self.refuse("rx", {"rate": 400, "lanes": ["00"] * 15}, "standard input: object 1: lanes")
        self.refuse("rx", {"rate": 400, "lanes": ["0g"] * 16}, "lanes")
        self.refuse("rx", {"rate": 400, "lanes": [1] * 16}, "lanes")
        self.refuse("rx", {"rate": 300, "lanes": ["00"] * 16}, "rate")
        self.refuse("rx", {"rate": 400, "lanes": ["00"] * 16, "light": 1}, "light")


if __name__ == "__main__":
    program.main()
