// The bit matrices of rs_linear_avx512.cpp, where the method is told.
#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/fec/rs_tables.hpp"
#include "lightlane/math/gf1024.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::fec::rs {
namespace {

using math::gf1024_order;
using math::gf_divide;
using math::gf_multiply;
using math::gf_power;

constexpr int window_symbols = 64, window_bytes = 80, columns = GfniTables::columns,
              outputs = GfniTables::outputs;

constexpr std::size_t parity_offset = 4;  // bits of byte 642 that still belong to the message

/// alpha^(-i), any i >= 0.
unsigned inverse_power(int i) { return gf_power(gf1024_order - static_cast<unsigned>(i) % gf1024_order); }

/// The byte of a window that stands in a lane of a vector after the transposition in rs_linear_avx512.cpp.
int column(int vector, int lane) {
  return vector < 8 ? 16 * (lane / 2) + 2 * vector + lane % 2 : 64 + 8 * (vector - 8) + lane;
}

/// One 8x8 matrix per output byte, vector and lane.
struct Block {
  std::uint64_t matrix[columns][outputs][8] = {};
};

Block operator^(const Block& a, const Block& b) {
  Block sum;
  for (int e = 0; e < columns; ++e) {
    for (int o = 0; o < outputs; ++o) {
      for (int lane = 0; lane < 8; ++lane)
        sum.matrix[e][o][lane] = a.matrix[e][o][lane] ^ b.matrix[e][o][lane];
    }
  }
  return sum;
}

/// GF2P8AFFINEQB takes row i of a matrix, which makes bit i of the output, from byte 7 - i.
void set_matrix_bit(std::uint64_t& matrix, int output_bit, int input_bit) {
  matrix |= std::uint64_t{1} << (8 * (7 - output_bit) + input_bit);
}

/// Window g to observation g': g + g' = index. Symbol s of the window, times u(64 index + s + j), to symbol
/// j.
Block make_block(const Tables& tables, int index) {
  Block block;
  std::vector<unsigned> u(window_symbols + 4);
  for (int s = 0; s < window_symbols + 4; ++s) {
    for (int k = 0; k < tables.parity; ++k) u[s] ^= inverse_power(k * (window_symbols * index + s));
  }
  for (int e = 0; e < columns; ++e) {
    for (int lane = 0; lane < 8; ++lane) {
      for (int bit = 0; bit < 8; ++bit) {
        const int position = 8 * column(e, lane) + bit, symbol = position / 10;
        for (int j = 0; j < 4; ++j) {
          const unsigned product = gf_multiply(1u << position % 10, u[symbol + j]);
          for (int b = 0; b < 10; ++b) {
            const int output = 10 * j + b;
            if (product >> b & 1) set_matrix_bit(block.matrix[e][output / 8][lane], output % 8, bit);
          }
        }
      }
    }
  }
  return block;
}

/// Leaves in the order of rs_linear_avx512.cpp: the middle, then low, then high; outermost the middle comes
/// last.
void make_leaves(const std::vector<Block>& sequence, std::vector<Block>& leaves) {
  const std::size_t size = (sequence.size() + 1) / 2, half = size / 2;
  if (size == 1) {
    leaves.push_back(sequence.front());
    return;
  }
  std::vector<Block> low, high;
  for (std::size_t i = 0; i + 1 < size; ++i) {
    low.push_back(sequence[i] ^ sequence[i + half]);
    high.push_back(sequence[i + half] ^ sequence[i + size]);
  }
  const std::vector<Block> middle(sequence.begin() + static_cast<long>(half),
                                  sequence.begin() + static_cast<long>(half + size - 1));
  if (size < 8) make_leaves(middle, leaves);
  make_leaves(low, leaves);
  make_leaves(high, leaves);
  if (size == 8) make_leaves(middle, leaves);
}

using Matrix = std::vector<std::vector<unsigned>>;

/// a^-1 b, a square and regular.
Matrix solve(Matrix a, Matrix b) {
  const std::size_t size = a.size();
  for (std::size_t column_index = 0; column_index < size; ++column_index) {
    std::size_t pivot = column_index;
    while (a[pivot][column_index] == 0) ++pivot;
    std::swap(a[pivot], a[column_index]);
    std::swap(b[pivot], b[column_index]);
    const unsigned scale = gf_divide(1, a[column_index][column_index]);
    for (auto& x : a[column_index]) x = gf_multiply(x, scale);
    for (auto& x : b[column_index]) x = gf_multiply(x, scale);
    for (std::size_t row = 0; row < size; ++row) {
      const unsigned factor = a[row][column_index];
      if (row == column_index || factor == 0) continue;
      for (std::size_t i = 0; i < size; ++i) {
        a[row][i] ^= gf_multiply(factor, a[column_index][i]);
        b[row][i] ^= gf_multiply(factor, b[column_index][i]);
      }
    }
  }
  return b;
}

/// matrix[i][j]: how symbol j enters symbol i; they begin some bits into the first byte.
template <std::size_t Inputs>
void set_matrices(const Matrix& matrix, std::uint64_t (&target)[Inputs][38], std::size_t input_offset,
                  std::size_t output_offset) {
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j < matrix[i].size(); ++j) {
      for (std::size_t b = 0; b < 10; ++b) {
        const unsigned product = gf_multiply(matrix[i][j], 1u << b);
        for (std::size_t c = 0; c < 10; ++c) {
          if ((product >> c & 1) == 0) continue;
          const std::size_t input = input_offset + 10 * j + b, output = output_offset + 10 * i + c;
          set_matrix_bit(target[input / 8][output / 8], static_cast<int>(output % 8),
                         static_cast<int>(input % 8));
        }
      }
    }
  }
}

