// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/gate_model.h"

#include "views/models/table_text.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace espalier::views {

namespace {

constexpr const char* kOthers = "*";

const base::OrderedJson& part(const base::OrderedJson& object, std::string_view key)
{
    static const base::OrderedJson nothing = base::OrderedJson::object();
    const auto found = object.is_object() ? object.find(std::string(key)) : object.end();
    return found != object.end() && found->is_object() ? *found : nothing;
}

} // namespace

void GateModel::setPlan(const base::OrderedJson& plan)
{
    m_plan = plan;
    rebuild();
}

QString GateModel::read(const base::OrderedJson& gate, const QString& file)
{
    if (const auto checked = engine::checkGate(gate, file.toStdString()); !checked)
        return QString::fromStdString(checked.error().text());
    m_bounds.clear();
    for (const char* section : {"domains", "tasks"})
        for (const auto& [name, limits] : part(gate, section).items())
            for (const auto& [key, bound] : limits.items())
                m_bounds[{section, name, key}] = bound.get<double>();
    rebuild();
    emit limitsChanged();
    return {};
}

void GateModel::setLimit(const std::string& section, const std::string& name, const std::string& key, double bound)
{
    m_bounds[{section, name, key}] = bound;
    rebuild();
    emit limitsChanged();
}

void GateModel::clear()
{
    m_bounds.clear();
    rebuild();
    emit limitsChanged();
}

base::OrderedJson GateModel::toJson() const
{
    base::OrderedJson gate{{"schema", engine::kGateSchema}};
    for (const auto& [key, bound] : m_bounds)
        gate[std::get<0>(key)][std::get<1>(key)][std::get<2>(key)] = bound;
    return gate;
}

void GateModel::rebuild()
{
    beginResetModel();
    m_rows.clear();
    std::set<std::string> names;
    for (const char* section : {"domains", "tasks"})
        for (const auto& [name, values] : part(m_plan, section).items())
            names.insert(name);
    for (const auto& [key, bound] : m_bounds)
        names.insert(std::get<1>(key));
    names.erase(kOthers);
    std::vector<std::string> ordered{kOthers}; // the rule first, then what differs from it
    ordered.insert(ordered.end(), names.begin(), names.end());
    for (const auto& name : ordered)
        for (const auto& limit : engine::gateLimits()) {
            const Row row{name, &limit};
            if (name == kOthers || part(m_plan, limit.section).contains(name) ||
                hasOwnLimits(std::string(limit.section), name))
                m_rows.push_back(row);
        }
    endResetModel();
}

GateModel::Key GateModel::keyOf(const Row& row)
{
    return {std::string(row.limit->section), row.name, std::string(row.limit->key)};
}

const double* GateModel::bound(const Row& row) const
{
    const auto found = m_bounds.find(keyOf(row));
    return found == m_bounds.end() ? nullptr : &found->second;
}

bool GateModel::hasOwnLimits(const std::string& section, const std::string& name) const
{
    return std::any_of(m_bounds.begin(), m_bounds.end(), [&](const auto& entry) {
        return std::get<0>(entry.first) == section && std::get<1>(entry.first) == name;
    });
}

double GateModel::value(const Row& row) const
{
    const auto& measured = part(m_plan, row.limit->section);
    if (row.name != kOthers)
        return measured.contains(row.name) ? engine::gateValue(*row.limit, measured[row.name]) : std::nan("");
    double worst = std::nan("");
    for (const auto& [name, values] : measured.items()) {
        if (hasOwnLimits(std::string(row.limit->section), name))
            continue;
        const double own = engine::gateValue(*row.limit, values);
        if (std::isnan(worst) || (row.limit->atMost ? own > worst : own < worst))
            worst = own;
    }
    return worst;
}

GateModel::State GateModel::state(const Row& row) const
{
    const double* limit = bound(row);
    if (limit == nullptr)
        return State::None;
    const double found = value(row);
    if (std::isnan(found))
        return State::Unmeasured;
    return engine::holds(*row.limit, found, *limit) ? State::Holds : State::Breaks;
}

int GateModel::count(State wanted) const
{
    return static_cast<int>(
        std::count_if(m_rows.begin(), m_rows.end(), [&](const Row& row) { return state(row) == wanted; }));
}

int GateModel::broken() const
{
    return count(State::Breaks);
}

int GateModel::unmeasured() const
{
    return count(State::Unmeasured);
}

