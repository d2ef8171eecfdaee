// SPDX-License-Identifier: GPL-3.0-or-later
// studio_screenshots PATH FOLDER [--study FILE] [--theme light|dark] [--language de] [--size 1440x900]: opens a model
// or study in the real window and writes one picture per page. Pictures for the manual and for looking at; not a test.
#include "app/studio/main_window.h"
#include "translations/language.h"
#include "views/dialogs/profile_dialog.h"
#include "views/dialogs/shortcuts_dialog.h"
#include "views/pages/answers_panel.h"
#include "views/pages/export_page.h"
#include "views/pages/gate_panel.h"
#include "views/pages/overview_page.h"
#include "views/pages/planner_page.h"
#include "views/pages/validation_page.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"
#include "views/widgets/command_palette.h"
#include "views/widgets/guide_bar.h"
#include "views/widgets/layer_view.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QThread>

#include <cstdio>

namespace {

/// Runs the event loop for a while, so that queued repaints and timers have passed.
void settle(int milliseconds = 600)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < milliseconds) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
        QThread::msleep(2);
    }
}

bool shoot(QWidget& widget, const QDir& folder, const QString& name)
{
    settle();
    const QString path = folder.filePath(name + QStringLiteral(".png"));
    if (!widget.grab().save(path)) {
        std::fprintf(stderr, "%s could not be written\n", qPrintable(path));
        return false;
    }
    std::printf("%s\n", qPrintable(path));
    return true;
}

/// Answers (when the engine program is found) and the gate of the validation page.
bool shootValidation(espalier::studio::MainWindow& window, const QDir& folder)
{
    using espalier::views::ValidationPage;
    auto* page = dynamic_cast<ValidationPage*>(window.page(QStringLiteral("validation")));
    if (page == nullptr || page->results().empty())
        return true;
    window.showPage(QStringLiteral("validation"));
    page->showView(ValidationPage::Gate);
    page->gate().proposeLimits();
    bool ok = shoot(window, folder, QStringLiteral("validation-gate"));
    page->showView(ValidationPage::Answers);
    if (espalier::views::JobRunner::engineProgram().isEmpty())
        return ok;
    for (const char* prompt : {"82-27=", "sort n e m ->"}) {
        page->answers().choosePlan(page->results().front().name);
        page->answers().setPrompt(QLatin1String(prompt));
        page->answers().ask();
    }
    for (int i = 0; i < 200 && window.session().jobs().running() != nullptr; ++i)
        settle(100);
    ok = shoot(window, folder, QStringLiteral("validation-answers")) && ok;
    page->showView(ValidationPage::Results);
    return ok;
}

} // namespace

