"""The golden models against published vectors. Needs nothing but Python."""

import hashlib
import random
import unittest

import pattern_model
import phy_model as phy
from model_requests import random_request, random_words


class TestPhyModel(unittest.TestCase):
    def test_generator_polynomials(self):
        kr4 = "432 290 945 265 592 391 614 900 925 656 32 701 6 904 1"
        kp4 = (
            "523 834 128 158 185 127 392 193 610 788 361 883 503 942 385 495 720 94 132 593 249 282 565 108 1 552 230"
            " 187 552 575 1"
        )
        self.assertEqual(phy.GENERATORS[528], [int(text) for text in kr4.split()])
        self.assertEqual(phy.GENERATORS[544], [int(text) for text in kp4.split()])

    def test_parity_of_the_last_unit_message(self):
        for n in (528, 544):
            codeword = phy.rs_encode([0] * 513 + [1], n)
            self.assertEqual(codeword[514:], phy.GENERATORS[n][-2::-1])

    def test_parity_of_the_counting_message(self):
        parity = (
            "556 914 992 552 268 444 316 575 195 848 590 298 12 485 306 948 337 8 4 773 740 232 799 605 6 452 242 31 18"
            " 569"
        )
        codeword = phy.rs_encode([(73 * i + 19) % 1024 for i in range(514)], 544)
        self.assertEqual(codeword[514:], [int(text) for text in parity.split()])

    def test_decoder_corrects_up_to_t_and_not_more(self):
        rng = random.Random(1)
        for n, t in ((528, 7), (544, 15)):
            codeword = phy.rs_encode([rng.randrange(1024) for _ in range(514)], n)
            for errors in (0, 1, 2, t - 1, t, t + 1, t + 5):
                word = list(codeword)
                for position in rng.sample(range(n), errors):
                    word[position] ^= rng.randrange(1, 1024)
                decoded, count = phy.rs_decode(word, n)
                if errors <= t:
                    self.assertEqual((decoded, count), (codeword, errors))
                else:
                    self.assertEqual((decoded, count), (word, -1))

    def test_transcoded_idle(self):
        idle = phy.CONTROL_HEADER + phy.bits_of_number(0x1E, 8) + [0] * 56
        rest = phy.bits_of_number(0x1E, 8) + [0] * 56
        self.assertEqual(phy.transcode([idle] * 4), [0] * 5 + phy.bits_of_number(0xE, 4) + [0] * 56 + rest * 3)

    def test_transcoder_is_invertible(self):
        rng = random.Random(2)
        blocks = phy.encode_words(random_words(rng, 4000))
        back = []
        for i in range(0, len(blocks), 4):
            block257 = phy.transcode(blocks[i : i + 4])
            self.assertEqual(len(block257), 257)
            back += phy.transcode_back(block257, lambda c, before: phy._nibble(before[64 * c : 64 * c + 4]))
        self.assertEqual(back, blocks)

    def test_markers_have_the_inverse_halves(self):
        for rows in phy.MARKERS_119.values():
            for row in rows:
                self.assertEqual([octet ^ 255 for octet in row[0:3]], row[4:7])
                self.assertEqual([octet ^ 255 for octet in row[8:11]], row[12:15])
                self.assertEqual(row[7] ^ 255, row[11])

    def test_marker_group_of_clause_91_opens_as_published(self):
        pad = phy.PADS_91[0]
        group = phy.marker_group_91([0] * 20, True, pad)
        self.assertEqual(len(group), 1285)
        self.assertEqual(phy.number_of_bits(group[:80]), 0x1685A1685A304C1304C1)

    def test_lanes_begin_with_their_markers(self):
        for rate, lanes in ((400, 16), (200, 8)):
            answer = phy.tx(random_request(random.Random(rate), rate, None, 1))
            for lane in range(lanes):
                self.assertEqual(answer["lanes"][lane][:30], bytes(phy.MARKERS_119[rate][lane]).hex())

    def test_scrambler_is_its_own_inverse(self):
        rng = random.Random(3)
        bits = [rng.randrange(2) for _ in range(500)]
        state = [rng.randrange(2) for _ in range(58)]
        line = phy.Scrambler(state).scramble(bits)
        self.assertEqual(phy.Scrambler(state).descramble(line), bits)
        # x^58 + x^39 + 1: from a zero state one 1 comes back after 39 and 58 bits, not before.
        impulse = phy.Scrambler([0] * 58).scramble([1] + [0] * 70)
        self.assertEqual([i for i, bit in enumerate(impulse) if bit], [0, 39, 58])

    def test_pad_repeats_after_511_bits_and_emits_the_seed(self):
        pad = phy.PadGenerator([1, 0, 0, 0, 0, 0, 0, 0, 0])
        bits = [pad.next() for _ in range(1022)]
        self.assertEqual(bits[:9], [0] * 8 + [1])
        self.assertEqual(bits[:511], bits[511:])

    def test_bip_counts_the_header_in_bits_3_and_4(self):
        self.assertEqual(phy.bip_of_block([1] + [0] * 65), 1 << 3)
        self.assertEqual(phy.bip_of_block([0, 1] + [0] * 64), 1 << 4)
        self.assertEqual(phy.bip_of_block([0, 0, 1] + [0] * 63), 1)
        self.assertEqual(phy.bip_of_block([0] * 65 + [1]), 1 << 7)

    def test_gray_map(self):
        self.assertEqual(phy.pam4([0, 0, 0, 1, 1, 1, 1, 0]), [0, 1, 2, 3])

    def test_precoder_example(self):
        source = [int(text) for text in "2 2 2 2 0 3 2 0 1 3 3 0 0 0 0 2 3 0 3".split()]
        wanted = [int(text) for text in "0 2 0 2 2 1 1 3 2 1 2 2 2 2 2 0 3 1 2".split()]
        self.assertEqual(phy.precode(source, 2), wanted)
        self.assertEqual(phy.precode_back(wanted, 2), source)

    def test_state_diagram(self):
        idle, data = ["07" * 8, "1" * 8], ["11" * 8, "0" * 8]
        start, end = ["fb" + "55" * 7, "10000000"], ["fd" + "07" * 7, "1" * 8]
        error = phy.ERROR_BLOCK
        blocks = phy.encode_words([data, idle, data, data, start, data, end, end, idle, start, start, data, idle])
        errors = [i for i, block in enumerate(blocks) if block == error]
        # Data at the start; from E data is let through again; a start inside E stays in E; T after T; S after S; C after D.
        self.assertEqual(errors, [0, 2, 4, 7, 10, 12])

    def test_receiver_inverts_the_transmitter(self):
        for rate, code in ((400, None), (200, None), (100, "kp4"), (100, "kr4"), (100, "none")):
            request = random_request(random.Random(5), rate, code, 2)
            request["stages"] = True
            sent = phy.tx(request)
            got = phy.rx({"rate": rate, "code": code, "lanes": sent["lanes"]})
            settled = {400: 4, 200: 4, 100: 2}[rate]
            self.assertEqual(got["order"], list(range(len(sent["lanes"]))))
            self.assertEqual(got["blocks66"][settled:], sent["blocks66"][settled:])
            if rate != 100:
                self.assertEqual(got["status"], request["status"])


