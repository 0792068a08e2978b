# Debian 12 packages, in one place; sourced by ./run and ./test. docs/dependencies.md says what each is for.

packages_build="g++ cmake ninja-build pkg-config ca-certificates libfmt-dev libcli11-dev libtomlplusplus-dev
  nlohmann-json3-dev librandom123-dev libtbb-dev libboost-dev libdeflate-dev libbenchmark-dev libcsv-dev"
packages_test="libgtest-dev python3 libfec-dev tshark"
packages_fuzz="clang libclang-rt-14-dev"

# Prints those of the given packages that are not installed.
missing_packages() {
  for package in "$@"; do
    case "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" in
      installed) ;;
      *) echo "$package" ;;
    esac
  done
}

# install_packages <reason> <package>...: installs what is missing; asks no question. Messages go to stderr.
install_packages() {
  reason=$1
  shift
  if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is no Debian: not installing anything. Needed to $reason: $*" >&2
    return 0
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086 # a list of names
  set -- $missing
  line="apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 $*"
  if [ "$(id -u)" = 0 ]; then
    as_root="env"
  elif command -v sudo >/dev/null 2>&1; then
    as_root="sudo env"
  else
    echo "Missing packages, needed to $reason: $*" >&2
    echo "There is no sudo here; as root, run:" >&2
    echo "  apt-get update && $line" >&2
    return 1
  fi
  echo "Installing, to $reason (may take a minute): $*" >&2
  for step in "apt-get update" "$line"; do
    # shellcheck disable=SC2086 # a command with its arguments
    if ! $as_root DEBIAN_FRONTEND=noninteractive $step >"$install_log" 2>&1 </dev/null; then
      tail -n 20 "$install_log" >&2
      echo "Failed: $step. As root, run:" >&2
      echo "  apt-get update && $line" >&2
      return 1
    fi
  done
}
