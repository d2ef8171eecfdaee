// SPDX-License-Identifier: Apache-2.0
// Pattern libraries as files (espalier.patterns/1). What is read is checked before it is used.
#include "core/base/file.h"
#include "core/base/version.h"
#include "core/method/retrieve/patterns.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace espalier::method {
namespace {

using base::OrderedJson;

constexpr std::string_view kSchema = "espalier.patterns/1";
constexpr std::string_view kTcessKey = "tcess"; // no key: by routing
constexpr ByteSize kFileLimit{std::uint64_t{1} << 30U};

OrderedJson patternJson(const Pattern& pattern)
{
    OrderedJson self = OrderedJson::array();
    for (const auto& s : pattern.self)
        self.push_back({{"tokens", s.tokens}, {"median", s.median}, {"far", s.far}});
    return {{"name", pattern.name},  {"tokens", pattern.tokens}, {"data_sha256", pattern.dataSha256},
            {"self_distance", self}, {"scores", pattern.scores}, {"signature", pattern.signature}};
}

/// Reads one library; every failure names file and place.
class Reader {
public:
    Reader(const OrderedJson& json, const std::string& file) : m_json(json), m_file(file) {}

    Result<PatternLibrary> run()
    {
        if (!m_json.is_object() || text(m_json, "schema") != kSchema)
            return fault("key schema", fmt::format("not a pattern library: the key schema must be \"{}\"", kSchema));
        PatternLibrary library;
        if (const auto model = m_json.find("model"); model != m_json.end() && model->is_object()) {
            library.fingerprint = text(*model, "fingerprint");
            library.family = text(*model, "family");
        }
        if (library.fingerprint.empty())
            return fault("key model.fingerprint", "the library does not say which model it was made for");
        library.tokenizerFingerprint = text(m_json, "tokenizer_fingerprint");
        library.method = text(m_json, "method");
        library.source = text(m_json, "source");
        if (const std::string key = text(m_json, "key"); key == kTcessKey)
            library.key = PatternKey::Tcess;
        else if (!key.empty())
            return fault("key key", fmt::format("prompts cannot be compared by {}", key));
        ESPALIER_TRY(const auto experts, number(m_json, "experts", 1, 65536));
        ESPALIER_TRY(const auto topK, number(m_json, "top_k", 1, experts));
        library.experts = static_cast<std::int32_t>(experts);
        library.topK = static_cast<std::int32_t>(topK);
        const auto layers = m_json.find("layers");
        if (layers == m_json.end() || !layers->is_array() || layers->empty())
            return fault("key layers", "the library has no layers");
        for (const auto& layer : *layers) {
            if (!layer.is_number_integer() || layer.get<std::int64_t>() < 0 ||
                layer.get<std::int64_t>() > std::numeric_limits<std::int32_t>::max() ||
                (!library.layers.empty() && layer.get<std::int64_t>() <= library.layers.back().value()))
                return fault("key layers", "layers must be ascending numbers");
            library.layers.emplace_back(layer.get<std::int32_t>());
        }
        ESPALIER_TRY(const auto signature,
                     number(m_json, "signature_layers", 1, static_cast<std::int64_t>(library.layers.size())));
        library.signatureLayers = static_cast<std::int32_t>(signature);
        const auto patterns = m_json.find("patterns");
        if (patterns == m_json.end() || !patterns->is_array() || patterns->empty())
            return fault("key patterns", "the library has no patterns");
        for (std::size_t i = 0; i < patterns->size(); ++i) {
            ESPALIER_TRY(auto pattern, readPattern((*patterns)[i], fmt::format("patterns[{}]", i), library));
            if (std::any_of(library.patterns.begin(), library.patterns.end(),
                            [&](const auto& other) { return other.name == pattern.name; }))
                return fault(fmt::format("patterns[{}]", i), fmt::format("pattern {} is there twice", pattern.name));
            library.patterns.push_back(std::move(pattern));
        }
        const auto generalist = m_json.find("generalist");
        if (generalist == m_json.end())
            return fault("key generalist", "the library has no generalist");
        ESPALIER_TRY(library.generalist, readPattern(*generalist, "generalist", library));
        return library;
    }

private:
    [[nodiscard]] Error fault(std::string place, std::string why) const
    {
        return badInput(std::move(why), m_file, std::move(place), "Make it again with `espalier patterns build`");
    }
    static std::string text(const OrderedJson& json, const char* key)
    {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
    }
    [[nodiscard]] Result<std::int64_t> number(const OrderedJson& json, const char* key, std::int64_t low,
                                              std::int64_t high) const
    {
        const auto found = json.find(key);
        if (found == json.end() || !found->is_number_integer() || found->get<std::int64_t>() < low ||
            found->get<std::int64_t>() > high)
            return fault(fmt::format("key {}", key), fmt::format("must be a number from {} to {}", low, high));
        return found->get<std::int64_t>();
    }
    [[nodiscard]] Result<ExpertMatrix> matrix(const OrderedJson& json, const char* key, const std::string& place,
                                              std::size_t rows, std::size_t columns, double low) const
    {
        const std::string where = place + " " + key;
        const auto found = json.find(key);
        if (found == json.end() || !found->is_array() || found->size() != rows)
            return fault(where, fmt::format("must be {} rows of {} numbers", rows, columns));
        ExpertMatrix out;
        for (const auto& line : *found) {
            if (!line.is_array() || line.size() != columns)
                return fault(where, fmt::format("must be {} rows of {} numbers", rows, columns));
            auto& row = out.emplace_back();
            for (const auto& value : line) {
                if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() < low)
                    return fault(where, "a number is missing or out of range");
                row.push_back(value.get<double>());
            }
        }
        return out;
    }
    [[nodiscard]] Result<Pattern> readPattern(const OrderedJson& json, const std::string& place,
                                              const PatternLibrary& library) const
    {
        if (!json.is_object() || text(json, "name").empty())
            return fault(place, "a pattern needs a name");
        Pattern pattern;
        pattern.name = text(json, "name");
        pattern.dataSha256 = text(json, "data_sha256");
        ESPALIER_TRY(pattern.tokens, number(json, "tokens", 0, std::int64_t{1} << 52));
        const auto experts = static_cast<std::size_t>(library.experts);
        ESPALIER_TRY(pattern.scores, matrix(json, "scores", place, library.layers.size(), experts,
                                            std::numeric_limits<double>::lowest()));
        ESPALIER_TRY(pattern.signature,
                     matrix(json, "signature", place, static_cast<std::size_t>(library.signatureLayers), experts,
                            library.key == PatternKey::Routing ? 0 : std::numeric_limits<double>::lowest()));
        for (const auto& row : pattern.signature) {
            double total = 0;
            for (const double v : row)
                total += v;
            if (library.key == PatternKey::Routing && std::abs(total - 1) > 1e-6)
                return fault(place + " signature", "the shares of a layer do not add up to 1");
        }
        if (const auto self = json.find("self_distance"); self != json.end() && self->is_array())
            for (const auto& entry : *self) {
                const bool fits = entry.is_object() && entry.contains("median") && entry["median"].is_number() &&
                                  entry.contains("far") && entry["far"].is_number() && entry["far"].get<double>() >= 0;
                if (!fits)
                    return fault(place + " self_distance", "needs tokens, median and far");
                ESPALIER_TRY(const auto tokens, number(entry, "tokens", 1, 1 << 30));
                if (!pattern.self.empty() && pattern.self.back().tokens >= tokens)
                    return fault(place + " self_distance", "lengths must be ascending");
                pattern.self.push_back(
                    {static_cast<std::int32_t>(tokens), entry["median"].get<double>(), entry["far"].get<double>()});
            }
        return pattern;
    }

