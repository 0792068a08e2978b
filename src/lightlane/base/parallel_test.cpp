#include "lightlane/base/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace lightlane {
namespace {

TEST(Parallel, EveryIndexOnceForAnyThreadCount) {
  for (unsigned n : {1u, 2u, 5u}) {
    set_threads(n);
    std::vector<std::atomic<int>> hits(1000);
    parallel_for(hits.size(), [&](std::size_t i) { ++hits[i]; });
    for (const auto& hit : hits) ASSERT_EQ(hit, 1);
    EXPECT_THROW(parallel_for(10, [](std::size_t i) { if (i == 7) throw std::runtime_error("7"); }),
                 std::runtime_error);
  }
  set_threads(0);
}

}  // namespace
}  // namespace lightlane
