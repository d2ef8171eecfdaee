// SPDX-License-Identifier: Apache-2.0
// MEO's merged experts against their definition in double, from the checkpoint's own numbers: attention adds nothing
// here, so that the inputs of the layer are the normed embeddings.
#include "tests/core/engine/engine_support.h"

#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <numeric>

using namespace espalier;
using namespace espalier::test;

namespace {

using Vector = std::vector<double>;
struct Matrix {
    std::size_t rows = 0, columns = 0;
    Vector values;
    [[nodiscard]] Vector times(const Vector& x) const
    {
        Vector y(rows, 0.0);
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < columns; ++c)
                y[r] += values[r * columns + c] * x[c];
        return y;
    }
    void add(const Matrix& other, double share)
    {
        if (values.empty())
            *this = {other.rows, other.columns, Vector(other.values.size(), 0.0)};
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] += share * other.values[i];
    }
};
struct Expert {
    Matrix gate, up, down;
    [[nodiscard]] Vector operator()(const Vector& x) const
    {
        Vector inner = gate.times(x);
        const Vector other = up.times(x);
        for (std::size_t i = 0; i < inner.size(); ++i)
            inner[i] = inner[i] / (1 + std::exp(-inner[i])) * other[i];
        return down.times(inner);
    }
};

double squared(const Vector& a, const Vector& b, double scale)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::pow(a[i] - scale * b[i], 2);
    return sum;
}

void addTo(Vector& sum, const Vector& values, double share)
{
    sum.resize(values.size(), 0.0);
    for (std::size_t i = 0; i < values.size(); ++i)
        sum[i] += share * values[i];
}

/// One layer of a tiny model.
struct Layer {
    Matrix embedding, norm, router;
    std::vector<Expert> experts;
    std::size_t topK = 0;
    bool normalised = false;

    [[nodiscard]] Vector input(engine::TokenId token) const
    {
        const std::size_t width = embedding.columns, at = static_cast<std::size_t>(token) * width;
        Vector x(embedding.values.begin() + static_cast<std::ptrdiff_t>(at),
                 embedding.values.begin() + static_cast<std::ptrdiff_t>(at + width));
        const double mean = std::inner_product(x.begin(), x.end(), x.begin(), 0.0) / static_cast<double>(width);
        for (std::size_t i = 0; i < width; ++i)
            x[i] = x[i] / std::sqrt(mean + 1e-6) * norm.values[i];
        return x;
    }
    /// Expert and gate of the `k` largest.
    [[nodiscard]] std::vector<std::pair<std::size_t, double>> gates(const Vector& x, std::size_t k) const
    {
        Vector z = router.times(x);
        const double top = *std::max_element(z.begin(), z.end());
        double sum = 0;
        for (double& value : z)
            sum += value = std::exp(value - top);
        std::vector<std::pair<std::size_t, double>> chosen;
        for (std::size_t e = 0; e < z.size(); ++e)
            chosen.emplace_back(e, z[e] / sum);
        std::stable_sort(chosen.begin(), chosen.end(),
                         [](const auto& a, const auto& b) { return a.second > b.second; });
        chosen.resize(k);
        double kept = 0;
        for (const auto& [expert, gate] : chosen)
            kept += gate;
        for (auto& [expert, gate] : chosen)
            gate /= normalised ? kept : 1;
        return chosen;
    }
};

Layer read(const TinyOptions& options, const std::vector<RawTensor>& tensors)
{
    std::map<std::string, Matrix> byName;
    for (const RawTensor& tensor : tensors) {
        const std::size_t count = tensor.data.size() / sizeof(float);
        const auto values = toFloats(checkpoint::Dtype::F32, tensor.data.data(), count);
        const auto rows = static_cast<std::size_t>(tensor.shape.front());
        byName[tensor.name] = {rows, count / rows, Vector(values.begin(), values.end())};
    }
    Layer layer;
    layer.topK = static_cast<std::size_t>(options.topK);
    layer.normalised = options.normTopK;
    layer.embedding = byName.at("model.embed_tokens.weight");
    layer.norm = byName.at("model.layers.0.post_attention_layernorm.weight");
    layer.router = byName.at("model.layers.0.mlp.gate.weight");
    for (int e = 0; e < options.experts; ++e) {
        const std::string prefix = "model.layers.0.mlp.experts." + std::to_string(e) + ".";
        layer.experts.push_back({byName.at(prefix + "gate_proj.weight"), byName.at(prefix + "up_proj.weight"),
                                 byName.at(prefix + "down_proj.weight")});
    }
    return layer;
}

