// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/main_window.h"

#include "views/dialogs/profile_dialog.h"
#include "views/jobs/jobs_pane.h"
#include "views/pages/compare_page.h"
#include "views/pages/export_page.h"
#include "views/pages/overview_page.h"
#include "views/pages/planner_page.h"
#include "views/pages/start_page.h"
#include "views/pages/validation_page.h"
#include "views/theme/theme.h"
#include "views/widgets/guide_bar.h"
#include "views/widgets/rail.h"
#include "views/widgets/weight_preview.h"

#include <QAction>
#include <QApplication>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QListView>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>

namespace espalier::studio {
namespace {

constexpr int kLayoutVersion = 1;
constexpr int kShowLoadingAfter = 200;

} // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent), m_session(new views::Session(this))
{
    resize(1440, 900);
    setAcceptDrops(true);
    buildPages();
    buildDocks();
    buildActions();
    buildMenus();
    connect(m_session, &views::Session::modelChanged, this, &MainWindow::updateTitle);
    connect(m_session, &views::Session::modelChanged, this, &MainWindow::updateActions);
    connect(m_session, &views::Session::statisticsChanged, this, &MainWindow::updateActions);
    connect(m_session, &views::Session::opened, this, [this] {
        for (views::Page* page : m_pages)
            page->showError({});
    });
    connect(m_session, &views::Session::failed, this, [this](const QString& text) { currentPage()->showError(text); });
    auto* delay = new QTimer(this);
    delay->setSingleShot(true);
    delay->setInterval(kShowLoadingAfter);
    connect(delay, &QTimer::timeout, m_loading, &QWidget::show);
    connect(m_session, &views::Session::loadingChanged, this, [this, delay](bool loading) {
        if (loading) {
            delay->start();
        } else {
            delay->stop();
            m_loading->hide();
        }
    });
    connect(&m_session->jobs(), &views::JobRunner::jobAdded, this, [this](const views::Job* job) {
        if (!job->spec().unasked) // else it is in the rail, and in the pane when that is open
            m_jobsDock->show();
    });
    connect(&m_session->jobs(), &views::JobRunner::jobFinished, this, &MainWindow::jobFinished);
    QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray(), kLayoutVersion);
    m_jobsDock->hide();
    updateTitle();
    updateActions();
    showIndex(0);
}

MainWindow::~MainWindow() = default;

void MainWindow::buildPages()
{
    auto* centre = new QWidget;
    auto* line = new QHBoxLayout(centre);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    m_start = new views::StartPage(m_session);
    m_overview = new views::OverviewPage(m_session);
    m_planner = new views::PlannerPage(m_session);
    m_validation = new views::ValidationPage(m_session);
    m_export = new views::ExportPage(m_session);
    const auto register_ = [this](const char* key, views::Page* page) {
        m_keys << QLatin1String(key);
        m_pages << page;
    };
    register_("start", m_start);
    register_("overview", m_overview);
    register_("compare", new views::ComparePage(m_session));
    register_("planner", m_planner);
    register_("validation", m_validation);
    register_("export", m_export);
    m_rail = new views::Rail(m_session, m_pages);
    auto* left = new QVBoxLayout;
    left->setSpacing(0);
    left->addWidget(m_rail, 1);
    m_guide = new views::GuideBar(m_session);
    connect(m_guide, &views::GuideBar::stepChosen, this, &MainWindow::guideTo);
    connect(m_guide, &views::GuideBar::closed, this, [this] { m_rail->setFocus(); });
    m_guide->setFixedWidth(m_rail->minimumWidth());
    left->addWidget(m_guide);
    line->addLayout(left);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    m_loading = new QProgressBar;
    m_loading->setRange(0, 0);
    m_loading->setTextVisible(false);
    m_loading->setAccessibleName(tr("Loading"));
    m_loading->hide();
    right->addWidget(m_loading);
    m_stack = new QStackedWidget;
    right->addWidget(m_stack, 1);
    line->addLayout(right, 1);
    setCentralWidget(centre);
    for (views::Page* page : m_pages) {
        m_stack->addWidget(page);
        connect(page, &views::Page::pageRequested, this, &MainWindow::showPage);
        connect(page, &views::Page::actionRequested, this, &MainWindow::runAction);
        connect(page, &views::Page::readoutChanged, this, &MainWindow::updateStatus);
        connect(page, &views::Page::stateChanged, this, &MainWindow::updateActions);
        connect(page, &views::Page::stateChanged, this, &MainWindow::updateStatus);
    }
    connect(m_rail, &views::Rail::pageChosen, this, &MainWindow::showIndex);
    connect(m_planner, &views::PlannerPage::validationRequested, this, [this](const QString& plan) {
        showPage(QStringLiteral("validation"));
        m_validation->preparePlan(plan);
    });
    connect(m_start, &views::StartPage::planRequested, this, [this](int kept) {
        showPage(QStringLiteral("planner"));
        if (m_planner->editor().ready())
            m_planner->editor().setKeepPerLayer(kept);
    });
    m_readout = new QLabel;
    m_readout->setTextFormat(Qt::PlainText);
    m_keysText = new QLabel;
    statusBar()->addWidget(m_readout, 1);
    statusBar()->addPermanentWidget(m_keysText);
    statusBar()->setSizeGripEnabled(false);
}

void MainWindow::buildDocks()
{
    m_jobsDock = new QDockWidget(tr("Jobs"), this);
    m_jobsDock->setObjectName(QStringLiteral("jobsDock"));
    m_jobsDock->setAllowedAreas(Qt::BottomDockWidgetArea | Qt::RightDockWidgetArea);
    m_jobs = new views::JobsPane(&m_session->jobs());
    m_jobsDock->setWidget(m_jobs);
    addDockWidget(Qt::BottomDockWidgetArea, m_jobsDock);
    resizeDocks({m_jobsDock}, {150}, Qt::Vertical);
}

