#!/usr/bin/env bash
# Proves by SAT that the techmaps beside this script compute what the operators they replace compute.
set -euo pipefail
synth=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# prove EXPRESSION-OF-a-AND-b BITS_A BITS_B BITS_Y
prove() {
  cat >"$work/module.sv" <<MODULE
module operation (input signed [$2-1:0] a, input signed [$3-1:0] b, output signed [$4-1:0] y);
  assign y = $1;
endmodule
MODULE
  yosys -q -p "read_verilog -sv $work/module.sv; proc; copy operation mapped
    techmap -map $synth/multiply.v -map $synth/add.v mapped
    select -assert-none mapped/t:\$mul mapped/t:\$add mapped/t:\$sub
    techmap mapped; miter -equiv -flatten operation mapped both
    sat -verify -prove trigger 0 both" >"$work/log" || { echo "check.sh: $* is mapped wrongly" >&2; exit 1; }
}

for widths in "2 2 4" "3 5 8" "5 3 8" "4 4 10" "6 5 9"; do
  # shellcheck disable=SC2086
  prove "a * b" $widths
done
for operation in "a + b" "a - b"; do
  for widths in "6 6 7" "8 5 9" "5 8 12" "7 7 6"; do
    # shellcheck disable=SC2086
    prove "$operation" $widths
  done
done
echo "13 operations are mapped to what they are"
