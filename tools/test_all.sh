# The second half of ./test --all, sourced by it: slow tests, sanitizers, fuzzing.

say "slow tests"
run_ctest release slow -R Slow

say "build (asan: address and undefined-behaviour sanitizers)"
configure asan
build asan
say "fast tests under asan and ubsan"
run_ctest asan asan -E Slow

say "build (tsan: thread sanitizer)"
configure tsan
build tsan base_test math_test rxdsp_test measure_test link_test plan_test lightlane
say "threaded tests under tsan"
threaded='^base\.|^(math|rxdsp|measure|link|plan)\..*Thread|^link\.(OpticalChannel|HostLink|PhyLink|Breakout)\.|^link\.OpticalLink\.TrainingIsDeterministic'
run_ctest tsan tsan -R "$threaded|the_seed_decides|TestLink.test_the_default_link" -E Slow

say "build (fuzz: libFuzzer with asan and ubsan)"
configure fuzz
fuzzers=$(cd "$root/src/lightlane" && find . -name '*_fuzz.cpp' | sort | sed 's|.*/||; s|\.cpp$||')
# shellcheck disable=SC2086 # a list of names
build fuzz $fuzzers
# fuzz_one <program name>: its list entry and log appear in $results.
fuzz_one() {
  program=$(find "$root/build/fuzz" -type f -name "$1" -perm -u+x)
  corpus=$results/corpus_$1
  mkdir -p "$corpus"
  seeds=$root/tests/fuzz/$1
  [ -d "$seeds" ] || seeds=
  if (cd "$results" && "$program" -max_total_time="$fuzz_seconds" -rss_limit_mb=2048 -timeout=10 \
    "$corpus" ${seeds:+"$seeds"}) >"$results/$1.log" 2>&1; then
    echo "fuzz.$1 run" >>"$results/fuzz.list"
  else
    echo "fuzz.$1 fail" >>"$results/fuzz.list"
  fi
}

fuzz_seconds=${LIGHTLANE_FUZZ_SECONDS:-15}
say "fuzz, each for $fuzz_seconds s, two at a time"
# shellcheck disable=SC2086 # a list of names
set -- $fuzzers
while [ $# -gt 0 ]; do
  fuzz_one "$1" &
  second=${2:-}
  [ -z "$second" ] || fuzz_one "$second" &
  wait
  for fuzzer in "$1" $second; do
    if grep -q "^fuzz.$fuzzer run" "$results/fuzz.list"; then
      echo "$fuzzer: $(grep "^Done " "$results/$fuzzer.log" || true)"
    else
      failed=yes
      tail -n 30 "$results/$fuzzer.log"
    fi
  done
  shift
  [ -z "$second" ] || shift
done
