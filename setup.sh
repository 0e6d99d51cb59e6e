#!/usr/bin/env bash
# Sets up a Debian 12 machine for Lutra and builds it.
#   ./setup.sh          install the Debian packages the build needs, and build
#   ./setup.sh run      ... and run the main job on the embedded default
#   ./setup.sh test     ... and run the tests
#   ./setup.sh packages install the packages only
# LUTRA_PRESET (release, debug, asan) names the build; JOBS the number of parallel jobs. LUTRA_TRAINER=0 leaves out what
# only `lutra train` needs (libtorch, and gnuplot for its plots).
set -euo pipefail
cd "$(dirname "$0")"

action=${1:-build}
preset=${LUTRA_PRESET:-release}
jobs=${JOBS:-$(nproc)}

packages=(
  g++ cmake ninja-build ccache pkg-config
  libsystemc-dev libeigen3-dev libboost-program-options-dev libgtest-dev libgmock-dev libbenchmark-dev
  libyaml-cpp-dev nlohmann-json3-dev libfmt-dev zlib1g-dev libwebp-dev libssl-dev
  libonnx-dev libprotobuf-dev protobuf-compiler
  gcc-riscv64-unknown-elf binutils-riscv64-unknown-elf picolibc-riscv64-unknown-elf
  verilator
)
trainer_packages=(libtorch-dev gnuplot-nox)
[ "${LUTRA_TRAINER:-1}" = 0 ] || packages+=("${trainer_packages[@]}")

install_packages() {
  local missing=()
  for package in "${packages[@]}"; do
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

build() {
  cmake --preset "$preset"
  cmake --build --preset "$preset" --parallel "$jobs"
}

case $action in
  packages) install_packages ;;
  build) install_packages; build ;;
  run) install_packages; build; "build/$preset/software/cli/lutra" run ;;
  test) install_packages; build; ctest --preset "$preset" --parallel "$jobs" ;;
  *) sed -n '2,8p' "$0" >&2; exit 2 ;;
esac
