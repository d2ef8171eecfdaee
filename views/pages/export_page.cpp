// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/export_page.h"

#include "views/models/table_text.h"
#include "views/models/validation_data.h"
#include "views/pages/export_texts.h"
#include "views/theme/format.h"
#include "views/widgets/labels.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QJsonArray>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>
#include <QtConcurrentRun>

#include <algorithm>
#include <set>

namespace espalier::views {

namespace {

using Checks = std::shared_ptr<const Result<std::vector<bundle::PreflightCheck>>>;

Checks runChecks(const QString& model, const base::OrderedJson& document, const QString& folder)
{
    const auto run = [&]() -> Result<std::vector<bundle::PreflightCheck>> {
        ESPALIER_TRY(const auto opened, model::openModel(model.toStdString()));
        bundle::ExportRequest request;
        ESPALIER_TRY(request.plan, plan::Plan::fromJson(document, {}, opened.summary));
        request.out = folder.toStdString();
        return bundle::preflight(opened, request);
    };
    return std::make_shared<const Result<std::vector<bundle::PreflightCheck>>>(run());
}

} // namespace

ExportPage::~ExportPage() = default;

QString ExportPage::stateText() const
{
    if (!usable())
        return session() && !session()->plans().empty() ? tr("needs the model") : tr("needs a plan");
    const auto count = static_cast<int>(session()->exports().size());
    return count > 0 ? tr("%n bundle(s) written", nullptr, count) : tr("not written");
}

bool ExportPage::usable() const
{
    return session() && !session()->plans().empty() && !session()->modelFolder().isEmpty();
}

QString ExportPage::keysText() const
{
    return tr("Writes to a temporary folder beside the target, renamed when verified · F5 checks again");
}

void ExportPage::refresh()
{
    if (!usable()) {
        const bool plans = session() && !session()->plans().empty();
        showEmpty(plans ? tr("Only the study is open. Open the model's folder as well to write a cut model.")
                        : tr("A bundle is the model without the experts a plan drops. Make and save a plan first."),
                  plans ? tr("Open…") : tr("Go to the planner"), [this, plans] {
                      if (plans)
                          emit actionRequested(QStringLiteral("open"));
                      else
                          emit pageRequested(QStringLiteral("planner"));
                  });
        return;
    }
    showContent();
    const QString before = m_plan->currentText();
    m_records = session()->plans();
    {
        const QSignalBlocker quiet(m_plan);
        m_plan->clear();
        for (const auto& record : m_records)
            m_plan->addItem(QString::fromStdString(record.name));
        const int still = m_plan->findText(before);
        m_plan->setCurrentIndex(still >= 0 ? still : m_plan->count() - 1);
    }
    choosePlan(m_plan->currentText());
}

const study::PlanRecord* ExportPage::chosen() const
{
    const int index = m_plan->currentIndex();
    return index >= 0 && index < static_cast<int>(m_records.size()) ? &m_records[static_cast<std::size_t>(index)]
                                                                    : nullptr;
}

void ExportPage::choosePlan(const QString& name)
{
    if (const int index = m_plan->findText(name); index >= 0) {
        const QSignalBlocker quiet(m_plan);
        m_plan->setCurrentIndex(index);
    }
    if (!chosen())
        return;
    setSubtitle(m_plan->currentText());
    if (!m_folderByHand) {
        const QFileInfo model(session()->modelFolder());
        const QString place = QFileInfo(model.absolutePath()).isWritable() ? model.absolutePath() : QDir::homePath();
        const QSignalBlocker quiet(m_folder);
        m_folder->setText(place + QLatin1Char('/') + model.fileName() + QLatin1Char('-') + m_plan->currentText());
    }
    showCommands();
    check();
}

void ExportPage::setFolder(const QString& folder)
{
    m_folderByHand = !folder.isEmpty();
    {
        const QSignalBlocker quiet(m_folder);
        m_folder->setText(folder);
    }
    showCommands();
    check();
}

QStringList ExportPage::arguments() const
{
    return {QStringLiteral("export"),  session()->modelFolder(), QStringLiteral("--plan"), m_plan->currentText(),
            QStringLiteral("--study"), session()->studyPath(),   QStringLiteral("--out"),  m_folder->text()};
}

void ExportPage::check()
{
    const auto* record = chosen();
    if (!record || m_folder->text().isEmpty()) {
        m_export->setEnabled(false);
        return;
    }
    const int run = ++m_run;
    auto* watcher = new QFutureWatcher<Checks>(this);
    connect(watcher, &QFutureWatcher<Checks>::finished, this, [this, watcher, run] {
        watcher->deleteLater();
        if (run == m_run)
            showChecks(*watcher->result());
    });
    watcher->setFuture(QtConcurrent::run(runChecks, session()->modelFolder(), record->document, m_folder->text()));
}

ExportCheck ExportPage::validationCheck() const
{
    const auto results = readValidations(session()->validations(), session()->plans());
    const auto found = std::find_if(results.begin(), results.end(),
                                    [&](const ValidatedPlan& plan) { return plan.name == m_plan->currentText(); });
    if (found == results.end())
        return {ExportCheck::State::Warning, tr("Validated"), tr("not validated: the loss is unknown")};
    if (found->stale)
        return {ExportCheck::State::Warning, tr("Validated"), tr("the plan was changed since: validate again")};
    const auto broken = std::count_if(found->domains.begin(), found->domains.end(),
                                      [](const MeasuredDomain& domain) { return domain.breaks(); });
    return {broken > 0 ? ExportCheck::State::Warning : ExportCheck::State::Passed, tr("Validated"),
            tr("%1 of %n domain(s) break; named in the model card", nullptr, static_cast<int>(found->domains.size()))
                .arg(broken)};
}

void ExportPage::showChecks(const Result<std::vector<bundle::PreflightCheck>>& found)
{
    using State = ExportCheck::State;
    std::vector<ExportCheck> checks;
    if (!found) {
        checks.push_back({State::Failed, tr("Model and plan"), QString::fromStdString(found.error().text())});
    } else {
        for (const auto& check : *found)
            checks.push_back({check.ok         ? State::Passed
                              : check.blocking ? State::Failed
                                               : State::Warning,
                              ExportTexts::checkName(QString::fromStdString(check.name)),
                              QString::fromStdString(check.detail)});
        checks.push_back(validationCheck());
        checks.push_back({State::Waiting, tr("Reopen from disk, byte for byte"), tr("after writing")});
        checks.push_back({State::Waiting, tr("Logits equal the masked base"), tr("after writing, limit 1e-5")});
    }
    m_checks->setChecks(std::move(checks));
    const int failed = m_checks->count(State::Failed);
    m_summary->setText(failed > 0 ? tr("Export is not possible: %1").arg(m_checks->failed().join(QStringLiteral(", ")))
                                  : tr("%1 passed, %2 to judge, %3 after writing")
                                        .arg(m_checks->count(State::Passed))
                                        .arg(m_checks->count(State::Warning))
                                        .arg(m_checks->count(State::Waiting)));
    setTone(m_summary, failed > 0 ? ColorRole::Danger : ColorRole::TextSecond);
    m_export->setEnabled(failed == 0 && found.ok());
    setReadout(m_summary->text());
    emit checked();
}

void ExportPage::start()
{
    showError({});
    m_export->setEnabled(false);
    Job* job =
        session()->jobs().start({tr("Export %1").arg(m_plan->currentText()), arguments(), QStringLiteral("export")});
    m_progress->setRange(0, 0);
    m_progress->show();
    m_phase->show();
    connect(job, &Job::changed, this, [this, job] {
        m_progress->setRange(0, job->percent() >= 0 ? 100 : 0);
        m_progress->setValue(static_cast<int>(job->percent()));
        m_phase->setText(job->phase());
    });
    connect(job, &Job::finished, this, [this, job] {
        m_progress->hide();
        m_phase->hide();
        if (job->state() == Job::State::Failed)
            showError(job->errorText());
        if (job->state() != Job::State::Finished) {
            check();
            return;
        }
        ++m_run; // a check that is still under way would find the folder full
        showFiles(job->result());
        showVerification(job->result().value(QLatin1String("verification")).toObject());
    });
}

void ExportPage::showFiles(const QJsonObject& result)
{
    const QJsonArray files = result.value(QLatin1String("files")).toArray();
    m_files->setRowCount(static_cast<int>(files.size()));
    for (int row = 0; row < files.size(); ++row) {
        const QJsonObject file = files[row].toObject();
        auto* size = new QTableWidgetItem(format::count(file.value(QLatin1String("bytes")).toInteger()));
        size->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        auto* hash = new QTableWidgetItem(file.value(QLatin1String("sha256")).toString());
        hash->setFont(Theme::font(TextStyle::Mono));
        m_files->setItem(row, 0, new QTableWidgetItem(file.value(QLatin1String("name")).toString()));
        m_files->setItem(row, 1, size);
        m_files->setItem(row, 2, hash);
    }
    m_filesHead->setText(
        tr("%1 of tensors, predicted %2")
            .arg(
                format::bytes(static_cast<std::uint64_t>(result.value(QLatin1String("bytes")).toInteger())),
                format::bytes(static_cast<std::uint64_t>(result.value(QLatin1String("predicted_bytes")).toInteger()))));
}

void ExportPage::showVerification(const QJsonObject& verification)
{
    using State = ExportCheck::State;
    std::vector<ExportCheck> checks;
    for (const auto& value : verification.value(QLatin1String("checks")).toArray()) {
        const QJsonObject check = value.toObject();
        checks.push_back({check.value(QLatin1String("ok")).toBool() ? State::Passed : State::Failed,
                          ExportTexts::checkName(check.value(QLatin1String("name")).toString()),
                          check.value(QLatin1String("detail")).toString()});
    }
    if (const auto difference = verification.value(QLatin1String("max_abs_logit_difference")); difference.isDouble())
        checks.push_back({State::Passed, tr("Logits equal the masked base"),
                          tr("differ by %1, limit 1e-5").arg(difference.toDouble(), 0, 'g', 2)});
    m_checks->setChecks(std::move(checks));
    m_summary->setText(tr("Written and verified: %1 of %2 checks passed")
                           .arg(m_checks->count(State::Passed))
                           .arg(m_checks->rowCount()));
    setTone(m_summary, ColorRole::Passed);
    setReadout(m_summary->text());
}

void ExportPage::showCommands()
{
    const int engine = std::max(m_engine->checkedId(), 0);
    m_load->setPlainText(ExportTexts::loadCommand(static_cast<ExportTexts::Engine>(engine), m_folder->text()));
    if (session())
        m_shell->setPlainText(ExportTexts::shellCommand(arguments()) +
                              ExportTexts::shellCommand({QStringLiteral("verify"), m_folder->text(),
                                                         QStringLiteral("--against"), session()->modelFolder()}));
}

QString ExportPage::copyText() const
{
    return m_load->toPlainText();
}

QString ExportPage::exportTable(const QString& path)
{
    return writeTable(*m_checks, path);
}

} // namespace espalier::views
