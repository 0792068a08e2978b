// The loops of the symbol engine in plain C++, once, for every instruction set: no #pragma once, included
// inside an unnamed namespace by symbol_engine_ref.cpp and symbol_engine_avx2.cpp, so that no copy leaves its
// file.

constexpr std::ptrdiff_t block = symbol_block;

/// Six bits of the window's symbols: index[n] for each symbol of the block.
inline void window_indices(int bits, const std::ptrdiff_t* offset, const std::uint8_t* levels,
                           std::uint8_t* index) noexcept {
  if (bits == 2) {
    const std::uint8_t *const a = levels + offset[0], *const b = levels + offset[1],
                              *const c = levels + offset[2];
    for (std::ptrdiff_t n = 0; n < block; ++n)
      index[n] = static_cast<std::uint8_t>(a[n] << 4 | b[n] << 2 | c[n]);
    return;
  }
  for (std::ptrdiff_t n = 0; n < block; ++n) index[n] = 0;
  for (int s = 0; s < 6; ++s) {
    const std::uint8_t* const l = levels + offset[s];
    for (std::ptrdiff_t n = 0; n < block; ++n) index[n] = static_cast<std::uint8_t>(index[n] << 1 | l[n]);
  }
}

/// Index of the whole neighbourhood.
inline std::size_t full_index(int bits, const std::uint8_t* at) noexcept {
  std::size_t index = 0;
  const int before = bits == 2 ? -4 : -6, after = bits == 2 ? 2 : 4;
  for (int k = before; k <= after; ++k) index = index << bits | at[k];
  return index;
}

inline void look_up(int bits, const LookupView& lookup, const std::uint8_t* levels, float* out) noexcept {
  std::int16_t sum[symbol_block] = {};
  std::uint8_t index[symbol_block];
  for (std::size_t w = 0; w < lookup.count; ++w) {
    const std::int16_t* const value = lookup.windows[w].value;
    window_indices(bits, lookup.windows[w].offset, levels, index);
    for (std::ptrdiff_t n = 0; n < block; ++n) sum[n] = static_cast<std::int16_t>(sum[n] + value[index[n]]);
  }
  const float unit = lookup.unit;
  for (std::ptrdiff_t n = 0; n < block; ++n) out[n] = static_cast<float>(sum[n]) * unit;
  if (lookup.full == nullptr) return;
  for (std::ptrdiff_t n = 0; n < block; ++n) out[n] += lookup.full[full_index(bits, levels + n)];
}

inline void make_samples(const PlanView& plan, const std::uint8_t* levels, const float* const* draws,
                         const float* extra, float* out) noexcept {
  look_up(plan.bits, plan.mean, levels, out);
  float rms[symbol_block], coloured[symbol_block];
  for (std::size_t i = 0; i < plan.noise_count; ++i) {
    const NoiseView& noise = plan.noises[i];
    look_up(plan.bits, noise.rms, levels, rms);
    const float* const draw = draws[i];
    const float main = noise.colour[0];
    for (std::ptrdiff_t n = 0; n < block; ++n) coloured[n] = main * draw[n];
    for (std::size_t k = 1; k < noise.taps; ++k) {
      const float tap = noise.colour[k];
      const float* const before = draw - k;
      for (std::ptrdiff_t n = 0; n < block; ++n) coloured[n] += tap * before[n];
    }
    for (std::ptrdiff_t n = 0; n < block; ++n) out[n] += rms[n] * coloured[n];
  }
  if (extra != nullptr) {
    for (std::ptrdiff_t n = 0; n < block; ++n) out[n] += extra[n];
  }
  const float low = plan.low, high = plan.high;
  for (std::ptrdiff_t n = 0; n < block; ++n) {
    const float x = out[n] > low ? out[n] : low;
    out[n] = x < high ? x : high;
  }
  if (!plan.quantised) return;
  // Not negative: cutting is rounding down.
  for (std::ptrdiff_t n = 0; n < block; ++n) out[n] = static_cast<float>(static_cast<std::int32_t>(out[n]));
}

inline void jitter_loop(int bits, const LookupView& lookup, const std::uint8_t* levels, const float* even,
                        const float* odd, float* extra) noexcept {
  float value[symbol_block];
  look_up(bits, lookup, levels, value);
  for (std::size_t step = 0; step < symbol_block / phase_step; ++step) {
    float* const to = extra + step * phase_step;
    const float* const from = value + step * phase_step;
    for (std::size_t n = 0; n < phase_step; n += 2) {
      to[n] += from[n] * even[step];
      to[n + 1] += from[n + 1] * odd[step];
    }
  }
}

inline void symbols_loop(const float (*value)[4], const std::uint32_t* bits, float* out) noexcept {
  for (std::size_t word = 0; word < symbol_block / 16; ++word) {
    const float* const of = value[word / (phase_step / 16)];
    for (std::size_t n = 0; n < 16; ++n) out[16 * word + n] += of[bits[word] >> (2 * n) & 3];
  }
}

inline void beat_loop(const float* root, const std::uint8_t* levels, const float* beat,
                      float* extra) noexcept {
  for (std::ptrdiff_t n = 0; n < block; ++n) extra[n] += beat[n] * root[levels[n]];
}

/// The taps' products are added in time order.
inline void decide_loop(const PlanView& plan, const float* samples, std::size_t count, std::uint8_t* level,
                        float* y) noexcept {
  float equalized[symbol_block];
  const float t0 = plan.thresholds[0], t1 = plan.thresholds[1], t2 = plan.thresholds[2];
  for (std::size_t done = 0; done < count; done += symbol_block) {
    const std::size_t now = count - done < symbol_block ? count - done : symbol_block;
    for (std::size_t i = 0; i < now; ++i) equalized[i] = plan.bias;
    for (std::size_t k = 0; k < plan.taps; ++k) {
      const float tap = plan.ffe[k];
      const float* const x = samples + done - plan.ffe_before + k;
      for (std::size_t i = 0; i < now; ++i) equalized[i] += tap * x[i];
    }
    for (std::size_t i = 0; i < now; ++i) {
      const float v = equalized[i];
      level[done + i] = static_cast<std::uint8_t>((v > t0 ? 1 : 0) + (v > t1 ? 1 : 0) + (v > t2 ? 1 : 0));
    }
    if (y != nullptr) {
      for (std::size_t i = 0; i < now; ++i) y[done + i] = equalized[i];
    }
  }
}

inline void philox_loop(const PhiloxStream& stream, std::uint64_t first, std::uint32_t* bits) noexcept {
  for (std::size_t step = 0; step < symbol_block / phase_step; ++step) {
    const std::uint64_t counter = first + step;
    std::uint32_t c0 = static_cast<std::uint32_t>(counter), c1 = static_cast<std::uint32_t>(counter >> 32);
    std::uint32_t c2 = stream.stream[0], c3 = stream.stream[1], k0 = stream.key[0], k1 = stream.key[1];
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t a = std::uint64_t{0xD2511F53} * c0, b = std::uint64_t{0xCD9E8D57} * c2;
      c0 = static_cast<std::uint32_t>(b >> 32) ^ c1 ^ k0;
      c1 = static_cast<std::uint32_t>(b);
      c2 = static_cast<std::uint32_t>(a >> 32) ^ c3 ^ k1;
      c3 = static_cast<std::uint32_t>(a);
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    std::uint32_t* const out = bits + 4 * step;
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }
}
