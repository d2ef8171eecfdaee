// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/overview_page.h"

#include "core/method/score.h"
#include "views/models/expert_facts.h"
#include "views/models/map_table_model.h"
#include "views/models/table_text.h"
#include "views/plots/heatmap_paint.h"
#include "views/plots/layer_strip.h"
#include "views/plots/small_multiples.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"
#include "views/widgets/expert_card.h"
#include "views/widgets/routed_text.h"
#include "views/widgets/weight_preview.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QComboBox>
#include <QLabel>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>
#include <cmath>

namespace espalier::views {

namespace {

constexpr int kThinChoices[] = {0, 30, 100, 300, 1000};

bool choose(QComboBox* box, const QString& data)
{
    const int index = box->findData(data);
    if (index >= 0)
        box->setCurrentIndex(index);
    return index >= 0;
}

/// A number of tokens that imports may not know.
QString known(double tokens)
{
    return std::isfinite(tokens) ? format::count(std::llround(tokens)) : format::unknown();
}

/// Puts entries into a chooser and keeps the choice when it is still there.
void fill(QComboBox* box, const QList<std::pair<QString, QString>>& entries)
{
    const QSignalBlocker quiet(box);
    const QString before = box->currentData().toString();
    box->clear();
    for (const auto& [text, data] : entries)
        box->addItem(text, data);
    box->setCurrentIndex(std::max(0, box->findData(before)));
}

} // namespace

QString OverviewPage::stateText() const
{
    if (!usable())
        return tr("needs a profile");
    return tr("%n domain(s)", nullptr, static_cast<int>(session()->statistics()->domains.size()));
}

bool OverviewPage::usable() const
{
    return session() && !session()->statistics()->domains.empty();
}

QString OverviewPage::keysText() const
{
    return usable() ? tr("Arrows move · [ ] domain · T table · Y layer · X text · Ctrl+C copy") : QString();
}

std::string OverviewPage::domain() const
{
    return m_domain->currentData().toString().toStdString();
}

std::string OverviewPage::other() const
{
    return m_other->currentData().toString().toStdString();
}

double OverviewPage::thinBelow() const
{
    return m_thin->currentData().toDouble();
}

void OverviewPage::refresh()
{
    const auto model = session()->model();
    const auto statistics = session()->statistics();
    if (statistics->domains.empty()) {
        m_statistics.reset();
        m_maps.clear();
        m_map.reset();
        setSubtitle({});
        setReadout({});
        m_preview->refresh();
        if (model)
            showEmpty(tr("Nothing was measured yet. A profile runs your texts through the model once and shows here "
                         "which experts they use."),
                      tr("New profile…"), [this] { emit actionRequested(QStringLiteral("profile")); });
        else
            showEmpty(tr("Open a model, measure it on your texts, and see here what every expert does."),
                      tr("Open the sample"), [this] { emit actionRequested(QStringLiteral("sample")); });
        return;
    }
    showContent();
    m_textView->setCanTrace(!session()->modelFolder().isEmpty());
    m_textView->setSample(session()->sample(), session()->sampleProblem());
    if (statistics == m_statistics) {
        if (const QPoint cursor = m_heatmap->cursorCell(); cursor.x() >= 0)
            showInsights(cursor.y(), cursor.x()); // a trace may have come
        return;
    }
    m_statistics = statistics;
    m_maps.clear();
    m_rankTables.clear();
    m_rankMethods.clear();
    m_likenessRow = -1;
    fillChoosers();
    rebuild();
    rebuildTiles();
    if (m_heatmap->cursorCell().x() < 0 && m_map && m_map->experts > 0) {
        // Something to read at once: the most used expert of the first layer.
        int best = 0;
        for (int e = 1; e < m_map->experts; ++e)
            if (m_map->at(0, e).value > m_map->at(0, best).value)
                best = e;
        m_heatmap->setCursorCell(0, best);
    }
}

void OverviewPage::fillChoosers()
{
    QList<std::pair<QString, QString>> domains{{tr("all domains"), {}}}, others{{tr("nothing"), {}}}, quantities;
    for (const auto& each : m_statistics->domains) {
        const QString name = QString::fromStdString(each.name);
        domains.append({name, name});
        others.append({name, name});
    }
    m_quantities = mapQuantities(*m_statistics);
    for (const MapQuantity& quantity : m_quantities)
        quantities.append({quantity.title, QString::fromStdString(quantity.id)});
    fill(m_domain, domains);
    fill(m_other, others);
    fill(m_quantity, quantities);
    if (m_thin->count() == 0) {
        const QSignalBlocker quiet(m_thin);
        for (const int tokens : kThinChoices)
            m_thin->addItem(tokens == 0 ? tr("never") : tr("%n token(s)", nullptr, tokens), tokens);
        m_thin->setCurrentIndex(m_thin->findData(static_cast<int>(method::kThinTokens)));
    }
    m_other->setEnabled(m_statistics->domains.size() > 1);
}

Result<std::shared_ptr<const OverviewMap>> OverviewPage::mapOf(const std::string& name)
{
    if (const auto known = m_maps.find(name); known != m_maps.end())
        return known->second;
    ESPALIER_TRY(auto made,
                 overviewMap(*m_statistics, m_quantities[static_cast<std::size_t>(m_quantity->currentIndex())], name));
    auto map = std::make_shared<const OverviewMap>(std::move(made));
    m_maps.emplace(name, map);
    return map;
}

void OverviewPage::rebuild()
{
    if (!m_statistics || m_quantities.empty())
        return;
    auto made = mapOf(domain());
    if (made && !other().empty()) {
        auto second = mapOf(other());
        if (second)
            made = std::make_shared<const OverviewMap>(difference(*made.value(), *second.value()));
        else
            made = second;
    }
    showError(made ? QString() : QString::fromStdString(made.error().text()));
    if (!made)
        return;
    m_map = std::move(made.value());
    HeatmapData cells = heatmapOf(*m_map, m_scale->checkedId() == 1, thinBelow());
    cells.title = m_quantity->currentText() + QStringLiteral(", ") +
                  (m_map->difference ? tr("%1 minus %2").arg(m_domain->currentText(), m_other->currentText())
                                     : m_domain->currentText());
    cells.caption = captionText();
    m_heatmap->setData(std::move(cells));
    m_strip->setRows(m_map->concentrations, m_map->layers);
    m_table->setMap(m_map, thinBelow());
    m_tiles->setCurrent(m_domain->currentIndex() - 1);
    for (QAbstractButton* button : m_scale->buttons())
        button->setEnabled(!m_map->difference);
    showFigures();
    const QPoint cursor = m_heatmap->cursorCell();
    if (cursor.x() >= 0)
        showCell(cursor.y(), cursor.x());
}

void OverviewPage::rebuildTiles()
{
    if (!m_statistics || m_quantities.empty())
        return;
    QList<SmallMultiples::Tile> tiles;
    for (const auto& each : m_statistics->domains) {
        const QString name = QString::fromStdString(each.name);
        const double tokens = each.tokens > 0 ? static_cast<double>(each.tokens) : std::nan("");
        tiles.append({name,
                      format::shortCount(tokens),
                      {},
                      tr("%1: %2 tokens in %3 windows").arg(name, known(tokens), format::count(each.windows))});
    }
    m_tiles->setTiles(std::move(tiles));
    m_tiles->setCurrent(m_domain->currentIndex() - 1);
    if (m_map && !m_map->layers.empty())
        m_tilesHint->setText(tr("tile height is layer %1 to %2, width is expert 0 to %3")
                                 .arg(m_map->layers.front())
                                 .arg(m_map->layers.back())
                                 .arg(m_map->experts - 1));
    m_nextTile = 0;
    m_tileTimer.start();
}

void OverviewPage::nextTile()
{
    if (!m_statistics || m_nextTile >= static_cast<int>(m_statistics->domains.size())) {
        m_tileTimer.stop();
        return;
    }
    const auto made = mapOf(m_statistics->domains[static_cast<std::size_t>(m_nextTile)].name);
    if (made) {
        HeatmapData cells = heatmapOf(*made.value(), m_scale->checkedId() == 1, thinBelow());
        // One scale for all: that of the pooled map when the quantity has no range of its own.
        if (const auto pooled = cells.low == cells.high ? mapOf({}) : made; cells.low == cells.high && pooled) {
            const ColorScale scale = heatmapScale(heatmapOf(*pooled.value(), cells.logarithmic, thinBelow()));
            cells.low = scale.low;
            cells.high = scale.high;
        }
        m_tiles->setImage(m_nextTile,
                          heatmapImage(cells, heatmapScale(cells), HeatmapColors::forTheme(Theme::isDark())));
    }
    ++m_nextTile;
}

void OverviewPage::showFigures()
{
    const auto all = static_cast<int>(m_map->cells.size());
    const QString imported = importedText();
    // Imports do not say how their texts were cut.
    const QString windows = m_map->windows > 0 ? format::count(m_map->windows) : format::unknown();
    setSubtitle(imported.isEmpty()
                    ? tr("%1, %2 tokens in %3 windows").arg(m_domain->currentText(), known(m_map->tokens), windows)
                    : imported);
    const int thin = m_map->thin(thinBelow());
    const std::pair<QString, QString> figures[5] = {
        {known(m_map->tokens), tr("tokens measured")},
        {windows, tr("windows")},
        {known(m_map->medianTokens()), tr("median tokens per expert")},
        {tr("%1 of %2").arg(format::count(thin), format::count(all)), tr("too few tokens to judge")},
        {tr("%1 of %2").arg(format::count(m_map->dead()), format::count(all)),
         domain().empty() ? tr("dead in every domain") : tr("dead in this domain")}};
    for (int i = 0; i < 5; ++i) {
        m_figureValues[i]->setText(figures[i].first);
        m_figureNames[i]->setText(figures[i].second);
    }
}

QString OverviewPage::importedText() const
{
    const stats::DomainStats* shown = nullptr;
    for (const auto& each : m_statistics->domains)
        if (!each.importedFrom.empty() && (domain().empty() || each.name == domain())) {
            shown = &each;
            break;
        }
    if (!shown)
        return {};
    const auto has = [&](stats::Stat stat) {
        return std::any_of(shown->layers.begin(), shown->layers.end(),
                           [&](const stats::LayerStats& layer) { return layer.has(stat); });
    };
    QStringList absent;
    if (!has(stats::Stat::Count))
        absent << tr("token counts");
    if (!has(stats::Stat::Gate))
        absent << tr("gate weights");
    if (!has(stats::Stat::GateNorm))
        absent << tr("expert outputs");
    if (!has(stats::Stat::ProbAll))
        absent << tr("probabilities");
    if (const auto layers = static_cast<int>(shown->layers.size() - shown->measuredLayers()); layers > 0)
        absent << tr("%n layer(s)", nullptr, layers);
    const QString text = tr("%1 was imported from %2")
                             .arg(QString::fromStdString(shown->name), QString::fromStdString(shown->importedFrom));
    return absent.isEmpty() ? text : tr("%1; not known: %2").arg(text, absent.join(QStringLiteral(", ")));
}

QString OverviewPage::captionText() const
{
    const auto model = session()->model();
    QStringList parts{tr("%1 (fingerprint %2…)")
                          .arg(QString::fromStdString(model->name), QString::fromStdString(model->fingerprint).left(6)),
                      tr("%1 tokens, prefill").arg(format::count(std::llround(m_map->tokens)))};
    if (m_map->difference)
        parts << tr("orange: %1 uses it more, blue: %2 does").arg(m_domain->currentText(), m_other->currentText());
    parts << tr("counts of top-%1 choices: association, not cause").arg(m_map->topK);
    return parts.join(QStringLiteral(" · "));
}

QString OverviewPage::toolTip(int row, int expert) const
{
    if (!m_map || row < 0 || row >= static_cast<int>(m_map->layers.size()) || expert < 0 || expert >= m_map->experts)
        return {};
    const MapCell& cell = m_map->at(row, expert);
    const QString name = tr("Layer %1, expert %2").arg(m_map->layers[static_cast<std::size_t>(row)]).arg(expert);
    if (!cell.measured)
        return name + QLatin1Char('\n') + tr("not measured");
    const QString interval = intervalText(*m_map, cell);
    QStringList lines{name, valueText(*m_map, cell.value) + QLatin1Char(' ') + m_map->quantity.unit +
                                (interval.isEmpty() ? QString() : QLatin1Char(' ') + interval)};
    if (m_map->difference)
        lines << tr("%1 tokens and %2 tokens").arg(known(cell.tokens), known(cell.against));
    else
        lines << tr("%1 of %2 tokens").arg(known(cell.tokens), known(m_map->tokens));
    if (m_map->support(cell) == 0)
        lines << tr("dead: no token chose it");
    else if (m_map->support(cell) < thinBelow())
        lines << tr("too few tokens to judge");
    return lines.join(QLatin1Char('\n'));
}

void OverviewPage::showCell(int row, int expert)
{
    m_strip->setCurrentRow(row);
    setReadout(toolTip(row, expert).replace(QLatin1Char('\n'), QStringLiteral("   ")));
    if (!m_map || !m_statistics)
        return;
    const int layer = m_map->layers[static_cast<std::size_t>(row)];
    const MapCell& cell = m_map->at(row, expert);
    const QString subtitle = tr("rank %1 of %2 in its layer by %3, %4")
                                 .arg(m_map->rankInLayer(row, expert))
                                 .arg(m_map->experts)
                                 .arg(m_quantity->currentText(), m_domain->currentText());
    m_card->showExpert(layer, expert, subtitle, expertFacts(*m_statistics, domain(), row, expert),
                       m_domain->currentIndex() - 1);
    m_card->setWarning(cell.measured && m_map->support(cell) < thinBelow()
                           ? tr("Under %n token(s): its means may mislead.", nullptr, static_cast<int>(thinBelow()))
                           : QString());
    if (view() == TableView && m_table->cellAt(m_tableView->currentIndex().row()) != QPoint(expert, row))
        m_tableView->setCurrentIndex(m_table->index(m_table->rowOf(row, expert), 0));
    showInsights(row, expert);
}

void OverviewPage::stepDomain(int step)
{
    if (m_domain->count() > 0)
        m_domain->setCurrentIndex((m_domain->currentIndex() + step + m_domain->count()) % m_domain->count());
}

bool OverviewPage::chooseDomain(const QString& name)
{
    return choose(m_domain, name);
}

bool OverviewPage::compareWith(const QString& name)
{
    return choose(m_other, name);
}

bool OverviewPage::chooseQuantity(const QString& id)
{
    return choose(m_quantity, id);
}

QString OverviewPage::proposedFileName() const
{
    return QStringLiteral("overview-%1-%2")
        .arg(m_quantity->currentData().toString(),
             domain().empty() ? QStringLiteral("all") : m_domain->currentData().toString());
}

} // namespace espalier::views
