// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/layer_tables.h"

#include "views/theme/format.h"

#include <QCoreApplication>

#include <cmath>

namespace espalier::views {
namespace {

class LayerTables {
    Q_DECLARE_TR_FUNCTIONS(espalier::views::LayerTables)
};

Cell number(double value, const QString& shown)
{
    return {std::isfinite(value) ? shown : format::unknown(), value};
}

Cell whole(double value)
{
    return number(value, std::isfinite(value) ? format::count(std::llround(value)) : QString());
}

} // namespace

QString useVerdictText(UseVerdict verdict)
{
    switch (verdict) {
    case UseVerdict::More:
        return LayerTables::tr("used more");
    case UseVerdict::Less:
        return LayerTables::tr("used less");
    case UseVerdict::Alike:
        return LayerTables::tr("not told apart from uniform");
    case UseVerdict::Thin:
        return LayerTables::tr("too few tokens to judge");
    case UseVerdict::Unknown:
        break;
    }
    return LayerTables::tr("not known");
}

LayerTable useTable(const LayerUse& use)
{
    LayerTable table;
    table.columns = {{LayerTables::tr("rank")},
                     {LayerTables::tr("expert")},
                     {LayerTables::tr("tokens")},
                     {LayerTables::tr("ratio to uniform")},
                     {LayerTables::tr("± 95 %"), true, LayerTables::tr("half of the 95 % interval")},
                     {LayerTables::tr("against uniform"), false}};
    int rank = 0;
    for (const UsePoint& point : use.points) {
        ++rank;
        table.rows.append({{QString::number(rank), rank},
                           {QString::number(point.expert), point.expert},
                           whole(point.tokens),
                           number(point.ratio.value, format::ratio(point.ratio.value)),
                           number(point.ratio.half, format::fixed(point.ratio.half, 2)),
                           {useVerdictText(point.verdict)}});
    }
    return table;
}

LayerTable coverageTable(const Coverage& coverage)
{
    LayerTable table;
    table.columns = {
        {LayerTables::tr("tokens")},
        {LayerTables::tr("experts chosen at least once")},
        {LayerTables::tr("experts chosen at least %n time(s)", nullptr, static_cast<int>(coverage.enough))}};
    for (std::size_t i = 0; i < coverage.tokens.size(); ++i)
        table.rows.append({whole(coverage.tokens[i]), number(coverage.once[i], format::fixed(coverage.once[i], 1)),
                           number(coverage.judged[i], format::fixed(coverage.judged[i], 1))});
    return table;
}

LayerTable pairsTable(const Together& together)
{
    LayerTable table;
    table.columns = {
        {LayerTables::tr("expert")},
        {LayerTables::tr("and expert")},
        {LayerTables::tr("tokens with both")},
        {LayerTables::tr("expected"), true, LayerTables::tr("Tokens that the two experts’ own use leads to expect")},
        {LayerTables::tr("ratio to expected")}};
    for (const Together::Pair& pair : together.strongest)
        table.rows.append({{QString::number(pair.first), pair.first},
                           {QString::number(pair.second), pair.second},
                           whole(pair.tokens),
                           number(pair.expected, format::significant(pair.expected)),
                           number(pair.ratio, format::ratio(pair.ratio))});
    return table;
}

} // namespace espalier::views
