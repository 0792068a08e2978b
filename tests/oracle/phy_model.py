"""A golden model of the digital layer, in plain Python: words -> 66-bit blocks -> lanes -> PAM4 levels, and back.

Written from the clauses alone (IEEE 802.3 clauses 82, 91, 119, 120), for clarity and not for speed, and without a look
at the C++ code: it is the oracle of `lightlane vector`. `tx(request)` and `rx(request)` take and give the JSON objects
of that verb (docs/conventions.md).

What the clauses leave free, fixed here once:
  bits          lists of 0/1 in time order. Hex holds bit 0 in bit 0 of the first byte; the last byte is zero-padded.
  encoder       starts in its reset state: a stream that begins inside a frame begins with error blocks.
  BIP           the first marker of a run counts no block: BIP3 = 00, BIP7 = FF.
  stages        blocks66: the encoder's output, not scrambled, 9 bytes each.
                blocks257: before scrambling, without the marker group, 33 bytes each. At 100 Gb/s the payloads in them
                are scrambled (clause 82 does it before) and the five header bits are whitened (91.5.2.5).
                codewords: clause 119 A, B, A, B ...; message first, then parity.
                host_lanes: lanes of the host interface. 400G: 8 x two PCS lanes; 200G: 4; 100G KP4: 2; KR4 and no FEC: 4.
                pmd_symbols: a digit per symbol. PAM4 level 0..3: 400G 4 lanes, 200G 2, 100G KP4 1; NRZ bit: KR4, none 4.
  stats at 100G one number per codeword: [[a], [a], ...]; without FEC it is empty, and so is status.
  bad blocks    a 66-bit block that the receiver marks as bad has the header 11 (and its payload says nothing).
"""

from block_model import (  # noqa: F401, also for those who use this module
    BAD_HEADER,
    BLOCK_TYPES,
    CONTROL_CODES,
    CONTROL_HEADER,
    ERROR,
    ERROR_BLOCK,
    HIGH_NIBBLE,
    IDLE,
    LPI,
    SEQUENCE,
    SIGNAL,
    START,
    TERMINATE,
    bits_of_bytes,
    bits_of_hex,
    bits_of_number,
    bits_of_symbols,
    encode_word,
    encode_words,
    hex_of_bits,
    number_of_bits,
    Scrambler,
    scrambler_state,
    symbols_of_bits,
    transcode,
    transcode_back,
    whiten,
)
from rs_model import (  # noqa: F401, also for those who use this module
    CODES,
    GENERATORS,
    rs_decode,
    rs_encode,
)

# ------------------------------------------------------------------------------------------- alignment markers of clause 119

COMMON = [0x9A, 0x4A, 0x26, 0x65, 0xB5, 0xD9]
# Table 119-2: UP0 UP1 UM0 UM1 UM2 UP2 UM3 UM4 UM5
UNIQUE_400 = """
B6 D9 01 71 F3 26 FE 8E 0C   04 67 5A DE 7E 98 A5 21 81   46 FE 3E F3 56 01 C1 0C A9   5A 84 86 80 D0 7B 79 7F 2F
E1 19 2A 51 F2 E6 D5 AE 0D   F2 4E 12 4F D1 B1 ED B0 2E   3D EE 42 9C A1 11 BD 63 5E   22 32 D6 76 5B CD 29 89 A4
60 9F E1 73 75 60 1E 8C 8A   6B A2 71 C4 3C 5D 8E 3B C3   FA 04 95 EB D8 FB 6A 14 27   6C 71 22 66 38 8E DD 99 C7
18 5B A2 F6 95 A4 5D 09 6A   14 CC 31 97 C3 33 CE 68 3C   D0 B1 CA FB A6 4E 35 04 59   B4 56 A6 BA 79 A9 59 45 86
"""
UNIQUE_200_LANE_0 = "05 D6 B3 C0 8C 29 4C 3F 73"


def marker_row(unique):
    cm, (up0, up1, um0, um1, um2, up2, um3, um4, um5) = COMMON, unique
    return cm[:3] + [up0] + cm[3:] + [up1, um0, um1, um2, up2, um3, um4, um5]


def _rows():
    octets = [int(text, 16) for text in UNIQUE_400.split()]
    rows = [marker_row(octets[9 * i : 9 * i + 9]) for i in range(16)]
    zero = marker_row([int(text, 16) for text in UNIQUE_200_LANE_0.split()])
    return {400: rows, 200: [zero] + rows[1:8]}


MARKERS_119 = _rows()


