// SPDX-License-Identifier: Apache-2.0
// What every command shares: where results and progress go, and how a command is registered. One file per command.
#pragma once

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"

#include <CLI/CLI.hpp>
#include <array>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace espalier::cli {

enum class ProgressMode { Auto, None, Text, Json };

/// Results to standard output, everything else to standard error. Used from the main thread.
class Output {
public:
    Output(std::string command, bool json, ProgressMode progress, std::stop_token stop);
    ~Output();
    [[nodiscard]] bool json() const { return m_json; }
    /// The one result of a command: `document` with --json, else `text` (which should end with a newline).
    void result(const base::OrderedJson& document, const std::string& text);
    /// Raw bytes to standard output (CSV, generated text); nothing with --json.
    void print(const std::string& text);
    /// A sentence for people.
    void say(const std::string& text);
    void error(const Error& error);
    /// Failed when something could not be written to standard output (full disk, closed pipe).
    [[nodiscard]] Result<void> finish() const;
    [[nodiscard]] base::JobContext job();

private:
    void progress(const base::ProgressEvent& event);
    void clearLine();
    void write(const std::string& text);
    void line(const base::OrderedJson& object);
    std::string m_command;
    bool m_json;
    int m_writeError = 0;
    ProgressMode m_progress;
    std::stop_token m_stop;
    struct Meter;
    std::unique_ptr<Meter> m_meter;
};

using Run = std::function<Result<void>(Output&)>;

/// Options of the whole program and the command that was chosen on the command line.
struct Program {
    bool json = false;
    std::string progress = "auto";
    std::string command;
    std::string commandLine; ///< as typed, quoted for a shell
    Run run;

    /// Adds a subcommand with --json and --progress; `example` is the worked example of its --help.
    CLI::App* add(CLI::App& app, const std::string& name, const std::string& about, const std::string& example);
    /// The subcommand's callback: remembers what to run after parsing.
    void onRun(CLI::App* command, Run run);
};

void addDoctor(CLI::App& app, Program& program);
void addInspect(CLI::App& app, Program& program);
void addProfile(CLI::App& app, Program& program);
void addStudy(CLI::App& app, Program& program);
void addStudyImport(CLI::App& group, Program& program);
void addStudySamples(CLI::App& group, Program& program);
void addMethods(CLI::App& app, Program& program);
void addWeights(CLI::App& app, Program& program);
void addScores(CLI::App& app, Program& program);
void addPlan(CLI::App& app, Program& program);
void addPlans(CLI::App& app, Program& program);
void addValidate(CLI::App& app, Program& program);
void addCompare(CLI::App& app, Program& program);
void addSweep(CLI::App& app, Program& program);
void addPatterns(CLI::App& app, Program& program);
void addSearch(CLI::App& app, Program& program);
void addExport(CLI::App& app, Program& program);
void addVerify(CLI::App& app, Program& program);
void addLogits(CLI::App& app, Program& program);
void addTokenize(CLI::App& app, Program& program);
void addGenerate(CLI::App& app, Program& program);
void addTrace(CLI::App& app, Program& program);
void addCarve(CLI::App& app, Program& program);
void addMerge(CLI::App& app, Program& program);
void addDemo(CLI::App& app, Program& program);
void addReport(CLI::App& app, Program& program);
void addMan(CLI::App& app, Program& program);
void addBench(CLI::App& app, Program& program);

/// Parses, runs, returns the exit code of the contract.
int runProgram(int argc, char** argv, std::stop_token stop);

/// --dtype, --threads, --memory, --read and --device of every command that computes.
struct EngineArguments {
    std::string dtype = "auto";
    int threads = 0;
    std::string memory;
    std::string reading = "auto";
    std::string device = "cpu";
    void addTo(CLI::App* command, const std::string& defaultType = "auto");
    [[nodiscard]] Result<engine::EngineOptions> options() const;
};

/// Refuses numbers outside low … high; the help shows the type alone, the message names the range.
template <typename Number>
[[nodiscard]] CLI::Validator within(Number low, Number high)
{
    return CLI::Range(low, high).description("");
}

/// "a,b,c" of --exponents.
[[nodiscard]] Result<std::array<double, 3>> parseExponents(const std::string& text);

/// "DOMAIN,…" split at commas; empty parts dropped.
[[nodiscard]] std::vector<std::string> splitList(const std::string& text);

} // namespace espalier::cli
