// SPDX-License-Identifier: Apache-2.0
#include "core/stats/routing_sample.h"

#include "core/base/file.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace espalier::stats {
namespace {

using base::OrderedJson;

constexpr const char* kSchema = "espalier.trace/1";
constexpr ByteSize kLimit{256ULL << 20U};
constexpr std::int64_t kMostExperts = 65536;
constexpr std::int64_t kMostLayers = 4096;

/// Four decimals are more than a picture shows and keep files small.
double rounded(float gate)
{
    return std::round(static_cast<double>(gate) * 1e4) / 1e4;
}

OrderedJson textJson(const SampleText& text)
{
    OrderedJson gates = OrderedJson::array();
    for (const auto& layer : text.gates) {
        OrderedJson row = OrderedJson::array();
        for (const float gate : layer)
            row.push_back(rounded(gate));
        gates.push_back(std::move(row));
    }
    return {{"domain", text.domain},
            {"document", text.document},
            {"tokens", text.tokens},
            {"experts", text.experts},
            {"gates", std::move(gates)}};
}

/// Reads one file, keeping its name for the errors.
class Reader {
public:
    explicit Reader(const std::string& file) : m_file(file) {}

    [[nodiscard]] Error wrong(const std::string& what, const std::string& place) const
    {
        return badInput(what, m_file, place, "Make the file again with espalier trace");
    }
    Result<std::string> text(const OrderedJson& object, const char* key, const std::string& place, bool needed) const
    {
        const auto found = object.find(key);
        if (found == object.end() && !needed)
            return std::string();
        if (found == object.end() || !found->is_string() || (needed && found->get_ref<const std::string&>().empty()))
            return wrong("expected a text", place + key);
        return found->get<std::string>();
    }
    Result<std::int64_t> number(const OrderedJson& value, std::int64_t low, std::int64_t high,
                                const std::string& place) const
    {
        if (!value.is_number_integer() || value.get<std::int64_t>() < low || value.get<std::int64_t>() > high)
            return wrong(fmt::format("expected a whole number from {} to {}", low, high), place);
        return value.get<std::int64_t>();
    }
    /// Rows of equal length: one for each layer.
    template <typename Take>
    Result<void> matrix(const OrderedJson& text, const char* key, std::size_t rows, std::size_t columns,
                        const std::string& place, const Take& take) const
    {
        const auto found = text.find(key);
        if (found == text.end() || !found->is_array() || found->size() != rows)
            return wrong(fmt::format("expected {} rows, one for each layer", rows), place + key);
        for (std::size_t row = 0; row < rows; ++row) {
            const OrderedJson& values = (*found)[row];
            const std::string where = fmt::format("{}{}[{}]", place, key, row);
            if (!values.is_array() || values.size() != columns)
                return wrong(fmt::format("expected {} values, top-k for each token", columns), where);
            for (const OrderedJson& value : values)
                ESPALIER_CHECK(take(row, value, where));
        }
        return {};
    }
    Result<SampleText> sampleText(const OrderedJson& json, const RoutingSample& sample, const std::string& place) const
    {
        SampleText text;
        if (!json.is_object())
            return wrong("expected an object", place);
        ESPALIER_TRY(text.domain, this->text(json, "domain", place + ".", true));
        const auto document = json.find("document");
        if (document != json.end()) {
            ESPALIER_TRY(text.document, number(*document, 0, std::int64_t{1} << 53U, place + ".document"));
        }
        const auto tokens = json.find("tokens");
        if (tokens == json.end() || !tokens->is_array() || tokens->empty())
            return wrong("expected the text's tokens", place + ".tokens");
        for (const OrderedJson& token : *tokens) {
            if (!token.is_string())
                return wrong("expected texts", place + ".tokens");
            text.tokens.push_back(token.get<std::string>());
        }
        const std::size_t columns = text.tokens.size() * static_cast<std::size_t>(sample.topK);
        text.experts.resize(sample.layers.size());
        text.gates.resize(sample.layers.size());
        ESPALIER_CHECK(matrix(json, "experts", sample.layers.size(), columns, place + ".",
                              [&](std::size_t row, const OrderedJson& value, const std::string& where) -> Result<void> {
                                  ESPALIER_TRY(const auto id, number(value, 0, sample.experts - 1, where));
                                  text.experts[row].push_back(static_cast<std::int32_t>(id));
                                  return {};
                              }));
        ESPALIER_CHECK(matrix(json, "gates", sample.layers.size(), columns, place + ".",
                              [&](std::size_t row, const OrderedJson& value, const std::string& where) -> Result<void> {
                                  if (!value.is_number() || !std::isfinite(value.get<float>()))
                                      return wrong("expected numbers", where);
                                  text.gates[row].push_back(value.get<float>());
                                  return {};
                              }));
        return text;
    }

private:
    const std::string& m_file;
};

} // namespace

