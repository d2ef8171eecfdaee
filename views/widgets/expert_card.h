// SPDX-License-Identifier: GPL-3.0-or-later
// Everything known about the expert under the cursor: how much it is used, with intervals, by which domain, with which
// other experts and like which, what tokens it takes, and its rank by every score.
#pragma once

#include "core/stats/routing_sample.h"
#include "views/models/expert_facts.h"
#include "views/models/expert_relations.h"

#include <QWidget>

class QGridLayout;
class QLabel;

namespace espalier::views {

class DomainBars;

class ExpertCard : public QWidget {
    Q_OBJECT
public:
    explicit ExpertCard(QWidget* parent = nullptr);

    /// `subtitle`: "rank 3 of 32 in its layer, prose-german". `domain` is the current one's position, -1 = all.
    void showExpert(int layer, int expert, const QString& subtitle, const ExpertFacts& facts, int domain);
    /// A warning under the title; empty = none.
    void setWarning(const QString& text);
    /// Which tokens it takes; null = no text was traced in this layer, `canTrace` says whether that can be changed.
    void showTokens(const stats::RoutingSample* sample, const stats::ExpertSample& found, bool canTrace);
    void showRelations(const std::vector<MethodRank>& ranks, ExpertLikeness::Basis basis,
                       const std::vector<LikeExpert>& like, bool waiting = false);
    void showNothing();
    [[nodiscard]] QString title() const;

signals:
    void domainChosen(int domain);
    void expertChosen(int expert);
    void traceRequested();

private:
    [[nodiscard]] QLabel* addSection(const QString& head, QLabel** aside);
    void setFigure(int row, const QString& value, const QString& interval);

    QWidget* m_body;
    QLabel* m_hint;
    QLabel* m_title;
    QLabel* m_subtitle;
    QLabel* m_warning;
    QGridLayout* m_figures;
    DomainBars* m_bars;
    QLabel* m_together;
    QLabel* m_likeBasis;
    QLabel* m_like;
    QLabel* m_tokensOf;
    QLabel* m_tokens;
    QLabel* m_places;
    QLabel* m_ranks;
};

} // namespace espalier::views
