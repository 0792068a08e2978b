// The TDECQ loops on vectors of LIGHTLANE_LANES floats: included once by each variant's source, which names
// its own namespace around it. GCC and Clang vector types; multiply-add is fused where the instruction set
// has it.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "lightlane/measure/tdecq_kernel.hpp"

#if LIGHTLANE_LANES > 4
#include <immintrin.h>
#endif

namespace lightlane::measure {
namespace {

constexpr int lanes = LIGHTLANE_LANES;
typedef float Vector __attribute__((vector_size(4 * lanes)));
typedef std::int32_t Integers __attribute__((vector_size(4 * lanes)));
typedef std::uint8_t Octets __attribute__((vector_size(lanes)));

inline __attribute__((always_inline)) Vector load(const float* p) {
  Vector v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline __attribute__((always_inline)) void store(float* p, Vector v) { std::memcpy(p, &v, sizeof v); }
inline __attribute__((always_inline)) Integers load_levels(const std::uint8_t* p) {
  Octets v;
  std::memcpy(&v, p, sizeof v);
  return __builtin_convertvector(v, Integers);
}
inline __attribute__((always_inline)) Vector all(float x) { return x - Vector{}; }
inline __attribute__((always_inline)) Vector multiply_add(Vector a, Vector b, Vector c) {
#if LIGHTLANE_LANES == 16
  return _mm512_fmadd_ps(a, b, c);
#elif LIGHTLANE_LANES == 8
  return _mm256_fmadd_ps(a, b, c);
#else
  return a * b + c;
#endif
}
inline __attribute__((always_inline)) Vector magnitude(Vector x) {
  return reinterpret_cast<Vector>(reinterpret_cast<Integers>(x) & 0x7fffffff);
}

/// phi(x) and Q(x) of the standard normal distribution, 0 <= x, both below 1e-11 from 7 on (where x is held):
/// 2^-f as a polynomial, then Mills' ratio Q / phi as one over [0, 7]. Relative 2e-4.
constexpr float held = 7.0f;
inline __attribute__((always_inline)) void normal(Vector x, Vector& density, Vector& tail) {
  x = x < held ? x : all(held);
  const Vector power = x * x * 0.7213475204f;
  const Integers whole = __builtin_convertvector(power + 0.5f, Integers);
  const Vector f = power - __builtin_convertvector(whole, Vector);
  Vector e = all(0.009676037098f);
  for (const float c : {-0.05592203565f, 0.2402210736f, -0.693121034f, 1.000000075f})
    e = multiply_add(e, f, all(c));
  density = e * reinterpret_cast<Vector>(((127 - whole) << 23)) * 0.3989422804f;
  const Vector t = multiply_add(x, all(2.0f / held), all(-1.0f));
  Vector mills = all(0.0444190758f);
  for (const float c : {-0.0664865539f, -0.0143772253f, 0.0133764945f, 0.0893303373f, -0.117145451f,
                        0.114056909f, -0.151495689f, 0.196710607f, -0.234822531f, 0.266559598f}) {
    mills = multiply_add(mills, t, all(c));
  }
  tail = density * mills;
}

constexpr float far_away = 1e6f;

inline __attribute__((always_inline)) Vector equalised(const float* x, const ScaledReceiver& receiver) {
  Vector y = all(0.0f);
  for (int j = 0; j < receiver.taps; ++j) {
    y = multiply_add(all(receiver.tap[static_cast<std::size_t>(j)]), load(x + receiver.lead - j), y);
  }
  return y;
}

/// Distances to the thresholds below and above each sample's level, on the right side when positive.
inline __attribute__((always_inline)) void distances(Vector y, Integers level, const ScaledReceiver& receiver,
                                                     Vector& below, Vector& above) {
  const Vector s0 = all(receiver.threshold[0]), s1 = all(receiver.threshold[1]),
               s2 = all(receiver.threshold[2]);
  const Vector far = all(far_away);
  below = level == 1 ? y - s0 : level == 2 ? y - s1 : level == 3 ? y - s2 : far;
  above = level == 0 ? s0 - y : level == 1 ? s1 - y : level == 2 ? s2 - y : far;
}

/// Sums of a few hundred floats per lane, carried on in double.
template <int n>
struct Sums {
  double total[n][lanes] = {};
  Vector part[n] = {};
  void carry() {
    for (int i = 0; i < n; ++i) {
      for (int l = 0; l < lanes; ++l) total[i][l] += static_cast<double>(part[i][l]);
      part[i] = Vector{};
    }
  }
  double sum(int i) const {
    double s = 0;
    for (int l = 0; l < lanes; ++l) s += total[i][l];
    return s;
  }
};

constexpr std::size_t block = 1024;

inline std::size_t smaller(std::size_t a, std::size_t b) { return a < b ? a : b; }

ErrorCount decision_errors(const SampleRow& row, const ScaledReceiver& receiver) noexcept {
  Sums<2> sums;
  for (std::size_t first = 0; first < row.count; first += block) {
    const std::size_t end = smaller(first + block, row.count);
    for (std::size_t n = first; n < end; n += lanes) {
      Vector below, above, density, low, high;
      distances(equalised(row.x + n, receiver), load_levels(row.level + n), receiver, below, above);
      normal(magnitude(below), density, low);
      normal(magnitude(above), density, high);
      const Vector one = all(1.0f), zero = all(0.0f);
      low = below < 0.0f ? one - low : low;
      high = above < 0.0f ? one - high : high;
      sums.part[0] += low + high;
      sums.part[1] += (below < 0.0f ? one : zero) + (above < 0.0f ? one : zero);
    }
    sums.carry();
  }
  return {sums.sum(0), sums.sum(1)};
}

double clause_errors(const SampleRow& row, const ScaledReceiver& receiver) noexcept {
  Sums<1> sums;
  for (std::size_t first = 0; first < row.count; first += block) {
    const std::size_t end = smaller(first + block, row.count);
    for (std::size_t n = first; n < end; n += lanes) {
      const Vector y = equalised(row.x + n, receiver);
      const Integers level = load_levels(row.level + n);
      Vector sum = all(0.0f);
      for (const float s : receiver.threshold) {
        Vector density, tail;
        normal(magnitude(y - s), density, tail);
        sum += tail;
      }
      sums.part[0] += level == no_level ? all(0.0f) : sum;
    }
    sums.carry();
  }
  return sums.sum(0);
}

/// What a block's samples weigh in the sums of derivatives.
struct Weights {
  alignas(64) float slope[block];         ///< d errors / d y
  alignas(64) float curvature[block];     ///< second derivative by y
  alignas(64) float threshold[3][block];  ///< its part that belongs to each threshold
};

/// Fills the weights of samples [first, first + count) and adds to errors (0) and to the thresholds' slopes
/// (1..3) and curvatures (4..6).
void weigh(const SampleRow& row, const ScaledReceiver& receiver, std::size_t first, std::size_t count,
           Weights& weights, Sums<7>& sums) {
  const Vector zero = all(0.0f), one = all(1.0f);
  for (std::size_t i = 0; i < count; i += lanes) {
    const Integers level = load_levels(row.level + first + i);
    Vector below, above, low_density, low, high_density, high;
    distances(equalised(row.x + first + i, receiver), level, receiver, below, above);
    normal(magnitude(below), low_density, low);
    normal(magnitude(above), high_density, high);
    sums.part[0] += (below < 0.0f ? one - low : low) + (above < 0.0f ? one - high : high);
    const Vector low_bend = below > 0.0f ? (below < held ? below * low_density : zero) : zero;
    const Vector high_bend = above > 0.0f ? (above < held ? above * high_density : zero) : zero;
    store(weights.slope + i, high_density - low_density);
    store(weights.curvature + i, low_bend + high_bend);
    for (int k = 0; k < 3; ++k) {
      const Vector bend = level == k ? high_bend : level == k + 1 ? low_bend : zero;
      sums.part[1 + k] += level == k ? zero - high_density : level == k + 1 ? low_density : zero;
      sums.part[4 + k] += bend;
      store(weights.threshold[k] + i, bend);
    }
  }
  sums.carry();
}

inline double total(Vector v) {
  double s = 0;
  for (int l = 0; l < lanes; ++l) s += static_cast<double>(v[l]);
  return s;
}

/// Products of the weights with the tap inputs of one block. As many taps as fit into registers.
template <int taps>
void accumulate_few(const float* x, std::size_t count, const Weights& weights, ErrorDerivatives& out) {
  constexpr int pairs = taps * (taps + 1) / 2;
  Vector pair[pairs];
  for (Vector& sum : pair) sum = all(0.0f);
  for (std::size_t n = 0; n < count; n += lanes) {
    const Vector curvature = load(weights.curvature + n);
    Vector input[taps];
    for (int i = 0; i < taps; ++i) input[i] = load(x + n - i);
    for (int i = 0, at = 0; i < taps; ++i) {
      const Vector bent = curvature * input[i];
      for (int j = 0; j <= i; ++j, ++at) pair[at] = multiply_add(bent, input[j], pair[at]);
    }
  }
  for (int i = 0, at = 0; i < taps; ++i) {
    for (int j = 0; j <= i; ++j, ++at)
      out.hessian[static_cast<std::size_t>(i * most_variables + j)] += total(pair[at]);
  }
  Vector slope[taps], mixed[taps][3];
  for (int i = 0; i < taps; ++i) slope[i] = mixed[i][0] = mixed[i][1] = mixed[i][2] = all(0.0f);
  for (std::size_t n = 0; n < count; n += lanes) {
    for (int i = 0; i < taps; ++i) {
      const Vector input = load(x + n - i);
      slope[i] = multiply_add(load(weights.slope + n), input, slope[i]);
      for (int k = 0; k < 3; ++k)
        mixed[i][k] = multiply_add(load(weights.threshold[k] + n), input, mixed[i][k]);
    }
  }
  for (int i = 0; i < taps; ++i) {
    out.gradient[static_cast<std::size_t>(i)] += total(slope[i]);
    for (int k = 0; k < 3; ++k) {
      out.hessian[static_cast<std::size_t>((taps + k) * most_variables + i)] -= total(mixed[i][k]);
    }
  }
}

/// Any number of taps.
void accumulate(const float* x, int taps, std::size_t count, const Weights& weights, ErrorDerivatives& out) {
  for (int i = 0; i < taps; ++i) {  // input of tap i: x[-i]
    Vector slope = all(0.0f), mixed[3] = {all(0.0f), all(0.0f), all(0.0f)};
    for (std::size_t n = 0; n < count; n += lanes) {
      const Vector input = load(x + n - i);
      slope = multiply_add(load(weights.slope + n), input, slope);
      for (int k = 0; k < 3; ++k) mixed[k] = multiply_add(load(weights.threshold[k] + n), input, mixed[k]);
    }
    out.gradient[static_cast<std::size_t>(i)] += total(slope);
    for (int k = 0; k < 3; ++k)
      out.hessian[static_cast<std::size_t>((taps + k) * most_variables + i)] -= total(mixed[k]);
    for (int j = 0; j <= i; j += 4) {
      Vector sum[4] = {all(0.0f), all(0.0f), all(0.0f), all(0.0f)};
      const float* const other = x - j;  // rows behind tap i are summed and dropped
      for (std::size_t n = 0; n < count; n += lanes) {
        const Vector bent = load(weights.curvature + n) * load(x + n - i);
        for (int k = 0; k < 4; ++k) sum[k] = multiply_add(bent, load(other + n - k), sum[k]);
      }
      for (int k = 0; k < 4 && j + k <= i; ++k) {
        out.hessian[static_cast<std::size_t>(i * most_variables + j + k)] += total(sum[k]);
      }
    }
  }
}

void decision_derivatives(const SampleRow& row, const ScaledReceiver& receiver,
                          ErrorDerivatives& out) noexcept {
  Weights weights;
  Sums<7> sums;
  for (std::size_t first = 0; first < row.count; first += block) {
    const std::size_t count = smaller(block, row.count - first);
    weigh(row, receiver, first, count, weights, sums);
    const float* const x = row.x + first + receiver.lead;
    if (receiver.taps == 5) {
      accumulate_few<5>(x, count, weights, out);
    } else {
      accumulate(x, receiver.taps, count, weights, out);
    }
  }
  out.errors += sums.sum(0);
  for (int k = 0; k < 3; ++k) {
    const auto at = static_cast<std::size_t>(receiver.taps + k);
    out.gradient[at] += sums.sum(1 + k);
    out.hessian[at * most_variables + at] += sums.sum(4 + k);
  }
}

void interpolate(const float* const* row, const float* weight, int rows, float* out,
                 std::size_t count) noexcept {
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    Vector y = all(0.0f);
    for (int k = 0; k < rows; ++k) y = multiply_add(all(weight[k]), load(row[k] + i), y);
    store(out + i, y);
  }
  for (; i < count; ++i) {
    float y = 0.0f;
#if LIGHTLANE_LANES > 4
    for (int k = 0; k < rows; ++k) y = __builtin_fmaf(weight[k], row[k][i], y);
#else
    for (int k = 0; k < rows; ++k) y = weight[k] * row[k][i] + y;
#endif
    out[i] = y;
  }
}

double dot(const float* a, const float* b, std::size_t count) noexcept {
  Sums<1> sums;
  const std::size_t whole = count / lanes * lanes;
  for (std::size_t first = 0; first < whole; first += block) {
    const std::size_t end = smaller(first + block, whole);
    for (std::size_t n = first; n < end; n += lanes)
      sums.part[0] = multiply_add(load(a + n), load(b + n), sums.part[0]);
    sums.carry();
  }
  double s = sums.sum(0);
  for (std::size_t n = whole; n < count; ++n) s += static_cast<double>(a[n]) * static_cast<double>(b[n]);
  return s;
}

constexpr TdecqKernels kernels = {decision_errors, decision_derivatives, clause_errors, interpolate, dot};

}  // namespace
}  // namespace lightlane::measure