    const OrderedJson& m_json;
    const std::string& m_file;
};

} // namespace

OrderedJson PatternLibrary::toJson() const
{
    OrderedJson numbers = OrderedJson::array(), list = OrderedJson::array();
    for (const auto layer : layers)
        numbers.push_back(layer.value());
    for (const auto& pattern : patterns)
        list.push_back(patternJson(pattern));
    OrderedJson json{{"schema", kSchema},
                     {"program", fmt::format("espalier {}", base::kVersion)},
                     {"model", {{"fingerprint", fingerprint}, {"family", family}}},
                     {"tokenizer_fingerprint", tokenizerFingerprint},
                     {"source", source},
                     {"method", method},
                     {"experts", experts},
                     {"top_k", topK},
                     {"layers", numbers},
                     {"signature_layers", signatureLayers},
                     {"patterns", list},
                     {"generalist", patternJson(generalist)}};
    if (key == PatternKey::Tcess)
        json["key"] = kTcessKey;
    return json;
}

Result<PatternLibrary> PatternLibrary::fromJson(const OrderedJson& json, const std::string& file)
{
    return Reader(json, file).run();
}

Result<PatternLibrary> PatternLibrary::read(const std::filesystem::path& path)
{
    ESPALIER_TRY(const auto json, base::readJsonFile(path, kFileLimit));
    return fromJson(json, path.string());
}

Result<void> PatternLibrary::write(const std::filesystem::path& path) const
{
    return base::writeFileAtomically(path, toJson().dump() + "\n");
}

} // namespace espalier::method
