// No #pragma once on purpose: included once each by the AVX2 and the AVX-512 file, behind the traits `Vector`
// of the instruction set, into their unnamed namespace. Every output is summed in an order that depends on
// the number of taps alone, so that the cut of a window never shows.
//
// Vector has: Register, lanes, filter_rows and complex_rows (registers of outputs that are made together),
// zero(), broadcast(x), load(p), load(p, n) and store(p, r, n) for the first n lanes only, store(p, r), add,
// subtract, fma(a, b, c) = a b + c, one_lane_on(x, y) = x without its first lane and then the first of y,
// sums(r[lanes]) = one sum over each register, load_index(p), spread(p, n, index) = lane l gets p[index[l]],
// all of them below n <= 8.

using Register = Vector::Register;
/// Holds a loaded value in its register: the compiler would otherwise load it again for every use, as an
/// operand in memory.
inline Register kept(Register r) {
  asm("" : "+v"(r));
  return r;
}
constexpr std::size_t lanes = Vector::lanes;

/// The inputs behind tap k + 1 of a register of outputs, x being those behind tap k and `next` those one
/// register on. Shifting saves every other load: they are unaligned and would be the limit. The last row's
/// next register may lie beyond the window.
template <std::size_t rows>
inline Register neighbour(std::size_t row, const float* in, Register x, Register next) {
  return kept(row + 1 < rows ? Vector::one_lane_on(x, next) : Vector::load(in + row * lanes + 1));
}
template <std::size_t rows>
inline Register next_row(std::size_t row, const float* in, Register x) {
  return row + 1 < rows ? kept(Vector::load(in + (row + 1) * lanes)) : x;
}

template <std::size_t rows>
inline void filter_rows(const float* taps, std::size_t num_taps, const float* in, float* out) {
  Register sum[rows];
  for (auto& s : sum) s = kept(Vector::zero());  // kept: no call of memset
  std::size_t k = 0;
  for (; k + 2 <= num_taps; k += 2) {
    const Register first = kept(Vector::broadcast(taps[k])), second = kept(Vector::broadcast(taps[k + 1]));
    Register x = kept(Vector::load(in + k));
    for (std::size_t r = 0; r < rows; ++r) {
      const Register next = next_row<rows>(r, in + k, x);
      sum[r] = Vector::fma(second, neighbour<rows>(r, in + k, x, next), Vector::fma(first, x, sum[r]));
      x = next;
    }
  }
  if (k < num_taps) {
    const Register tap = Vector::broadcast(taps[k]);
    for (std::size_t r = 0; r < rows; ++r)
      sum[r] = Vector::fma(tap, Vector::load(in + k + r * lanes), sum[r]);
  }
  for (std::size_t r = 0; r < rows; ++r) Vector::store(out + r * lanes, sum[r]);
}

inline void filter_short(const float* taps, std::size_t num_taps, const float* in, float* out,
                         std::size_t width) {
  Register sum = Vector::zero();
  for (std::size_t k = 0; k < num_taps; ++k) {
    sum = Vector::fma(Vector::broadcast(taps[k]), Vector::load(in + k, width), sum);
  }
  Vector::store(out, sum, width);
}

void filter(const float* taps, std::size_t num_taps, const float* in, float* out, std::size_t n) noexcept {
  constexpr std::size_t rows = Vector::filter_rows;
  std::size_t i = 0;
  for (; i + rows * lanes <= n; i += rows * lanes) filter_rows<rows>(taps, num_taps, in + i, out + i);
  for (; i + 4 * lanes <= n; i += 4 * lanes) filter_rows<4>(taps, num_taps, in + i, out + i);
  for (; i + 2 * lanes <= n; i += 2 * lanes) filter_rows<2>(taps, num_taps, in + i, out + i);
  for (; i < n; i += lanes) filter_short(taps, num_taps, in + i, out + i, n - i < lanes ? n - i : lanes);
}

