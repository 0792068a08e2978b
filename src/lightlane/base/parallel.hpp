#pragma once
/// Parallel loops whose results never depend on the number of threads: work is split by index, and whoever
/// combines results does so in index order.

#include <cstddef>
#include <functional>

namespace lightlane {

/// Threads that parallel loops may use; 0 = one per core. Process-wide; set it before a run.
void set_threads(unsigned threads);
unsigned threads() noexcept;

/// body(i) for i in [0, count), in any order, concurrently. The first exception is rethrown.
void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body);

/// Both, concurrently where there is more than one thread.
void parallel_invoke(const std::function<void()>& first, const std::function<void()>& second);

}  // namespace lightlane
