#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""studio_manual.py PROGRAM OUT: the window's manual page from its own --help, so that it cannot age."""
import pathlib
import re
import subprocess
import sys


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.M)


def main():
    program, out = sys.argv[1:]
    text = subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
    usage, rest = re.fullmatch(r"Usage: \S+ (.*?)\n(.*)", text, flags=re.S).groups()
    about, rest = rest.split("\nOptions:\n")
    options, arguments = rest.split("\nArguments:\n")
    entries = []
    for line in (options + "\n" + arguments).splitlines():
        match = re.match(r"  (\S.*?)(?:  +(.*))?$", line)
        if match:
            entries.append([match[1], match[2] or ""])
        elif line.strip() and entries:
            entries[-1][1] += " " + line.strip()
    if len(entries) < 4:
        raise SystemExit(f"the help of {program} is not what was expected:\n{text}")
    page = [f'.TH ESPALIER\\-STUDIO 1 "" "espalier {version}" "User Commands"', ".SH NAME",
            "espalier\\-studio \\- window for pruning Mixture\\-of\\-Experts language models", ".SH SYNOPSIS",
            ".B espalier\\-studio", roff(usage), ".SH DESCRIPTION", roff(" ".join(about.split())), ".SH OPTIONS"]
    for name, meaning in entries:
        page += [".TP", f"\\fB{roff(name)}\\fR", roff(meaning)]
    page += [".SH ENVIRONMENT", ".TP", ".B ESPALIER_CLI", "program that is started for jobs", ".TP",
             ".B ESPALIER_LANGUAGE", "language of the window", ".SH SEE ALSO", ".BR espalier (1)", ""]
    pathlib.Path(out).write_text("\n".join(page), encoding="utf-8")


main()
