// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/expert_card.h"

#include "views/plots/domain_bars.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QLabel>

#include <cmath>

namespace espalier::views {

namespace {

enum Figure { Ratio, Share, Tokens, Gate, Reap, ReapSum, FigureCount };

QString halfOf(const Estimate& estimate, int decimals, double scale = 1)
{
    return std::isfinite(estimate.half) ? format::plusMinus(scale * estimate.half, decimals) : QString();
}

} // namespace

ExpertCard::ExpertCard(QWidget* parent)
    : QWidget(parent), m_body(new QWidget), m_hint(caption(tr("Choose an expert in the map, by click or arrow keys."))),
      m_title(new QLabel), m_subtitle(caption()), m_warning(caption({}, ColorRole::Warning)),
      m_figures(new QGridLayout), m_bars(new DomainBars), m_together(caption({}, ColorRole::Text))
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_hint);
    outer->addWidget(m_body);
    outer->addStretch(1);
    auto* column = new QVBoxLayout(m_body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid::kInsideGap);
    Theme::setTextStyle(m_title, TextStyle::Key);
    auto* head = new QVBoxLayout;
    head->setSpacing(2);
    head->addWidget(m_title);
    head->addWidget(m_subtitle);
    head->addWidget(m_warning);
    column->addLayout(head);
    m_figures->setHorizontalSpacing(grid::kInsideGap);
    m_figures->setVerticalSpacing(2);
    m_figures->setColumnStretch(0, 1);
    const QString names[FigureCount] = {tr("Ratio to uniform"), tr("Share of assignments"), tr("Routed tokens"),
                                        tr("Mean gate weight"), tr("REAP, mean"),           tr("REAP, summed")};
    for (int row = 0; row < FigureCount; ++row) {
        auto* name = new QLabel(names[row]);
        Theme::setTextStyle(name, TextStyle::Body, ColorRole::TextSecond);
        auto* value = new QLabel;
        Theme::setTextStyle(value, TextStyle::SectionHead);
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        auto* interval = new QLabel;
        Theme::setTextStyle(interval, TextStyle::Label, ColorRole::TextSecond);
        interval->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        interval->setMinimumWidth(58);
        m_figures->addWidget(name, row, 0);
        m_figures->addWidget(value, row, 1);
        m_figures->addWidget(interval, row, 2);
    }
    column->addLayout(m_figures);
    column->addWidget(rule(Qt::Horizontal));
    auto* barsHead = new QHBoxLayout;
    barsHead->addWidget(sectionHead(tr("Ratio by domain")));
    barsHead->addStretch(1);
    auto* interval = new QLabel(tr("95 % interval"));
    Theme::setTextStyle(interval, TextStyle::Label, ColorRole::TextSecond);
    barsHead->addWidget(interval);
    column->addLayout(barsHead);
    column->addWidget(m_bars);
    column->addWidget(rule(Qt::Horizontal));
    auto* togetherHead = new QHBoxLayout;
    togetherHead->addWidget(sectionHead(tr("Chosen together with")));
    togetherHead->addStretch(1);
    auto* ofTokens = new QLabel(tr("share of its tokens"));
    Theme::setTextStyle(ofTokens, TextStyle::Label, ColorRole::TextSecond);
    togetherHead->addWidget(ofTokens);
    column->addLayout(togetherHead);
    m_together->setTextFormat(Qt::RichText);
    m_together->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    column->addWidget(m_together);
    connect(m_bars, &DomainBars::chosen, this, &ExpertCard::domainChosen);
    connect(m_together, &QLabel::linkActivated, this, [this](const QString& link) { emit expertChosen(link.toInt()); });
    showNothing();
}

void ExpertCard::showNothing()
{
    m_body->hide();
    m_hint->show();
}

QString ExpertCard::title() const
{
    return m_body->isHidden() ? QString() : m_title->text();
}

void ExpertCard::setWarning(const QString& text)
{
    m_warning->setText(text);
    m_warning->setVisible(!text.isEmpty());
}

void ExpertCard::setFigure(int row, const QString& value, const QString& interval)
{
    static_cast<QLabel*>(m_figures->itemAtPosition(row, 1)->widget())->setText(value);
    static_cast<QLabel*>(m_figures->itemAtPosition(row, 2)->widget())->setText(interval);
}

void ExpertCard::showExpert(int layer, int expert, const QString& subtitle, const ExpertFacts& facts, int domain)
{
    m_hint->hide();
    m_body->show();
    m_title->setText(tr("Layer %1, expert %2").arg(layer).arg(expert));
    m_subtitle->setText(subtitle);
    setFigure(Ratio, format::ratio(facts.ratio.value), halfOf(facts.ratio, 2));
    setFigure(Share, format::percent(facts.share.value), halfOf(facts.share, 2, 100));
    setFigure(Tokens, std::isfinite(facts.tokens) ? format::count(std::llround(facts.tokens)) : format::unknown(), {});
    setFigure(Gate, format::fixed(facts.gate.value, 3), halfOf(facts.gate, 3));
    setFigure(Reap, facts.hasNorms ? format::significant(facts.reap.value) : format::unknown(),
              std::isfinite(facts.reap.half) && facts.hasNorms
                  ? QStringLiteral("± ") + format::significant(facts.reap.half, 2)
                  : QString());
    setFigure(ReapSum, facts.hasNorms ? format::significant(facts.reapSum, 6) : format::unknown(), {});
    QList<DomainBars::Bar> bars;
    for (const auto& each : facts.domains)
        bars.append({QString::fromStdString(each.name), each.ratio.value, each.ratio.half});
    m_bars->setBars(std::move(bars));
    m_bars->setCurrent(domain);
    QStringList links;
    for (const auto& companion : facts.companions)
        links << QStringLiteral("<a href=\"%1\" style=\"color:%2;text-decoration:none\">E%1</a>&nbsp;%3")
                     .arg(companion.expert)
                     .arg(Theme::color(ColorRole::Accent).name(), format::percent(companion.share, 0));
    m_together->setText(links.isEmpty() ? tr("Not known: no token chose it, or pairs were not collected.")
                                        : links.join(QStringLiteral(" &nbsp; ")));
}

} // namespace espalier::views
