// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "core/base/byte_size.h"
#include "core/base/shell.h"
#include "core/base/version.h"

#include <exception>
#include <fmt/format.h>
#include <new>
#include <sstream>
#include <string_view>

namespace espalier::cli {

void addConvert(CLI::App& app, Program& program);

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
        command = sub->get_name();
        const CLI::App* group = sub->get_parent(); // "study", or the program itself
        if (group != nullptr && group->get_parent() != nullptr)
            command = group->get_name() + " " + command;
        run = action;
    });
}

void EngineArguments::addTo(CLI::App* command, const std::string& defaultType)
{
    dtype = defaultType;
    command->add_option("--dtype", dtype, "Compute type: float32, bfloat16 or auto")->capture_default_str();
    command->add_option("--threads", threads, "Threads (default: every core this process may use)")
        ->check(within(1, 1024));
    command->add_option("--memory", memory, "Bound on the peak resident set, for example 8GiB");
    command
        ->add_option("--read", reading,
                     "How weights that do not fit are read: buffered, mmap, direct, or auto, which probes for a second")
        ->check(CLI::IsMember({"auto", "buffered", "mmap", "direct"}))
        ->capture_default_str();
    command->add_option("--device", device, "What computes routed experts: cpu, cuda, or cuda:N for device N")
        ->capture_default_str();
}

Result<engine::EngineOptions> EngineArguments::options() const
{
    engine::EngineOptions options;
    ESPALIER_TRY(options.compute, engine::parseComputeType(dtype));
    options.threads = threads;
    if (!memory.empty()) {
        ESPALIER_TRY(options.memory, base::parseByteSize(memory));
    }
    for (const auto mode : checkpoint::kReadModes)
        if (reading == checkpoint::readModeName(mode))
            options.reading = mode;
    ESPALIER_TRY(options.device, engine::parseDevice(device));
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

ProgressMode progressMode(const std::string& text)
{
    if (text == "json")
        return ProgressMode::Json;
    if (text == "text")
        return ProgressMode::Text;
    return text == "none" ? ProgressMode::None : ProgressMode::Auto;
}

/// The studio understands wrong usage, too, though options were not all read when it was found.
bool asksForJsonLines(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i)
        if (std::string_view(argv[i]) == "--progress=json" ||
            (std::string_view(argv[i]) == "--progress" && i + 1 < argc && std::string_view(argv[i + 1]) == "json"))
            return true;
    return false;
}

/// What is wrong with the command line, where the parser alone would be vague; `command` is the one that was meant.
Error usageFault(const CLI::App& app, const CLI::ParseError& error, std::string& command)
{
    const CLI::App* last = &app;
    while (!last->get_subcommands().empty())
        last = last->get_subcommands().front();
    for (const CLI::App* at = last; at->get_parent() != nullptr; at = at->get_parent())
        command = at->get_name() + (command.empty() ? "" : " ") + command;
    const std::string help = fmt::format("See `espalier {}{}--help`", command, command.empty() ? "" : " ");
    const auto unknown = last->remaining();
    if (unknown.empty() || dynamic_cast<const CLI::ValidationError*>(&error) != nullptr)
        return usageError(error.what(), help);
    // The parser reports a missing argument before a misspelt one, which is often its cause.
    if (unknown.front().starts_with("-"))
        return usageError(fmt::format("there is no option '{}'", unknown.front()), help);
    if (last->get_subcommands({}).empty())
        return usageError(fmt::format("'{}' is one argument too many", unknown.front()), help);
    std::string known;
    for (const auto* sub : last->get_subcommands({}))
        known += (known.empty() ? "" : ", ") + sub->get_name();
    return usageError(fmt::format("there is no command '{}'", unknown.front()), "Commands are " + known);
}

/// What a command throws is a fault, but one that should end with a sentence and an exit code.
Result<void> guarded(const Run& run, Output& output)
{
    try {
        return run(output);
    } catch (const std::bad_alloc&) {
        return noResources("the memory that this needs cannot be had",
                           "Close other programs, bound it with --memory, or use a machine with more memory");
    } catch (const std::exception& error) {
        return internalError(fmt::format("a fault of the program: {}", error.what()));
    }
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
        program.commandLine += " " + base::shellQuoted(argv[i]);
    addInspect(app, program);
    addProfile(app, program);
    addStudy(app, program);
    addMethods(app, program);
    addWeights(app, program);
    addScores(app, program);
    addPlan(app, program);
    addPlans(app, program);
    addValidate(app, program);
    addCompare(app, program);
    addSweep(app, program);
    addPatterns(app, program);
    addSearch(app, program);
    addExport(app, program);
    addVerify(app, program);
    addGenerate(app, program);
    addTrace(app, program);
    addLogits(app, program);
    addTokenize(app, program);
    addCarve(app, program);
    addMerge(app, program);
    addConvert(app, program);
    addDemo(app, program);
    addReport(app, program);
    addMan(app, program);
    addBench(app, program);
    addDoctor(app, program);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) // help and version
            return app.exit(error);
        std::string command;
        const Error usage = usageFault(app, error, command);
        Output output(command, false, asksForJsonLines(argc, argv) ? ProgressMode::Json : ProgressMode::None, stop);
        output.error(usage);
        return static_cast<int>(usage.code);
    }
    Output output(program.command, program.json, progressMode(program.progress), stop);
    auto outcome = guarded(program.run, output);
    if (outcome)
        outcome = output.finish();
    if (outcome)
        return 0;
    Error error = outcome.error();
    if (error.code == ErrorCode::Cancelled && program.command != "profile" && error.remedy.empty())
        error.remedy = "Nothing half-made was left behind; run the command again"; // no --resume
    output.error(error);
    return static_cast<int>(error.code);
}

} // namespace espalier::cli
