#include "lightlane/fec/rs_tables.hpp"

#include "lightlane/math/gf1024.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::fec::rs {
namespace {

using math::gf_multiply;
using math::gf_power;

/// g(x) = (x - alpha^0)(x - alpha^1)...
void make_generator(Tables& tables) {
  tables.generator[0] = 1;
  for (int j = 0; j < tables.parity; ++j) {
    tables.generator[j + 1] = 0;
    for (int i = j + 1; i > 0; --i) {
      tables.generator[i] =
          static_cast<std::uint16_t>(tables.generator[i - 1] ^ gf_multiply(tables.generator[i], gf_power(j)));
    }
    tables.generator[0] = static_cast<std::uint16_t>(gf_multiply(tables.generator[0], gf_power(j)));
  }
}

Tables make_tables(const signal::FecCode& code) {
  Tables tables{};
  tables.n = code.n;
  tables.k = code.k;
  tables.t = code.t;
  tables.parity = code.parity();
  tables.words = code.words;
  make_generator(tables);
  return tables;
}

}  // namespace

const Tables& tables(int n) {
  static const Tables kp4 = make_tables(signal::kp4);
  static const Tables kr4 = make_tables(signal::kr4);
  return n == signal::kp4.n ? kp4 : kr4;
}

}  // namespace lightlane::fec::rs
