// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_tree.h"

#include "app/cli/command.h"
#include "core/method/allocate.h"
#include "core/method/score.h"

namespace espalier::cli {
namespace {

/// "TEXT:{auto,none}" -> auto, none
std::vector<std::string> choicesOf(const std::string& type)
{
    const auto from = type.find('{'), to = type.rfind('}');
    return from == std::string::npos || to == std::string::npos || to < from
               ? std::vector<std::string>{}
               : splitList(type.substr(from + 1, to - from - 1));
}

/// Options whose values are checked later, against lists of the program.
std::vector<std::string> knownValues(const std::string& option)
{
    std::vector<std::string> ids;
    const auto add = [&ids](const auto& list) {
        for (const auto& entry : list)
            ids.emplace_back(entry.id);
    };
    if (option == "--method")
        add(method::scoreMethods());
    else if (option == "--allocate")
        add(method::allocators());
    else if (option == "--protect")
        add(method::protectors());
    else if (option == "--dtype")
        ids = {"auto", "float32", "bfloat16"};
    return ids;
}

OptionFacts factsOf(const CLI::Option& option)
{
    OptionFacts facts;
    facts.about = option.get_description();
    facts.required = option.get_required();
    facts.repeatable = option.get_expected_max() > 1;
    facts.defaultValue = option.get_default_str();
    const std::string type = option.get_type_name();
    facts.choices = choicesOf(type);
    if (option.get_positional()) {
        facts.argument = option.get_name();
        return facts;
    }
    for (const auto& name : option.get_snames())
        facts.names.push_back("-" + name);
    for (const auto& name : option.get_lnames())
        facts.names.push_back("--" + name);
    if (option.get_items_expected_max() > 0)
        facts.argument = type.substr(0, type.find(':')).empty() ? "VALUE" : type.substr(0, type.find(':'));
    if (facts.choices.empty() && !facts.names.empty())
        facts.choices = knownValues(facts.names.back());
    return facts;
}

} // namespace

CommandFacts commandTree(const CLI::App& app)
{
    CommandFacts facts;
    facts.name = facts.path = app.get_name();
    facts.about = app.get_description();
    const std::string footer = app.get_footer(), mark = "Example:\n  ";
    if (const auto at = footer.find(mark); at != std::string::npos) {
        facts.example = footer.substr(at + mark.size());
        facts.example = facts.example.substr(0, facts.example.find("\n\n"));
    }
    for (const auto* option : app.get_options())
        facts.options.push_back(factsOf(*option));
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
        facts.commands.push_back(commandTree(*sub));
        auto& made = facts.commands.back();
        made.path = app.get_name() + " " + made.name;
        for (auto& inner : made.commands)
            inner.path = app.get_name() + " " + inner.path;
    }
    return facts;
}

} // namespace espalier::cli
