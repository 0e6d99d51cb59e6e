#!/usr/bin/env bash
# Synthesises processing elements and writes what they take to TABLE: accelerators/<family>/costs/synthesis.yaml.
#   accelerators/array/synth/synthesise.sh FAMILY [POINTS TABLE]
# POINTS: accelerators/<family>/costs/synthesis_points.txt. JOBS: runs at the same time (default 2). KEEP: a folder where rows are
# kept, so that what was synthesised is not done again. README.md: DEVICES, FLOWS.
set -euo pipefail

[ $# -eq 1 ] || [ $# -eq 3 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
family=$1
synth=$(cd "$(dirname "$0")" && pwd)
accelerators=$(cd "$synth/../.." && pwd)
costs=$accelerators/$family/costs
points=${2:-$costs/synthesis_points.txt}
table=${3:-$costs/synthesis.yaml}
[ -f "$points" ] || { echo "synthesise.sh: no $points; README.md beside this script says what it holds" >&2; exit 1; }
for tool in yosys jq; do
  command -v "$tool" >/dev/null || { echo "synthesise.sh: no $tool; apt-get install $tool" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One row of the table from the cells of a netlist. A CCU2C is two LUT4 with their carry; lutram counts the LUTs that
# distributed memory takes.
row='
  def cells(pattern): [.design.num_cells_by_type | to_entries[] | select(.key | test(pattern)) | .value] | add // 0;
  (cells("^(LUT[1-6]|SB_LUT4|SRL16E|SRLC32E)$") + 2 * cells("^CCU2C$")) as $lut
  | (4 * cells("^(RAM32M|RAM64M|RAM128X1D|TRELLIS_DPR16X4)$") + 2 * cells("^(RAM32X1D|RAM64X1D|RAM128X1S)$") +
     cells("^(RAM32X1S|RAM64X1S)$")) as $lutram
  | "  - {top: \($top), engine: {\($engine)}, parameters: {\($parameters)}, flow: \($flow), device_family: \($device), use_dsp: \($dsp), " +
    "lut: \($lut), ff: \(cells("^(FD[RSCP]E|TRELLIS_FF|SB_DFF.*)$")), carry: \(cells("^(CARRY4|CCU2C|SB_CARRY)$")), " +
    "dsp: \(cells("^(DSP48E1|MULT18X18D|SB_MAC16)$")), lutram: \($lutram), " +
    "ram: \(cells("^(RAMB.*|DP16KD|PDPW16KD|SB_RAM.*)$"))}"'

# digest SCRIPT ENGINE_KNOBS: of all that a row depends on.
digest() {
  { cat "$1"; echo "$2"; yosys -V; sed -n 's/^read_verilog .* //p' "$1" | xargs cat; cat "$synth"/*.v; } | sha256sum | cut -c1-32
}

# run_point INDEX TOP FLOW DEVICE_FAMILY USE_DSP ENGINE_KNOBS NAME=VALUE...
run_point() {
  local index=$1 top=$2 flow=$3 device=$4 dsp=$5 engine=$6
  shift 6
  local base; base=$work/$(printf %05d "$index")
  "$synth/yosys_script.sh" "$family" "$top" "$flow" "$device" "$dsp" "$@" >"$base.ys"
  local kept; kept=${KEEP:-$work}/$(digest "$base.ys" "$engine").row
  if [ -f "$kept" ]; then cp "$kept" "$base.row"; return; fi
  echo "tee -q -o $base.json stat -json" >>"$base.ys"
  yosys -q "$base.ys" >"$base.log" 2>&1 || { echo "synthesise.sh: $top $* failed:" >&2; tail -3 "$base.log" >&2; exit 1; }
  local parameters; parameters=$(printf '%s, ' "$@"); parameters=${parameters%, }
  jq -r --arg top "$top" --arg engine "${engine//=/: }" --arg parameters "${parameters//=/: }" --arg flow "$flow" --arg device "$device" \
    --argjson dsp "$dsp" "$row" "$base.json" >"$base.row"
  [ -z "${KEEP:-}" ] || { cp "$base.row" "$kept.part" && mv "$kept.part" "$kept"; }
}

flows=("tuned false" "tuned true" "default false")
case ${FLOWS:-all} in fabric) flows=("tuned false") ;; dsp) flows=("tuned true") ;; esac
index=0
while read -r top parameters; do
  engine=
  case $parameters in *' : '*) engine=${parameters#* : } parameters=${parameters%% : *} ;; esac
  case $top in '' | '#'*) continue ;; esac
  for device in ${DEVICES:-xilinx7 ecp5 ice40}; do
    for variant in "${flows[@]}"; do
      [ "$variant" = "default false" ] && [ "$device" != xilinx7 ] && continue
      while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-2}" ]; do wait -n; done
      # shellcheck disable=SC2086
      run_point $index "$top" ${variant% *} $device ${variant#* } "${engine// /, }" $parameters &
      index=$((index + 1))
    done
  done
done <"$points"
while [ "$(jobs -rp | wc -l)" -gt 0 ]; do wait -n; done

{
  echo "# Written by accelerators/array/synth/synthesise.sh $*"
  echo "tool: \"$(yosys -V | sed 's/ (.*//')\""
  echo "rows:"
  cat "$work"/*.row
} >"$table.tmp"
mv "$table.tmp" "$table"
echo "$index runs: $table"
