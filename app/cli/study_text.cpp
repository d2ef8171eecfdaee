// SPDX-License-Identifier: Apache-2.0
#include "app/cli/study_text.h"

#include "core/method/score.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

std::string textOf(const base::OrderedJson& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const base::OrderedJson& listOf(const base::OrderedJson& object, const char* key)
{
    static const base::OrderedJson none = base::OrderedJson::array();
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_array() ? *found : none;
}

} // namespace

std::string describeSource(const base::OrderedJson& source)
{
    std::string text = fmt::format("    from {}\n", textOf(source, "form"));
    for (const auto& file : listOf(source, "files"))
        text += fmt::format("    {} sha256 {}\n", textOf(file, "name"), textOf(file, "sha256"));
    for (const auto& note : listOf(source, "notes"))
        if (note.is_string())
            text += "    " + note.get<std::string>() + "\n";
    return text;
}

base::OrderedJson tokensOf(const stats::DomainStats& domain)
{
    const bool unknown = !domain.importedFrom.empty() && domain.tokens == 0;
    return unknown ? base::OrderedJson() : base::OrderedJson(domain.tokens);
}

std::string domainLine(const stats::DomainStats& domain)
{
    if (tokensOf(domain).is_null())
        return fmt::format("  {:<24} number of tokens not known\n", domain.name);
    return domain.windows > 0 || domain.importedFrom.empty()
               ? fmt::format("  {:<24}{:>10} tokens in {} windows\n", domain.name, domain.tokens, domain.windows)
               : fmt::format("  {:<24}{:>10} tokens\n", domain.name, domain.tokens);
}

void describeAbilities(const stats::DomainStats& domain, base::OrderedJson& json, std::string& text)
{
    auto& held = json["statistics"] = base::OrderedJson::array();
    std::string statistics, methods;
    for (const auto& info : stats::statInfos())
        if (std::any_of(domain.layers.begin(), domain.layers.end(),
                        [&](const stats::LayerStats& layer) { return layer.has(info.stat); })) {
            held.push_back(info.id);
            statistics += (statistics.empty() ? "" : ", ") + std::string(info.id);
        }
    auto& possible = json["methods"] = base::OrderedJson::array();
    for (const auto& method : method::scoreMethods())
        if (method::canCompute(method, domain)) {
            possible.push_back(method.id);
            methods += (methods.empty() ? "" : ", ") + std::string(method.id);
        }
    json["layers_measured"] = domain.measuredLayers();
    if (domain.importedFrom.empty())
        return;
    json["imported_from"] = domain.importedFrom;
    text += fmt::format("    imported from {}\n    holds {} in {} of {} layers\n    scores: {}\n", domain.importedFrom,
                        statistics, domain.measuredLayers(), domain.layers.size(), methods.empty() ? "none" : methods);
}

} // namespace espalier::cli
