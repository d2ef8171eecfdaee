// SPDX-License-Identifier: GPL-3.0-or-later
// The window: menu, rail, pages, status line, jobs dock. Owns the session; pages do the rest.
#pragma once

#include "views/session/session.h"

#include <QHash>
#include <QList>
#include <QMainWindow>

class QLabel;
class QMenu;
class QProgressBar;
class QStackedWidget;

namespace espalier::views {
class ExportPage;
class GuideBar;
class JobsPane;
class OverviewPage;
class Page;
class PlannerPage;
class Rail;
class StartPage;
class ValidationPage;
struct PaletteEntry;
} // namespace espalier::views

namespace espalier::studio {

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] views::Session& session() { return *m_session; }
    /// "start", "overview", "compare", "planner", "validation", "export"; false for another word.
    bool showPage(const QString& key);
    [[nodiscard]] views::Page* currentPage() const;
    [[nodiscard]] views::Page* page(const QString& key) const;
    [[nodiscard]] QStringList pageKeys() const { return m_keys; }
    [[nodiscard]] QAction* action(const QString& key) const { return m_actions.value(key); }
    void open(const QString& path) { m_session->open(path); }
    void openSample();
    void showProfileDialog();
    /// Everything the window can do, found by typing.
    void showPalette();
    void showShortcuts();
    /// The first steps under the rail; Help shows them again after they were closed.
    [[nodiscard]] views::GuideBar* guide() const { return m_guide; }
    /// The expert in the overview's map; false when the study has none of that layer and number.
    bool showExpert(int layer, int expert);
    /// Makes the study's folder when it is missing, then runs the job.
    void startProfile(const views::JobSpec& spec);
    /// Scores that need no texts, as a job.
    void scoreWeights();
    /// The same without being asked, where views::wantsWeightScores() and the user's settings say so.
    void beginFirstLook();
    /// Some hundred tokens of every domain, as a job; files are asked for where those of the study are not there.
    void traceTexts();
    void startTrace(const std::vector<std::pair<QString, QString>>& texts);
    /// Files and a domain name are asked for; the rest is a job.
    void importStatistics();
    void startImport(const QStringList& files, const QString& domain);
    /// PDF when the name ends so, else HTML. Ends with reportFinished.
    void writeReport(const QString& path);

signals:
    /// A language was chosen ("" = the desktop's): the owner makes the window anew in it. Never while a job runs or a
    /// plan has unsaved steps.
    void languageChosen(const QString& code);
    /// `fault` is empty when the report was written.
    void reportFinished(const QString& path, const QString& fault);

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildPages();
    void buildDocks();
    void guideTo(int step);
    void buildActions();
    void buildMenus();
    void buildLanguageMenu(QMenu* view);
    void chooseLanguage(const QString& code);
    QAction* add(const QString& key, const QString& text, const QKeySequence& shortcut, const QString& tip,
                 const std::function<void()>& run);
    void showIndex(int index);
    void updateStatus();
    void updateTitle();
    void updateActions();
    void chooseModel();
    void buildRecentMenu(QMenu* file);
    void fillRecentMenu();
    void chooseStudy();
    void copy();
    void exportFigure();
    void exportTable();
    void chooseReport();
    void focusNextArea();
    void runAction(const QString& key);
    void jobFinished(views::Job* job);
    void resetLayout();
    [[nodiscard]] QList<views::PaletteEntry> paletteEntries();
    [[nodiscard]] QList<views::PaletteEntry> spokenEntries(const QString& typed);
    [[nodiscard]] bool mayClose();
    void addFirstLookAction();
    [[nodiscard]] views::JobSpec weightsSpec(bool unasked) const;

    views::Session* m_session;
    views::Rail* m_rail = nullptr;
    views::GuideBar* m_guide = nullptr;
    views::JobsPane* m_jobs = nullptr;
    QDockWidget* m_jobsDock = nullptr;
    QStackedWidget* m_stack = nullptr;
    QProgressBar* m_loading = nullptr;
    QMenu* m_recentMenu = nullptr;
    QLabel* m_readout = nullptr;
    QLabel* m_keysText = nullptr;
    views::StartPage* m_start = nullptr;
    views::OverviewPage* m_overview = nullptr;
    views::PlannerPage* m_planner = nullptr;
    views::ValidationPage* m_validation = nullptr;
    views::ExportPage* m_export = nullptr;
    QList<views::Page*> m_pages;
    QStringList m_keys;
    QHash<QString, QAction*> m_actions;
};

} // namespace espalier::studio
