// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/export_target_model.h"

#include "views/theme/theme.h"

#include <algorithm>

namespace espalier::views {

using bundle::Judgement;
using bundle::Target;
using bundle::TargetFinding;

namespace {

constexpr Target kTargets[] = {Target::Transformers, Target::Vllm, Target::Sglang, Target::LlamaCpp, Target::KeepList};

} // namespace

void ExportTargetModel::setReports(std::vector<bundle::TargetReport> reports, bool gguf)
{
    m_reports = std::move(reports);
    m_gguf = gguf;
    emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void ExportTargetModel::choose(Target target)
{
    m_chosen = target;
    emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

Target ExportTargetModel::targetAt(int row) const
{
    return kTargets[std::clamp(row, 0, rowCount() - 1)];
}

const bundle::TargetReport* ExportTargetModel::reportOf(Target target) const
{
    const auto found = std::find_if(m_reports.begin(), m_reports.end(),
                                    [&](const bundle::TargetReport& report) { return report.target == target; });
    return found == m_reports.end() ? nullptr : &*found;
}

QString ExportTargetModel::title(Target target)
{
    if (target == Target::KeepList)
        return tr("Keep list only");
    const std::string_view name = bundle::targetName(target);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString ExportTargetModel::sentence(TargetFinding finding)
{
    switch (finding) {
    case TargetFinding::SameCounts:
        return tr("same count in every layer");
    case TargetFinding::CountsDiffer:
        return tr("counts differ between layers");
    case TargetFinding::AnyCounts:
        return tr("counts may differ");
    case TargetFinding::ReadsFiles:
        return tr("reads the files as they are");
    case TargetFinding::ConvertsFiles:
        return tr("converts to GGUF first");
    case TargetFinding::OtherFormat:
        return tr("reads safetensors; this model is GGUF");
    case TargetFinding::KnownRouter:
        return tr("computes this router");
    case TargetFinding::RemoteCode:
        return tr("needs trust_remote_code");
    case TargetFinding::UnknownRouter:
        return tr("does not know this router");
    case TargetFinding::OtherMixer:
        return tr("computes this router otherwise: other answers");
    case TargetFinding::OtherGroupScore:
        return tr("ranks router groups otherwise: other answers");
    case TargetFinding::TestedHere:
        return tr("bundles are tested with it");
    case TargetFinding::NotRunHere:
        return tr("not run in our tests");
    }
    return {};
}

QString ExportTargetModel::verdict(const bundle::TargetReport& report) const
{
    const Judgement overall = report.overall();
    if (overall == Judgement::Accepts)
        return tr("accepts this plan");
    for (const TargetFinding finding : report.findings)
        if (bundle::judgementOf(finding) == overall)
            return overall == Judgement::Refuses ? tr("refuses: %1").arg(sentence(finding))
                                                 : tr("accepts; %1").arg(sentence(finding));
    return {};
}

std::vector<ExportCheck> ExportTargetModel::checks() const
{
    std::vector<ExportCheck> checks;
    const auto* report = reportOf(m_chosen);
    if (report == nullptr)
        return checks;
    const QString names[] = {tr("Counts per layer"), tr("File format"), tr("Router"), tr("Tested")};
    // Counts of a bundle are checked by the export itself, for every engine.
    const std::size_t first = m_chosen == Target::KeepList ? 0 : 1;
    for (std::size_t i = first; i < report->findings.size() && i < std::size(names); ++i) {
        const Judgement judgement = bundle::judgementOf(report->findings[i]);
        checks.push_back({judgement == Judgement::Accepts   ? ExportCheck::State::Passed
                          : judgement == Judgement::Refuses ? ExportCheck::State::Failed
                                                            : ExportCheck::State::Warning,
                          QStringLiteral("%1: %2").arg(title(m_chosen), names[i]), sentence(report->findings[i])});
    }
    return checks;
}

int ExportTargetModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(std::size(kTargets));
}

int ExportTargetModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ExportTargetModel::display(Target target, int column) const
{
    const bool list = target == Target::KeepList;
    switch (column) {
    case Mark:
        return target == m_chosen ? QStringLiteral("●") : QStringLiteral("○");
    case Engine:
        return title(target);
    case Counts:
        return list ? tr("any") : tr("same in all layers");
    case Files:
        if (list)
            return tr("JSON, no weights");
        if (target != Target::LlamaCpp)
            return QStringLiteral("safetensors");
        return m_gguf ? QStringLiteral("GGUF") : tr("GGUF, converted");
    default:
        const auto* report = reportOf(target);
        return report != nullptr ? verdict(*report) : QString();
    }
}

QVariant ExportTargetModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Target target = targetAt(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return display(target, column);
    case Qt::ToolTipRole:
        if (const auto* report = reportOf(target)) {
            QStringList lines;
            for (const TargetFinding finding : report->findings)
                lines << sentence(finding);
            return lines.join(QLatin1Char('\n'));
        }
        return {};
    case Qt::AccessibleTextRole:
        if (column == Mark)
            return target == m_chosen ? tr("chosen") : tr("not chosen");
        return {};
    case Qt::FontRole:
        return Theme::font(target == m_chosen && (column == Engine || column == Verdict) ? TextStyle::SectionHead
                                                                                         : TextStyle::Body);
    case Qt::ForegroundRole:
        if (column == Mark)
            return Theme::color(target == m_chosen ? ColorRole::Accent : ColorRole::TextThird);
        if (column == Verdict)
            if (const auto* report = reportOf(target); report && report->overall() == Judgement::Refuses)
                return Theme::color(ColorRole::Danger);
        return column == Counts || column == Files ? QVariant(Theme::color(ColorRole::TextSecond)) : QVariant();
    default:
        return {};
    }
}

QVariant ExportTargetModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString names[] = {QString(), tr("Engine"), tr("Counts"), tr("Reads"), tr("This plan")};
    return section >= 0 && section < ColumnCount ? QVariant(names[section]) : QVariant();
}

} // namespace espalier::views
