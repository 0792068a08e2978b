#include "lightlane/plan/interop/matrix.hpp"

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"

namespace lightlane::plan {
namespace {

MatrixCell cell(const LinkEnd& a, const LinkEnd& b, const Question& plant) {
  InteropQuestion q;
  q.a = a;
  q.b = b;
  q.plant = plant;
  MatrixCell out;
  try {
    const Interop answer = interop(q);
    out.verdict = answer.verdict;
    out.children = answer.children;
    const Severity most = worst(answer.reasons);
    for (const Reason& reason : answer.reasons) {
      if (reason.severity != most || most < Severity::condition) continue;
      if (std::find(out.codes.begin(), out.codes.end(), reason.code) == out.codes.end())
        out.codes.push_back(reason.code);
    }
  } catch (const ConfigError&) {
    out.verdict = InteropVerdict::unknown;
    out.codes = {"UNKNOWN"};
  }
  return out;
}

}  // namespace

std::vector<MatrixCell> interop_matrix(std::span<const LinkEnd> ends, const Question& plant) {
  check_ranges(plant);
  std::vector<MatrixCell> out(ends.size() * ends.size());
  parallel_for(out.size(),
               [&](std::size_t i) { out[i] = cell(ends[i / ends.size()], ends[i % ends.size()], plant); });
  return out;
}

}  // namespace lightlane::plan
