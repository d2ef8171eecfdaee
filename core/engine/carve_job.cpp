// SPDX-License-Identifier: Apache-2.0
#include "core/engine/carve_job.h"

#include "core/engine/domain_texts.h"
#include "core/tokenizer/model_tokenizer.h"

#include <chrono>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

/// Experts all have one width; inside them routers are linear.
Result<void> checkExpertCarve(const model::OpenModel& model, CarveSettings& settings)
{
    settings.shape.width = model.spec.expertWidth;
    ESPALIER_CHECK(settings.shape.check());
    if (settings.router != RouterKind::Linear)
        return usageError(fmt::format("routers inside experts are linear, not {}", routerKindName(settings.router)),
                          "Leave --router out");
    if (settings.shape.active == 0)
        return usageError("a router inside an expert chooses one block at least", "Give --active 1 or more");
    return {};
}

} // namespace

Result<Carving> runCarving(const model::OpenModel& model, const CarveRequest& request, const base::JobContext& job)
{
    const auto begin = std::chrono::steady_clock::now();
    Carving carving;
    carving.settings = request.settings;
    if (model.spec.isMoe())
        ESPALIER_CHECK(checkExpertCarve(model, carving.settings));
    for (const model::LayerSpec& layer : model.spec.layers) {
        if (model.spec.isMoe())
            break;
        carving.settings.shape.width = layer.denseWidth;
        ESPALIER_CHECK(carving.settings.shape.check());
        if (layer.denseWidth != model.spec.layers.front().denseWidth)
            return badInput(fmt::format("layer {} has {} neurons, layer 0 {}: one configuration holds one width",
                                        layer.index.value(), layer.denseWidth, model.spec.layers.front().denseWidth),
                            model.checkpoint.path().string());
    }
    ESPALIER_CHECK(checkComputable(model));
    ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(model.checkpoint));
    ESPALIER_TRY(const auto texts,
                 readDomainTexts(request.data, tokenizer, model.spec, request.context, request.maxTokens));
    std::vector<tokenizer::Window> windows;
    carving.data = base::OrderedJson::object();
    for (const DomainTexts& domain : texts) {
        windows.insert(windows.end(), domain.windows.begin(), domain.windows.end());
        carving.tokens[domain.name] = domain.tokens;
        carving.data[domain.name] = {{"tokens", domain.tokens}, {"sha256", domain.joinedSha256()}};
    }
    ESPALIER_TRY(const auto engine, openEngine(model, request.engine));
    ESPALIER_TRY(carving.layers, engine->carve(windows, carving.settings, job));
    carving.counters = engine->counters();
    carving.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return carving;
}

} // namespace espalier::engine