class Clause119:
    """The numbers of one rate of clause 119, and the steps that depend on them."""

    def __init__(self, rate):
        self.rate = rate
        self.lanes = {400: 16, 200: 8}[rate]
        self.group_blocks = {400: 8, 200: 4}[rate]
        self.pad_bits = {400: 133, 200: 65}[rate]
        self.pairs_per_period = {400: 4096, 200: 2048}[rate]
        self.markers = [bits_of_bytes(row) for row in MARKERS_119[rate]]
        self.lane_bits_per_pair = 2 * 5440 // self.lanes
        self.max_skew_bits = 4781  # 180 ns at 26.5625 Gb/s

    def marker_group(self, pad, status):
        """119.2.4.4: the lanes' markers ten bits at a time, the odd rounds with the lanes of a pair swapped."""
        bits = []
        for k in range(12):
            for j in range(self.lanes // 2):
                pair = (2 * j, 2 * j + 1) if k % 2 == 0 else (2 * j + 1, 2 * j)
                for lane in pair:
                    bits += self.markers[lane][10 * k : 10 * k + 10]
        bits += [pad.next() for _ in range(self.pad_bits)]
        return bits + status

    def encode_pair(self, bits):
        """119.2.4.5-6: 10280 bits to codewords A and B."""
        symbols = symbols_of_bits(bits)
        return rs_encode(symbols[0::2], 544), rs_encode(symbols[1::2], 544)

    def distribute(self, a, b, lanes):
        """119.2.4.7: one pair of codewords onto the lanes."""
        half = self.lanes // 2
        for k in range(544 // half):
            for j in range(half):
                i = half * k + j
                first, second = (a[i], b[i]) if k % 2 == 0 else (b[i], a[i])
                lanes[2 * j] += bits_of_number(first, 10)
                lanes[2 * j + 1] += bits_of_number(second, 10)

    def collect(self, lanes):
        """The way back: the bits of one pair of each lane to the words A and B."""
        half = self.lanes // 2
        symbols = [symbols_of_bits(lane) for lane in lanes]
        a, b = [], []
        for k in range(544 // half):
            for j in range(half):
                first, second = symbols[2 * j][k], symbols[2 * j + 1][k]
                a.append(first if k % 2 == 0 else second)
                b.append(second if k % 2 == 0 else first)
        return a, b


class PadGenerator:
    """x^9 + x^5 + 1, output P8."""

    def __init__(self, state):
        self.state = list(state)

    def next(self):
        out = self.state[8]
        self.state = [self.state[8] ^ self.state[4]] + self.state[:8]
        return out


def nibbles_wrong(bits, wanted):
    return sum(bits[i : i + 4] != wanted[i : i + 4] for i in range(0, len(wanted), 4))


# ------------------------------------------------------------------------------------------- alignment markers of clause 82

MARKERS_82 = [
    bytes.fromhex(text)
    for text in """C16821 9D718E 594BE8 4D957B F50709 DD14C2 9A4A26 7B4566 A02476 68C9FB
                   FD6C99 B99155 5CB9B2 1AF8BD 83C7CA 3536CD C4314C ADD6B7 5F662A C0F0E5""".split()
]


def marker_payload_82(lane, bip):
    m = list(MARKERS_82[lane])
    return bits_of_bytes(m + [bip] + [octet ^ 255 for octet in m] + [bip ^ 255])


def bip_of_block(block):
    """Table 82-4: the parity bits of one 66-bit block, as the octet that is XORed into BIP3."""
    parity = [0] * 8
    for number, bit in enumerate(block):
        if number == 0:
            parity[3] ^= bit
        elif number == 1:
            parity[4] ^= bit
        else:
            parity[(number - 2) % 8] ^= bit
    return number_of_bits(parity)


LANES_82 = 20
FIRST_BIP = 0x00  # nothing counted yet


def marker_group_91(bips, four_lane_pmd, pad):
    """91.5.2.6: the markers of 20 PCS lanes on four FEC lanes, and five pad bits: 1285 bits."""
    amp = []
    for lane in range(LANES_82):
        source = lane
        if lane < 4:
            source = 0
        elif lane > 16 and four_lane_pmd:
            source = 16
        amp.append(marker_payload_82(source, bips[lane]))
    fec_lanes = [[bit for i in range(5) for bit in amp[l + 4 * i]] for l in range(4)]
    bits = [bit for k in range(32) for l in range(4) for bit in fec_lanes[l][10 * k : 10 * k + 10]]
    return bits + pad


PADS_91 = [[0, 0, 1, 0, 1], [1, 1, 0, 1, 0]]  # alternate groups
CODEWORDS_PER_PERIOD_91 = 4096
BLOCKS_PER_PERIOD_82 = 16384
MAX_SKEW_BITS_100 = {"kp4": 4781, "kr4": 4640, "none": 928}  # 180 ns at each lane rate

# ------------------------------------------------------------------------------------------------------ PMA, 120 and 83

GRAY = {(0, 0): 0, (0, 1): 1, (1, 1): 2, (1, 0): 3}
GRAY_BACK = {level: bits for bits, level in GRAY.items()}


def multiplex(lanes):
    """One bit from each lane in turn."""
    return [bit for column in zip(*lanes) for bit in column]


def pam4(bits):
    return [GRAY[bits[i], bits[i + 1]] for i in range(0, len(bits) - 1, 2)]


def precode(symbols, previous=0):
    """135.5.7.2: 1 / (1 + D) modulo 4."""
    out = []
    for symbol in symbols:
        previous = (symbol - previous) % 4
        out.append(previous)
    return out


def precode_back(symbols, previous=0):
    return [(now + before) % 4 for before, now in zip([previous] + symbols[:-1], symbols)]


def digits(symbols):
    return "".join(map(str, symbols))


def line_stages(lanes, nrz_groups=None):
    """host_lanes and pmd_symbols. PAM4: PCS (FEC) lanes 2h, 2h+1 on host lane h, host lanes 2o, 2o+1 on the line.
    NRZ: as many lanes in turn on each line lane as `nrz_groups` says."""
    if nrz_groups:
        line = [multiplex(lanes[i : i + nrz_groups]) for i in range(0, len(lanes), nrz_groups)]
        return {"host_lanes": [hex_of_bits(l) for l in line], "pmd_symbols": [digits(l) for l in line]}
    host = [multiplex(lanes[i : i + 2]) for i in range(0, len(lanes), 2)]
    line = [multiplex(host[i : i + 2]) for i in range(0, len(host), 2)]
    return {"host_lanes": [hex_of_bits(h) for h in host], "pmd_symbols": [digits(pam4(l)) for l in line]}


# ------------------------------------------------------------------------------------------------------------- transmit


def tx(request):
    """`lightlane vector tx`."""
    stages = {}
    blocks = encode_words(request["words"])
    if request["rate"] in (200, 400):
        stream, lanes = _tx_119(request, blocks, stages)
    elif request["code"] == "none":
        stream, lanes = _tx_82(request, blocks, stages)
    else:
        stream, lanes = _tx_91(request, blocks, stages)
    answer = {"version": 1, "rate": request["rate"]}
    if "code" in request:
        answer["code"] = request["code"]
    answer["stream"] = hex_of_bits(stream)
    answer["lanes"] = [hex_of_bits(lane) for lane in lanes]
    if request.get("stages"):
        answer["blocks66"] = [hex_of_bits(block) for block in blocks]
        answer.update(stages)
    return answer


def _tx_119(request, blocks, stages):
    clause = Clause119(request["rate"])
    scrambler = Scrambler(scrambler_state(request["S"]))
    pad = PadGenerator([int(bit) for bit in request["P"]])
    status = [int(bit) for bit in request["status"]]
    words_first_pair, words_per_pair = 4 * (40 - clause.group_blocks), 160
    assert len(blocks) >= words_first_pair and (len(blocks) - words_first_pair) % words_per_pair == 0

    blocks257 = [transcode(blocks[i : i + 4]) for i in range(0, len(blocks), 4)]
    stream = clause.marker_group(pad, status)
    for block in blocks257:
        stream += scrambler.scramble(block)
    lanes, codewords = [[] for _ in range(clause.lanes)], []
    for i in range(0, len(stream), 10280):
        a, b = clause.encode_pair(stream[i : i + 10280])
        clause.distribute(a, b, lanes)
        codewords += [a, b]
    stages["blocks257"] = [hex_of_bits(block) for block in blocks257]
    stages["codewords"] = [hex_of_bits(bits_of_symbols(word)) for word in codewords]
    stages.update(line_stages(lanes))
    return stream, lanes


def _scrambled_82(request, blocks):
    scrambler = Scrambler(scrambler_state(request["S"]))
    return [block[:2] + scrambler.scramble(block[2:]) for block in blocks]


def _tx_82(request, blocks, stages):
    scrambled = _scrambled_82(request, blocks)
    assert len(blocks) % LANES_82 == 0
    markers = [CONTROL_HEADER + marker_payload_82(lane, FIRST_BIP) for lane in range(LANES_82)]
    sequence = markers + scrambled
    stream = [bit for block in sequence for bit in block]
    lanes = [[bit for block in sequence[lane::LANES_82] for bit in block] for lane in range(LANES_82)]
    stages.update(line_stages(lanes, nrz_groups=5))
    return stream, lanes


def _tx_91(request, blocks, stages):
    code = request["code"]
    n = CODES[code]
    assert len(blocks) >= 60 and (len(blocks) - 60) % 80 == 0
    scrambled = _scrambled_82(request, blocks)
    blocks257 = [whiten(transcode(scrambled[i : i + 4])) for i in range(0, len(scrambled), 4)]
    four_lane_pmd = request.get("four_lane_pmd", code == "kr4")
    stream = marker_group_91([FIRST_BIP] * LANES_82, four_lane_pmd, PADS_91[0])
    stream += [bit for block in blocks257 for bit in block]
    lanes, codewords = [[] for _ in range(4)], []
    for i in range(0, len(stream), 5140):
        codeword = rs_encode(symbols_of_bits(stream[i : i + 5140]), n)
        codewords.append(codeword)
        for position, symbol in enumerate(codeword):
            lanes[position % 4] += bits_of_number(symbol, 10)
    stages["blocks257"] = [hex_of_bits(block) for block in blocks257]
    stages["codewords"] = [hex_of_bits(bits_of_symbols(word)) for word in codewords]
    stages.update(line_stages(lanes, nrz_groups=1 if code == "kr4" else None))
    return stream, lanes


# -------------------------------------------------------------------------------------------------------------- receive


def rx(request):
    """`lightlane vector rx`: None where the lanes cannot be found."""
    lanes = [bits_of_hex(lane) for lane in request["lanes"]]
    if request["rate"] in (200, 400):
        return _rx_119(request, lanes)
    return _rx_82(request, lanes) if request["code"] == "none" else _rx_91(request, lanes)


def _answer(request, order, skew, stats, status, blocks):
    answer = {"rate": request["rate"]}
    if "code" in request:
        answer["code"] = request["code"]
    answer.update(order=order, skew=skew, stats=stats, status=status)
    answer["blocks66"] = [hex_of_bits(block) for block in blocks]
    return answer


def _find_lanes(lanes, find, max_skew_bits):
    """find(bits) gives (lane number, place) or None. Order and skew, or None unless every lane is there once."""
    found = [find(lane) for lane in lanes]
    if None in found:
        return None
    order, skew = [number for number, _ in found], [place for _, place in found]
    if sorted(order) != list(range(len(lanes))) or max(skew) - min(skew) > max_skew_bits:
        return None
    return order, skew


def _in_order(lanes, order, skew):
    """The lanes by number, each from its marker on."""
    by_number = [None] * len(lanes)
    for number, place, lane in zip(order, skew, lanes):
        by_number[number] = lane[place:]
    return by_number


def _find_119(clause, bits):
    common = bits_of_bytes(COMMON)
    unique = [marker[64:88] + marker[96:120] for marker in clause.markers]
    for place in range(len(bits) - 119):
        row = bits[place : place + 120]
        if nibbles_wrong(row[0:24] + row[32:56], common) > 3:
            continue
        for number, wanted in enumerate(unique):
            if nibbles_wrong(row[64:88] + row[96:120], wanted) <= 3:
                return number, place
    return None


def _rx_119(request, received):
    clause = Clause119(request["rate"])
    if len(received) != clause.lanes:
        return None
    found = _find_lanes(received, lambda bits: _find_119(clause, bits), clause.max_skew_bits)
    if found is None:
        return None
    order, skew = found
    lanes = _in_order(received, order, skew)
    size = clause.lane_bits_per_pair
    pairs = min(map(len, lanes)) // size

    stats, blocks, status, spill = [], [], "", False
    descrambler = Scrambler([0] * 58)  # not settled for 58 bits
    for pair in range(pairs):
        a, b = clause.collect([lane[pair * size : (pair + 1) * size] for lane in lanes])
        a, count_a = rs_decode(a, 544)
        b, count_b = rs_decode(b, 544)
        stats.append([count_a, count_b])
        message = bits_of_symbols([s for both in zip(a[:514], b[:514]) for s in both])
        first = 0
        if pair % clause.pairs_per_period == 0:
            first = clause.group_blocks
            status = digits(message[257 * first - 3 : 257 * first])
        bad = count_a < 0 or count_b < 0
        for i in range(first, 40):
            block257 = descrambler.descramble(message[257 * i : 257 * i + 257])
            four = transcode_back(block257, lambda c, before: _nibble(before[64 * c : 64 * c + 4]))
            if bad or spill:
                four = [BAD_HEADER + block[2:] for block in four]
            spill = False
            blocks += four
        spill = bad  # the descrambler carries errors 58 bits on: the next 257-bit block is lost too
    return _answer(request, order, skew, stats, status, blocks)


def _nibble(low):
    high = HIGH_NIBBLE.get(number_of_bits(low))
    return None if high is None else bits_of_number(high, 4)


def _find_91(bits):
    """The lane from amp 4+l, 8+l and 12+l, which are unique; its start from lane 0's marker, which opens every lane."""

    def matches(place, lane):
        wanted = marker_payload_82(lane, 0)
        got = bits[place : place + 64]
        return nibbles_wrong(got[0:24] + got[32:56], wanted[0:24] + wanted[32:56]) <= 3

    for place in range(len(bits) - 319):
        if not matches(place, 0):
            continue
        for l in range(4):
            if sum(matches(place + 64 * i, l + 4 * i) for i in (1, 2, 3)) >= 2:
                return l, place
    return None


def _rx_91(request, received):
    code = request["code"]
    n = CODES[code]
    found = len(received) == 4 and _find_lanes(received, _find_91, MAX_SKEW_BITS_100[code])
    if not found:
        return None
    order, skew = found
    lanes = _in_order(received, order, skew)
    size = 10 * n // 4
    stats, blocks = [], []
    descrambler = Scrambler([0] * 58)
    for index in range(min(map(len, lanes)) // size):
        by_lane = [symbols_of_bits(lane[index * size : (index + 1) * size]) for lane in lanes]
        codeword, count = rs_decode([symbol for column in zip(*by_lane) for symbol in column], n)
        stats.append([count])
        message = bits_of_symbols(codeword[:514])
        first = 5 if index % CODEWORDS_PER_PERIOD_91 == 0 else 0
        for i in range(first, 20):
            four = _blocks_91(whiten(message[257 * i : 257 * i + 257]), descrambler)
            if count < 0:  # 91.5.3.3: block 0 of the 1st, 3rd, 5th .. and block 3 of the 2nd and the 20th
                if i % 2 == 0:
                    four[0][:2] = BAD_HEADER
                if i in (1, 19):
                    four[3][:2] = BAD_HEADER
            blocks += four
    return _answer(request, order, skew, stats, "", blocks)


def _blocks_91(block257, descrambler):
    """The dropped nibble was scrambled: descramble the low nibble, look the high one up, scramble that again."""

    def recover(c, before):
        line = descrambler.state[::-1] + before
        n = len(line)
        low = [line[i] ^ line[i - 39] ^ line[i - 58] for i in range(n - 4, n)]
        high = _nibble(low)
        return high and [high[i] ^ line[n + i - 39] ^ line[n + i - 58] for i in range(4)]

    return [block[:2] + descrambler.descramble(block[2:]) for block in transcode_back(block257, recover)]


def _find_82(bits):
    patterns = []
    for lane in range(LANES_82):
        wanted = marker_payload_82(lane, 0)
        patterns.append((digits(CONTROL_HEADER + wanted[:24]), digits(wanted[32:56])))
    text = digits(bits)
    places = []
    for lane, (front, back) in enumerate(patterns):
        place = text.find(front)
        while place >= 0 and text[place + 34 : place + 58] != back:
            place = text.find(front, place + 1)
        if 0 <= place <= len(bits) - 66:
            places.append((place, lane))
    if not places:
        return None
    place, lane = min(places)
    return lane, place


def _rx_82(request, received):
    found = len(received) == LANES_82 and _find_lanes(received, _find_82, MAX_SKEW_BITS_100["none"])
    if not found:
        return None
    order, skew = found
    lanes = _in_order(received, order, skew)
    descrambler = Scrambler([0] * 58)
    blocks = []
    for i in range(min(map(len, lanes)) // 66):
        if i % BLOCKS_PER_PERIOD_82 == 0:
            continue
        for lane in lanes:
            block = lane[66 * i : 66 * i + 66]
            blocks.append(block[:2] + descrambler.descramble(block[2:]))
    return _answer(request, order, skew, [], "", blocks)
