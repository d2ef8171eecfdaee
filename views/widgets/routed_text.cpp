// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/routed_text.h"

#include "views/models/routed_text_data.h"
#include "views/plots/figure_file.h"
#include "views/theme/format.h"
#include "views/widgets/labels.h"
#include "views/widgets/token_browser.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QEvent>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>

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

QColor ground(std::size_t number, bool dark)
{
    return QColor(QLatin1String(dark ? kDarkGrounds[number] : kLightGrounds[number]));
}

QColor mixed(const QColor& from, const QColor& to, double share)
{
    const auto part = [share](int a, int b) { return static_cast<int>(std::lround(a + share * (b - a))); };
    return {part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue())};
}

/// Ground for a weight of 0 … 1.
QColor weightGround(double gate, bool dark)
{
    const QColor work = Theme::colorOf(ColorRole::Work, dark), accent = Theme::colorOf(ColorRole::Accent, dark);
    return mixed(work, mixed(work, accent, dark ? 0.75 : 0.6), std::min(1.0, 0.25 + 0.75 * gate));
}

} // namespace

RoutedText::RoutedText(QWidget* parent)
    : QWidget(parent), m_text(new QComboBox), m_mode(new QComboBox), m_legend(caption({}, ColorRole::Text)),
      m_browser(new TokenBrowser), m_reading(caption({}, ColorRole::Text)),
      m_caption(caption({}, ColorRole::TextThird)), m_stack(new QStackedWidget), m_missing(caption()),
      m_trace(new QPushButton(tr("Trace the texts…"))), m_again(new QPushButton(tr("Trace again…")))
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(makeText());
    m_stack->addWidget(makeMissing());
    outer->addWidget(m_stack);
    setAccessibleName(tr("Text, coloured by expert"));
    connect(m_text, &QComboBox::currentIndexChanged, this, &RoutedText::rebuild);
    connect(m_mode, &QComboBox::currentIndexChanged, this, &RoutedText::rebuild);
    connect(m_again, &QPushButton::clicked, this, &RoutedText::traceRequested);
    connect(m_trace, &QPushButton::clicked, this, &RoutedText::traceRequested);
    connect(m_legend, &QLabel::linkActivated, this, [this](const QString& link) { emit expertChosen(link.toInt()); });
    connect(m_browser, &TokenBrowser::currentTokenChanged, this, &RoutedText::readToken);
    connect(m_browser, &TokenBrowser::tokenChosen, this, &RoutedText::chooseToken);
    m_browser->setNotes([this](std::size_t token) { return note(token, QStringLiteral("\n")); });
    rebuild();
}

QWidget* RoutedText::makeText()
{
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
    Theme::setLink(m_again);
    row->addWidget(m_again);
    column->addLayout(row);
    m_legend->setTextFormat(Qt::RichText);
    m_legend->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_legend->setAccessibleName(tr("Most chosen experts of the text"));
    column->addWidget(m_legend);
    m_browser->setFrameShape(QFrame::NoFrame);
    m_browser->setObjectName(QStringLiteral("routedTokens"));
    m_browser->setAccessibleName(tr("Text, coloured by expert"));
    m_browser->document()->setDocumentMargin(grid::kInsideGap);
    column->addWidget(m_browser, 1);
    column->addWidget(m_reading);
    column->addWidget(m_caption);
    return shown;
}

QWidget* RoutedText::makeMissing()
{
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
    return nothing;
}

