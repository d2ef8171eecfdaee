// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/layer_view.h"

#include "views/plots/coverage_plot.h"
#include "views/plots/heatmap_widget.h"
#include "views/plots/use_scatter.h"
#include "views/theme/format.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QEvent>
#include <QHeaderView>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableView>

#include <cmath>

namespace espalier::views {

namespace {

constexpr std::size_t kMostPairs = 500; // in the table; the map and its copy hold all
constexpr int kNamedPairs = 4;
constexpr int kAtOnce = 160; // experts of a layer whose pairs and coverage are there within a frame

} // namespace

LayerView::LayerView(QWidget* parent)
    : QWidget(parent), m_slow([this](const std::shared_ptr<const Slow>& slow) { showSlow(*slow); }),
      m_scatter(new UseScatter), m_coverage(new CoveragePlot), m_pairs(new HeatmapWidget), m_head(sectionHead()),
      m_useText(caption()), m_coverageText(caption()), m_pairsText(caption()),
      m_noPairs(
          caption(tr("Pairs were not collected for these texts. A profile that collects everything counts them."))),
      m_stack(new QStackedWidget), m_figures(new QButtonGroup(this)), m_tableNote(caption({}, ColorRole::TextThird)),
      m_table(new CellTableModel(this)), m_tableView(new QTableView)
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(makePlots());
    m_stack->addWidget(makeTables());
    outer->addWidget(m_stack);
    m_pairs->setObjectName(QStringLiteral("pairsMap"));
    m_scatter->setObjectName(QStringLiteral("useScatter"));
    m_coverage->setObjectName(QStringLiteral("coveragePlot"));
    for (QWidget* plot :
         {static_cast<QWidget*>(m_scatter), static_cast<QWidget*>(m_coverage), static_cast<QWidget*>(m_pairs)})
        plot->installEventFilter(this);
    setFocusProxy(m_scatter);
    m_pairs->setToolTipProvider([this](int row, int column) { return pairText(row, column); });
    connect(m_scatter, &UseScatter::expertChosen, this, &LayerView::expertChosen);
    connect(m_pairs, &HeatmapWidget::cursorMoved, this, [this](int row, int) { emit expertChosen(row); });
    connect(m_tableView->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                if (m_chosen == Use && index.isValid())
                    emit expertChosen(m_table->rows().at(index.row()).at(kExpertColumn).value.toInt());
            });
    connect(m_figures, &QButtonGroup::idClicked, this, [this](int id) { choose(static_cast<Figure>(id)); });
}

QWidget* LayerView::makePlots()
{
    auto* plots = new QWidget;
    auto* columns = new QHBoxLayout(plots);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(grid::kColumnGap);
    auto* left = new QVBoxLayout;
    left->setSpacing(grid::kLabelGap);
    left->addWidget(m_head);
    left->addWidget(m_useText);
    left->addWidget(m_scatter, 3);
    left->addWidget(caption(tr("bars: 95 % of a share, tokens taken as independent, not corrected for the number of "
                               "experts · dashed: uniform use · cross: too few tokens · association, not cause"),
                            ColorRole::TextThird));
    left->addSpacing(grid::kInsideGap);
    left->addWidget(sectionHead(tr("Experts seen against tokens")));
    left->addWidget(m_coverageText);
    left->addWidget(m_coverage, 2);
    left->addWidget(caption(tr("expected for tokens drawn one by one; texts come in windows, so real texts need more"),
                            ColorRole::TextThird));
    columns->addLayout(left, 1);
    auto* right = new QVBoxLayout;
    right->setSpacing(grid::kLabelGap);
    right->addWidget(sectionHead(tr("Chosen together")));
    right->addWidget(m_pairsText);
    m_noPairs->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    right->addWidget(m_noPairs, 1);
    right->addWidget(m_pairs, 1);
    columns->addLayout(right, 1);
    return plots;
}

QWidget* LayerView::makeTables()
{
    auto* tables = new QWidget;
    auto* column = new QVBoxLayout(tables);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid::kInsideGap);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    const std::pair<Figure, QString> names[] = {
        {Use, tr("Use")}, {Seen, tr("Experts seen")}, {Pairs, tr("Chosen together")}};
    for (const auto& [figure, name] : names) {
        auto* button = new QPushButton(name);
        button->setCheckable(true);
        m_figures->addButton(button, figure);
        row->addWidget(button);
    }
    m_figures->button(Use)->setChecked(true);
    row->addStretch(1);
    column->addLayout(row);
    m_tableView->setObjectName(QStringLiteral("layerTable"));
    m_tableView->setAccessibleName(tr("The layer as a table"));
    makePlainTable(m_tableView);
    m_tableView->setModel(m_table);
    column->addWidget(m_tableView, 1);
    column->addWidget(m_tableNote);
    return tables;
}

void LayerView::showLayer(std::shared_ptr<const stats::Statistics> statistics, const std::string& domain, int row,
                          double thinBelow)
{
    if (statistics == m_statistics && domain == m_domain && row == m_row && thinBelow == m_thinBelow)
        return;
    m_statistics = std::move(statistics);
    m_domain = domain;
    m_row = row;
    m_thinBelow = thinBelow;
    LayerUse use = layerUse(*m_statistics, domain, row, thinBelow);
    m_head->setText(tr("Use of the experts of layer %1").arg(use.layer));
    m_scatter->setUse(std::move(use));
    m_useText->setText(m_scatter->sentence());
    const auto work = [shared = m_statistics, domain, row, thinBelow] {
        return Slow{coverageOf(*shared, domain, row, thinBelow), chosenTogether(*shared, domain, row, kMostPairs)};
    };
    if (m_scatter->use().experts <= kAtOnce) {
        m_slow.drop();
        showSlow(work());
    } else {
        m_coverageText->setText(QStringLiteral("…"));
        m_pairsText->setText(QStringLiteral("…"));
        m_slow.run(work);
        fillTable();
    }
}

