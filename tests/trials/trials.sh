#!/usr/bin/env bash
# trials.sh LUTRA [TRIALS [SEED]]: sweeps that are killed, or that find the disk full, at a random moment. Each is then run
# again to its end, and has to leave the bytes of a sweep that nothing disturbed.
set -euo pipefail
lutra=$(realpath "$1")
trials=${2:-10}
RANDOM=${3:-1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > sweep.yaml <<'END'
name: trial
base: embedded
set: {run: {images: 20, simulate: 1}, scheme.calibration_images: 8}
axes:
  engine.rows: [4, 8, 16]
  scheme.weight_bits: [4, 8]
pareto: {minimise: [cycles, energy_uj]}
END

sweep() { "$lutra" sweep sweep.yaml --output "$1" --jobs 2 --quiet; }
fail() { echo "trial $trial ($what): $1" >&2; exit 1; }

what=undisturbed trial=0
begin=$(date +%s%N)
sweep whole || fail "did not run"
whole_ms=$((($(date +%s%N) - begin) / 1000000))

for ((trial = 1; trial <= trials; ++trial)); do
  rm -rf out
  if ((RANDOM % 3 > 0)); then
    after_ms=$((RANDOM * 32768 + RANDOM))
    after_ms=$((after_ms % whole_ms))
    what="killed after $after_ms ms"
    setsid "$lutra" sweep sweep.yaml --output out --jobs 2 --quiet 2> errors.txt &
    victim=$!
    sleep "$(printf '%d.%03d' $((after_ms / 1000)) $((after_ms % 1000)))"
    kill -KILL -- "-$victim" 2> /dev/null || true
    wait "$victim" 2> /dev/null || true
  else
    blocks=$((RANDOM % 60))
    what="files end at $blocks KiB"
    (ulimit -f "$blocks"; sweep out) 2> errors.txt && code=0 || code=$?
    [ $code -le 1 ] || fail "ended with $code: $(cat errors.txt)"
    [ $code -eq 0 ] || grep -q '^lutra: error: ' errors.txt || fail "said nothing: $(cat errors.txt)"
    ! find out -name '*.tmp' 2> /dev/null | grep -q . || fail "left half a file"
  fi
  sweep out 2> errors.txt || fail "does not go on: $(cat errors.txt)"
  for file in sweep.csv sweep.jsonl; do
    cmp -s "whole/$file" "out/$file" || fail "$file is another"
  done
done
echo "$trials trials, each the bytes of the undisturbed sweep"
