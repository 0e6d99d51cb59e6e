#!/usr/bin/env bash
# Trains the networks of the zoo and puts them here.
#   train_zoo.sh WORK [--data DATA] [RECIPE...]
# WORK keeps the checkpoints: an interrupted call goes on where it stopped. RECIPE: names in scenarios/training (default:
# every embedded_* and, with --data, every cifar10_resnet20_*). LUTRA names the program (default: lutra).
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
zoo=$(cd "$(dirname "$0")" && pwd)
recipes=$zoo/../../../scenarios/training
work=$1
shift
data=()
if [ "${1:-}" = --data ]; then
  data=(--data "$2")
  shift 2
fi

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  [ ${#data[@]} -eq 0 ] || names+=(cifar10_resnet20_float) # the others start from it
  for file in "$recipes"/embedded_*.yaml; do names+=("$(basename "$file" .yaml)"); done
  if [ ${#data[@]} -gt 0 ]; then
    for file in "$recipes"/cifar10_resnet20_*.yaml; do names+=("$(basename "$file" .yaml)"); done
  fi
fi

for name in "${names[@]}"; do
  "${LUTRA:-lutra}" train "$recipes/$name.yaml" --output "$work/$name" --allow-difference "${data[@]}"
  case $name in
    embedded_*) folder=embedded ;;
    cifar10_resnet20_*) folder=cifar10_resnet20 ;;
    *) continue ;;
  esac
  short=${name#"${folder}"_}
  if [ -f "$work/$name/quantized.onnx" ]; then
    gzip -9 -n -c "$work/$name/quantized.onnx" > "$zoo/$folder/$short.onnx.gz"
  else
    cp "$work/$name/float.onnx" "$zoo/$folder/$short.onnx"
  fi
  cp "$work/$name/log.csv" "$zoo/$folder/$short.csv"
  cp "$work/$name/report.json" "$zoo/$folder/$short.json"
done