int main(int argc, char** argv)
{
    QStandardPaths::setTestModeEnabled(true); // own settings and data folder: nothing of the user's is touched
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Espalier"));
    QApplication::setApplicationName(QStringLiteral("studio-screenshots"));
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addPositionalArgument(QStringLiteral("path"), QStringLiteral("Model folder or study; \"sample\" = bundled"));
    parser.addPositionalArgument(QStringLiteral("folder"), QStringLiteral("Folder for the pictures"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light or dark"), QStringLiteral("name"),
                                   QStringLiteral("light"));
    const QCommandLineOption language(QStringLiteral("language"), QStringLiteral("de, en, es, fr or zh"),
                                      QStringLiteral("code"), QStringLiteral("en"));
    const QCommandLineOption size(QStringLiteral("size"), QStringLiteral("WIDTHxHEIGHT"), QStringLiteral("size"),
                                  QStringLiteral("1440x900"));
    const QCommandLineOption study(QStringLiteral("study"), QStringLiteral("Study of the model in PATH"),
                                   QStringLiteral("file"));
    parser.addOptions({theme, language, size, study});
    parser.process(application);
    const QStringList arguments = parser.positionalArguments();
    if (arguments.size() != 2)
        parser.showHelp(2);

    const QString code = espalier::installLanguage(parser.value(language));
    espalier::views::format::setLocale(QLocale(code));
    espalier::views::Theme::apply(application, espalier::views::themeFromName(parser.value(theme)));
    QDir folder(arguments.at(1));
    if (!folder.mkpath(QStringLiteral("."))) {
        std::fprintf(stderr, "%s could not be made\n", qPrintable(folder.path()));
        return 1;
    }
    QSettings().clear(); // no recent models of other runs
    QSettings().setValue(QStringLiteral("guide/closed"), true);
    espalier::studio::MainWindow window;
    const QStringList edges = parser.value(size).split(QLatin1Char('x'));
    window.resize(edges.value(0).toInt(), edges.value(1).toInt());
    window.show();
    bool ok = shoot(window, folder, QStringLiteral("start-empty"));

    QSignalSpy read(&window.session(), &espalier::views::Session::exportsChanged);
    if (arguments.at(0) == QLatin1String("sample"))
        window.openSample();
    else if (parser.isSet(study))
        window.session().openModel(QDir(arguments.at(0)).absolutePath(), QDir().absoluteFilePath(parser.value(study)));
    else
        window.open(arguments.at(0));
    if (!read.wait(30000)) {
        std::fprintf(stderr, "%s could not be opened\n", qPrintable(arguments.at(0)));
        return 1;
    }
    for (int i = 0; i < 100 && (window.session().jobs().running() != nullptr || window.session().isLoading()); ++i)
        settle(50); // the first look at the weights
    for (const QString& key : window.pageKeys()) {
        window.showPage(key);
        if (const auto* exports = dynamic_cast<espalier::views::ExportPage*>(window.currentPage()))
            for (int i = 0; i < 200 && !exports->isEmptyShown() && exports->checks().rowCount() == 0; ++i)
                settle(50); // the checks run in a worker
        ok = shoot(window, folder, key) && ok;
    }
    auto* overview = dynamic_cast<espalier::views::OverviewPage*>(window.page(QStringLiteral("overview")));
    const auto domains = window.session().statistics()->domains;
    if (overview && domains.size() > 1) {
        window.showPage(QStringLiteral("overview"));
        overview->chooseDomain(QString::fromStdString(domains[0].name));
        overview->compareWith(QString::fromStdString(domains[1].name));
        ok = shoot(window, folder, QStringLiteral("overview-difference")) && ok;
        overview->compareWith({});
        overview->showTable(true);
        ok = shoot(window, folder, QStringLiteral("overview-table")) && ok;
        overview->chooseDomain(QString::fromStdString(domains[domains.size() / 2].name));
        overview->showView(espalier::views::OverviewPage::LayerInsight);
        ok = shoot(window, folder, QStringLiteral("overview-layer")) && ok;
        overview->layerView()->showTable(true);
        ok = shoot(window, folder, QStringLiteral("overview-layer-table")) && ok;
        overview->layerView()->showTable(false);
        overview->chooseDomain(QString::fromStdString(domains[1].name)); // code in the sample
        overview->showView(espalier::views::OverviewPage::TextView);
        ok = shoot(window, folder, QStringLiteral("overview-text")) && ok;
        overview->showView(espalier::views::OverviewPage::MapView);
    }
    if (auto* planner = dynamic_cast<espalier::views::PlannerPage*>(window.page(QStringLiteral("planner")));
        planner && planner->editor().ready()) {
        window.showPage(QStringLiteral("planner"));
        const std::uint64_t half = planner->editor().wholeMemory() / 2;
        planner->editor().setDevices({{"GPU 0", half}, {"GPU 1", half / 2}});
        ok = shoot(window, folder, QStringLiteral("planner-devices")) && ok;
        planner->editor().undoStack()->undo();
    }
    ok = shootValidation(window, folder) && ok;
    window.guide()->setWanted(true);
    window.showPage(QStringLiteral("start"));
    ok = shoot(window, folder, QStringLiteral("guide")) && ok;
    window.guide()->setWanted(false);
    window.showPalette();
    if (auto* palette = window.findChild<espalier::views::CommandPalette*>()) {
        ok = shoot(*palette, folder, QStringLiteral("palette")) && ok;
        palette->setText(QStringLiteral("L2 E5"));
        ok = shoot(*palette, folder, QStringLiteral("palette-expert")) && ok;
        palette->close();
    }
    window.showShortcuts();
    if (auto* shortcuts = window.findChild<espalier::views::ShortcutsDialog*>()) {
        ok = shoot(*shortcuts, folder, QStringLiteral("shortcuts")) && ok;
        shortcuts->close();
    }
    if (!window.session().modelFolder().isEmpty()) {
        espalier::views::ProfileDialog dialog(&window.session(), &window);
        dialog.show();
        QSignalSpy counted(&dialog, &espalier::views::ProfileDialog::counted);
        counted.wait(30000);
        ok = shoot(dialog, folder, QStringLiteral("profile-dialog")) && ok;
    }
    return ok ? 0 : 1;
}