void make_final(const Tables& tables, GfniTables& gfni) {
  const auto size = static_cast<std::size_t>(tables.parity);
  Matrix observe(size, std::vector<unsigned>(size));  // roots' sums to observations
  Matrix parity = observe, identity = observe;        // parity to roots' sums
  Matrix tail(size, std::vector<unsigned>(size));     // the last two message symbols to roots' sums
  for (int i = 0; i < tables.parity; ++i) {
    for (int k = 0; k < tables.parity; ++k) {
      observe[i][k] = inverse_power(k * (window_symbols * (i / 4) + i % 4));
      parity[k][i] = inverse_power(k * (tables.k + i));
      if (i < 2) tail[k][i] = inverse_power(k * (512 + i));
    }
    identity[i][i] = 1;
  }
  set_matrices(solve(parity, solve(observe, identity)), gfni.final, 0, parity_offset);
  Matrix tail_to_parity = solve(parity, tail);
  for (auto& row : tail_to_parity) row.resize(2);
  set_matrices(tail_to_parity, gfni.tail, 0, parity_offset);
  Matrix syndromes = identity;
  for (int j = 0; j < tables.parity; ++j) {
    for (int i = 0; i < tables.parity; ++i) {
      syndromes[j][i] = gf_power(static_cast<unsigned>(j * (tables.parity - 1 - i)));
    }
  }
  set_matrices(syndromes, gfni.syndrome, parity_offset, 0);
}

std::unique_ptr<const GfniTables> make_tables(const Tables& tables) {
  auto gfni = std::make_unique<GfniTables>();
  std::vector<Block> sequence;
  for (int i = 0; i < 15; ++i) sequence.push_back(make_block(tables, i));
  std::vector<Block> leaves;
  if (tables.n == signal::kp4.n) {
    make_leaves(sequence, leaves);  // eight windows to eight observations
  } else {                          // windows 0..3 and 4..7 to four observations, leaf by leaf side by side
    std::vector<Block> low, high;
    make_leaves({sequence.begin(), sequence.begin() + 7}, low);
    make_leaves({sequence.begin() + 4, sequence.begin() + 11}, high);
    for (std::size_t i = 0; i < low.size(); ++i) {
      leaves.push_back(low[i]);
      leaves.push_back(high[i]);
    }
  }
  std::size_t row = 0;
  for (const Block& leaf : leaves) {
    for (int e = 0; e < columns; ++e, ++row) {
      for (int o = 0; o < outputs; ++o) {
        for (int lane = 0; lane < 8; ++lane) gfni->leaf[row][o][lane] = leaf.matrix[e][o][lane];
      }
    }
  }
  make_final(tables, *gfni);
  return gfni;
}

}  // namespace

const GfniTables& gfni_tables(const Tables& tables) {
  if (tables.n == signal::kp4.n) {
    static const auto kp4 = make_tables(tables);
    return *kp4;
  }
  static const auto kr4 = make_tables(tables);
  return *kr4;
}

}  // namespace lightlane::fec::rs
