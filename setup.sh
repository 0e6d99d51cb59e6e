#!/usr/bin/env bash
# Sets up a Debian 12 machine for Lutra and builds it.
#   ./setup.sh run         install what the program needs, build it alone, and run the main job on the embedded default
#   ./setup.sh test        install everything, build everything and run the tests
#   ./setup.sh             ... without running them
#   ./setup.sh packages    install the packages for all of it only
#   ./setup.sh ci-packages ... and those that .ci/run needs besides
# LUTRA_PRESET (release, develop, debug, asan) names the build of everything; JOBS the number of parallel jobs. LUTRA_TRAINER=0
# leaves out what only `lutra train` needs (libtorch, and gnuplot for its plots).
set -euo pipefail
cd "$(dirname "$0")"

action=${1:-build}
preset=${LUTRA_PRESET:-release}
jobs=${JOBS:-$(nproc)}

program_packages=(
  g++ cmake ninja-build ccache pkg-config
  libsystemc-dev libeigen3-dev libboost-program-options-dev
  libyaml-cpp-dev nlohmann-json3-dev libfmt-dev zlib1g-dev libzip-dev libwebp-dev libpng-dev libturbojpeg0-dev libssl-dev
  libonnx-dev libprotobuf-dev protobuf-compiler
  gcc-riscv64-unknown-elf binutils-riscv64-unknown-elf picolibc-riscv64-unknown-elf
)
packages=("${program_packages[@]}" libgtest-dev libgmock-dev libbenchmark-dev verilator python3)
[ "${LUTRA_TRAINER:-1}" = 0 ] || packages+=(libtorch-dev gnuplot-nox)
ci_packages=(git clang clang-format-14 clang-tidy doxygen)

# install <package>...: those that are missing
install() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "setup.sh: run as root, or install: apt-get install ${missing[*]}" >&2; exit 1; }
    sudo=sudo
  fi
  $sudo apt-get update
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# build <preset>
build() {
  local trainer=()
  [ "${LUTRA_TRAINER:-1}" != 0 ] || trainer=(-DLUTRA_TRAINER=OFF)
  cmake --preset "$1" "${trainer[@]}"
  cmake --build --preset "$1" --parallel "$jobs"
}

case $action in
  packages) install "${packages[@]}" ;;
  ci-packages) install "${packages[@]}" "${ci_packages[@]}" ;;
  build) install "${packages[@]}"; build "$preset" ;;
  run) install "${program_packages[@]}"; build program; build/program/software/cli/lutra run ;;
  test) install "${packages[@]}"; build "$preset"; ctest --preset "$preset" --parallel "$jobs" ;;
  *) sed -n '2,9p' "$0" >&2; exit 2 ;;
esac
