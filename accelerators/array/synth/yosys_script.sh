#!/usr/bin/env bash
# Prints the Yosys script that maps a module of a family, or of the engine's shell (FAMILY engine), to a target: the one
# place that says how.
#   accelerators/array/synth/yosys_script.sh FAMILY TOP FLOW TARGET USE_DSP NAME=VALUE...
# FAMILY: a folder of accelerators with an rtl/. FLOW: tuned, default. TARGET: xilinx7, ecp5, ice40, or a Liberty
# file, where FLOW and USE_DSP say nothing; there PERIOD_PS (default 5000) is the clock that cells are sized for, and
# CONSTRAINTS a file for ABC's -constr. README.md.
set -euo pipefail

[ $# -ge 5 ] || { sed -n '2,7p' "$0" >&2; exit 2; }
family=$1 top=$2 flow=$3 target=$4 dsp=$5
shift 5
synth=$(cd "$(dirname "$0")" && pwd)
accelerators=$(cd "$synth/../.." && pwd)
[ -d "$accelerators/$family/rtl" ] || { echo "yosys_script.sh: no $accelerators/$family/rtl" >&2; exit 1; }

carry="techmap -map $synth/multiply.v -map $synth/add.v"
wide=""
if [ "$family" = engine ]; then
  file=$(find "$accelerators/engine/rtl" -name "$top.sv")
  [ -n "$file" ] || { echo "yosys_script.sh: no $top.sv below $accelerators/engine/rtl" >&2; exit 1; }
  place=$(dirname "$file")
  files="${top%%_*}_*.sv"
  [ "$place" = "$accelerators/engine/rtl" ] || files="*.sv"  # a folder of its own
  find "$place" -maxdepth 1 -name '*_pkg.sv' | sed 's/^/read_verilog -sv /'
  find "$place" -maxdepth 1 -name "$files" ! -name '*_pkg.sv' | sort | sed 's/^/read_verilog -sv -defer /'
  carry=$(printf '%s\n' "techmap -map $accelerators/engine/synth/multiply_unsigned.v" "$carry")
  wide=-nowidelut
else
  echo "read_verilog -sv $accelerators/array/rtl/array_pkg.sv"
  # An element's ABC result depends on what is read beside it, too.
  left_out=(! -name '*_array.sv' ! -name array_control.sv ! -name control_delay.sv ! -name array_sums.sv ! -name drain_port.sv)
  case $top in *_array | array_control) left_out=() wide=-nowidelut ;; esac
  find "$accelerators/array/rtl" "$accelerators/$family/rtl" -name '*.sv' ! -name array_pkg.sv \
    "${left_out[@]}" | sort -u | sed 's/^/read_verilog -sv -defer /'
fi
for parameter in "$@"; do echo "chparam -set ${parameter%%=*} ${parameter#*=} $top"; done
echo "hierarchy -check -top $top"

no_dsp=""
[ "$dsp" = true ] || no_dsp=-nodsp
case $target in
  xilinx7) run="synth_xilinx -family xc7 -flatten -noiopad -noclkbuf $wide $no_dsp" smallest=9 ;;
  ecp5) run="synth_ecp5 $no_dsp" smallest=9 ;;
  ice40) run="synth_ice40 $([ "$dsp" = true ] && echo -dsp || true)" smallest=11 ;;
  *)
    [ -f "$target" ] || { echo "yosys_script.sh: no target and no Liberty file '$target'" >&2; exit 1; }
    printf '%s\n' "synth -flatten -top $top" "dfflibmap -liberty $target" opt \
      "abc -liberty $target -D ${PERIOD_PS:-5000} ${CONSTRAINTS:+-constr $CONSTRAINTS}" \
      "setundef -zero" "splitnets" "opt_clean -purge"
    exit ;;
esac
if [ "$flow" = tuned ]; then
  if [ "$dsp" = true ] && [ "$target" = xilinx7 ]; then  # the DSP pass takes adders too, so it goes first
    printf '%s\n' "$run -run begin:coarse" "$carry"
    run="$run -run coarse:"
  else
    [ "$dsp" = true ] && carry="techmap -D DSP_SMALLEST=$smallest -map $synth/multiply.v -map $synth/add.v"
    printf '%s\n' proc flatten opt wreduce opt_clean "$carry"
  fi
fi
echo "$run"
