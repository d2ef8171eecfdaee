// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/routed_text.h"

#include "views/models/routed_text_data.h"
#include "views/theme/format.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QEvent>
#include <QPushButton>
#include <QStackedWidget>
#include <QTextBrowser>
#include <QTextCursor>

#include <algorithm>
#include <cmath>

namespace espalier::views {

namespace {

enum Mode { ByFirst, ByWeight };

/// Grounds for the most frequent experts. The legend names them, since eight colours cannot be told apart by everyone.
constexpr const char* kLightGrounds[] = {"#CFE3F5", "#FAD9B8", "#D3E8C4", "#E6D3F0",
                                         "#F6E79B", "#BFE9E6", "#F6C9D6", "#DBD6CA"};
constexpr const char* kDarkGrounds[] = {"#1F4668", "#6B4013", "#33531F", "#513166",
                                        "#5C4F0E", "#12504C", "#662E40", "#4C483E"};
constexpr std::size_t kGrounds = std::size(kLightGrounds);

QColor ground(std::size_t number)
{
    return QColor(QLatin1String(Theme::isDark() ? kDarkGrounds[number] : kLightGrounds[number]));
}

QColor mixed(const QColor& from, const QColor& to, double share)
{
    const auto part = [share](int a, int b) { return static_cast<int>(std::lround(a + share * (b - a))); };
    return {part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue())};
}

} // namespace

RoutedText::RoutedText(QWidget* parent)
    : QWidget(parent), m_text(new QComboBox), m_mode(new QComboBox), m_legend(caption({}, ColorRole::Text)),
      m_browser(new QTextBrowser), m_caption(caption({}, ColorRole::TextThird)), m_stack(new QStackedWidget),
      m_missing(caption()), m_trace(new QPushButton(tr("Trace the texts…")))
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* shown = new QWidget;
    auto* column = new QVBoxLayout(shown);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid::kInsideGap);
    auto* row = new QHBoxLayout;
    row->setSpacing(grid::kInsideGap);
    m_text->setAccessibleName(tr("Traced text"));
    m_text->setMinimumWidth(220);
    m_mode->setAccessibleName(tr("Colour of the tokens"));
    m_mode->addItem(tr("Expert that a token chose first"), ByFirst);
    m_mode->addItem(tr("Weight given to the expert under the cursor"), ByWeight);
    row->addWidget(m_text);
    row->addWidget(m_mode);
    row->addStretch(1);
    auto* again = new QPushButton(tr("Trace again…"));
    Theme::setLink(again);
    row->addWidget(again);
    column->addLayout(row);
    m_legend->setTextFormat(Qt::RichText);
    m_legend->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    column->addWidget(m_legend);
    m_browser->setOpenLinks(false);
    m_browser->setFrameShape(QFrame::NoFrame);
    m_browser->setAccessibleName(tr("Text, coloured by expert"));
    m_browser->document()->setDocumentMargin(grid::kInsideGap);
    column->addWidget(m_browser, 1);
    column->addWidget(m_caption);
    m_stack->addWidget(shown);

    auto* nothing = new QWidget;
    auto* centre = new QVBoxLayout(nothing);
    m_missing->setAlignment(Qt::AlignCenter);
    Theme::setTextStyle(m_missing, TextStyle::Body, ColorRole::TextSecond);
    Theme::setPrimary(m_trace);
    centre->addStretch(2);
    centre->addWidget(m_missing);
    centre->addSpacing(grid::kGroupGap);
    centre->addWidget(m_trace, 0, Qt::AlignHCenter);
    centre->addStretch(3);
    m_stack->addWidget(nothing);
    outer->addWidget(m_stack);

    connect(m_text, &QComboBox::currentIndexChanged, this, &RoutedText::rebuild);
    connect(m_mode, &QComboBox::currentIndexChanged, this, &RoutedText::rebuild);
    connect(again, &QPushButton::clicked, this, &RoutedText::traceRequested);
    connect(m_trace, &QPushButton::clicked, this, &RoutedText::traceRequested);
    connect(m_legend, &QLabel::linkActivated, this, [this](const QString& link) { emit expertChosen(link.toInt()); });
    connect(m_browser, &QTextBrowser::anchorClicked, this,
            [this](const QUrl& link) { emit expertChosen(link.toString().toInt()); });
    rebuild();
}

void RoutedText::setSample(std::shared_ptr<const stats::RoutingSample> sample, const QString& problem)
{
    if (sample == m_sample && problem == m_problem)
        return;
    m_sample = std::move(sample);
    m_problem = problem;
    {
        const QSignalBlocker quiet(m_text);
        m_text->clear();
        if (m_sample)
            for (const stats::SampleText& text : m_sample->texts)
                m_text->addItem(textName(text), QString::fromStdString(text.domain));
    }
    rebuild();
}

void RoutedText::setCell(int layer, int expert)
{
    if (layer == m_layer && expert == m_expert)
        return;
    m_layer = layer;
    m_expert = expert;
    rebuild();
}

bool RoutedText::showDomain(const QString& domain)
{
    if (m_text->currentData().toString() == domain)
        return true;
    const int text = m_text->findData(domain);
    if (text >= 0)
        m_text->setCurrentIndex(text);
    return text >= 0;
}

void RoutedText::showText(int text)
{
    m_text->setCurrentIndex(text);
}

void RoutedText::showMissing(const QString& text)
{
    m_missing->setText(text);
    m_stack->setCurrentIndex(1);
}

QString RoutedText::missing() const
{
    return m_stack->currentIndex() == 1 ? m_missing->text() : QString();
}

