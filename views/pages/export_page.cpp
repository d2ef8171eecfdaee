// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/export_page.h"

#include "core/base/file.h"
#include "views/models/table_text.h"
#include "views/models/validation_data.h"
#include "views/pages/export_bundle.h"
#include "views/pages/export_placement.h"
#include "views/pages/export_texts.h"
#include "views/widgets/labels.h"

#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QtConcurrentRun>

#include <algorithm>

namespace espalier::views {

namespace {

using Found = std::shared_ptr<const Result<ExportFindings>>;

Found runChecks(const QString& model, const base::OrderedJson& document, const QString& folder)
{
    const auto run = [&]() -> Result<ExportFindings> {
        ESPALIER_TRY(const auto opened, model::openModel(model.toStdString()));
        bundle::ExportRequest request;
        ESPALIER_TRY(request.plan, plan::Plan::fromJson(document, {}, opened.summary));
        request.out = folder.toStdString();
        ExportFindings found{bundle::preflight(opened, request), bundle::judgeTargets(opened, request.plan), {}};
        if (opened.checkpoint.gguf() != nullptr && !opened.checkpoint.shards().empty())
            found.gguf =
                QString::fromStdString((opened.checkpoint.folder() / opened.checkpoint.shards().front().file).string());
        return found;
    };
    return std::make_shared<const Result<ExportFindings>>(run());
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
    proposePlace();
    showBundle();
    showCommands();
    if (place() != m_written) // what was just verified stays to be read
        check();
}

/// Plan, kind of target and folder: what a result belongs to.
QString ExportPage::place() const
{
    return QStringList{m_plan->currentText(), isList() ? QStringLiteral("list") : QString(), m_folder->text()}.join(
        QLatin1Char('\n'));
}

void ExportPage::chooseTarget(bundle::Target target)
{
    const bool wasList = isList();
    m_targets->choose(target);
    m_export->setText(isList() ? tr("Save list") : tr("Export"));
    m_place->setText(isList() ? tr("File") : tr("Folder"));
    m_folder->setAccessibleName(m_place->text());
    m_loadHead->setText(tr("Load it with %1").arg(ExportTargetModel::title(target)));
    if (wasList != isList()) {
        m_folderByHand = false; // a folder is no file
        proposePlace();
        check();
    }
    showCommands();
    if (m_found && place() != m_written)
        showChecks();
}

void ExportPage::proposePlace()
{
    if (m_folderByHand || !session())
        return;
    const QFileInfo model(session()->modelFolder());
    const QString place = QFileInfo(model.absolutePath()).isWritable() ? model.absolutePath() : QDir::homePath();
    QString name = model.fileName();
    if (name.endsWith(QLatin1String(".gguf")))
        name.chop(5);
    const QSignalBlocker quiet(m_folder);
    m_folder->setText(place + QLatin1Char('/') + name + QLatin1Char('-') + m_plan->currentText() +
                      (isList() ? QStringLiteral(".json") : QString()));
}

void ExportPage::setFolder(const QString& folder)
{
    m_folderByHand = !folder.isEmpty();
    {
        const QSignalBlocker quiet(m_folder);
        m_folder->setText(folder);
    }
    showBundle();
    showCommands();
    check();
}

QStringList ExportPage::arguments() const
{
    if (isList())
        return {QStringLiteral("plans"),   QStringLiteral("export"), m_plan->currentText(),
                QStringLiteral("--study"), session()->studyPath(),   QStringLiteral("--format"),
                QStringLiteral("vllm"),    QStringLiteral("--out"),  m_folder->text()};
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
    m_written.clear();
    const int run = ++m_run;
    auto* watcher = new QFutureWatcher<Found>(this);
    connect(watcher, &QFutureWatcher<Found>::finished, this, [this, watcher, run] {
        watcher->deleteLater();
        if (run != m_run)
            return;
        m_found = watcher->result();
        if (*m_found)
            m_targets->setReports((*m_found)->targets, !(*m_found)->gguf.isEmpty());
        showBundle();
        showCommands();
        showChecks();
        emit checked();
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

std::vector<ExportCheck> ExportPage::bundleChecks() const
{
    using State = ExportCheck::State;
    std::vector<ExportCheck> checks;
    for (const auto& check : (*m_found)->checks)
        if (!isList() || check.name == "plan and model") // a list needs no empty folder and no room
            checks.push_back({check.ok         ? State::Passed
                              : check.blocking ? State::Failed
                                               : State::Warning,
                              ExportTexts::checkName(QString::fromStdString(check.name)),
                              ExportTexts::found(QString::fromStdString(check.detail))});
    if (isList() && QFileInfo::exists(m_folder->text()))
        checks.push_back({State::Warning, tr("File"), tr("exists and will be replaced")});
    return checks;
}

void ExportPage::showChecks()
{
    using State = ExportCheck::State;
    std::vector<ExportCheck> checks;
    const bool found = m_found->ok();
    if (!found) {
        checks.push_back({State::Failed, tr("Model and plan"), QString::fromStdString(m_found->error().text())});
    } else {
        checks = bundleChecks();
        for (auto& check : m_targets->checks())
            checks.push_back(std::move(check));
        checks.push_back(validationCheck());
        if (!isList()) {
            checks.push_back({State::Waiting, tr("Reopen from disk, byte for byte"), tr("after writing")});
            checks.push_back({State::Waiting, tr("Logits equal the masked base"), tr("after writing, limit 1e-5")});
        }
    }
    m_checks->setChecks(std::move(checks));
    const int failed = m_checks->count(State::Failed);
    m_summary->setText(failed > 0 ? tr("Export is not possible: %1").arg(m_checks->failed().join(QStringLiteral(", ")))
                                  : tr("%1 passed, %2 to judge, %3 after writing")
                                        .arg(m_checks->count(State::Passed))
                                        .arg(m_checks->count(State::Warning))
                                        .arg(m_checks->count(State::Waiting)));
    setTone(m_summary, failed > 0 ? ColorRole::Danger : ColorRole::TextSecond);
    m_export->setEnabled(failed == 0 && found);
    setReadout(m_summary->text());
}

void ExportPage::saveList()
{
    const auto write = [this]() -> Result<void> {
        ESPALIER_TRY(const auto plan, plan::Plan::fromJson(chosen()->document, {}, *session()->model()));
        ESPALIER_TRY(const auto text, exchange::exportPlan(plan, *session()->model(), exchange::PlanForm::Vllm));
        return base::writeFileAtomically(m_folder->text().toStdString(), text.text);
    };
    const auto written = write();
    showError(written ? QString() : QString::fromStdString(written.error().text()));
    if (written)
        setReadout(tr("%1 written").arg(m_folder->text()));
}

void ExportPage::start()
{
    if (isList()) {
        saveList();
        return;
    }
    showError({});
    m_export->setEnabled(false);
    const QString asked = place();
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
    connect(job, &Job::finished, this, [this, job, asked] {
        m_progress->hide();
        m_phase->hide();
        if (job->state() == Job::State::Failed)
            showError(job->errorText());
        if (job->state() != Job::State::Finished || place() != asked) { // or another plan or folder was chosen since
            check();
            return;
        }
        ++m_run; // a check that is still under way would find the folder full
        m_written = asked;
        m_bundle->showResult(job->result());
        showVerification(job->result().value(QLatin1String("verification")).toObject());
    });
}

/// The newest bundle that was written to the folder, when there is one.
void ExportPage::showBundle()
{
    const auto plan = chosen() && session()->model() ? plan::Plan::fromJson(chosen()->document, {}, *session()->model())
                                                     : Result<plan::Plan>(badInput("no plan"));
    m_placement->setVisible(plan.ok());
    if (plan)
        m_placement->setPlan(*plan, *session()->model(), session()->modelFolder(),
                             m_found && *m_found ? (*m_found)->gguf : QString());
    const auto exports = session()->exports();
    const auto found = std::find_if(exports.rbegin(), exports.rend(), [&](const study::ExportRecord& record) {
        const auto folder = record.document.find("directory");
        return folder != record.document.end() && folder->is_string() && *folder == m_folder->text().toStdString();
    });
    if (found == exports.rend())
        m_bundle->clear();
    else
        m_bundle->showResult(QJsonDocument::fromJson(QByteArray::fromStdString(found->document.dump())).object());
}

void ExportPage::showVerification(const QJsonObject& verification)
{
    using State = ExportCheck::State;
    std::vector<ExportCheck> checks;
    for (const auto& value : verification.value(QLatin1String("checks")).toArray()) {
        const QJsonObject check = value.toObject();
        checks.push_back({check.value(QLatin1String("ok")).toBool() ? State::Passed : State::Failed,
                          ExportTexts::checkName(check.value(QLatin1String("name")).toString()),
                          ExportTexts::found(check.value(QLatin1String("detail")).toString())});
    }
    m_checks->setChecks(std::move(checks));
    m_summary->setText(tr("Written and verified: %1 of %2 checks passed")
                           .arg(m_checks->count(State::Passed))
                           .arg(m_checks->rowCount()));
    setTone(m_summary, ColorRole::Passed);
    setReadout(m_summary->text());
}

void ExportPage::showCommands()
{
    const bool known = m_found && *m_found;
    const bool gguf = known && !(*m_found)->gguf.isEmpty();
    bool remote = false;
    if (known)
        for (const auto& report : (*m_found)->targets)
            remote = remote ||
                     std::count(report.findings.begin(), report.findings.end(), bundle::TargetFinding::RemoteCode) > 0;
    m_load->setPlainText(ExportTexts::loadCommand(m_targets->chosen(), m_folder->text(), gguf, remote));
    if (!session())
        return;
    QString shell = ExportTexts::shellCommand(arguments());
    if (!isList())
        shell += ExportTexts::shellCommand(
            {QStringLiteral("verify"), m_folder->text(), QStringLiteral("--against"), session()->modelFolder()});
    m_shell->setPlainText(shell);
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
