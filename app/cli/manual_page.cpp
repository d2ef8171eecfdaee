// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_tree.h"
#include "core/base/version.h"

namespace espalier::cli {
namespace {

/// Text for roff: hyphens that can be copied, no line that begins with a request.
std::string roff(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n'))
            out += "\\&";
        out += c == '\\' ? std::string("\\e") : c == '-' ? std::string("\\-") : std::string(1, c);
    }
    return out;
}

/// --help, --json and --progress, which every command has.
bool isCommon(const OptionFacts& option)
{
    return !option.names.empty() &&
           (option.names.back() == "--help" || option.names.back() == "--json" || option.names.back() == "--progress");
}

enum class Which { All, Own, Common };

std::string optionsText(const CommandFacts& command, Which which)
{
    std::string out;
    for (const auto& option : command.options) {
        if (which != Which::All && isCommon(option) != (which == Which::Common))
            continue;
        out += ".TP\n";
        std::string names;
        for (const auto& name : option.names)
            names += (names.empty() ? "\\fB" : ", \\fB") + roff(name) + "\\fR";
        if (!option.argument.empty())
            names += (names.empty() ? "\\fI" : " \\fI") + roff(option.argument) + "\\fR";
        out += names + "\n" + roff(option.about) + (option.about.ends_with('.') ? "" : ".");
        if (!option.choices.empty()) {
            std::string list;
            for (const auto& choice : option.choices)
                list += (list.empty() ? "" : ", ") + choice;
            out += "\nOne of: " + roff(list) + ".";
        }
        if (!option.defaultValue.empty())
            out += "\nDefault: " + roff(option.defaultValue) + ".";
        if (option.required)
            out += "\nRequired.";
        out += "\n";
    }
    return out;
}

std::string commandText(const CommandFacts& command)
{
    std::string out = ".SS " + roff(command.path);
    for (const auto& option : command.options)
        if (option.positional())
            out += " " + roff(option.argument);
    out += "\n" + roff(command.about) + ".\n";
    if (command.commands.empty())
        out += optionsText(command, Which::Own);
    if (!command.example.empty())
        out += ".PP\nExample:\n.PP\n.EX\n" + roff(command.example) + "\n.EE\n";
    for (const auto& sub : command.commands)
        out += commandText(sub);
    return out;
}

} // namespace

std::string manualPage(const CommandFacts& program)
{
    std::string out = ".TH ESPALIER 1 \"\" \"espalier " + std::string(base::kVersion) + "\" \"User Commands\"\n";
    out += ".SH NAME\nespalier \\- measure, cut and verify Mixture\\-of\\-Experts language models\n"
           ".SH SYNOPSIS\n.B espalier\n.I COMMAND\n.RI [ ARGUMENTS ]\n.SH DESCRIPTION\n" +
           roff(program.about) +
           "\n.PP\nResults go to standard output, progress and messages to standard error.\n.SH COMMANDS\n";
    for (const auto& command : program.commands)
        out += commandText(command);
    out += ".SH OPTIONS\nOf the program:\n" + optionsText(program, Which::All);
    if (!program.commands.empty())
        out += ".PP\nOf every command:\n" + optionsText(program.commands.front(), Which::Common);
    out += ".SH EXIT STATUS\n"
           ".TP\n0\ndone\n.TP\n1\na check was made and failed\n.TP\n2\nwrong usage\n.TP\n3\nbad input\n"
           ".TP\n4\nnot enough memory or disk\n.TP\n70\na fault of the program itself\n"
           ".TP\n130\ninterrupted; partial work is kept\n"
           ".SH ENVIRONMENT\n"
           ".TP\n.B ESPALIER_ENGINE\nengine plug\\-in to open, file or folder\n"
           ".TP\n.B ESPALIER_RESOURCES\nfolder that holds the bundled model\n"
           ".SH SEE ALSO\n.BR espalier\\-studio (1)\n";
    return out;
}

} // namespace espalier::cli
