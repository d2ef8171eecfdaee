// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "core/base/byte_size.h"
#include "core/base/version.h"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>
#include <string_view>

namespace espalier::cli {

CLI::App* Program::add(CLI::App& app, const std::string& name, const std::string& about, const std::string& example)
{
    CLI::App* sub = app.add_subcommand(name, about);
    sub->footer("\nExample:\n  " + example);
    sub->add_flag("--json", json, "Print exactly one JSON object on standard output");
    sub->add_option("--progress", progress, "Progress on standard error: auto, none, text or json (one object a line)")
        ->check(CLI::IsMember({"auto", "none", "text", "json"}))
        ->capture_default_str();
    return sub;
}

void Program::onRun(CLI::App* sub, Run action)
{
    sub->callback([this, sub, action = std::move(action)] {
        command = sub->get_parent() != nullptr && !sub->get_parent()->get_name().empty()
                      ? sub->get_parent()->get_name() + " " + sub->get_name()
                      : sub->get_name();
        run = action;
    });
}

void EngineArguments::addTo(CLI::App* command, const std::string& defaultType)
{
    dtype = defaultType;
    command->add_option("--dtype", dtype, "Compute type: float32, bfloat16 or auto")->capture_default_str();
    command->add_option("--threads", threads, "Threads (default: every core this process may use)")
        ->check(CLI::Range(1, 1024));
    command->add_option("--memory", memory, "Bound on the peak resident set, for example 8GiB");
}

Result<engine::EngineOptions> EngineArguments::options() const
{
    engine::EngineOptions options;
    ESPALIER_TRY(options.compute, engine::parseComputeType(dtype));
    options.threads = threads;
    if (!memory.empty()) {
        ESPALIER_TRY(options.memory, base::parseByteSize(memory));
    }
    return options;
}

std::vector<std::string> splitList(const std::string& text)
{
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');)
        if (!part.empty())
            parts.push_back(part);
    return parts;
}

namespace {

/// A word as a POSIX shell reads it back.
std::string shellQuoted(const std::string& word)
{
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-_./=,:+@").find(c) != std::string_view::npos;
    };
    if (!word.empty() && std::all_of(word.begin(), word.end(), plain))
        return word;
    std::string out = "'";
    for (const char c : word)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

ProgressMode progressMode(const std::string& text)
{
    if (text == "json")
        return ProgressMode::Json;
    if (text == "text")
        return ProgressMode::Text;
    return text == "none" ? ProgressMode::None : ProgressMode::Auto;
}

} // namespace

int runProgram(int argc, char** argv, std::stop_token stop)
{
    CLI::App app("Espalier measures what every expert of a Mixture-of-Experts model does on your texts, plans a cut "
                 "against a memory budget, proves it and exports it.",
                 "espalier");
    app.set_version_flag("--version", "espalier " + std::string(base::kVersion));
    app.require_subcommand(1);
    app.footer("\nExample:\n  espalier demo --out demo-out\n\nEvery command has its own --help.");
    Program program;
    program.commandLine = "espalier";
    for (int i = 1; i < argc; ++i)
        program.commandLine += " " + shellQuoted(argv[i]);
    addInspect(app, program);
    addProfile(app, program);
    addStudy(app, program);
    addMethods(app, program);
    addScores(app, program);
    addPlan(app, program);
    addValidate(app, program);
    addExport(app, program);
    addVerify(app, program);
    addGenerate(app, program);
    addLogits(app, program);
    addTokenize(app, program);
    addDemo(app, program);
    addDoctor(app, program);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // CLI11 prints help and version with code 0; everything else is wrong usage.
        return app.exit(error) == 0 ? 0 : static_cast<int>(ErrorCode::Usage);
    }
    Output output(program.command, program.json, progressMode(program.progress), stop);
    const auto outcome = program.run(output);
    if (outcome)
        return 0;
    output.error(outcome.error());
    return static_cast<int>(outcome.error().code);
}

} // namespace espalier::cli
