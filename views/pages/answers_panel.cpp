// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/answers_panel.h"

#include "views/models/text_difference.h"
#include "views/widgets/labels.h"
#include "views/widgets/number_box.h"

#include <QComboBox>
#include <QFile>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QTextBrowser>

#include <algorithm>

namespace espalier::views {

namespace {

constexpr int kExamplesPerTask = 6;

QString oneLine(const QString& text, int length = 72)
{
    const QString line = text.simplified();
    return line.size() > length ? line.left(length - 1) + QChar(0x2026) : line;
}

QString lines(const QString& text)
{
    return text.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br/>"));
}

} // namespace

AnswersPanel::AnswersPanel(QWidget* parent)
    : QWidget(parent), m_plan(new QComboBox), m_examples(new QComboBox), m_prompt(new QPlainTextEdit),
      m_tokens(new NumberBox), m_ask(new QPushButton(tr("Ask"))), m_view(new QTextBrowser)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid::kInsideGap);
    column->addWidget(
        caption(tr("What the whole model and a plan answer to the same prompt, greedily. Words that only one "
                   "of them says are marked. A few answers prove nothing: they show what a number means.")));
    column->addLayout(buildQuestion());
    m_view->setObjectName(QStringLiteral("answers"));
    m_view->setAccessibleName(tr("Answers side by side"));
    m_view->setOpenLinks(false);
    column->addWidget(m_view, 1);
    connect(m_examples, &QComboBox::activated, this,
            [this] { m_prompt->setPlainText(m_examples->currentData().toString()); });
    connect(m_prompt, &QPlainTextEdit::textChanged, this, &AnswersPanel::showReady);
    connect(m_ask, &QPushButton::clicked, this, &AnswersPanel::ask);
    auto* key = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this);
    key->setWhatsThis(tr("Ask base and plan"));
    key->setContext(Qt::WidgetWithChildrenShortcut);
    connect(key, &QShortcut::activated, this, &AnswersPanel::ask);
    showReady();
    showAnswers();
}

QLayout* AnswersPanel::buildQuestion()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(grid::kGroupGap);
    auto* fields = new QGridLayout;
    fields->setSpacing(grid::kInsideGap);
    const auto add = [&](int line, const QString& title, QWidget* widget) {
        widget->setAccessibleName(title);
        fields->addWidget(new QLabel(title), line, 0);
        fields->addWidget(widget, line, 1);
    };
    m_plan->setObjectName(QStringLiteral("answersPlan"));
    m_examples->setObjectName(QStringLiteral("answersExample"));
    m_examples->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_tokens->setRange(1, 1024);
    m_tokens->setValue(32);
    add(0, tr("Plan"), m_plan);
    add(1, tr("Example"), m_examples);
    add(2, tr("Most tokens"), m_tokens);
    fields->setColumnStretch(1, 1);
    row->addLayout(fields, 2);
    m_prompt->setObjectName(QStringLiteral("answersPrompt"));
    m_prompt->setAccessibleName(tr("Prompt"));
    m_prompt->setPlaceholderText(tr("Prompt"));
    m_prompt->setTabChangesFocus(true);
    m_prompt->setFont(Theme::font(TextStyle::Mono));
    m_prompt->setFixedHeight(3 * 28 + 2 * grid::kInsideGap);
    row->addWidget(m_prompt, 3);
    m_ask->setObjectName(QStringLiteral("answersAsk"));
    Theme::setPrimary(m_ask);
    row->addWidget(m_ask, 0, Qt::AlignBottom);
    return row;
}

void AnswersPanel::setSession(Session* session)
{
    m_session = session;
    const QString before = m_plan->currentText();
    m_plan->clear();
    for (const auto& plan : session->plans())
        m_plan->addItem(QString::fromStdString(plan.name));
    choosePlan(before);
    if (m_model != session->modelFolder()) {
        m_model = session->modelFolder();
        m_answers.clear();
        readExamples();
        showAnswers();
    }
    showReady();
}

void AnswersPanel::readExamples()
{
    m_examples->clear();
    m_expected.clear();
    for (const auto& [name, path] : m_session->suggestedTasks()) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (int i = 0; i < kExamplesPerTask && !file.atEnd(); ++i) {
            const QJsonObject item = QJsonDocument::fromJson(file.readLine(1 << 16)).object();
            const QString prompt = item.value(QLatin1String("prompt")).toString();
            if (prompt.isEmpty() || m_expected.contains(prompt))
                continue;
            m_expected.insert(prompt, item.value(QLatin1String("answer")).toString());
            m_examples->addItem(QStringLiteral("%1: %2").arg(name, oneLine(prompt)), prompt);
        }
    }
    m_examples->setEnabled(m_examples->count() > 0);
    if (m_examples->count() > 0)
        m_prompt->setPlainText(m_examples->itemData(0).toString());
}

void AnswersPanel::choosePlan(const QString& name)
{
    const int index = m_plan->findText(name);
    m_plan->setCurrentIndex(index >= 0 ? index : m_plan->count() - 1);
}

void AnswersPanel::setPrompt(const QString& text)
{
    m_prompt->setPlainText(text);
}

void AnswersPanel::ask()
{
    if (!m_ask->isEnabled())
        return;
    AnswerPair pair;
    pair.prompt = m_prompt->toPlainText();
    pair.plan = m_plan->currentText();
    pair.maxTokens = m_tokens->value();
    pair.expected = m_expected.value(pair.prompt);
    const auto known = std::find_if(m_answers.begin(), m_answers.end(), [&](const AnswerPair& other) {
        return other.baseDone && other.prompt == pair.prompt && other.maxTokens == pair.maxTokens;
    });
    if (known != m_answers.end()) {
        pair.base = known->base;
        pair.baseDone = true;
    }
    m_answers.push_back(pair);
    showAnswers();
    const std::size_t index = m_answers.size() - 1;
    if (!pair.baseDone)
        start(index, true);
    start(index, false);
}

