// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/planner_marks.h"

#include "views/plan/method_texts.h"
#include "views/plan/plan_editor.h"
#include "views/theme/format.h"

#include <QCoreApplication>

#include <cmath>

namespace espalier::views {

namespace {

void add(std::uint8_t& mark, CellMark what)
{
    mark = static_cast<std::uint8_t>(mark | static_cast<std::uint8_t>(what));
}

} // namespace

std::vector<std::uint8_t> plannerMarks(const PlanEditor& editor)
{
    const auto& model = editor.model();
    const auto columns = static_cast<std::size_t>(model.experts);
    std::vector<std::uint8_t> marks(model.moeLayers.size() * columns, static_cast<std::uint8_t>(CellMark::Dropped));
    const auto cell = [&](LayerIndex layer, ExpertIndex expert) -> std::uint8_t* {
        const int row = model.moePosition(layer);
        return row < 0 ? nullptr : &marks[static_cast<std::size_t>(row) * columns + expert.index()];
    };
    for (std::size_t l = 0; l < editor.plan().layers.size(); ++l) {
        for (const auto id : editor.plan().layers[l].keep)
            marks[l * columns + static_cast<std::size_t>(id)] = 0;
        if (!editor.scores())
            continue;
        const auto& experts = editor.scores()->layers[l].experts;
        for (std::size_t e = 0; e < experts.size(); ++e)
            if (experts[e].tokens <= 0)
                add(marks[l * columns + e], CellMark::Dead);
            else if (experts[e].tokens < method::kThinTokens)
                add(marks[l * columns + e], CellMark::Thin);
    }
    if (editor.state().useLocks)
        for (const auto& lock : editor.state().request.locks)
            if (auto* mark = cell(lock.layer, lock.expert))
                add(*mark, CellMark::Locked);
    for (const auto& super : editor.superExperts())
        if (auto* mark = cell(super.layer, super.expert))
            add(*mark, CellMark::Super);
    return marks;
}

HeatmapData plannerHeatmap(const PlanEditor& editor)
{
    HeatmapData data;
    data.columns = editor.model().experts;
    data.logarithmic = true;
    data.unit = QCoreApplication::translate("espalier::views::PlannerPage", "score, × layer mean");
    const auto* scores = editor.scores();
    if (!scores)
        return data;
    for (const auto& layer : scores->layers) {
        data.layers.push_back(layer.layer.value());
        double mean = 0;
        for (const auto& expert : layer.experts)
            mean += expert.score / static_cast<double>(layer.experts.size());
        for (const auto& expert : layer.experts)
            data.values.push_back(mean > 0 ? expert.score / mean : std::nan(""));
    }
    data.low = 1.0 / 64;
    data.high = std::max(2.0, static_cast<double>(data.columns) / std::max(editor.model().topK, 1));
    data.marks = plannerMarks(editor);
    data.caption =
        QCoreApplication::translate("espalier::views::PlannerPage", "%1, × the layer’s mean · %2 · %3 tokens")
            .arg(methodTitle(scores->method), QString::fromStdString(editor.model().name),
                 format::count(std::llround(scores->tokens)));
    return data;
}

} // namespace espalier::views
