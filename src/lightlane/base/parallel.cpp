#include "lightlane/base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#if !defined(LIGHTLANE_PARALLEL_STD)
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>
#endif

namespace lightlane {
namespace {

unsigned cores() { return std::max(1u, std::thread::hardware_concurrency()); }
std::atomic<unsigned> wanted{0};

}  // namespace

unsigned threads() noexcept {
  const unsigned n = wanted.load(std::memory_order_relaxed);
  return n == 0 ? cores() : n;
}

#if defined(LIGHTLANE_PARALLEL_STD)

void set_threads(unsigned n) { wanted = n; }

void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body) {
  const std::size_t workers = std::min<std::size_t>(threads(), count);
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex lock;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) body(i);
    } catch (...) {
      const std::lock_guard guard(lock);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  std::vector<std::thread> pool;
  for (std::size_t i = 1; i < workers; ++i) pool.emplace_back(work);
  work();
  for (auto& thread : pool) thread.join();
  if (failure) std::rethrow_exception(failure);
}

void parallel_invoke(const std::function<void()>& first, const std::function<void()>& second) {
  parallel_for(2, [&](std::size_t i) { i == 0 ? first() : second(); });
}

#else

void set_threads(unsigned n) {
  static std::unique_ptr<tbb::global_control> control;
  wanted = n;
  control.reset();
  control = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism, threads());
}

void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body) {
  if (threads() == 1 || count < 2) {
    for (std::size_t i = 0; i < count; ++i) body(i);
    return;
  }
  tbb::parallel_for(std::size_t{0}, count, body);
}

void parallel_invoke(const std::function<void()>& first, const std::function<void()>& second) {
  if (threads() == 1) {
    first();
    second();
    return;
  }
  tbb::parallel_invoke(first, second);
}

#endif

}  // namespace lightlane
