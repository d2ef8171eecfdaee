// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plan/plan_texts.h"

#include "views/plan/method_texts.h"
#include "views/plan/plan_editor.h"
#include "views/theme/format.h"

#include <algorithm>
#include <cmath>

namespace espalier::views {

namespace {

QString text(const std::string& s)
{
    return QString::fromStdString(s);
}

/// The one lock that one side has and the other has not.
const method::Lock* difference(const std::vector<method::Lock>& more, const std::vector<method::Lock>& fewer)
{
    for (const auto& lock : more)
        if (std::find(fewer.begin(), fewer.end(), lock) == fewer.end())
            return &lock;
    return nullptr;
}

/// Edits of one side that the other has not.
std::vector<HandEdit> added(const std::vector<HandEdit>& more, const std::vector<HandEdit>& fewer)
{
    std::vector<HandEdit> result;
    for (const auto& edit : more)
        if (std::find(fewer.begin(), fewer.end(), edit) == fewer.end())
            result.push_back(edit);
    return result;
}

QString row(const QString& label, const QString& value)
{
    return QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td align=\"right\">%2</td></tr>")
        .arg(label.toHtmlEscaped(), value.toHtmlEscaped());
}

} // namespace

QString PlanTexts::expertName(int layer, int expert)
{
    return QStringLiteral("L%1 E%2").arg(layer).arg(expert);
}

QString PlanTexts::step(const PlanState& before, const PlanState& after)
{
    const auto& a = before.request;
    const auto& b = after.request;
    if (before.devices != after.devices)
        return after.devices.empty() ? tr("One device of %1").arg(format::bytes(after.budget))
               : before.budget == after.budget && before.devices.size() == after.devices.size()
                   ? tr("Devices changed")
                   : tr("%n device(s), %1 in all", nullptr, static_cast<int>(after.devices.size()))
                         .arg(format::bytes(after.budget));
    if (before.budget != after.budget)
        return tr("Budget to %1").arg(format::bytes(after.budget));
    if (a.name != b.name)
        return tr("Rename to %1").arg(text(b.name));
    if (a.score.method != b.score.method)
        return tr("Method to %1").arg(methodTitle(b.score.method));
    if (a.score.seed != b.score.seed)
        return tr("Seed to %1").arg(b.score.seed);
    if (a.score.exponents != b.score.exponents)
        return tr("Exponents to %1, %2, %3")
            .arg(format::fixed(b.score.exponents[0], 2), format::fixed(b.score.exponents[1], 2),
                 format::fixed(b.score.exponents[2], 2));
    if (a.topK != b.topK || a.meanTopK != b.meanTopK)
        return b.topK       ? tr("%n expert(s) per token", nullptr, *b.topK)
               : b.meanTopK ? tr("%1 experts per token in the mean").arg(format::fixed(*b.meanTopK, 2))
                            : tr("Experts per token as the model has them");
    if (a.skip != b.skip)
        return b.skip ? tr("Skip experts of small weight: %1").arg(format::percent(*b.skip, 0)) : tr("Skip no experts");
    if (a.oneCount != b.oneCount)
        return b.oneCount ? tr("Fill layers up to one count") : tr("Layers keep their own counts");
    if (a.allocator != b.allocator)
        return b.allocator == "uniform" ? tr("Same count in every layer")
                                        : tr("Allocator to %1").arg(allocatorTitle(b.allocator));
    for (std::size_t i = 0; i < std::min(a.score.domains.size(), b.score.domains.size()); ++i)
        if (a.score.domains[i].weight != b.score.domains[i].weight)
            return tr("Weight %1 %2 to %3")
                .arg(text(b.score.domains[i].name), format::fixed(a.score.domains[i].weight, 1),
                     format::fixed(b.score.domains[i].weight, 1));
    if (a.protectors != b.protectors) {
        const auto numbered = [](const std::vector<std::string>& list, const std::vector<std::string>& others) {
            for (const auto& entry : list)
                if (entry.find(':') != std::string::npos &&
                    std::find(others.begin(), others.end(), entry) == others.end())
                    return entry;
            return std::string();
        };
        if (const auto entry = numbered(b.protectors, a.protectors); !entry.empty()) {
            const auto colon = entry.find(':');
            return tr("Protect: %1, %2").arg(protectorTitle(entry.substr(0, colon)), text(entry.substr(colon + 1)));
        }
        if (const auto entry = numbered(a.protectors, b.protectors); !entry.empty())
            return tr("No longer protect: %1").arg(protectorTitle(entry.substr(0, entry.find(':'))));
        const bool on = b.protectors.size() > a.protectors.size();
        const auto& longer = on ? b.protectors : a.protectors;
        const auto& shorter = on ? a.protectors : b.protectors;
        for (const auto& id : longer)
            if (std::find(shorter.begin(), shorter.end(), id) == shorter.end())
                return (on ? tr("Protect: %1") : tr("No longer protect: %1")).arg(protectorTitle(id));
    }
    if (before.useLocks != after.useLocks)
        return after.useLocks ? tr("Use my locks") : tr("Ignore my locks");
    if (const auto* lock = difference(b.locks, a.locks))
        return (lock->keep ? tr("Lock %1 as kept") : tr("Lock %1 as dropped"))
            .arg(expertName(lock->layer.value(), lock->expert.value()));
    if (const auto* lock = difference(a.locks, b.locks))
        return tr("Unlock %1").arg(expertName(lock->layer.value(), lock->expert.value()));
    if (a.deployment.context != b.deployment.context)
        return tr("Context to %1 tokens").arg(format::count(b.deployment.context));
    if (a.deployment.sequences != b.deployment.sequences)
        return tr("Sequences to %1").arg(b.deployment.sequences);
    if (a.deployment.kvBytes != b.deployment.kvBytes)
        return tr("Cache to %n byte(s) per value", nullptr, b.deployment.kvBytes);
    if (a.target.keepPerLayer != b.target.keepPerLayer && b.target.keepPerLayer)
        return a.target.keepPerLayer
                   ? tr("Keep %1 to %2 per layer").arg(*a.target.keepPerLayer).arg(*b.target.keepPerLayer)
                   : tr("Keep %1 per layer").arg(*b.target.keepPerLayer);
    if (a.target.perLayer != b.target.perLayer && b.target.perLayer)
        return tr("Counts per layer by hand");
    const auto more = added(after.edits, before.edits);
    const auto fewer = added(before.edits, after.edits);
    if (more.size() + fewer.size() == 1) {
        const bool keep = more.empty() ? !fewer.front().keep : more.front().keep;
        const auto& edit = more.empty() ? fewer.front() : more.front();
        return (keep ? tr("Keep %1") : tr("Drop %1")).arg(expertName(edit.layer.value(), edit.expert.value()));
    }
    if (more.size() + fewer.size() > 1)
        return tr("%n expert(s) by hand", nullptr, static_cast<int>(more.size() + fewer.size()));
    return tr("Edit");
}