QString GateModel::title(const engine::GateLimit& limit)
{
    const std::pair<std::string_view, QString> titles[] = {
        {"perplexity_ratio_max", tr("perplexity over the base’s, at most")},
        {"kl_mean_max", tr("mean KL, at most")},
        {"kl_p99_max", tr("99th percentile of KL, at most")},
        {"top1_agreement_min", tr("same first choice, at least")},
        {"accuracy_min", tr("exact match, at least")},
        {"accuracy_drop_max", tr("loss of exact match, at most")},
        {"p_value_min", tr("p of the change, at least")}};
    for (const auto& [key, text] : titles)
        if (key == limit.key)
            return text;
    return QString::fromUtf8(limit.key.data(), static_cast<qsizetype>(limit.key.size()));
}

int GateModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int GateModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString GateModel::display(const Row& row, int column) const
{
    switch (column) {
    case Name:
        if (row.name != kOthers)
            return QString::fromStdString(row.name);
        return row.limit->section == "tasks" ? tr("every other task") : tr("every other text");
    case Measure:
        return title(*row.limit);
    case Limit: {
        const double* limit = bound(row);
        return limit != nullptr ? format::locale().toString(*limit, 'g', 6) : format::unknown();
    }
    case Measured: {
        const double found = value(row);
        if (!std::isfinite(found))
            return format::unknown();
        return row.limit->key == "p_value_min" ? format::pValue(found) : format::significant(found, 3);
    }
    default:
        switch (state(row)) {
        case State::Holds:
            return tr("✓ holds");
        case State::Breaks:
            return tr("✕ broken");
        case State::Unmeasured:
            return tr("not measured");
        default:
            return {};
        }
    }
}

QVariant GateModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const bool broken = state(row) == State::Breaks;
    switch (role) {
    case Qt::EditRole:
        if (column == Limit && bound(row) == nullptr)
            return QString();
        [[fallthrough]];
    case Qt::DisplayRole:
        return display(row, column);
    case kExactRole:
        return column == Measured ? QVariant(format::exact(value(row))) : QVariant();
    case Qt::ToolTipRole:
        if (column == Limit)
            return tr("Type a number; an empty field is no limit");
        return row.name == kOthers && column == Measured
                   ? QVariant(tr("the worst of those without limits of their own"))
                   : QVariant();
    case Qt::TextAlignmentRole:
        return column == Limit || column == Measured ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                     : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::FontRole:
        return Theme::font(broken || (column == Limit && bound(row) != nullptr) ? TextStyle::SectionHead
                                                                                : TextStyle::Body);
    case Qt::ForegroundRole:
        if (broken && column >= Measured)
            return Theme::color(ColorRole::Danger);
        if (column == Verdict && state(row) == State::Holds)
            return Theme::color(ColorRole::Passed);
        if (column == Limit && bound(row) == nullptr)
            return Theme::color(ColorRole::TextThird);
        return column == Measure ? QVariant(Theme::color(ColorRole::TextSecond)) : QVariant();
    default:
        return {};
    }
}

bool GateModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid() || index.column() != Limit || role != Qt::EditRole)
        return false;
    const Row row = m_rows[static_cast<std::size_t>(index.row())];
    const QString text = value.toString().trimmed();
    if (text.isEmpty()) {
        m_bounds.erase(keyOf(row));
    } else {
        bool ok = false;
        double number = format::locale().toDouble(text, &ok);
        if (!ok)
            number = QLocale::c().toDouble(text, &ok); // a point is understood in every language
        if (!ok || !std::isfinite(number))
            return false;
        m_bounds[keyOf(row)] = number;
    }
    // Rows of all others follow from which names have limits of their own.
    emit dataChanged(this->index(0, 0), this->index(rowCount() - 1, ColumnCount - 1));
    emit limitsChanged();
    return true;
}

Qt::ItemFlags GateModel::flags(const QModelIndex& index) const
{
    const auto common = QAbstractTableModel::flags(index);
    return index.column() == Limit ? common | Qt::ItemIsEditable : common;
}

QVariant GateModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Limit || section == Measured ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                       : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    const QString names[] = {tr("Domain or task"), tr("Measure"), tr("Limit"), tr("Measured"), tr("Verdict")};
    return role == Qt::DisplayRole && section >= 0 && section < ColumnCount ? QVariant(names[section]) : QVariant();
}

} // namespace espalier::views
