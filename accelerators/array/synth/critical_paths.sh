#!/usr/bin/env bash
# Times processing elements from register to register and writes critical_paths.yaml beside this script.
#   LIBERTY=cells.lib accelerators/array/synth/critical_paths.sh
# Points: critical_path_points.txt. README.md.
set -euo pipefail

synth=$(cd "$(dirname "$0")" && pwd)
accelerators=$(cd "$synth/../.." && pwd)
: "${LIBERTY:?names the cells: a Liberty file}"
for tool in yosys sta; do
  command -v "$tool" >/dev/null || { echo "critical_paths.sh: no $tool; apt-get install yosys opensta" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
readonly period_ns=5

# critical_path FAMILY TOP NAME=VALUE... -> ns
critical_path() {
  local family=$1 top=$2 parameter
  shift 2
  {
    echo "read_verilog -sv $accelerators/array/rtl/array_pkg.sv"
    find "$accelerators/array/rtl" "$accelerators/$family/rtl" -name '*.sv' ! -name array_pkg.sv ! -name '*_array.sv' \
      ! -name array_control.sv ! -name control_delay.sv ! -name array_sums.sv | sort | sed 's/^/read_verilog -sv -defer /'
    for parameter in "$@"; do echo "chparam -set ${parameter%%=*} ${parameter#*=} $top"; done
    printf '%s\n' "hierarchy -check -top $top" "synth -flatten -top $top" "dfflibmap -liberty $LIBERTY" \
      "abc -liberty $LIBERTY -D $((period_ns * 1000))" splitnets "opt_clean -purge" "setundef -zero" \
      "write_verilog -noattr -noexpr -nohex -nodec $work/netlist.v"
  } >"$work/netlist.ys"
  yosys -q -s "$work/netlist.ys" >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
  cat >"$work/paths.tcl" <<TCL
read_liberty $LIBERTY
read_verilog $work/netlist.v
link_design $(grep -oE '^module [^ (]+' "$work/netlist.v" | cut -d' ' -f2 | head -1)
create_clock -period $period_ns [get_ports clk]
puts "critical [expr $period_ns - 1e9 * [sta::worst_slack_cmd max]]"
TCL
  sta -exit "$work/paths.tcl" | awk '/^critical/ {printf "%.2f\n", $2}'
}

{
  echo "# Written by accelerators/array/synth/critical_paths.sh"
  echo "tool: \"$(yosys -V | cut -d' ' -f1,2), OpenSTA $(sta -version | head -1)\""
  echo "cells: $(basename "$LIBERTY")"
  echo "rows:"
  while read -r family top parameters; do
    [[ -z $family || $family == \#* ]] && continue
    # shellcheck disable=SC2086
    ns=$(critical_path "$family" "$top" $parameters)
    echo "  - {top: $top, parameters: {$(sed 's/=/: /g; s/ /, /g' <<<"$parameters")}, critical_path_ns: $ns}"
    echo "$top $parameters: $ns" >&2
  done <"$synth/critical_path_points.txt"
} >"$work/table"
mv "$work/table" "$synth/critical_paths.yaml"
