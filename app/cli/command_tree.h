// SPDX-License-Identifier: Apache-2.0
// The commands as the parser knows them, for what is written from them: the manual page and the shells' completions.
// Nothing is listed twice, so neither can age.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace espalier::cli {

struct OptionFacts {
    std::vector<std::string> names; ///< "-h", "--help"; empty for positional arguments
    std::string argument;           ///< "FILE" of a positional, "TEXT" of an option; empty for flags
    std::string about;
    std::vector<std::string> choices; ///< the only values it takes; empty: any
    std::string defaultValue;
    bool required = false, repeatable = false;
    [[nodiscard]] bool positional() const { return names.empty(); }
};
struct CommandFacts {
    std::string path; ///< "espalier study merge"
    std::string name; ///< "merge"
    std::string about, example;
    std::vector<OptionFacts> options;
    std::vector<CommandFacts> commands;
};
[[nodiscard]] CommandFacts commandTree(const CLI::App& app);

/// Manual page of section 1 in roff.
[[nodiscard]] std::string manualPage(const CommandFacts& program);
/// `shell` is "bash", "zsh" or "fish".
[[nodiscard]] std::string completionScript(const CommandFacts& program, const std::string& shell);

} // namespace espalier::cli
