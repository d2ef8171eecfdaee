// SPDX-License-Identifier: Apache-2.0
// Count tables as CSV: a header that names the columns layer, expert and count (or tokens, as `espalier scores` writes
// it), and domain where there are several. Every expert of a layer has its line.
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/exchange/import_parts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace espalier::exchange {
namespace {

constexpr ByteSize kLimit{256ULL << 20U};

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '"'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '"' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> fields(std::string_view line)
{
    std::vector<std::string_view> out;
    while (true) {
        const auto comma = line.find(',');
        out.push_back(trimmed(line.substr(0, comma)));
        if (comma == std::string_view::npos)
            return out;
        line.remove_prefix(comma + 1);
    }
}

struct Columns {
    std::size_t width = 0, layer = 0, expert = 0, count = 0;
    std::size_t domain = std::string::npos;
};

Result<Columns> readHeader(std::string_view line, const Place& at)
{
    const auto names = fields(line);
    Columns columns;
    columns.width = names.size();
    const auto find = [&](std::string_view name) {
        return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    };
    columns.layer = find("layer");
    columns.expert = find("expert");
    columns.count = std::min(find("count"), find("tokens"));
    if (find("domain") < names.size())
        columns.domain = find("domain");
    if (columns.layer >= names.size() || columns.expert >= names.size() || columns.count >= names.size())
        return badInput("the first line must name the columns layer, expert and count (or tokens)", at.file, at.place,
                        "Add the line layer,expert,count");
    return columns;
}

/// Counts of a layer, NaN where no line was yet.
using Rows = std::map<std::size_t, std::vector<double>>;

Result<void> readLine(std::string_view line, const Columns& columns, const model::ModelSummary& model, Rows& rows,
                      const Place& at)
{
    const auto parts = fields(line);
    std::int32_t layer = 0, expert = 0;
    double count = 0;
    const auto number = parts[columns.count];
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), count);
    if (!base::parseIndex(parts[columns.layer], layer) || !base::parseIndex(parts[columns.expert], expert) ||
        error != std::errc{} || end != number.data() + number.size())
        return badInput("layer, expert and count must be whole numbers", at.file, at.place);
    ESPALIER_TRY(const std::size_t row, moeRow(model, layer, at));
    const std::int32_t experts = model.moeLayers[row].experts;
    if (expert >= experts)
        return badInput(fmt::format("expert {} does not exist, the layer has 0 to {}", expert, experts - 1), at.file,
                        at.place, "Check that the table belongs to this model");
    auto& counts = rows.try_emplace(row, static_cast<std::size_t>(experts), std::nan("")).first->second;
    double& cell = counts[static_cast<std::size_t>(expert)];
    if (!std::isnan(cell))
        return badInput(fmt::format("layer {}, expert {} stands twice", layer, expert), at.file, at.place);
    cell = count;
    return {};
}

} // namespace

Result<ImportedStatistics> readCountsCsv(const Path& path, const ImportOptions& options,
                                         const model::ModelSummary& model)
{
    ESPALIER_TRY(const std::string text, base::readTextFile(path, kLimit));
    std::map<std::string, Rows> domains;
    Columns columns;
    std::int64_t number = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const auto end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        const Place at{path.string(), fmt::format("line {}", ++number)};
        if (number == 1) {
            ESPALIER_TRY(columns, readHeader(line, at));
            if (columns.domain != std::string::npos && !options.domain.empty())
                return usageError("--domain names the domain of a file that holds one; this table names its own");
            continue;
        }
        if (trimmed(line).empty())
            continue;
        const auto parts = fields(line);
        if (parts.size() != columns.width)
            return badInput(fmt::format("{} fields, the first line has {}", parts.size(), columns.width), at.file,
                            at.place);
        const std::string name = columns.domain == std::string::npos
                                     ? (options.domain.empty() ? domainNameOf(path) : options.domain)
                                     : domainNameOf(Path(std::string(parts[columns.domain]) + ".x"));
        ESPALIER_CHECK(readLine(line, columns, model, domains[name], at));
    }
    if (domains.empty())
        return badInput("holds no counts", path.string());
    ImportedStatistics out;
    out.form = "count table, CSV";
    for (auto& [name, rows] : domains) {
        auto& domain = out.domains.emplace_back(emptyDomain(name, model));
        for (auto& [row, counts] : rows) {
            const Place at{path.string(), fmt::format("domain {}, layer {}", name, model.moeLayers[row].layer.value())};
            const auto absent = std::find_if(counts.begin(), counts.end(), [](double c) { return std::isnan(c); });
            if (absent != counts.end())
                return badInput(fmt::format("expert {} has no line", absent - counts.begin()), at.file, at.place,
                                "Write 0 for experts that were never chosen");
            ESPALIER_CHECK(setCounts(domain.layers[row], std::move(counts), at));
        }
        ESPALIER_CHECK(settleDomain(domain, {path.string(), "domain " + name}, out.notes));
    }
    out.notes.emplace_back(
        "A count table holds no gate weights, expert outputs, probabilities or logits: frequency and "
        "seer-hard can be had from it, other scores cannot.");
    return out;
}

} // namespace espalier::exchange