void RoutedText::setSample(std::shared_ptr<const stats::RoutingSample> sample, const QString& problem)
{
    if (sample == m_sample && problem == m_problem)
        return;
    m_sample = std::move(sample);
    m_problem = problem;
    m_shown = -1;
    {
        const QSignalBlocker quiet(m_text);
        m_text->clear();
        if (m_sample) {
            const QStringList names = textNames(*m_sample);
            for (qsizetype i = 0; i < names.size(); ++i)
                m_text->addItem(names.at(i),
                                QString::fromStdString(m_sample->texts[static_cast<std::size_t>(i)].domain));
        }
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

void RoutedText::setCanTrace(bool can)
{
    m_canTrace = can;
    m_trace->setVisible(can);
    m_again->setVisible(can);
    rebuild();
}

void RoutedText::showDomain(const QString& domain)
{
    if (m_text->currentData().toString() == domain)
        return;
    if (const int text = m_text->findData(domain); text >= 0)
        m_text->setCurrentIndex(text);
}

void RoutedText::showText(int text)
{
    m_text->setCurrentIndex(text);
}

void RoutedText::showMissing(const QString& text)
{
    m_shown = -1;
    m_missing->setText(m_canTrace ? text : text + QLatin1Char(' ') + tr("Open the model’s folder to trace its texts."));
    m_stack->setCurrentIndex(1);
    setFocusProxy(m_trace);
}

QString RoutedText::missing() const
{
    return m_stack->currentIndex() == 1 ? m_missing->text() : QString();
}

const stats::SampleText& RoutedText::text() const
{
    return m_sample->texts[static_cast<std::size_t>(m_text->currentIndex())];
}

std::size_t RoutedText::layer() const
{
    return static_cast<std::size_t>(m_sample->positionOf(LayerIndex(m_layer)));
}

bool RoutedText::byWeight() const
{
    return m_mode->currentData().toInt() == ByWeight;
}

QString RoutedText::note(std::size_t token, const QString& between) const
{
    QStringList lines{visibleToken(text().tokens[token])};
    const auto k = static_cast<std::size_t>(m_sample->topK);
    for (std::size_t i = token * k; i < (token + 1) * k; ++i)
        lines << tr("expert %1, weight %2")
                     .arg(text().experts[layer()][i])
                     .arg(format::fixed(static_cast<double>(text().gates[layer()][i]), 3));
    return lines.join(between);
}

std::function<TokenLook(std::size_t)> RoutedText::looks(bool dark) const
{
    const auto leading = leadingExperts(text(), layer(), m_sample->topK, kGrounds);
    return [this, dark, leading](std::size_t token) {
        TokenLook look;
        const auto gate = static_cast<double>(gateOf(text(), layer(), m_sample->topK, token, m_expert));
        look.underlined = gate > 0;
        if (byWeight()) {
            if (gate > 0)
                look.ground = weightGround(gate, dark);
            return look;
        }
        const int first = text().experts[layer()][token * static_cast<std::size_t>(m_sample->topK)];
        for (std::size_t n = 0; n < leading.size(); ++n)
            if (leading[n].expert == first)
                look.ground = ground(n, dark);
        return look;
    };
}

QString RoutedText::legend(bool dark) const
{
    if (byWeight())
        return tr("The stronger the ground, the larger the weight given to expert %1; no ground: not chosen.")
            .arg(m_expert);
    QStringList parts;
    const auto tokens = static_cast<double>(text().tokens.size());
    std::size_t n = 0;
    for (const TextExpert& each : leadingExperts(text(), layer(), m_sample->topK, kGrounds))
        parts << QStringLiteral("<a href=\"%1\" style=\"text-decoration:none;color:%2;background-color:%3\">"
                                "&nbsp;E%1&nbsp;%4&nbsp;</a>")
                     .arg(each.expert)
                     .arg(Theme::colorOf(ColorRole::Text, dark).name(), ground(n++, dark).name(),
                          format::percent(each.tokens / tokens, 0));
    return (parts << tr("others: no ground")).join(QStringLiteral(" &nbsp;"));
}

int RoutedText::taken() const
{
    int count = 0;
    for (std::size_t token = 0; token < text().tokens.size(); ++token)
        count += gateOf(text(), layer(), m_sample->topK, token, m_expert) > 0;
    return count;
}

QString RoutedText::captionText() const
{
    QString words = tr("Layer %1. Underlined: expert %2 is among the %3 that a token chose; %4 of %5 tokens. "
                       "Association, not cause.")
                        .arg(m_layer)
                        .arg(m_expert)
                        .arg(m_sample->topK)
                        .arg(format::count(taken()), format::count(static_cast<std::int64_t>(text().tokens.size())));
    if (!m_sample->plan.empty())
        words += QLatin1Char(' ') + tr("Traced under the plan %1.").arg(QString::fromStdString(m_sample->plan));
    return words;
}

void RoutedText::rebuild()
{
    if (!m_sample) {
        showMissing(!m_problem.isEmpty()
                        ? m_problem
                        : tr("No text was traced yet. A trace runs some hundred tokens of every domain through the "
                             "model and remembers which experts each one chose. It holds the texts themselves and "
                             "lies in a file of its own beside the study."));
        return;
    }
    if (m_sample->positionOf(LayerIndex(m_layer)) < 0 || m_text->currentIndex() < 0) {
        showMissing(tr("Layer %1 was not traced.").arg(m_layer));
        return;
    }
    m_stack->setCurrentIndex(0);
    setFocusProxy(m_browser);
    if (m_shown != m_text->currentIndex()) { // otherwise the place in the text stays
        m_shown = m_text->currentIndex();
        m_browser->setTokens(text().tokens);
    }
    m_browser->setLooks(looks(Theme::isDark()));
    m_legend->setText(legend(Theme::isDark()));
    m_caption->setText(captionText());
    readToken();
}

void RoutedText::readToken()
{
    const int token = m_browser->currentToken();
    const QString words = token < 0 ? QString() : note(static_cast<std::size_t>(token), QStringLiteral(" · "));
    m_reading->setText(words);
    m_browser->setAccessibleDescription(words);
}

void RoutedText::chooseToken(int token)
{
    emit expertChosen(
        text().experts[layer()][static_cast<std::size_t>(token) * static_cast<std::size_t>(m_sample->topK)]);
}

QString RoutedText::toTsv() const
{
    if (!missing().isEmpty() || !m_sample)
        return {};
    return routedTextTsv(*m_sample, static_cast<std::size_t>(m_text->currentIndex()), layer());
}

QString RoutedText::exportFigure(const QString& path) const
{
    if (!missing().isEmpty() || !m_sample)
        return missing();
    constexpr int kWidth = 800;
    QTextDocument document;
    document.setDocumentMargin(grid::kColumnGap);
    document.setDefaultFont(Theme::font(TextStyle::Body));
    QTextCursor cursor(&document);
    QTextCharFormat plain;
    plain.setForeground(Theme::colorOf(ColorRole::TextSecond, false));
    cursor.insertText(m_text->currentText(), plain);
    cursor.insertBlock();
    cursor.insertHtml(legend(false));
    cursor.insertBlock();
    const auto begins = appendTokens(document, text().tokens, Theme::colorOf(ColorRole::Text, false));
    colourTokens(document, begins, looks(false));
    cursor.movePosition(QTextCursor::End);
    cursor.insertBlock();
    cursor.insertText(captionText(), plain);
    document.setTextWidth(kWidth);
    const QSize size(kWidth, static_cast<int>(std::ceil(document.size().height())));
    return writePainting({size, m_text->currentText(), captionText(),
                          [&](QPainter& painter, bool) {
                              painter.fillRect(QRect(QPoint(), size), Theme::colorOf(ColorRole::Work, false));
                              document.drawContents(&painter);
                          }},
                         path);
}

void RoutedText::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_shown = -1; // the text has the theme's colour
        rebuild();
    }
}

} // namespace espalier::views
