#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# real_window.sh BUILD_FOLDER FOLDER: the window on an X server (Xvfb) instead of without a display. Two whole sessions on
# the bundled model, one with keys alone, driven by events; then a picture of every page in light and dark, at pixel ratio
# 1 and 2, in English, German and Chinese, for looking at. Some minutes; needs the targets test_app_studio_keyboard_session,
# test_app_studio_session_walk, studio_screenshots and espalier.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
tests="$build/tests/app/studio"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export LC_ALL=C.UTF-8 QT_QPA_PLATFORM=xcb HOME="$place/home" ESPALIER_CLI="$build/app/cli/espalier"
export ESPALIER_RESOURCES="$root/resources" XDG_RUNTIME_DIR="$place/run"
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"

on_screen() { # SIZE COMMAND…
    local size=$1
    shift
    xvfb-run -a -s "-screen 0 ${size}x24" "$@"
}

for session in keyboard_session session_walk; do
    on_screen 1600x1000 "$tests/test_app_studio_$session" -silent
done

"$ESPALIER_CLI" demo --quick --out "$place/demo" >/dev/null
for shape in light-1-en dark-1-en light-2-en dark-2-de light-1-de dark-1-zh light-1-zh; do
    IFS=- read -r theme ratio language <<<"$shape"
    cp "$place/demo/demo.espalier" "$place/shots.espalier"
    QT_SCALE_FACTOR=$ratio on_screen "$((1440 * ratio + 40))x$((900 * ratio + 80))" "$tests/studio_screenshots" \
        "$root/resources/demo/model" "$out/$shape" --study "$place/shots.espalier" --theme "$theme" --language "$language"
done
