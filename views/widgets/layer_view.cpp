// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/layer_view.h"

#include "views/plots/coverage_plot.h"
#include "views/plots/use_scatter.h"
#include "views/theme/format.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>

#include <cmath>

namespace espalier::views {

LayerView::LayerView(QWidget* parent)
    : QWidget(parent), m_scatter(new UseScatter), m_coverage(new CoveragePlot), m_pairs(new HeatmapWidget),
      m_head(sectionHead()), m_useText(caption()), m_coverageText(caption()), m_pairsText(caption()),
      m_noPairs(caption(tr("Pairs were not collected for these texts. A profile with --statistics all counts them.")))
{
    auto* columns = new QHBoxLayout(this);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(grid::kColumnGap);
    auto* left = new QVBoxLayout;
    left->setSpacing(grid::kLabelGap);
    left->addWidget(m_head);
    left->addWidget(m_useText);
    left->addWidget(m_scatter, 3);
    left->addWidget(caption(tr("bars: 95 % of a share, tokens taken as independent, not corrected for the number of "
                               "experts · dashed: uniform use · association, not cause"),
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
    m_pairs->setObjectName(QStringLiteral("pairsMap"));
    m_scatter->setObjectName(QStringLiteral("useScatter"));
    right->addWidget(m_pairs, 1);
    columns->addLayout(right, 1);

    m_pairs->setToolTipProvider([this](int row, int column) { return pairText(row, column); });
    connect(m_scatter, &UseScatter::expertChosen, this, &LayerView::expertChosen);
    connect(m_pairs, &HeatmapWidget::cursorMoved, this, [this](int row, int) { emit expertChosen(row); });
}

void LayerView::show(std::shared_ptr<const stats::Statistics> statistics, const std::string& domain, int row,
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
    m_coverage->setCoverage(coverageOf(*m_statistics, domain, row, thinBelow));
    m_coverageText->setText(m_coverage->sentence());
    showPairs();
}

void LayerView::showPairs()
{
    m_together = chosenTogether(*m_statistics, m_domain, m_row);
    m_noPairs->setVisible(!m_together.known);
    m_pairs->setVisible(m_together.known);
    QStringList pairs;
    for (const Together::Pair& pair : m_together.strongest)
        if (pairs.size() < 4 && pair.ratio > 1)
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

void LayerView::setCurrentExpert(int expert)
{
    m_scatter->setCurrentExpert(expert);
    const QPoint cursor = m_pairs->cursorCell();
    if (m_together.known && expert >= 0 && cursor.y() != expert) {
        const QSignalBlocker quiet(m_pairs);
        m_pairs->setCursorCell(expert, std::max(0, cursor.x()));
    }
}

QString LayerView::toTsv() const
{
    return m_pairs->hasFocus() ? m_pairs->toTsv() : m_coverage->hasFocus() ? m_coverage->toTsv() : m_scatter->toTsv();
}

QString LayerView::exportFigure(const QString& path) const
{
    return m_pairs->hasFocus()      ? m_pairs->exportFigure(path)
           : m_coverage->hasFocus() ? m_coverage->exportFigure(path)
                                    : m_scatter->exportFigure(path);
}

} // namespace espalier::views