void LayerView::showSlow(const Slow& slow)
{
    m_coverage->setCoverage(slow.coverage);
    m_coverageText->setText(m_coverage->sentence());
    m_together = slow.together;
    showPairs();
    fillTable();
    setCurrentExpert(m_expert);
}

void LayerView::showPairs()
{
    m_noPairs->setVisible(!m_together.known);
    m_pairs->setVisible(m_together.known);
    QStringList pairs;
    for (const Together::Pair& pair : m_together.strongest)
        if (pairs.size() < kNamedPairs && pair.ratio > 1)
            pairs << QStringLiteral("E%1 + E%2 %3").arg(pair.first).arg(pair.second).arg(format::ratio(pair.ratio));
    m_pairsText->setVisible(m_together.known);
    m_pairsText->setText(pairs.isEmpty()
                             ? tr("No pair of experts is chosen more often than their own use explains.")
                             : tr("Most above what their own use explains: %1").arg(pairs.join(QStringLiteral(", "))));
    if (!m_together.known)
        return;
    HeatmapData map = m_together.map;
    map.title = tr("Pairs of experts chosen by one token");
    map.caption =
        tr("1 = as often as the two experts' own use explains · × never together · cut corner: under %1 pairs "
           "expected, too few to judge")
            .arg(static_cast<int>(kThinPairs));
    m_pairs->setData(std::move(map));
}

QString LayerView::pairText(int first, int second) const
{
    const auto n = static_cast<std::size_t>(m_together.map.columns);
    const std::size_t at = static_cast<std::size_t>(first) * n + static_cast<std::size_t>(second);
    if (first < 0 || second < 0 || at >= m_together.map.values.size())
        return {};
    const QString name = tr("Experts %1 and %2").arg(first).arg(second);
    const double ratio = m_together.map.values[at];
    if (!std::isfinite(ratio))
        return first == second ? tr("Expert %1 with itself").arg(first) : name + QLatin1Char('\n') + tr("not measured");
    QString text = name + QLatin1Char('\n') + tr("%1 of what their own use explains").arg(format::ratio(ratio));
    if ((m_together.map.marks[at] & static_cast<std::uint8_t>(CellMark::Thin)) != 0)
        text += QLatin1Char('\n') + tr("too few tokens to judge");
    return text;
}

LayerTable LayerView::tableOf(Figure figure) const
{
    return figure == Use    ? useTable(m_scatter->use())
           : figure == Seen ? coverageTable(m_coverage->coverage())
                            : pairsTable(m_together);
}

void LayerView::fillTable()
{
    if (!tableShown())
        return;
    LayerTable table = tableOf(m_chosen);
    m_table->setTable(std::move(table.columns), std::move(table.rows));
    m_tableView->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    if (m_chosen == Use) // words, not numbers
        m_tableView->horizontalHeader()->setSectionResizeMode(m_table->columnCount() - 1,
                                                              QHeaderView::ResizeToContents);
    m_tableNote->setVisible(m_chosen == Pairs);
    m_tableNote->setText(
        !m_together.known ? m_noPairs->text()
                          : tr("The %n pair(s) furthest above what their own use explains. The map and its copy hold "
                               "all of them.",
                               nullptr, static_cast<int>(m_together.strongest.size())));
    selectExpert();
}

void LayerView::selectExpert()
{
    if (!tableShown() || m_chosen != Use)
        return;
    for (int row = 0; row < m_table->rowCount(); ++row)
        if (m_table->rows().at(row).at(kExpertColumn).value.toInt() == m_expert) {
            const QSignalBlocker quiet(this);
            m_tableView->setCurrentIndex(m_table->index(row, 0));
            return;
        }
}

void LayerView::setCurrentExpert(int expert)
{
    m_expert = expert;
    m_scatter->setCurrentExpert(expert);
    const QPoint cursor = m_pairs->cursorCell();
    if (m_together.known && expert >= 0 && cursor.y() != expert) {
        const QSignalBlocker quiet(this);
        m_pairs->setCursorCell(expert, std::max(0, cursor.x()));
    }
    selectExpert();
}

bool LayerView::tableShown() const
{
    return m_stack->currentIndex() == 1;
}

void LayerView::showTable(bool table)
{
    const Figure chosen = m_chosen; // hiding what has the focus hands it to another plot
    m_stack->setCurrentIndex(table ? 1 : 0);
    QWidget* const plots[] = {m_scatter, m_coverage, m_pairs};
    QWidget* shown = table ? m_tableView : plots[chosen == Pairs && !m_together.known ? Use : chosen];
    setFocusProxy(shown);
    shown->setFocus();
    choose(chosen);
}

void LayerView::choose(Figure figure)
{
    m_chosen = figure;
    m_figures->button(figure)->setChecked(true);
    fillTable();
}

bool LayerView::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn)
        choose(watched == m_coverage ? Seen : watched == m_pairs ? Pairs : Use);
    return QWidget::eventFilter(watched, event);
}

QString LayerView::toTsv() const
{
    if (m_chosen == Pairs && !tableShown())
        return m_pairs->toTsv();
    const LayerTable table = tableOf(m_chosen);
    CellTableModel model;
    model.setTable(table.columns, table.rows);
    return model.toTsv();
}

QString LayerView::exportFigure(const QString& path) const
{
    if (m_chosen == Pairs && !m_together.known)
        return m_noPairs->text();
    return m_chosen == Pairs  ? m_pairs->exportFigure(path)
           : m_chosen == Seen ? m_coverage->exportFigure(path)
                              : m_scatter->exportFigure(path);
}

} // namespace espalier::views
