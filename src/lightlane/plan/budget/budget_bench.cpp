#include <benchmark/benchmark.h>

#include <vector>

#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/budget/lane_budget.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

/// One evaluation is a link: both directions, every lane, the worst of them; a length of its own each.
void evaluate_link(benchmark::State& state, const char* pmd) {
  Question q;
  q.near = &catalog::pmd_named(pmd, "pmd");
  Ledger ledger;
  const LinkTerms link = resolve(q, ledger);
  std::vector<double> lengths = link.lengths_m;
  const double rated = lengths[0];
  double share = 0;
  for (auto _ : state) {
    share = share < 1 ? share + 1.0 / 1024 : 0;
    lengths[0] = rated * share;
    WorstLane there = evaluate_worst(link.there.lanes, link.there.plant, lengths);
    WorstLane back = evaluate_worst(link.back.lanes, link.back.plant, lengths);
    benchmark::DoNotOptimize(there);
    benchmark::DoNotOptimize(back);
  }
  state.counters["Mevaluations/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) / 1e6, benchmark::Counter::kIsRate);
}

/// From the question to the whole answer, with its texts.
void answer_link(benchmark::State& state, const char* pmd) {
  Question q;
  q.near = &catalog::pmd_named(pmd, "pmd");
  for (auto _ : state) {
    Budget answer = budget(q);
    benchmark::DoNotOptimize(answer);
  }
  state.counters["kanswers/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) / 1e3, benchmark::Counter::kIsRate);
}

/// 100,000 draws of a link, tables included.
void draw_links(benchmark::State& state, const char* pmd) {
  Question q;
  q.near = &catalog::pmd_named(pmd, "pmd");
  q.splices.resize(1);
  q.splices[0] = {&joint_named("splice", "splice", catalog::JointKind::splice), 2, std::nullopt,
                  std::nullopt};
  Ledger ledger;
  const LinkTerms link = resolve(q, ledger);
  const YieldConfig config;
  for (auto _ : state) {
    auto answer = yield(link, q, config, ledger);
    benchmark::DoNotOptimize(answer);
  }
  state.counters["Mdraws/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * config.draws / 1e6, benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(draw_links, dr4, "400GBASE-DR4")->Name("budget_yield/dr4");
BENCHMARK_CAPTURE(draw_links, lr1, "100GBASE-LR1")->Name("budget_yield/lr1");
BENCHMARK_CAPTURE(evaluate_link, dr4, "400GBASE-DR4")->Name("budget/dr4");
BENCHMARK_CAPTURE(evaluate_link, fr4, "400GBASE-FR4")->Name("budget/fr4");
BENCHMARK_CAPTURE(evaluate_link, lr1, "100GBASE-LR1")->Name("budget/lr1");
BENCHMARK_CAPTURE(answer_link, dr4, "400GBASE-DR4")->Name("budget_answer/dr4");

}  // namespace
}  // namespace lightlane::plan