QString PlanTexts::reason(const PlanEditor& editor, int row, int expert)
{
    const auto& layer = editor.plan().layers[static_cast<std::size_t>(row)];
    const ExpertIndex id(expert);
    const bool keeps = editor.kept(row, expert);
    if (editor.state().editOf(layer.layer, id))
        return tr("set by hand");
    if (editor.state().useLocks && editor.state().lockOf(layer.layer, id))
        return tr("locked");
    if (keeps && editor.isProtected(row, expert))
        return tr("protected: super expert");
    const auto place = std::find(layer.order.begin(), layer.order.end(), expert);
    const auto rank = static_cast<int>(place - layer.order.begin()) + 1;
    return tr("rank %1, layer keeps %2").arg(rank).arg(layer.keep.size());
}

QString PlanTexts::mostUsedBy(const PlanEditor& editor, int row, int expert)
{
    const auto position = static_cast<std::size_t>(row);
    QString best;
    double bestRatio = 0;
    for (const auto& domain : editor.statistics().domains) {
        if (position >= domain.layers.size())
            continue;
        const auto& layer = domain.layers[position];
        const auto counts = layer[stats::Stat::Count];
        double total = 0;
        for (const double c : counts)
            total += c;
        if (total <= 0)
            continue;
        const double ratio =
            layer.at(stats::Stat::Count, ExpertIndex(expert)) / total * static_cast<double>(counts.size());
        if (ratio > bestRatio) {
            bestRatio = ratio;
            best = text(domain.name);
        }
    }
    //: domain, times the use of an average expert
    return best.isEmpty() ? QString() : tr("%1, %2 ×").arg(best, format::fixed(bestRatio, 2));
}

QString PlanTexts::toolTip(const PlanEditor& editor, int rowIndex, int expert)
{
    if (rowIndex < 0 || rowIndex >= static_cast<int>(editor.plan().layers.size()))
        return {};
    const auto position = static_cast<std::size_t>(rowIndex);
    const auto& layer = editor.plan().layers[position];
    const QString title =
        (editor.kept(rowIndex, expert) ? tr("Layer %1, expert %2: kept") : tr("Layer %1, expert %2: dropped"))
            .arg(layer.layer.value())
            .arg(expert);
    QString rows = row(tr("Reason"), reason(editor, rowIndex, expert));
    if (const auto* table = editor.scores()) {
        const auto& score = table->layers[position].experts[static_cast<std::size_t>(expert)];
        QString value = format::significant(score.score, 4);
        if (std::isfinite(score.standardError))
            value += QStringLiteral(" ± ") + format::significant(score.standardError, 2);
        rows += row(tr("Score"), value);
        if (std::isfinite(score.tokens))
            rows += row(tr("Routed"), tr("%1 of %2 tokens")
                                          .arg(format::count(std::llround(score.tokens)),
                                               format::count(std::llround(table->tokens))));
        if (score.tokens < method::kThinTokens)
            rows += row(tr("Caution"), tr("too few tokens to judge"));
    }
    if (const QString use = mostUsedBy(editor, rowIndex, expert); !use.isEmpty())
        rows += row(tr("Most used by"), use);
    return QStringLiteral("<b>%1</b><table>%2</table>").arg(title, rows);
}

} // namespace espalier::views
