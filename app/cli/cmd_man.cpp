// SPDX-License-Identifier: Apache-2.0
// man and completion: what packages install beside the program, written from the program itself.
#include "app/cli/command.h"
#include "app/cli/command_tree.h"

namespace espalier::cli {

void addMan(CLI::App& app, Program& program)
{
    CLI::App* sub = program.add(app, "man", "The manual page, every command with its options, in roff",
                                "espalier man > espalier.1");
    program.onRun(sub, [&app](Output& output) -> Result<void> {
        const std::string text = manualPage(commandTree(app));
        output.result({{"section", 1}, {"text", text}}, text);
        return {};
    });
    auto shell = std::make_shared<std::string>();
    sub = program.add(app, "completion", "Completion of commands, options and values for a shell",
                      "espalier completion bash > ~/.local/share/bash-completion/completions/espalier");
    sub->add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    program.onRun(sub, [&app, shell](Output& output) -> Result<void> {
        const std::string text = completionScript(commandTree(app), *shell);
        output.result({{"shell", *shell}, {"text", text}}, text);
        return {};
    });
}

} // namespace espalier::cli
