# Configure and build, for ./run and ./test; sourced after packages.sh with $root set. Messages go to stderr.

# Compiled before in another folder is compiled before.
export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$root}" CCACHE_NOHASHDIR="${CCACHE_NOHASHDIR:-1}"

# configure <preset> [cmake options]: writes build/<preset>, or brings its options up to date.
configure() {
  preset=$1
  shift
  if command -v ccache >/dev/null 2>&1; then
    set -- "$@" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
  mkdir -p "$root/build/$preset"
  log=$root/build/$preset/configure.log
  if ! (cd "$root" && cmake --preset "$preset" "$@") >"$log" 2>&1; then
    cat "$log" >&2
    echo "Configuring build/$preset failed." >&2
    return 1
  fi
}

# build <preset> [targets]: progress on a terminal, otherwise only what went wrong.
build() {
  preset=$1
  shift
  if [ -t 2 ]; then
    cmake --build "$root/build/$preset" ${1:+--target "$@"} >&2
  else
    log=$root/build/$preset/build.log
    if ! cmake --build "$root/build/$preset" ${1:+--target "$@"} >"$log" 2>&1; then
      grep -v '^\[' "$log" | tail -n 100 >&2
      echo "Building build/$preset failed." >&2
      return 1
    fi
  fi
}
