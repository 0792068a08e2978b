"""Golden model, the blocks: bits and hex, 64B/66B, scrambler, 256B/257B (IEEE 802.3 clauses 82, 91, 119).

Bits are lists of 0/1 in time order. Hex holds bit 0 in bit 0 of the first byte; the last byte is zero-padded.
"""

# ---------------------------------------------------------------------------------------------------------------- bits


def bits_of_bytes(data):
    """Octets to bits, least significant bit first."""
    return [octet >> i & 1 for octet in data for i in range(8)]


def bits_of_hex(text, count=None):
    bits = bits_of_bytes(bytes.fromhex(text))
    return bits if count is None else bits[:count]


def hex_of_bits(bits):
    padded = bits + [0] * (-len(bits) % 8)
    return bytes(number_of_bits(padded[i : i + 8]) for i in range(0, len(padded), 8)).hex()


def bits_of_number(value, count):
    return [value >> i & 1 for i in range(count)]


def number_of_bits(bits):
    """Bit 0 of the number is the first bit."""
    value = 0
    for i, bit in enumerate(bits):
        value |= bit << i
    return value


def symbols_of_bits(bits):
    return [number_of_bits(bits[i : i + 10]) for i in range(0, len(bits), 10)]


def bits_of_symbols(symbols):
    return [bit for symbol in symbols for bit in bits_of_number(symbol, 10)]


# ------------------------------------------------------------------------------------------- 64B/66B, clauses 82 and 119

DATA_HEADER, CONTROL_HEADER, BAD_HEADER = [0, 1], [1, 0], [1, 1]
IDLE, LPI, START, TERMINATE, ERROR, SEQUENCE, SIGNAL = 0x07, 0x06, 0xFB, 0xFD, 0xFE, 0x9C, 0x5C
CONTROL_CODES = {IDLE: 0x00, LPI: 0x06, ERROR: 0x1E}
ORDERED_SET_CODES = {SEQUENCE: 0x0, SIGNAL: 0xF}
TERMINATE_TYPES = [0x87, 0x99, 0xAA, 0xB4, 0xCC, 0xD2, 0xE1, 0xFF]
BLOCK_TYPES = [0x1E, 0x78, 0x4B] + TERMINATE_TYPES
ERROR_BLOCK = CONTROL_HEADER + bits_of_number(0x1E, 8) + bits_of_number(0x1E, 7) * 8


def encode_word(octets, flags):
    """One 64-bit transfer: its class C, S, D, T or E, and its 66-bit block (figure 82-5)."""
    if flags == [0] * 8:
        return "D", DATA_HEADER + bits_of_bytes(octets)
    first_control_only = flags == [1] + [0] * 7
    if first_control_only and octets[0] == START:
        return "S", CONTROL_HEADER + bits_of_number(0x78, 8) + bits_of_bytes(octets[1:])
    if first_control_only and octets[0] in ORDERED_SET_CODES and octets[4:] == [0] * 4:
        block = bits_of_number(0x4B, 8) + bits_of_bytes(octets[1:4])
        return "C", CONTROL_HEADER + block + bits_of_number(ORDERED_SET_CODES[octets[0]], 4) + [0] * 28
    if flags == [1] * 8 and all(octet in (IDLE, LPI) for octet in octets):
        codes = [bit for octet in octets for bit in bits_of_number(CONTROL_CODES[octet], 7)]
        return "C", CONTROL_HEADER + bits_of_number(0x1E, 8) + codes
    for t in range(8):
        is_terminate = (
            flags == [0] * t + [1] * (8 - t)
            and octets[t] == TERMINATE
            and all(octet in CONTROL_CODES for octet in octets[t + 1 :])
        )
        if is_terminate:
            codes = [bit for octet in octets[t + 1 :] for bit in bits_of_number(CONTROL_CODES[octet], 7)]
            block = bits_of_number(TERMINATE_TYPES[t], 8) + bits_of_bytes(octets[:t]) + [0] * (7 - t) + codes
            return "T", CONTROL_HEADER + block
    return "E", ERROR_BLOCK


# Transmit state diagram, figure 82-16: next state by class; whatever is not named goes to E.
TRANSMIT_STATES = {
    "INIT": {"C": "C", "S": "D"},
    "C": {"C": "C", "S": "D"},
    "D": {"D": "D", "T": "T"},
    "T": {"C": "C", "S": "D"},
    "E": {"C": "C", "D": "D", "T": "T"},
}


def encode_words(words):
    """Words [[hex, flags], ...] to 66-bit blocks through the transmit state diagram."""
    state, blocks = "INIT", []
    for text, flag_text in words:
        kind, block = encode_word(list(bytes.fromhex(text)), [int(flag) for flag in flag_text])
        state = TRANSMIT_STATES[state].get(kind, "E")
        blocks.append(ERROR_BLOCK if state == "E" else block)
    return blocks


# -------------------------------------------------------------------------------------- scrambler x^58 + x^39 + 1, 49.2.6


class Scrambler:
    """State S[0] is the newest of the last 58 line bits, S[57] the oldest."""

    def __init__(self, state):
        self.state = list(state)

    def scramble(self, bits):
        history, out = self.state[::-1], []
        for bit in bits:
            history.append(bit ^ history[-39] ^ history[-58])
        out = history[58:]
        self.state = history[-58:][::-1]
        return out

    def descramble(self, bits):
        history = self.state[::-1] + bits
        self.state = history[-58:][::-1]
        return [history[i] ^ history[i - 39] ^ history[i - 58] for i in range(58, len(history))]


def scrambler_state(text):
    """'S' of the request: a 58-bit number, S0 its most significant bit."""
    value = int(text, 16)
    return [value >> (57 - i) & 1 for i in range(58)]


# ----------------------------------------------------------------------------- 256B/257B transcoder, 119.2.4.2 = 91.5.2.5


def transcode(blocks):
    """Four 66-bit blocks to one of 257 bits."""
    headers = [block[:2] for block in blocks]
    payloads = [bit for block in blocks for bit in block[2:]]
    if all(header == DATA_HEADER for header in headers):
        return [1] + payloads
    if any(header not in (DATA_HEADER, CONTROL_HEADER) for header in headers):
        return [0, 1, 1, 1, 1] + payloads[:4] + payloads[8:]
    c = headers.index(CONTROL_HEADER)
    indicators = [header[1] for header in headers]
    return [0] + indicators + payloads[: 64 * c + 4] + payloads[64 * c + 8 :]


HIGH_NIBBLE = {block_type & 15: block_type >> 4 for block_type in BLOCK_TYPES}


def transcode_back(block, recover_nibble):
    """One 257-bit block to four of 66 bits. `recover_nibble(c, payloads)` gives the four bits that were dropped from
    control block c, or None; payloads are the bits before that place."""
    if block[0] == 1:
        return [DATA_HEADER + block[1 + 64 * j : 65 + 64 * j] for j in range(4)]
    indicators = block[1:5]
    if indicators == [1] * 4:
        return [BAD_HEADER + [0] * 64 for _ in range(4)]
    c = indicators.index(0)
    before, after = block[5 : 9 + 64 * c], block[9 + 64 * c :]
    nibble = recover_nibble(c, before)
    payloads = before + (nibble or [0] * 4) + after
    blocks = [[1 - i, i] + payloads[64 * j : 64 * j + 64] for j, i in enumerate(indicators)]
    if nibble is None:
        blocks[c][:2] = BAD_HEADER
    return blocks


def whiten(block):
    """91.5.2.5: header bits 0..4 XOR bits 8..12; its own inverse."""
    return [block[i] ^ block[i + 8] for i in range(5)] + block[5:]