/// The definition, token by token.
engine::SequenceMergeFigures direct(const Layer& layer, const std::vector<TokenSequence>& texts, std::size_t group)
{
    engine::SequenceMergeFigures found;
    for (const TokenSequence& text : texts) {
        const std::size_t size = group > 0 ? group : text.size();
        for (std::size_t begin = 0; begin < text.size(); begin += size) {
            const std::size_t end = std::min(text.size(), begin + size);
            Vector mean;
            for (std::size_t t = begin; t < end; ++t)
                addTo(mean, layer.input(text[t]), 1 / static_cast<double>(end - begin));
            const auto shared = layer.gates(mean, layer.topK);
            double sum = 0;
            for (const auto& [expert, gate] : shared)
                sum += gate;
            Expert merged;
            for (const auto& [expert, gate] : shared) {
                merged.gate.add(layer.experts[expert].gate, gate / sum);
                merged.up.add(layer.experts[expert].up, gate / sum);
                merged.down.add(layer.experts[expert].down, gate / sum);
            }
            found.groups += 1;
            for (std::size_t t = begin; t < end; ++t) {
                const Vector x = layer.input(text[t]);
                Vector y, averaged;
                for (const auto& [expert, gate] : layer.gates(x, layer.topK))
                    addTo(y, layer.experts[expert](x), gate);
                for (const auto& [expert, gate] : shared)
                    addTo(averaged, layer.experts[expert](x), gate);
                const auto first = layer.gates(x, 1).front();
                found.tokens += 1;
                found.energy += squared(y, y, 0);
                found.merged += squared(y, merged(x), sum);
                found.averaged += squared(y, averaged, 1);
                found.first += squared(y, layer.experts[first.first](x), first.second);
            }
        }
    }
    return found;
}

} // namespace