std::int64_t RoutingSample::tokens() const
{
    std::int64_t sum = 0;
    for (const SampleText& text : texts)
        sum += static_cast<std::int64_t>(text.tokens.size());
    return sum;
}

int RoutingSample::positionOf(LayerIndex layer) const
{
    const auto found = std::find(layers.begin(), layers.end(), layer);
    return found == layers.end() ? -1 : static_cast<int>(found - layers.begin());
}

OrderedJson RoutingSample::toJson() const
{
    OrderedJson layerList = OrderedJson::array(), textList = OrderedJson::array();
    for (const LayerIndex layer : layers)
        layerList.push_back(layer.value());
    for (const SampleText& text : texts)
        textList.push_back(textJson(text));
    return {{"schema", kSchema},
            {"model", {{"fingerprint", fingerprint}, {"name", model}}},
            {"plan", plan.empty() ? OrderedJson() : OrderedJson(plan)},
            {"experts", experts},
            {"top_k", topK},
            {"layers", std::move(layerList)},
            {"texts", std::move(textList)}};
}

Result<RoutingSample> RoutingSample::fromJson(const OrderedJson& json, const std::string& file)
{
    const Reader reader(file);
    RoutingSample sample;
    if (!json.is_object() || !json.contains("schema") || json["schema"] != kSchema)
        return reader.wrong(std::string("this is no trace: schema is not ") + kSchema, "schema");
    const auto model = json.find("model");
    if (model == json.end() || !model->is_object())
        return reader.wrong("expected an object", "model");
    ESPALIER_TRY(sample.fingerprint, reader.text(*model, "fingerprint", "model.", true));
    ESPALIER_TRY(sample.model, reader.text(*model, "name", "model.", false));
    if (const auto plan = json.find("plan"); plan != json.end() && !plan->is_null()) {
        ESPALIER_TRY(sample.plan, reader.text(json, "plan", "", true));
    }
    ESPALIER_TRY(const auto experts, reader.number(json.value("experts", OrderedJson()), 1, kMostExperts, "experts"));
    ESPALIER_TRY(const auto topK, reader.number(json.value("top_k", OrderedJson()), 1, experts, "top_k"));
    sample.experts = static_cast<std::int32_t>(experts);
    sample.topK = static_cast<std::int32_t>(topK);
    const auto layers = json.find("layers");
    if (layers == json.end() || !layers->is_array() || layers->empty())
        return reader.wrong("expected the layers that were traced", "layers");
    for (const OrderedJson& layer : *layers) {
        const std::int64_t low = sample.layers.empty() ? 0 : sample.layers.back().value() + 1;
        ESPALIER_TRY(const auto index, reader.number(layer, low, kMostLayers, "layers"));
        sample.layers.emplace_back(static_cast<std::int32_t>(index));
    }
    const auto texts = json.find("texts");
    if (texts == json.end() || !texts->is_array() || texts->empty())
        return reader.wrong("expected at least one text", "texts");
    for (std::size_t i = 0; i < texts->size(); ++i) {
        ESPALIER_TRY(auto text, reader.sampleText((*texts)[i], sample, fmt::format("texts[{}]", i)));
        sample.texts.push_back(std::move(text));
    }
    return sample;
}

Result<RoutingSample> RoutingSample::read(const std::filesystem::path& path)
{
    ESPALIER_TRY(const auto json, base::readJsonFile(path, kLimit));
    return fromJson(json, path.string());
}

Result<void> RoutingSample::write(const std::filesystem::path& path) const
{
    return base::writeFileAtomically(path, toJson().dump() + "\n");
}

} // namespace espalier::stats