void AnswersPanel::start(std::size_t pair, bool base)
{
    const AnswerPair& asked = m_answers[pair];
    // One word, so that a prompt that begins with a dash is no option.
    QStringList arguments{QStringLiteral("generate"), m_session->modelFolder(),
                          QStringLiteral("--prompt=") + asked.prompt, QStringLiteral("--max-tokens"),
                          QString::number(asked.maxTokens)};
    if (!base)
        arguments << QStringLiteral("--plan") << asked.plan << QStringLiteral("--study") << m_session->studyPath();
    Job* job = m_session->jobs().start(
        {base ? tr("Answer of the base") : tr("Answer of %1").arg(asked.plan), arguments, QStringLiteral("generate")});
    const QString model = m_model;
    const auto end = [this, job, pair, base, model] {
        if (model == m_model && pair < m_answers.size())
            finished(pair, base, *job);
    };
    if (job->state() > Job::State::Cancelling) // it could not even be started
        end();
    else
        connect(job, &Job::finished, this, end);
}

void AnswersPanel::finished(std::size_t pair, bool base, const Job& job)
{
    AnswerPair& answer = m_answers[pair];
    if (job.state() == Job::State::Finished) {
        (base ? answer.base : answer.cut) = job.result().value(QLatin1String("text")).toString();
        (base ? answer.baseDone : answer.cutDone) = true;
    } else if (answer.fault.isEmpty()) {
        answer.fault = job.state() == Job::State::Cancelled ? tr("cancelled") : job.errorText();
    }
    showAnswers();
}

QString AnswersPanel::toHtml(const AnswerPair& pair) const
{
    const auto color = [](ColorRole role) { return Theme::color(role).name(); };
    QString head = QStringLiteral("<p style=\"margin-top:12px\"><span style=\"color:%1\">%2</span> <b>%3</b>")
                       .arg(color(ColorRole::TextSecond), tr("Prompt").toHtmlEscaped(), lines(pair.prompt));
    if (!pair.expected.isEmpty())
        head += QStringLiteral("<br/><span style=\"color:%1\">%2</span> %3")
                    .arg(color(ColorRole::TextSecond), tr("Expected").toHtmlEscaped(), lines(pair.expected));
    head += QStringLiteral("</p>");
    const bool both = pair.baseDone && pair.cutDone;
    const auto [left, right] = both ? textDifference(pair.base, pair.cut)
                                    : std::pair(TextPieces{{pair.base, true}}, TextPieces{{pair.cut, true}});
    const QString waiting =
        QStringLiteral("<i>%1</i>").arg((pair.fault.isEmpty() ? tr("waiting…") : pair.fault).toHtmlEscaped());
    const auto cell = [&](const QString& title, const QString& text) {
        return QStringLiteral(
                   "<td width=\"50%\" style=\"padding-right:16px\"><span style=\"color:%1\">%2</span><br/>%3</td>")
            .arg(color(ColorRole::TextSecond), title.toHtmlEscaped(), text);
    };
    const QString same = !both ? QString()
                         : pair.base == pair.cut
                             ? tr("the same, word for word")
                             : tr("%n place(s) differ", nullptr,
                                  static_cast<int>(std::count_if(right.begin(), right.end(),
                                                                 [](const TextPiece& piece) { return !piece.same; })));
    return head + QStringLiteral("<table width=\"100%\"><tr>") +
           cell(tr("Base"), pair.baseDone ? markedHtml(left, color(ColorRole::Text)) : waiting) +
           cell(same.isEmpty() ? pair.plan : QStringLiteral("%1 · %2").arg(pair.plan, same),
                pair.cutDone ? markedHtml(right, color(ColorRole::Danger)) : waiting) +
           QStringLiteral("</tr></table>");
}

void AnswersPanel::showAnswers()
{
    QString html;
    for (auto pair = m_answers.rbegin(); pair != m_answers.rend(); ++pair)
        html += toHtml(*pair);
    if (html.isEmpty())
        html = QStringLiteral("<p style=\"color:%1\">%2</p>")
                   .arg(Theme::color(ColorRole::TextSecond).name(),
                        tr("Nothing was asked yet. Choose an example or type a prompt, then Ask (Ctrl+Return).")
                            .toHtmlEscaped());
    m_view->setHtml(html);
    emit answersChanged();
}

void AnswersPanel::showReady()
{
    m_ask->setEnabled(m_session && !m_session->modelFolder().isEmpty() && m_plan->count() > 0 &&
                      !m_prompt->toPlainText().isEmpty());
}

QString AnswersPanel::toTsv() const
{
    const auto field = [](QString text) {
        return text.replace(QLatin1Char('\t'), QLatin1Char(' ')).replace(QLatin1Char('\n'), QStringLiteral("\\n"));
    };
    QString text =
        QStringList{tr("Prompt"), tr("Plan"), tr("Base"), tr("Answer")}.join(QLatin1Char('\t')) + QLatin1Char('\n');
    for (const auto& pair : m_answers)
        text += QStringList{field(pair.prompt), pair.plan, field(pair.base), field(pair.cut)}.join(QLatin1Char('\t')) +
                QLatin1Char('\n');
    return text;
}

} // namespace espalier::views
