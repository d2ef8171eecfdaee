// SPDX-License-Identifier: GPL-3.0-or-later
// The overview's views beside the map, and the lower half of the expert card: relations to other experts, and tokens of
// traced texts.
#include "views/models/expert_relations.h"
#include "views/models/map_table_model.h"
#include "views/models/table_text.h"
#include "views/pages/overview_page.h"
#include "views/widgets/expert_card.h"
#include "views/widgets/layer_view.h"
#include "views/widgets/routed_text.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QComboBox>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>

namespace espalier::views {

namespace {

constexpr std::size_t kTokenKinds = 12;
constexpr std::size_t kPlaces = 5;
constexpr std::size_t kSumsAtOnce = 500'000; // added up in about a millisecond

} // namespace

void OverviewPage::buildInsights()
{
    m_stack->addWidget(m_layerView);
    m_stack->addWidget(m_textView);
    m_rankTimer.setInterval(0);
    connect(&m_rankTimer, &QTimer::timeout, this, &OverviewPage::nextRank);
    const auto choose = [this](int expert) {
        m_heatmap->setCursorCell(std::max(0, m_heatmap->cursorCell().y()), expert);
    };
    connect(m_layerView, &LayerView::expertChosen, this, choose);
    connect(m_textView, &RoutedText::expertChosen, this, choose);
    connect(m_textView, &RoutedText::traceRequested, this, &OverviewPage::requestTrace);
    connect(m_card, &ExpertCard::traceRequested, this, &OverviewPage::requestTrace);
}

void OverviewPage::requestTrace()
{
    emit actionRequested(QStringLiteral("trace"));
}

OverviewPage::View OverviewPage::view() const
{
    return static_cast<View>(m_stack->currentIndex());
}

void OverviewPage::showView(View view)
{
    m_views->button(view)->setChecked(true);
    m_stack->setCurrentIndex(view);
    const QPoint cursor = m_heatmap->cursorCell();
    if (view == TableView && cursor.x() >= 0)
        m_tableView->setCurrentIndex(m_table->index(m_table->rowOf(cursor.y(), cursor.x()), 0));
    if (cursor.x() >= 0)
        showInsights(cursor.y(), cursor.x());
    // The map's quantity and scale say nothing about the other views.
    const bool ofMap = view == MapView || view == TableView;
    for (QWidget* each : {static_cast<QWidget*>(m_other), static_cast<QWidget*>(m_quantity)})
        each->setEnabled(ofMap);
    for (QAbstractButton* button : m_scale->buttons())
        button->setEnabled(ofMap);
    QWidget* const focus[] = {m_heatmap, m_tableView, m_layerView, m_textView};
    focus[view]->setFocus();
    emit stateChanged();
}

void OverviewPage::toggleTable()
{
    if (view() == LayerInsight)
        m_layerView->showTable(!m_layerView->tableShown());
    else
        showTable(view() != TableView);
}

void OverviewPage::showInsights(int row, int expert)
{
    if (!m_map || !m_statistics || row < 0 || row >= static_cast<int>(m_map->layers.size()))
        return;
    const int layer = m_map->layers[static_cast<std::size_t>(row)];
    if (view() == LayerInsight) {
        m_layerView->showLayer(m_statistics, domain(), row, thinBelow());
        m_layerView->setCurrentExpert(expert);
    } else if (view() == TextView) {
        m_textView->setCell(layer, expert);
    }
    const auto sample = session()->sample();
    const int position = sample ? sample->positionOf(LayerIndex(layer)) : -1;
    if (position < 0)
        m_card->showTokens(nullptr, {}, !session()->modelFolder().isEmpty());
    else
        m_card->showTokens(
            sample.get(),
            stats::expertSample(*sample, static_cast<std::size_t>(position), expert, kTokenKinds, kPlaces), true);
    if (m_likenessRow != row || m_likenessDomain != domain()) {
        const auto work = [shared = m_statistics, name = domain(), row] { return ExpertLikeness(*shared, name, row); };
        if (ExpertLikeness::work(*m_statistics, domain(), row) <= kSumsAtOnce) {
            m_likenessWork.drop();
            m_likeness = std::make_shared<const ExpertLikeness>(work());
        } else {
            m_likeness.reset();
            m_likenessWork.run(work);
        }
        m_likenessRow = row;
        m_likenessDomain = domain();
    }
    if (m_rankDomain != domain() || m_rankMethods.empty()) {
        m_rankDomain = domain();
        m_rankTables.clear();
        m_rankMethods = rankedMethods(*m_statistics, m_rankDomain);
        m_rankTimer.start();
    }
    showRelations();
}

void OverviewPage::nextRank()
{
    if (!m_statistics || m_rankTables.size() >= m_rankMethods.size()) {
        m_rankTimer.stop();
        showRelations();
        return;
    }
    method::ScoreRequest request;
    request.method = std::string(m_rankMethods[m_rankTables.size()]->id);
    if (!m_rankDomain.empty())
        request.domains = {{m_rankDomain, 1.0}};
    auto table = method::computeScores(*m_statistics, request);
    if (table)
        m_rankTables.push_back(std::make_shared<const method::ScoreTable>(std::move(*table)));
    else // what cannot be computed for these domains after all is not listed
        m_rankMethods.erase(m_rankMethods.begin() + static_cast<std::ptrdiff_t>(m_rankTables.size()));
}

void OverviewPage::showRelations()
{
    const QPoint cursor = m_heatmap->cursorCell();
    if (!m_map || !m_statistics || cursor.x() < 0 || cursor.y() >= static_cast<int>(m_map->layers.size()))
        return;
    const LayerIndex layer(m_map->layers[static_cast<std::size_t>(cursor.y())]);
    m_card->showRelations(
        ranksOf(m_rankTables, layer, cursor.x()), m_likeness ? m_likeness->basis() : ExpertLikeness::Basis::None,
        m_likeness ? m_likeness->like(cursor.x()) : std::vector<LikeExpert>(), m_likenessWork.isWaiting());
}

QString OverviewPage::copyText() const
{
    if (!usable() || !m_map)
        return {};
    switch (view()) {
    case TableView:
        return tableText(*m_table, QLatin1Char('\t'));
    case LayerInsight:
        return m_layerView->toTsv();
    case TextView:
        return m_textView->toTsv();
    case MapView:
        break;
    }
    return m_heatmap->toTsv();
}

QString OverviewPage::exportFigure(const QString& path)
{
    if (view() == LayerInsight)
        return m_layerView->exportFigure(path);
    if (view() == TextView)
        return m_textView->exportFigure(path);
    return m_heatmap->exportFigure(path);
}

bool OverviewPage::hasFigure() const
{
    return usable() && (view() != TextView || m_textView->missing().isEmpty());
}

bool OverviewPage::hasTable() const
{
    return hasFigure();
}

QString OverviewPage::exportTable(const QString& path)
{
    if (view() == LayerInsight || view() == TextView)
        return writeTsvAsTable(copyText(), path);
    return writeTable(*m_table, path);
}

} // namespace espalier::views
