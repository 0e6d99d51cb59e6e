#!/usr/bin/env bash
# Synthesises the post-processor and writes what it takes to accelerators/engine/costs/post_synthesis.yaml.
#   accelerators/engine/synth/synthesise.sh
# Points: accelerators/engine/costs/post_points.txt. JOBS: runs at the same time (default 2). A point that the folder
# WORK (default: a new one) holds is not run again. README.md.
set -euo pipefail

synth=$(cd "$(dirname "$0")" && pwd)
engine=$(cd "$synth/.." && pwd)
array=$(cd "$engine/../array/synth" && pwd)
for tool in yosys jq; do
  command -v "$tool" >/dev/null || { echo "synthesise.sh: no $tool; apt-get install $tool" >&2; exit 1; }
done
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"

row='
  def cells(pattern): [.design.num_cells_by_type | to_entries[] | select(.key | test(pattern)) | .value] | add // 0;
  "  - {post: \($post), post_lanes: \($lanes), accumulator_bits: \($bits), device_family: xilinx7, use_dsp: \($dsp), " +
  "lut: \(cells("^(LUT[1-6]|SRL16E|SRLC32E)$")), ff: \(cells("^FD[RSCP]E$")), carry: \(cells("^CARRY4$")), " +
  "dsp: \(cells("^DSP48E1$"))}"'

# run_point POST LANES ACCUMULATOR_BITS USE_DSP
run_point() {
  local base; base=$work/$(printf '%s_%03d_%02d_%s' "$@")
  [ -s "$base.row" ] && return
  local form=""
  case $1 in shift) form=SHIFTS=1 ;; thresholds) form=THRESHOLDS=1 ;; esac
  { "$array/yosys_script.sh" engine post_processor tuned xilinx7 "$4" POST_LANES="$2" ACCUMULATOR_BITS="$3" $form
    echo "tee -q -o $base.json stat -json"; } >"$base.ys"
  yosys -q "$base.ys" >"$base.log" 2>&1 || { echo "synthesise.sh: $* failed:" >&2; tail -3 "$base.log" >&2; exit 1; }
  jq -r --arg post "$1" --arg lanes "$2" --arg bits "$3" --arg dsp "$4" "$row" "$base.json" >"$base.new"
  mv "$base.new" "$base.row"
}

while read -r post lanes bits; do
  case $post in '' | '#'*) continue ;; esac
  for dsp in false true; do
    [ "$post" = shift ] && [ "$dsp" = true ] && continue  # nothing to multiply
    while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-2}" ]; do wait -n; done
    run_point "$post" "$lanes" "$bits" "$dsp" &
  done
done <"$engine/costs/post_points.txt"
while [ "$(jobs -rp | wc -l)" -gt 0 ]; do wait -n; done

{
  echo "# Written by accelerators/engine/synth/synthesise.sh"
  echo "tool: \"$(yosys -V | sed 's/ (.*//')\""
  echo "rows:"
  cat "$work"/*.row
} >"$engine/costs/post_synthesis.yaml"
echo "$engine/costs/post_synthesis.yaml"
