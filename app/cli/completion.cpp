// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_tree.h"

namespace espalier::cli {
namespace {

std::string joined(const std::vector<std::string>& words)
{
    std::string out;
    for (const auto& word : words)
        out += (out.empty() ? "" : " ") + word;
    return out;
}

std::vector<std::string> namesOf(const std::vector<CommandFacts>& commands)
{
    std::vector<std::string> names;
    for (const auto& command : commands)
        names.push_back(command.name);
    return names;
}

template <typename Visit>
void everyCommand(const CommandFacts& command, const Visit& visit)
{
    visit(command);
    for (const auto& sub : command.commands)
        everyCommand(sub, visit);
}

/// Text inside single quotes of a shell.
std::string inQuotes(const std::string& text, const std::string& quote)
{
    std::string out;
    for (const char c : text)
        out += c == '\'' ? quote : std::string(1, c);
    return out;
}

std::string bash(const CommandFacts& program)
{
    std::string out = "# bash completion for espalier, written by `espalier completion bash`\n"
                      "_espalier()\n{\n"
                      "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path=espalier part\n"
                      "    COMPREPLY=()\n"
                      "    for part in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                      "        case \"$path $part\" in\n";
    everyCommand(program, [&](const CommandFacts& command) {
        if (command.path != program.path)
            out += "            '" + command.path + "') path='" + command.path + "' ;;\n";
    });
    out += "        esac\n    done\n    case \"$path:$before\" in\n";
    everyCommand(program, [&](const CommandFacts& command) {
        for (const auto& option : command.options)
            if (!option.choices.empty() && !option.names.empty())
                out += "        '" + command.path + ":" + option.names.back() + "') COMPREPLY=($(compgen -W '" +
                       joined(option.choices) + "' -- \"$word\")); return ;;\n";
    });
    out += "    esac\n    local words=\n    case \"$path\" in\n";
    everyCommand(program, [&](const CommandFacts& command) {
        std::vector<std::string> words = namesOf(command.commands);
        for (const auto& option : command.options) {
            for (const auto& name : option.names)
                words.push_back(name);
            if (option.positional())
                words.insert(words.end(), option.choices.begin(), option.choices.end());
        }
        out += "        '" + command.path + "') words='" + joined(words) + "' ;;\n";
    });
    out +=
        "    esac\n"
        "    # Files are left to bash itself, which knows ~ and spaces (-o default)\n"
        "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
        "    [ -n \"$word\" ] || [ ${#COMPREPLY[@]} -eq 0 ] || [ \"${words#[a-z]}\" != \"$words\" ] || COMPREPLY=()\n"
        "}\ncomplete -o default -F _espalier espalier\n";
    return out;
}

/// A description for _arguments: no brackets or colons of its own.
std::string zshText(const std::string& text)
{
    std::string out;
    for (const char c : text)
        if (c == '[' || c == ']' || c == ':' || c == '\\')
            out += std::string("\\") + c;
        else
            out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out;
}

void zshCommand(const CommandFacts& command, std::string& out)
{
    std::string function = command.path;
    for (char& c : function)
        c = c == ' ' || c == '-' ? '_' : c;
    std::string list;
    for (const auto& option : command.options) {
        const std::string values = option.choices.empty() ? "_files" : "(" + joined(option.choices) + ")";
        if (option.positional()) {
            list += std::string("        '") + (option.repeatable ? "*" : "") + ":" + zshText(option.argument) + ":" +
                    values + "' \\\n";
            continue;
        }
        for (const auto& name : option.names)
            list += std::string("        '") + (option.repeatable ? "*" : "") + name + "[" + zshText(option.about) +
                    "]" + (option.argument.empty() ? "" : ":" + zshText(option.argument) + ":" + values) + "' \\\n";
    }
    out += "_" + function + "()\n{\n";
    if (command.commands.empty()) {
        out += "    _arguments -S \\\n" + list + "        && return\n}\n";
        return;
    }
    out += "    local line state\n    _arguments -C \\\n" + list +
           "        '1: :->command' '*:: :->arguments' && return\n    case $state in\n    command)\n"
           "        local -a commands=(\n";
    for (const auto& sub : command.commands)
        out += "            '" + sub.name + ":" + zshText(sub.about) + "'\n";
    out += "        )\n        _describe command commands ;;\n    arguments)\n        case $line[1] in\n";
    for (const auto& sub : command.commands) {
        std::string inner = sub.path;
        for (char& c : inner)
            c = c == ' ' || c == '-' ? '_' : c;
        out += "        " + sub.name + ") _" + inner + " ;;\n";
    }
    out += "        esac ;;\n    esac\n}\n";
    for (const auto& sub : command.commands)
        zshCommand(sub, out);
}

std::string fish(const CommandFacts& program)
{
    std::string out = "# fish completion for espalier, written by `espalier completion fish`\n";
    everyCommand(program, [&](const CommandFacts& command) {
        std::string condition = "__fish_use_subcommand";
        if (command.path != program.path) {
            condition.clear();
            std::string rest = command.path.substr(program.path.size() + 1);
            for (std::size_t at = 0; at != std::string::npos;) {
                const auto space = rest.find(' ', at);
                condition += (condition.empty() ? "" : "; and ") + std::string("__fish_seen_subcommand_from ") +
                             rest.substr(at, space == std::string::npos ? space : space - at);
                at = space == std::string::npos ? space : space + 1;
            }
        }
        const std::string begin = "complete -c espalier -n '" + condition + "'";
        for (const auto& sub : command.commands) {
            const std::string open = command.path == program.path ? begin
                                                                  : "complete -c espalier -n '" + condition +
                                                                        "; and not __fish_seen_subcommand_from " +
                                                                        joined(namesOf(command.commands)) + "'";
            out += open + " -f -a " + sub.name + " -d '" + inQuotes(sub.about, "\\'") + "'\n";
        }
        if (!command.commands.empty() && command.path != program.path)
            return;
        for (const auto& option : command.options) {
            std::string line = begin;
            for (const auto& name : option.names)
                line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            if (option.positional()) {
                if (option.choices.empty())
                    continue; // files, which fish offers anyway
                line += " -f -a '" + joined(option.choices) + "'";
            } else if (!option.argument.empty()) {
                line += option.choices.empty() ? " -r" : " -x -a '" + joined(option.choices) + "'";
            }
            out += line + " -d '" + inQuotes(option.about, "\\'") + "'\n";
        }
    });
    return out;
}

} // namespace

std::string completionScript(const CommandFacts& program, const std::string& shell)
{
    if (shell == "bash")
        return bash(program);
    if (shell == "fish")
        return fish(program);
    std::string out = "#compdef espalier\n# zsh completion for espalier, written by `espalier completion zsh`\n";
    zshCommand(program, out);
    return out + "if [ \"$funcstack[1]\" = _espalier ]; then\n    _espalier \"$@\"\nelse\n    compdef _espalier "
                 "espalier\nfi\n";
}

} // namespace espalier::cli
