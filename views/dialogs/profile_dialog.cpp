// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/dialogs/profile_dialog.h"

#include "views/models/profile_data_model.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"
#include "views/widgets/labels.h"
#include "views/widgets/number_box.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QFutureWatcher>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QtConcurrentRun>

#include <algorithm>
#include <memory>

namespace espalier::views {

namespace {

constexpr int kCountDelay = 250;
/// Above this size tokens are not counted before the run: reading it would be a job of its own.
constexpr qint64 kCountUpTo = qint64(64) << 20;
constexpr double kBytesPerToken = 4;

using Counted = std::shared_ptr<const Result<engine::ProfileEstimate>>;

QStringList textFiles(const QString& path)
{
    const QFileInfo info(path);
    if (!info.isDir())
        return {path};
    QStringList files;
    const QDir dir(path);
    for (const QString& name : dir.entryList({QStringLiteral("*.jsonl"), QStringLiteral("*.txt")}, QDir::Files))
        files << dir.absoluteFilePath(name);
    return files;
}

} // namespace

ProfileDialog::ProfileDialog(Session* session, QWidget* parent)
    : QDialog(parent), m_session(session), m_files(new ProfileDataModel(this)), m_table(new QTableView),
      m_context(new NumberBox), m_maxTokens(new NumberBox), m_statistics(new QComboBox), m_resume(new QCheckBox),
      m_estimate(caption()), m_start(new QPushButton(tr("Start")))
{
    build();
    m_delay.setSingleShot(true);
    m_delay.setInterval(kCountDelay);
    connect(&m_delay, &QTimer::timeout, this, &ProfileDialog::count);
    connect(m_files, &ProfileDataModel::edited, this, &ProfileDialog::changed);
    connect(m_context, &QSpinBox::valueChanged, this, &ProfileDialog::changed);
    connect(m_maxTokens, &QSpinBox::valueChanged, this, &ProfileDialog::changed);
    connect(m_statistics, &QComboBox::currentIndexChanged, this, &ProfileDialog::changed);
    for (const auto& [domain, path] : session->suggestedCalibration())
        m_files->add(path, domain);
    changed();
}

ProfileDialog::~ProfileDialog() = default;

void ProfileDialog::build()
{
    setWindowTitle(tr("New profile"));
    setAcceptDrops(true);
    resize(720, 620);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(grid::kPagePadding, grid::kGroupGap, grid::kPagePadding, grid::kGroupGap);
    column->setSpacing(grid::kInsideGap);
    auto* title = new QLabel(tr("Measure what every expert does on your texts"));
    Theme::setTextStyle(title, TextStyle::Key);
    column->addWidget(title);
    column->addWidget(
        caption(tr("One domain is one kind of text: a language, a task, a customer. Files of the same domain count "
                   "together. A few hundred thousand tokens per domain are plenty.")));
    m_table->setObjectName(QStringLiteral("files"));
    m_table->setAccessibleName(tr("Files and their domains"));
    makePlainTable(m_table);
    m_table->setModel(m_files);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    auto* header = m_table->horizontalHeader();
    header->resizeSection(ProfileDataModel::Domain, 200);
    header->setSectionResizeMode(ProfileDataModel::File, QHeaderView::Stretch);
    header->resizeSection(ProfileDataModel::Size, 90);
    header->resizeSection(ProfileDataModel::Tokens, 90);
    column->addWidget(m_table, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(grid::kInsideGap);
    auto* add = new QPushButton(tr("Add files…"));
    auto* remove = new QPushButton(tr("Remove"));
    auto* all = new QPushButton(tr("All"));
    auto* none = new QPushButton(tr("None"));
    Theme::setLink(all);
    Theme::setLink(none);
    buttons->addWidget(add);
    buttons->addWidget(remove);
    buttons->addStretch(1);
    buttons->addWidget(all);
    buttons->addWidget(none);
    column->addLayout(buttons);
    column->addWidget(rule(Qt::Horizontal));

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(grid::kGroupGap);
    form->setVerticalSpacing(grid::kInsideGap);
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    const auto model = m_session->model();
    const int positions = model && model->maxPositions > 0 ? static_cast<int>(model->maxPositions) : 1 << 20;
    m_context->setRange(1, positions);
    m_context->setValue(m_session->suggestedContext());
    m_context->setSuffix(tr(" tokens"));
    m_maxTokens->setRange(0, 1 << 30);
    m_maxTokens->setSpecialValueText(tr("all"));
    m_maxTokens->setSingleStep(10000);
    m_maxTokens->setSuffix(tr(" tokens"));
    for (NumberBox* box : {m_context, m_maxTokens})
        box->setFixedWidth(160);
    m_statistics->addItem(tr("usual: all scores but leave-one-out, pairs of experts"), QStringLiteral("all"));
    m_statistics->addItem(tr("everything: also a sample through every expert, slower"), QStringLiteral("all,bank"));
    m_statistics->addItem(tr("basic: counts, gates and norms only, a smaller study"), QStringLiteral("basic"));
    m_resume->setText(tr("Go on with the unfinished run of these settings"));
    form->addRow(tr("Window"), m_context);
    form->addRow(tr("Most per domain"), m_maxTokens);
    form->addRow(tr("Collect"), m_statistics);
    column->addLayout(form);
    const auto runs = m_session->runs();
    const bool unfinished =
        std::any_of(runs.begin(), runs.end(), [](const study::RunInfo& run) { return run.state != "finished"; });
    m_resume->setChecked(unfinished);
    m_resume->setVisible(unfinished);
    column->addWidget(m_resume);
    column->addWidget(rule(Qt::Horizontal));
    m_estimate->setMinimumHeight(36);
    column->addWidget(m_estimate);
    auto* last = new QHBoxLayout;
    last->setSpacing(grid::kInsideGap);
    auto* cancel = new QPushButton(tr("Cancel"));
    Theme::setPrimary(m_start);
    m_start->setObjectName(QStringLiteral("start"));
    m_start->setDefault(true);
    last->addStretch(1);
    last->addWidget(cancel);
    last->addWidget(m_start);
    column->addLayout(last);
    connect(add, &QPushButton::clicked, this, &ProfileDialog::addFiles);
    connect(remove, &QPushButton::clicked, this, [this] { m_files->removeAt(m_table->currentIndex().row()); });
    connect(all, &QPushButton::clicked, this, [this] { m_files->setAllUsed(true); });
    connect(none, &QPushButton::clicked, this, [this] { m_files->setAllUsed(false); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_start, &QPushButton::clicked, this, &QDialog::accept);
}

void ProfileDialog::addFiles()
{
    QSettings settings;
    const QString last = settings.value(QStringLiteral("folders/texts")).toString();
    const QStringList files =
        QFileDialog::getOpenFileNames(this, tr("Add texts"), last, tr("Texts (*.txt *.jsonl);;All files (*)"));
    for (const QString& file : files)
        m_files->add(file);
    if (!files.isEmpty())
        settings.setValue(QStringLiteral("folders/texts"), QFileInfo(files.first()).absolutePath());
}

void ProfileDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void ProfileDialog::dropEvent(QDropEvent* event)
{
    for (const QUrl& url : event->mimeData()->urls())
        for (const QString& file : textFiles(url.toLocalFile()))
            m_files->add(file);
}

JobSpec ProfileDialog::spec() const
{
    QStringList arguments{QStringLiteral("profile"), m_session->modelFolder(), QStringLiteral("--study"),
                          m_session->studyPath()};
    for (const QString& file : m_files->arguments())
        arguments << QStringLiteral("--data") << file;
    arguments << QStringLiteral("--context") << QString::number(m_context->value());
    if (m_maxTokens->value() > 0)
        arguments << QStringLiteral("--max-tokens") << QString::number(m_maxTokens->value());
    if (m_statistics->currentData().toString() != QLatin1String("all"))
        arguments << QStringLiteral("--statistics") << m_statistics->currentData().toString();
    if (m_resume->isChecked())
        arguments << QStringLiteral("--resume");
    QSet<QString> domains;
    for (const auto& row : m_files->files())
        if (row.used)
            domains.insert(row.domain);
    return {tr("Profile %n domain(s)", nullptr, static_cast<int>(domains.size())), arguments,
            QStringLiteral("profile")};
}

QString ProfileDialog::estimateText() const
{
    return m_estimate->text();
}

void ProfileDialog::changed()
{
    const QString problem = m_files->problem();
    m_start->setEnabled(problem.isEmpty());
    setTone(m_estimate, problem.isEmpty() ? ColorRole::TextSecond : ColorRole::Warning);
    ++m_token;
    m_files->setTokens({});
    m_counting = problem.isEmpty();
    m_estimate->setText(problem.isEmpty() ? tr("Counting tokens…") : problem);
    if (problem.isEmpty())
        m_delay.start();
    else
        m_delay.stop();
}

void ProfileDialog::count()
{
    qint64 bytes = 0;
    for (const auto& row : m_files->files())
        bytes += row.used ? row.bytes : 0;
    if (bytes > kCountUpTo) {
        m_counting = false;
        m_estimate->setText(tr("About %1 tokens by the size of the files; they are counted when the run begins.")
                                .arg(format::shortCount(static_cast<double>(bytes) / kBytesPerToken)));
        emit counted();
        return;
    }
    engine::ProfileRequest request;
    for (const QString& argument : m_files->arguments())
        if (auto file = tokenizer::parseDataArgument(argument.toStdString()))
            request.data.push_back(std::move(file.value()));
    request.context = m_context->value();
    request.maxTokens = TokenCount(m_maxTokens->value());
    if (auto groups = stats::StatSelection::parse(m_statistics->currentData().toString().toStdString()))
        request.statistics = groups.value();
    auto* watcher = new QFutureWatcher<Counted>(this);
    connect(watcher, &QFutureWatcher<Counted>::finished, this, [this, watcher, token = m_token] {
        watcher->deleteLater();
        if (token == m_token)
            showEstimate(*watcher->result());
    });
    watcher->setFuture(QtConcurrent::run([folder = m_session->modelFolder().toStdString(), request]() -> Counted {
        const auto model = model::openModel(folder);
        if (!model)
            return std::make_shared<const Result<engine::ProfileEstimate>>(model.error());
        return std::make_shared<const Result<engine::ProfileEstimate>>(engine::estimateProfile(*model, request));
    }));
}

/// Tokens per second of the newest finished run on this study; 0 when there is none.
double ProfileDialog::lastRate() const
{
    double rate = 0;
    for (const auto& run : m_session->runs())
        if (!run.imported && run.seconds > 0 && run.tokens > 0)
            rate = static_cast<double>(run.tokens) / run.seconds;
    return rate;
}

void ProfileDialog::showEstimate(const Result<engine::ProfileEstimate>& estimate)
{
    m_counting = false;
    if (!estimate) {
        m_start->setEnabled(false);
        setTone(m_estimate, ColorRole::Danger);
        m_estimate->setText(QString::fromStdString(estimate.error().text()));
        emit counted();
        return;
    }
    QMap<QString, qint64> tokens;
    qint64 all = 0, windows = 0;
    for (const auto& [domain, number] : estimate->tokens) {
        tokens.insert(QString::fromStdString(domain), number);
        all += number;
    }
    for (const auto& [domain, number] : estimate->windows)
        windows += number;
    m_files->setTokens(std::move(tokens));
    const double rate = lastRate();
    m_estimate->setText(tr("%1 tokens in %2 windows; the study grows by about %3. %4")
                            .arg(format::count(all), format::count(windows), format::bytes(estimate->studyBytes),
                                 rate > 0 ? tr("About %1 at the speed of the last run.")
                                                .arg(format::duration(static_cast<double>(all) / rate))
                                          : tr("The run can be cancelled at any time and resumed later.")));
    emit counted();
}

} // namespace espalier::views