/// `lanes` outputs: each sums its products over registers of taps, and the registers are summed together at
/// the end.
void decimate(const float* taps, std::size_t num_taps, const float* in, std::size_t stride, float* out,
              std::size_t n) noexcept {
  const std::size_t whole = num_taps / lanes * lanes, rest = num_taps - whole;
  for (std::size_t i = 0; i < n; i += lanes) {
    const std::size_t width = n - i < lanes ? n - i : lanes;
    const float* x[lanes];
    Register sum[lanes];
    for (std::size_t j = 0; j < lanes; ++j) {
      x[j] = in + (i + (j < width ? j : width - 1)) *
                      stride;  // the last output stands in for those that are not wanted
      sum[j] = Vector::zero();
    }
    for (std::size_t k = 0; k < whole; k += lanes) {
      const Register tap = Vector::load(taps + k);
      for (std::size_t j = 0; j < lanes; ++j) sum[j] = Vector::fma(tap, Vector::load(x[j] + k), sum[j]);
    }
    if (rest != 0) {
      const Register tap = Vector::load(taps + whole, rest);
      for (std::size_t j = 0; j < lanes; ++j)
        sum[j] = Vector::fma(tap, Vector::load(x[j] + whole, rest), sum[j]);
    }
    Vector::store(out + i, Vector::sums(sum), width);
  }
}

/// (a + j b)(x + j y) by three products: m = a (x + y), re = m - (a + b) y, im = m + (b - a) x.
struct ComplexTap {
  Register real, sum, difference;
  ComplexTap(float a, float b)
      : real(kept(Vector::broadcast(a))),
        sum(kept(Vector::broadcast(a + b))),
        difference(kept(Vector::broadcast(b - a))) {}
};
struct ComplexSum {
  Register m = kept(Vector::zero()), from_y = kept(Vector::zero()), from_x = kept(Vector::zero());
  void add(const ComplexTap& tap, Register x, Register y) {
    m = Vector::fma(tap.real, Vector::add(x, y), m);
    from_y = Vector::fma(tap.sum, y, from_y);
    from_x = Vector::fma(tap.difference, x, from_x);
  }
  Register re() const { return Vector::subtract(m, from_y); }
  Register im() const { return Vector::add(m, from_x); }
};

template <std::size_t rows>
inline void complex_rows(const float* taps_re, const float* taps_im, std::size_t num_taps, const float* in_re,
                         const float* in_im, float* out_re, float* out_im) {
  ComplexSum sum[rows];
  std::size_t k = 0;
  for (; k + 2 <= num_taps; k += 2) {
    const ComplexTap first(taps_re[k], taps_im[k]), second(taps_re[k + 1], taps_im[k + 1]);
    Register x = kept(Vector::load(in_re + k)), y = kept(Vector::load(in_im + k));
    for (std::size_t r = 0; r < rows; ++r) {
      const Register next_x = next_row<rows>(r, in_re + k, x), next_y = next_row<rows>(r, in_im + k, y);
      sum[r].add(first, x, y);
      sum[r].add(second, neighbour<rows>(r, in_re + k, x, next_x), neighbour<rows>(r, in_im + k, y, next_y));
      x = next_x;
      y = next_y;
    }
  }
  if (k < num_taps) {
    const ComplexTap tap(taps_re[k], taps_im[k]);
    for (std::size_t r = 0; r < rows; ++r) {
      sum[r].add(tap, Vector::load(in_re + k + r * lanes), kept(Vector::load(in_im + k + r * lanes)));
    }
  }
  for (std::size_t r = 0; r < rows; ++r) {
    Vector::store(out_re + r * lanes, sum[r].re());
    Vector::store(out_im + r * lanes, sum[r].im());
  }
}

inline void complex_short(const float* taps_re, const float* taps_im, std::size_t num_taps,
                          const float* in_re, const float* in_im, float* out_re, float* out_im,
                          std::size_t width) {
  ComplexSum sum;
  for (std::size_t k = 0; k < num_taps; ++k) {
    sum.add(ComplexTap(taps_re[k], taps_im[k]), Vector::load(in_re + k, width),
            Vector::load(in_im + k, width));
  }
  Vector::store(out_re, sum.re(), width);
  Vector::store(out_im, sum.im(), width);
}

