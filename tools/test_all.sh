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
build tsan base_test math_test rxdsp_test measure_test link_test lightlane
say "threaded tests under tsan"
threaded='^base\.|^(math|rxdsp|measure|link)\..*Thread|^link\.(OpticalChannel|HostLink|PhyLink|Breakout)\.|^link\.OpticalLink\.TrainingIsDeterministic'
run_ctest tsan tsan -R "$threaded|the_seed_decides|TestLink.test_the_default_link" -E Slow

say "build (fuzz: libFuzzer with asan and ubsan)"
configure fuzz
fuzzers=$(cd "$root/src/lightlane" && find . -name '*_fuzz.cpp' | sort | sed 's|.*/||; s|\.cpp$||')
# shellcheck disable=SC2086 # a list of names
build fuzz $fuzzers
for fuzzer in $fuzzers; do
  say "fuzz ${fuzzer%_fuzz} for ${LIGHTLANE_FUZZ_SECONDS:-20} s"
  program=$(find "$root/build/fuzz" -type f -name "$fuzzer" -perm -u+x)
  corpus=$results/corpus_$fuzzer
  mkdir -p "$corpus"
  seeds=$root/tests/fuzz/$fuzzer
  [ -d "$seeds" ] || seeds=
  if (cd "$results" && "$program" -max_total_time="${LIGHTLANE_FUZZ_SECONDS:-20}" -rss_limit_mb=2048 -timeout=10 \
    "$corpus" ${seeds:+"$seeds"}) >"$results/$fuzzer.log" 2>&1; then
    result=run
    grep "^Done " "$results/$fuzzer.log" || true
  else
    result=fail
    failed=yes
    tail -n 30 "$results/$fuzzer.log"
  fi
  echo "fuzz.$fuzzer $result" >>"$results/fuzz.list"
done
