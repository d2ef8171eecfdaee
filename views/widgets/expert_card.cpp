// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/expert_card.h"

#include "views/models/routed_text_data.h"
#include "views/plan/method_texts.h"
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

QString expertLinks(const std::vector<std::pair<int, QString>>& experts)
{
    QStringList links;
    for (const auto& [expert, note] : experts)
        links << QStringLiteral("<a href=\"%1\" style=\"color:%2;text-decoration:none\">E%1</a>&nbsp;%3")
                     .arg(expert)
                     .arg(Theme::color(ColorRole::Accent).name(), note);
    return links.join(QStringLiteral(" &nbsp; "));
}

QString mono(const QString& text, ColorRole color = ColorRole::Text)
{
    return QStringLiteral("<span style=\"font-family:'%1';color:%2\">%3</span>")
        .arg(Theme::font(TextStyle::Mono).family(), Theme::color(color).name(), text.toHtmlEscaped());
}

QString halfOf(const Estimate& estimate, int decimals, double scale = 1)
{
    return std::isfinite(estimate.half) ? format::plusMinus(scale * estimate.half, decimals) : QString();
}

} // namespace

ExpertCard::ExpertCard(QWidget* parent)
    : QWidget(parent), m_body(new QWidget), m_hint(caption(tr("Choose an expert in the map, by click or arrow keys."))),
      m_title(new QLabel), m_subtitle(caption()), m_warning(caption({}, ColorRole::Warning)),
      m_figures(new QGridLayout), m_bars(new DomainBars), m_together(nullptr), m_likeBasis(nullptr), m_like(nullptr),
      m_tokensOf(nullptr), m_tokens(nullptr), m_places(nullptr), m_ranks(nullptr)
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
    QLabel* aside = nullptr;
    m_tokens = addSection(tr("Tokens it takes"), &m_tokensOf);
    m_places = caption({}, ColorRole::Text);
    m_places->setTextFormat(Qt::RichText);
    column->addWidget(m_places);
    m_together = addSection(tr("Chosen together with"), &aside);
    aside->setText(tr("share of its tokens"));
    m_like = addSection(tr("Experts like it"), &m_likeBasis);
    m_ranks = addSection(tr("Rank by score"), &aside);
    aside->setText(tr("1 = first to keep"));
    for (QLabel* links : {m_together, m_like, m_tokens})
        links->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    connect(m_like, &QLabel::linkActivated, this, [this](const QString& link) { emit expertChosen(link.toInt()); });
    connect(m_tokens, &QLabel::linkActivated, this, &ExpertCard::traceRequested);
    connect(m_bars, &DomainBars::chosen, this, &ExpertCard::domainChosen);
    connect(m_together, &QLabel::linkActivated, this, [this](const QString& link) { emit expertChosen(link.toInt()); });
    showNothing();
}

QLabel* ExpertCard::addSection(const QString& head, QLabel** aside)
{
    auto* column = static_cast<QBoxLayout*>(m_body->layout());
    column->addWidget(rule(Qt::Horizontal));
    auto* line = new QHBoxLayout;
    line->addWidget(sectionHead(head), 0, Qt::AlignTop);
    *aside = caption();
    Theme::setTextStyle(*aside, TextStyle::Label, ColorRole::TextSecond);
    (*aside)->setAlignment(Qt::AlignRight | Qt::AlignTop);
    line->addWidget(*aside, 1); // wraps where a language needs more words
    column->addLayout(line);
    auto* body = caption({}, ColorRole::Text);
    body->setTextFormat(Qt::RichText);
    column->addWidget(body);
    return body;
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
    std::vector<std::pair<int, QString>> links;
    for (const auto& companion : facts.companions)
        links.emplace_back(companion.expert, format::percent(companion.share, 0));
    m_together->setText(links.empty() ? tr("Not known: no token chose it, or pairs were not collected.")
                                      : expertLinks(links));
}

void ExpertCard::showTokens(const stats::RoutingSample* sample, const stats::ExpertSample& found, bool canTrace)
{
    m_places->setVisible(sample != nullptr && !found.strongest.empty());
    if (sample == nullptr) {
        m_tokensOf->clear();
        m_tokens->setText(canTrace ? tr("Not traced. <a href=\"trace\" style=\"color:%1\">Trace texts…</a>")
                                         .arg(Theme::color(ColorRole::Accent).name())
                                   : tr("Not traced."));
        return;
    }
    m_tokensOf->setText(tr("%1 of %2 traced").arg(format::count(found.taken), format::count(found.tokens)));
    QStringList kinds;
    for (const stats::TakenToken& kind : found.kinds)
        kinds << mono(visibleToken(kind.text)) + QStringLiteral("&nbsp;<span style=\"color:%1\">%2/%3</span>")
                                                     .arg(Theme::color(ColorRole::TextSecond).name())
                                                     .arg(kind.taken)
                                                     .arg(kind.seen);
    m_tokens->setText(kinds.isEmpty() ? tr("None of the traced tokens chose it.")
                                      : kinds.join(QStringLiteral(" &nbsp; ")));
    QStringList places;
    constexpr int kLetters = 14;
    for (const stats::Occurrence& place : found.strongest) {
        const TokenContext words = contextOf(sample->texts[place.text], place.token, kLetters);
        places << mono(QStringLiteral("…") + words.before, ColorRole::TextSecond) +
                      QStringLiteral("<b>%1</b>").arg(mono(words.token, ColorRole::Accent)) +
                      mono(words.after + QStringLiteral("…"), ColorRole::TextSecond) +
                      QStringLiteral("&nbsp;%1").arg(format::fixed(static_cast<double>(place.gate), 2));
    }
    m_places->setText(tr("Largest weights:") + QStringLiteral("<br>") + places.join(QStringLiteral("<br>")));
}

void ExpertCard::showRelations(const std::vector<MethodRank>& ranks, ExpertLikeness::Basis basis,
                               const std::vector<LikeExpert>& like, bool waiting)
{
    std::vector<std::pair<int, QString>> links;
    for (const LikeExpert& each : like)
        links.emplace_back(each.expert, format::fixed(each.likeness, 2));
    m_likeBasis->setText(basis == ExpertLikeness::Basis::Outputs  ? tr("cosine of mean outputs")
                         : basis == ExpertLikeness::Basis::Router ? tr("correlation in the router")
                                                                  : QString());
    m_like->setText(waiting         ? QStringLiteral("…")
                    : links.empty() ? tr("Not known: no token chose it, or outputs were not collected.")
                                    : expertLinks(links));
    QString rows;
    for (const MethodRank& rank : ranks)
        rows += QStringLiteral("<tr><td>%1</td><td align=\"right\">&nbsp;&nbsp;%2</td></tr>")
                    .arg(methodTitle(rank.method).toHtmlEscaped(),
                         rank.rank > 0 ? tr("%1 of %2").arg(rank.rank).arg(rank.of) : format::unknown());
    m_ranks->setText(rows.isEmpty() ? tr("Not known yet.")
                                    : QStringLiteral("<table width=\"100%\">%1</table>").arg(rows));
}

} // namespace espalier::views