void complex_filter(const float* taps_re, const float* taps_im, std::size_t num_taps, const float* in_re,
                    const float* in_im, float* out_re, float* out_im, std::size_t n) noexcept {
  if (in_im == nullptr) {  // two real filters
    filter(taps_re, num_taps, in_re, out_re, n);
    filter(taps_im, num_taps, in_re, out_im, n);
    return;
  }
  constexpr std::size_t rows = Vector::complex_rows;
  std::size_t i = 0;
  for (; i + rows * lanes <= n; i += rows * lanes) {
    complex_rows<rows>(taps_re, taps_im, num_taps, in_re + i, in_im + i, out_re + i, out_im + i);
  }
  for (; i < n; i += lanes) {
    complex_short(taps_re, taps_im, num_taps, in_re + i, in_im + i, out_re + i, out_im + i,
                  n - i < lanes ? n - i : lanes);
  }
}

/// A register holds the phases of as many whole symbols as fit, or a part of the phases of one. Taps beyond
/// 64 are another pass that adds to the outputs.
constexpr std::size_t most_pass_taps = 64;

struct InterpolatePass {
  std::size_t phases, first_phase, symbols,
      width;  // phases of out; of this pass: the first, whole symbols, lanes used
  std::size_t num_taps;
  bool add;
  std::uint32_t index[lanes];
  float taps[most_pass_taps][lanes];
};

template <std::size_t rows>
inline void interpolate_rows(const InterpolatePass& pass, const float* in, float* out, std::size_t width) {
  const std::size_t apart = pass.symbols * pass.phases;
  const auto index = Vector::load_index(pass.index);
  const std::size_t used = (width + pass.phases - 1) / pass.phases < pass.symbols
                               ? (width + pass.phases - 1) / pass.phases
                               : pass.symbols;
  Register sum[rows];
  for (std::size_t r = 0; r < rows; ++r)
    sum[r] = pass.add ? Vector::load(out + r * apart, width) : Vector::zero();
  for (std::size_t k = 0; k < pass.num_taps; ++k) {
    const Register tap = Vector::load(pass.taps[k]);
    for (std::size_t r = 0; r < rows; ++r) {
      sum[r] = Vector::fma(tap, Vector::spread(in + r * pass.symbols + k, used, index), sum[r]);
    }
  }
  for (std::size_t r = 0; r < rows; ++r) Vector::store(out + r * apart, sum[r], width);
}

void interpolate_pass(const InterpolatePass& pass, const float* in, float* out, std::size_t n) {
  constexpr std::size_t rows = 4;
  out += pass.first_phase;
  std::size_t i = 0;
  for (; i + rows * pass.symbols <= n; i += rows * pass.symbols) {
    interpolate_rows<rows>(pass, in + i, out + i * pass.phases, pass.width);
  }
  for (; i < n; i += pass.symbols) {
    const std::size_t left = (n - i) * pass.phases;
    interpolate_rows<1>(pass, in + i, out + i * pass.phases,
                        pass.symbols > 1 && left < pass.width ? left : pass.width);
  }
}

void interpolate(const float* table, std::size_t phases, std::size_t num_taps, const float* in, float* out,
                 std::size_t n) noexcept {
  InterpolatePass pass;
  pass.phases = phases;
  pass.symbols = phases >= lanes ? 1 : lanes / phases < 8 ? lanes / phases : 8;
  for (std::size_t first_tap = 0; first_tap < num_taps; first_tap += most_pass_taps) {
    pass.num_taps = num_taps - first_tap < most_pass_taps ? num_taps - first_tap : most_pass_taps;
    pass.add = first_tap != 0;
    for (pass.first_phase = 0; pass.first_phase < phases; pass.first_phase += lanes) {
      const std::size_t left = phases - pass.first_phase;
      pass.width = pass.symbols > 1 ? pass.symbols * phases : left < lanes ? left : lanes;
      for (std::size_t l = 0; l < lanes; ++l) {
        const std::size_t phase = pass.symbols > 1 ? l % phases : l;
        const bool wanted = l < pass.width;
        pass.index[l] = wanted && pass.symbols > 1 ? static_cast<std::uint32_t>(l / phases) : 0;
        for (std::size_t k = 0; k < pass.num_taps; ++k) {
          pass.taps[k][l] = wanted ? table[(pass.first_phase + phase) * num_taps + first_tap + k] : 0.0f;
        }
      }
      interpolate_pass(pass, in + first_tap, out, n);
    }
  }
}