class TestPatternModel(unittest.TestCase):
    def test_periods(self):
        for order in (7, 9, 13, 15):
            bits = pattern_model.prbs(order, [1] * order, 2 * (2**order - 1), inverted=False)
            period = 2**order - 1
            self.assertEqual(bits[:period], bits[period:])
            self.assertEqual(sum(bits[:period]), 2 ** (order - 1))

    def test_prbs13q_prefix(self):
        wanted = "1031320220111130103121231210012102121023131112"
        levels = pattern_model.prbs_q(13, pattern_model.PRBS13Q_SEEDS[0], len(wanted))
        self.assertEqual(phy.digits(levels), wanted)

    def test_prbs31q_prefix(self):
        wanted = "22222222222222012222222222220002222222222201201222"
        self.assertEqual(phy.digits(pattern_model.prbs_q(31, [1] * 31, len(wanted))), wanted)

    def test_prbs9q_prefix(self):
        wanted = "0012322303231310010331213302202231320111"
        self.assertEqual(phy.digits(pattern_model.prbs_q(9, [1] * 9, len(wanted))), wanted)

    def test_ssprq(self):
        levels = pattern_model.ssprq()
        self.assertEqual(len(levels), 65535)
        # Of the machine-readable sequence that IEEE publishes beside the standard, one octet per level.
        published = "f17f5effb8e68863e5355258186456e1c3b3c48b5519c1a0c46dac855fae3582"
        self.assertEqual(hashlib.sha256(bytes(levels)).hexdigest(), published)
        self.assertEqual([levels.count(level) for level in range(4)], [15215, 17553, 17552, 15215])


if __name__ == "__main__":
    unittest.main()