class TestSequenceMerge : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    [[nodiscard]] std::filesystem::path at(const char* name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    static TinyOptions optionsOf(bool normalised)
    {
        TinyOptions options;
        options.layers = 1;
        options.experts = 7;
        options.topK = 3;
        options.normTopK = normalised;
        options.weightScale = 0.4;
        return options;
    }
    static std::vector<RawTensor> withoutAttention(const TinyOptions& options)
    {
        auto tensors = tinyTensors(options);
        for (RawTensor& tensor : tensors)
            if (tensor.name.ends_with("o_proj.weight"))
                std::fill(tensor.data.begin(), tensor.data.end(), std::byte{0});
        return tensors;
    }
    static engine::TextSet textSet(const char* name, const std::vector<TokenSequence>& texts)
    {
        engine::TextSet set{name, {}};
        for (const TokenSequence& text : texts)
            set.windows.push_back({static_cast<std::int32_t>(set.windows.size()), text});
        return set;
    }
    static std::vector<std::vector<engine::SequenceMergeFigures>>
    run(const Machine& machine, const std::vector<engine::TextSet>& sets, std::int64_t group)
    {
        std::vector<std::vector<engine::SequenceMergeFigures>> layers;
        must(machine.engine->mergeSequences(
            sets, group,
            [&](LayerIndex layer, std::span<const engine::SequenceMergeFigures> figures) -> Result<void> {
                if (layer != machine.model->summary.moeLayers[layers.size()].layer)
                    return internalError("layers are out of order");
                layers.emplace_back(figures.begin(), figures.end());
                return {};
            },
            {}));
        return layers;
    }
    static void verifyEqual(const engine::SequenceMergeFigures& found, const engine::SequenceMergeFigures& wanted)
    {
        QCOMPARE(found.tokens, wanted.tokens);
        QCOMPARE(found.groups, wanted.groups);
        const auto near = [&](double a, double b) { return std::abs(a - b) <= 1e-5 * b + 1e-9 * wanted.energy; };
        QVERIFY2(near(found.energy, wanted.energy), qPrintable(QString::number(found.energy / wanted.energy)));
        QVERIFY2(near(found.merged, wanted.merged), qPrintable(QString::number(found.merged / wanted.merged)));
        QVERIFY2(near(found.averaged, wanted.averaged), qPrintable(QString::number(found.averaged / wanted.energy)));
        QVERIFY2(near(found.first, wanted.first), qPrintable(QString::number(found.first / wanted.first)));
    }

private Q_SLOTS:
    void equalsItsDefinition_data()
    {
        QTest::addColumn<bool>("normalised");
        QTest::addColumn<int>("group");
        QTest::newRow("a window") << true << 0;
        QTest::newRow("not renormalised") << false << 0;
        QTest::newRow("five tokens") << true << 5;
        QTest::newRow("not renormalised, two tokens") << false << 2;
        QTest::newRow("one token") << true << 1;
    }
    void equalsItsDefinition()
    {
        QFETCH(const bool, normalised);
        QFETCH(const int, group);
        const TinyOptions options = optionsOf(normalised);
        const auto tensors = withoutAttention(options);
        writeCheckpoint(at("model"), tinyConfig(options), tensors);
        const Machine machine = openMachine(at("model"), {engine::ComputeType::Float32, 1, {}});
        const auto some = randomTexts(*machine.model, {12, 1, 33}), others = randomTexts(*machine.model, {20, 7}, 8);
        const auto found = run(machine, {textSet("some", some), textSet("others", others)}, group);
        QCOMPARE(found.size(), std::size_t{1});
        const Layer layer = read(options, tensors);
        const auto size = static_cast<std::size_t>(group);
        verifyEqual(found[0][0], direct(layer, some, size));
        verifyEqual(found[0][1], direct(layer, others, size));
        QVERIFY(found[0][0].merged > 1e-3 * found[0][0].energy);
        if (group == 1)
            QVERIFY(found[0][0].averaged < 1e-9 * found[0][0].energy);
    }

    /// Whatever is merged of equal experts is the expert.
    void equalExpertsLoseNothing()
    {
        TinyOptions options = optionsOf(true);
        options.layers = 2;
        auto tensors = tinyTensors(options);
        std::map<std::string, std::vector<std::byte>> first;
        for (RawTensor& tensor : tensors)
            if (const auto place = tensor.name.find(".experts."); place != std::string::npos) {
                const auto kind = tensor.name.substr(0, place) + tensor.name.substr(tensor.name.find('.', place + 9));
                tensor.data = first.try_emplace(kind, tensor.data).first->second;
            }
        writeCheckpoint(at("equal"), tinyConfig(options), tensors);
        const Machine machine = openMachine(at("equal"), {engine::ComputeType::Float32, 1, {}});
        for (const auto& layer : run(machine, {textSet("a", randomTexts(*machine.model, {40, 9}))}, 0))
            for (const double lost : {layer[0].merged, layer[0].averaged, layer[0].first})
                QVERIFY2(lost < 1e-9 * layer[0].energy, qPrintable(QString::number(lost / layer[0].energy)));
    }

    /// Experts that come in packs, from disk, give the same; other domains in the pass change nothing.
    void streamedEqualsResident()
    {
        TinyOptions options = optionsOf(true);
        options.layers = 3;
        options.mlpOnlyLayers = {1};
        writeTinyCheckpoint(at("streamed"), options);
        const Machine resident = openMachine(at("streamed"), {engine::ComputeType::Float32, 1, {}});
        engine::EngineOptions narrow{engine::ComputeType::Float32, 1, {}};
        narrow.window = ByteSize(1);
        const Machine streamed = openMachine(at("streamed"), narrow);
        QVERIFY(streamed.engine->counters().streamed);
        const auto a = textSet("a", randomTexts(*resident.model, {40, 9})),
                   b = textSet("b", randomTexts(*resident.model, {15}, 9));
        const auto wanted = run(resident, {a, b}, 4), found = run(streamed, {a, b}, 4), alone = run(resident, {b}, 4);
        QCOMPARE(found.size(), std::size_t{2});
        for (std::size_t l = 0; l < 2; ++l) {
            verifyEqual(found[l][0], wanted[l][0]);
            verifyEqual(found[l][1], wanted[l][1]);
            verifyEqual(alone[l][0], wanted[l][1]);
        }
    }

    void refusesDenseModels()
    {
        TinyOptions options;
        options.moe = false;
        writeTinyCheckpoint(at("dense"), options);
        const Machine machine = openMachine(at("dense"));
        const std::vector<engine::TextSet> sets{textSet("a", randomTexts(*machine.model, {4}))};
        const auto refused = machine.engine->mergeSequences(sets, 0, [](auto, auto) { return Result<void>(); }, {});
        QVERIFY(!refused && refused.error().code == ErrorCode::BadInput);
    }
};

QTEST_APPLESS_MAIN(TestSequenceMerge)
#include "tst_sequence_merge.moc"
