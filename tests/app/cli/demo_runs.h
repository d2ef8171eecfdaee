// SPDX-License-Identifier: Apache-2.0
// Short runs of the program on the bundled model.
#pragma once

#include "tests/app/cli/cli_run.h"

namespace espalier::test {

inline base::OrderedJson runJson(const QStringList& arguments)
{
    const auto run = cli(arguments + QStringList{"--json"});
    if (run.code != 0)
        throw std::runtime_error(fmt::format("exit code {}: {}", run.code, run.err.toStdString()));
    return run.json();
}
/// Two domains of the demo, two commits each.
inline QStringList profile(const fs::path& study, const QStringList& domains = {"json", "number-german"},
                           int tokens = 9000)
{
    QStringList arguments{"profile",      quoted(demo()),          "--study", quoted(study), "--context", "256",
                          "--max-tokens", QString::number(tokens), "--dtype", "float32",     "--threads", "1"};
    for (const QString& domain : domains)
        arguments << "--data" << domain + "=" + quoted(demo("calibration")) + "/" + domain + ".jsonl";
    return arguments;
}
inline QByteArray scores(const fs::path& study, const char* method = "reap")
{
    const auto run = cli({"scores", quoted(study), "--method", method, "--json"});
    return run.code == 0 ? run.out : "failed: " + run.err;
}

} // namespace espalier::test