void MainWindow::showIndex(int index)
{
    if (index < 0 || index >= m_pages.size())
        return;
    m_stack->setCurrentIndex(index);
    m_rail->setCurrent(index);
    if (m_pages.at(index) == m_overview)
        m_guide->setSeen();
    updateStatus();
    updateActions();
}

bool MainWindow::showPage(const QString& key)
{
    const auto index = m_keys.indexOf(key);
    if (index < 0)
        return false;
    showIndex(static_cast<int>(index));
    return true;
}

views::Page* MainWindow::currentPage() const
{
    return m_pages.at(m_stack->currentIndex());
}

views::Page* MainWindow::page(const QString& key) const
{
    const auto index = m_keys.indexOf(key);
    return index < 0 ? nullptr : m_pages.at(index);
}

void MainWindow::updateStatus()
{
    m_readout->setText(currentPage()->readout());
    m_keysText->setText(currentPage()->keysText());
}

void MainWindow::updateTitle()
{
    const auto model = m_session->model();
    setWindowTitle(model ? tr("%1 – Espalier Studio").arg(QString::fromStdString(model->name)) : tr("Espalier Studio"));
}

void MainWindow::openSample()
{
    const QString folder = views::sampleModelFolder();
    if (folder.isEmpty())
        currentPage()->showError(tr("The sample was not found beside the program. Set ESPALIER_RESOURCES to its "
                                    "resources folder."));
    else
        m_session->openModel(folder);
}

void MainWindow::showProfileDialog()
{
    if (m_session->modelFolder().isEmpty()) {
        currentPage()->showError(m_session->hasModel()
                                     ? tr("The folder of this study's model is not known. Open the model itself once, "
                                          "then it can be measured.")
                                     : tr("Open a model first."));
        return;
    }
    auto* dialog = new views::ProfileDialog(m_session, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { startProfile(dialog->spec()); });
    dialog->open();
}

void MainWindow::startProfile(const views::JobSpec& spec)
{
    const QString folder = QFileInfo(m_session->studyPath()).absolutePath();
    if (!QDir().mkpath(folder)) {
        currentPage()->showError(tr("The folder %1 for the study could not be made. Open the model with a study in a "
                                    "folder you may write to.")
                                     .arg(folder));
        return;
    }
    m_session->jobs().start(spec);
}

void MainWindow::jobFinished(views::Job* job)
{
    if (job->state() == views::Job::State::Finished && m_session->hasModel() && job == views::weightJob(*m_session))
        views::rememberWeightSpeed(*m_session->model(), job->seconds());
    if (job->state() == views::Job::State::Failed && !job->spec().unasked) // the first look tells by itself
        currentPage()->showError(tr("%1: %2").arg(job->spec().title, job->errorText()));
    if (job->state() == views::Job::State::Finished && job->spec().kind == QLatin1String("profile") &&
        m_stack->currentIndex() == 0)
        showPage(QStringLiteral("overview"));
}

bool MainWindow::mayClose()
{
    views::Job* job = m_session->jobs().running();
    if (job == nullptr || job->spec().unasked)
        return true;
    QMessageBox box(QMessageBox::Question, tr("A job is running"),
                    tr("“%1” is still running. It can go on without the window: the study will hold its result. "
                       "Cancelled, what it has saved so far is kept.")
                        .arg(job->spec().title),
                    QMessageBox::NoButton, this);
    QPushButton* goOn = box.addButton(tr("Close, let it go on"), QMessageBox::AcceptRole);
    QPushButton* cancel = box.addButton(tr("Cancel it and close"), QMessageBox::DestructiveRole);
    QPushButton* stay = box.addButton(tr("Stay"), QMessageBox::RejectRole);
    box.setDefaultButton(stay);
    box.setEscapeButton(stay);
    box.exec();
    if (box.clickedButton() == goOn && m_session->jobs().running() == job) // it may have ended meanwhile
        job->letGo();
    return box.clickedButton() == goOn || box.clickedButton() == cancel;
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!mayClose()) {
        event->ignore();
        return;
    }
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/state"), saveState(kLayoutVersion));
    event->accept();
}

void MainWindow::resetLayout()
{
    m_jobsDock->setFloating(false);
    addDockWidget(Qt::BottomDockWidgetArea, m_jobsDock);
    m_jobsDock->show();
    resizeDocks({m_jobsDock}, {150}, Qt::Vertical);
}

void MainWindow::focusNextArea()
{
    // Rail, page, jobs, and round again.
    QList<QWidget*> areas{m_rail->list(), currentPage()};
    if (m_jobsDock->isVisible())
        areas << m_jobs;
    QWidget* focus = QApplication::focusWidget();
    qsizetype at = -1;
    for (qsizetype i = 0; i < areas.size(); ++i)
        if (focus != nullptr && (areas.at(i) == focus || areas.at(i)->isAncestorOf(focus)))
            at = i;
    QWidget* next = areas.at((at + 1) % areas.size());
    if (next->focusPolicy() == Qt::NoFocus)
        for (QWidget* child : next->findChildren<QWidget*>())
            if (child->isVisibleTo(next) && child->isEnabled() && (child->focusPolicy() & Qt::TabFocus) != 0) {
                next = child;
                break;
            }
    next->setFocus(Qt::TabFocusReason);
}

} // namespace espalier::studio
