#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pictures.sh BUILD_FOLDER: makes the manual's pictures anew from the bundled model, a study measured on the spot, and the
# real window without a display. About three minutes on two cores. `./dev pictures` calls it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "$1" && pwd)
# A place that says nothing of the machine, because paths are to be read in the pictures.
place=/tmp/espalier-pictures
[ ! -e "$place" ] || { echo "pictures.sh: $place exists; remove it first" >&2; exit 1; }
trap 'rm -rf "$place"' EXIT
mkdir -p "$place"
cp -r "$root/resources/demo" "$place/demo"
cd "$place"
export QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8 ESPALIER_RESOURCES="$place" # so that this is the sample to the window
espalier="$build/app/cli/espalier"
data=() tests=()
for file in demo/calibration/*.jsonl; do
    data+=(--data "$(basename "$file" .jsonl)=$file")
done
"$espalier" profile demo/model --study sample.espalier "${data[@]}" --dtype float32
plans=()
for method in reap-sum reap frequency; do
    for keep in 8 12 16 24; do
        "$espalier" plan sample.espalier --name "json-$keep-$method" --method "$method" --keep "$keep" --domain json,sort \
            >/dev/null
        plans+=(--plan "json-$keep-$method")
    done
done
for name in json sort arithmetic code-c; do
    tests+=(--task "$name=demo/tasks/$name.jsonl" --text "$name=demo/tasks/$name.jsonl")
done
"$espalier" validate demo/model --study sample.espalier "${plans[@]}" "${tests[@]}" --max-items 50 --max-tokens 6000 \
    --random-control 2 --dtype float32 >/dev/null
"$espalier" export demo/model --study sample.espalier --plan json-16-reap-sum --out sample-json >/dev/null
texts=()
for name in json sort arithmetic code-c; do
    texts+=(--text "$name=demo/calibration/$name.jsonl")
done
"$espalier" trace demo/model "${texts[@]}" --context 128 --max-tokens 384 --dtype float32 --out sample.trace.json >/dev/null
ESPALIER_CLI="$espalier" "$build/tests/app/studio/studio_screenshots" demo/model shots --study sample.espalier
mkdir -p "$root/resources/manual/images"
for name in start overview overview-difference overview-layer overview-text compare planner validation \
    validation-answers validation-gate export profile-dialog; do
    # A palette is enough for what is drawn, and a third of the bytes.
    convert "shots/$name.png" +dither -colors 200 -strip "PNG8:$root/resources/manual/images/$name.png"
done
