// The fast loops, once, for every instruction set: no #pragma once, included inside an unnamed namespace by
// decider.cpp, decider_avx2.cpp and decider_avx512.cpp, so that no copy leaves its file.

inline void quantize_loop(const QuantizerConstants& constants, const float* in, float* out,
                          std::size_t count) noexcept {
  const QuantizerConstants q = constants;
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC ivdep  // in may be out
#endif
  for (std::size_t i = 0; i < count; ++i) {
    float u = (in[i] - q.offset) * q.inverse_step + q.half;
    u = u > 0.f ? u : 0.f;
    u = u < q.top ? u : q.top;
    out[i] = static_cast<float>(static_cast<std::int32_t>(u)) * q.step + q.base;
  }
}

inline void slice_loop(const SlicerConstants& constants, const float* __restrict in,
                       std::uint8_t* __restrict out, std::size_t count) noexcept {
  const float t0 = constants.thresholds[0], t1 = constants.thresholds[1], t2 = constants.thresholds[2];
  for (std::size_t i = 0; i < count; ++i) {
    const float y = in[i];
    out[i] = static_cast<std::uint8_t>((y > t0 ? 1 : 0) + (y > t1 ? 1 : 0) + (y > t2 ? 1 : 0));
  }
}

/// Two bits per previous decision.
inline void slice_all_loop(const SlicerConstants& constants, const float* __restrict in,
                           std::uint8_t* __restrict out, std::size_t count) noexcept {
  const SlicerConstants s = constants;
  for (std::size_t i = 0; i < count; ++i) {
    int packed = 0;
    for (int m = 3; m >= 0; --m) {
      const float y = in[i] - s.feedback[m];
      packed = packed * 4 + (y > s.thresholds[0] ? 1 : 0) + (y > s.thresholds[1] ? 1 : 0) +
               (y > s.thresholds[2] ? 1 : 0);
    }
    out[i] = static_cast<std::uint8_t>(packed);
  }
}

inline std::uint8_t feed_back_loop(const SlicerConstants& s, std::uint8_t previous, const float* in,
                                   std::uint8_t* out, std::size_t count) noexcept {
  slice_all_loop(s, in, out, count);
  unsigned decided = previous;
  for (std::size_t i = 0; i < count; ++i) {
    decided = static_cast<unsigned>(out[i]) >> (2 * decided) & 3;
    out[i] = static_cast<std::uint8_t>(decided);
  }
  return static_cast<std::uint8_t>(decided);
}
