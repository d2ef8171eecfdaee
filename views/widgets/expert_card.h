// SPDX-License-Identifier: GPL-3.0-or-later
// Everything known about the expert under the cursor: how much it is used, with intervals, by which domain, and with
// which other experts.
#pragma once

#include "views/models/expert_facts.h"

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
    void showNothing();
    [[nodiscard]] QString title() const;

signals:
    void domainChosen(int domain);
    void expertChosen(int expert);

private:
    void setFigure(int row, const QString& value, const QString& interval);

    QWidget* m_body;
    QLabel* m_hint;
    QLabel* m_title;
    QLabel* m_subtitle;
    QLabel* m_warning;
    QGridLayout* m_figures;
    DomainBars* m_bars;
    QLabel* m_together;
};

} // namespace espalier::views