QString RoutedText::tokenTip(const stats::SampleText& text, std::size_t layer, std::size_t token) const
{
    QStringList lines{visibleToken(text.tokens[token])};
    const auto k = static_cast<std::size_t>(m_sample->topK);
    for (std::size_t i = token * k; i < (token + 1) * k; ++i)
        lines << tr("expert %1, weight %2")
                     .arg(text.experts[layer][i])
                     .arg(format::fixed(static_cast<double>(text.gates[layer][i]), 3));
    return lines.join(QLatin1Char('\n'));
}

void RoutedText::rebuild()
{
    if (!m_sample) {
        showMissing(!m_problem.isEmpty()
                        ? m_problem
                        : tr("No text was traced yet. A trace runs some hundred tokens of every domain "
                             "through the model and remembers which experts each one chose. It holds "
                             "the texts themselves and lies in a file of its own beside the study."));
        return;
    }
    const int position = m_sample->positionOf(LayerIndex(m_layer));
    if (position < 0 || m_text->currentIndex() < 0) {
        showMissing(tr("Layer %1 was not traced.").arg(m_layer));
        return;
    }
    m_stack->setCurrentIndex(0);
    const auto layer = static_cast<std::size_t>(position);
    const stats::SampleText& text = m_sample->texts[static_cast<std::size_t>(m_text->currentIndex())];
    const auto leading = leadingExperts(text, layer, m_sample->topK, kGrounds);
    const bool byWeight = m_mode->currentData().toInt() == ByWeight;
    const QColor work = Theme::color(ColorRole::Work), accent = Theme::color(ColorRole::Accent);
    const QColor strongest = mixed(work, accent, Theme::isDark() ? 0.75 : 0.6);
    int taken = 0;
    QTextDocument* document = m_browser->document();
    document->clear();
    QTextCursor cursor(document);
    QTextCharFormat plain;
    plain.setFont(Theme::font(TextStyle::Mono));
    plain.setForeground(Theme::color(ColorRole::Text));
    plain.setAnchor(true);
    cursor.beginEditBlock();
    QTextBlockFormat block;
    block.setLineHeight(150, QTextBlockFormat::ProportionalHeight);
    cursor.setBlockFormat(block);
    for (std::size_t i = 0; i < text.tokens.size(); ++i) {
        const int first = text.experts[layer][i * static_cast<std::size_t>(m_sample->topK)];
        const double gate = static_cast<double>(gateOf(text, layer, m_sample->topK, i, m_expert));
        taken += gate > 0;
        QTextCharFormat style = plain;
        style.setAnchorHref(QString::number(first));
        style.setToolTip(tokenTip(text, layer, i));
        if (byWeight) {
            if (gate > 0)
                style.setBackground(mixed(work, strongest, std::min(1.0, 0.25 + 0.75 * gate)));
        } else {
            for (std::size_t n = 0; n < leading.size(); ++n)
                if (leading[n].expert == first)
                    style.setBackground(ground(n));
        }
        if (gate > 0) {
            style.setUnderlineStyle(QTextCharFormat::SingleUnderline);
            style.setUnderlineColor(accent);
        }
        cursor.insertText(QString::fromStdString(text.tokens[i]), style);
    }
    cursor.endEditBlock();
    m_browser->moveCursor(QTextCursor::Start);

    QStringList legend;
    const auto tokens = static_cast<double>(text.tokens.size());
    if (byWeight) {
        legend << tr("The darker, the larger the weight given to expert %1; no ground: not chosen.").arg(m_expert);
    } else {
        for (std::size_t n = 0; n < leading.size(); ++n)
            legend << QStringLiteral("<a href=\"%1\" style=\"text-decoration:none;color:%2;background-color:%3\">"
                                     "&nbsp;E%1&nbsp;%4&nbsp;</a>")
                          .arg(leading[n].expert)
                          .arg(Theme::color(ColorRole::Text).name(), ground(n).name(),
                               format::percent(leading[n].tokens / tokens, 0));
        legend << tr("others: no ground");
    }
    m_legend->setText(legend.join(QStringLiteral(" &nbsp;")));
    m_caption->setText(tr("Layer %1. Underlined: expert %2 is among the %3 that a token chose; %4 of %5 tokens. "
                          "Association, not cause.")
                           .arg(m_layer)
                           .arg(m_expert)
                           .arg(m_sample->topK)
                           .arg(format::count(taken), format::count(static_cast<std::int64_t>(text.tokens.size()))));
    if (!m_sample->plan.empty())
        m_caption->setText(m_caption->text() + QLatin1Char(' ') +
                           tr("Traced under the plan %1.").arg(QString::fromStdString(m_sample->plan)));
}

QColor RoutedText::colourOf(int token) const
{
    if (!missing().isEmpty() || !m_sample)
        return {};
    const stats::SampleText& text = m_sample->texts[static_cast<std::size_t>(m_text->currentIndex())];
    int at = 0;
    for (int i = 0; i < token; ++i)
        at += static_cast<int>(QString::fromStdString(text.tokens[static_cast<std::size_t>(i)]).size());
    QTextCursor cursor(m_browser->document());
    cursor.setPosition(at + 1); // the format of the letter before
    const QBrush brush = cursor.charFormat().background();
    return brush.style() == Qt::NoBrush ? QColor() : brush.color();
}

QString RoutedText::toTsv() const
{
    if (!missing().isEmpty() || !m_sample)
        return {};
    return routedTextTsv(*m_sample, static_cast<std::size_t>(m_text->currentIndex()),
                         static_cast<std::size_t>(m_sample->positionOf(LayerIndex(m_layer))));
}

void RoutedText::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        rebuild();
}

} // namespace espalier::views
