#include <immintrin.h>

#include <cstdint>

#include "lightlane/math/fir_kernels.hpp"

namespace lightlane::math::detail {
namespace {

struct Vector {
  using Register = __m256;
  using Index = __m256i;
  static constexpr std::size_t lanes = 8, filter_rows = 8, complex_rows = 2;
  static __m256i first(std::size_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)),
                              _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  static Register zero() { return _mm256_setzero_ps(); }
  static Register broadcast(float x) { return _mm256_set1_ps(x); }
  static Register load(const float* p) { return _mm256_loadu_ps(p); }
  static Register load(const float* p, std::size_t n) { return _mm256_maskload_ps(p, first(n)); }
  static void store(float* p, Register r) { _mm256_storeu_ps(p, r); }
  static void store(float* p, Register r, std::size_t n) {
    n == lanes ? store(p, r) : _mm256_maskstore_ps(p, first(n), r);
  }
  static Register fma(Register a, Register b, Register c) { return _mm256_fmadd_ps(a, b, c); }
  static Register add(Register a, Register b) { return _mm256_add_ps(a, b); }
  static Register subtract(Register a, Register b) { return _mm256_sub_ps(a, b); }
  static Register one_lane_on(Register x, Register next) {
    const __m256i a = _mm256_castps_si256(x),
                  across = _mm256_castps_si256(_mm256_permute2f128_ps(x, next, 0x21));
    return _mm256_castsi256_ps(_mm256_alignr_epi8(across, a, 4));
  }
  static Index load_index(const std::uint32_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }
  static Register spread(const float* p, std::size_t n, Index index) {
    return n == 1 ? _mm256_broadcast_ss(p) : _mm256_permutevar8x32_ps(load(p, n), index);
  }

  /// Lane l of the result is the sum over r[l].
  static Register sums(const Register* r) {
    const Register low = _mm256_hadd_ps(_mm256_hadd_ps(r[0], r[1]), _mm256_hadd_ps(r[2], r[3]));
    const Register high = _mm256_hadd_ps(_mm256_hadd_ps(r[4], r[5]), _mm256_hadd_ps(r[6], r[7]));
    return _mm256_add_ps(_mm256_permute2f128_ps(low, high, 0x20), _mm256_permute2f128_ps(low, high, 0x31));
  }
};

#include "lightlane/math/fir_vector.hpp"

}  // namespace

constinit const FirKernels fir_avx2{filter, decimate, complex_filter, interpolate};

}  // namespace lightlane::math::detail
