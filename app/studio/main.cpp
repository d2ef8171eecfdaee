// SPDX-License-Identifier: GPL-3.0-or-later
// espalier-studio [PATH]: the window, on a model folder or a study.
#include "app/studio/window_host.h"
#include "core/base/version.h"
#include "views/report/report_pdf.h"
#include "views/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QIcon>
#include <QSettings>

#include <cstdio>

namespace {

/// What writes a file or a line and ends needs no display; asked before Qt looks for one.
bool needsNoDisplay(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i)
        for (const char* option : {"--report", "--pdf", "--help", "--version", "-h", "-v"})
            if (const QByteArrayView word(argv[i]); word == option || word.startsWith(QByteArray(option) + '='))
                return true;
    return false;
}

/// The report of a study as PDF (or HTML, by the name); returns the exit code of the command line's contract.
int writeReport(const QString& study, const QString& path)
{
    if (path.isEmpty()) {
        std::fprintf(stderr, "espalier-studio: --report needs --pdf FILE\n");
        return 2;
    }
    const auto written = espalier::views::writeReport(study, path);
    if (written)
        return 0;
    std::fprintf(stderr, "espalier-studio: %s\n", written.error().text().c_str());
    return static_cast<int>(written.error().code);
}

/// Qt aborts where there is no display; a sentence is kinder.
bool hasDisplay()
{
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        if (!qEnvironmentVariableIsEmpty(name))
            return true;
    return false;
}

} // namespace

int main(int argc, char** argv)
{
    if (needsNoDisplay(argc, argv) && !hasDisplay())
        qputenv("QT_QPA_PLATFORM", "offscreen");
    if (!hasDisplay()) {
        std::fprintf(stderr,
                     "espalier-studio: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set). Start it on a "
                     "desktop, or use the command line program espalier, which does the same work.\n");
        return 2;
    }
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Espalier"));
    QApplication::setApplicationName(QStringLiteral("espalier-studio"));
    QApplication::setApplicationDisplayName(QStringLiteral("Espalier Studio"));
    QApplication::setApplicationVersion(QString::fromLatin1(espalier::base::kVersion));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.espalier.Studio"));

    QSettings settings;
    espalier::studio::applyLanguage(
        qEnvironmentVariable("ESPALIER_LANGUAGE", settings.value(QStringLiteral("language")).toString()));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QApplication::translate("main", "Measures which experts of a Mixture-of-Experts model serve "
                                        "your texts, and cuts the others."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("path"),
                                 QApplication::translate("main", "Model folder, .safetensors file or .espalier study."),
                                 QStringLiteral("[path]"));
    const QCommandLineOption page(
        QStringLiteral("page"),
        QApplication::translate("main", "Page to begin with: start, overview, compare, planner, validation, export."),
        QStringLiteral("name"));
    const QCommandLineOption theme(QStringLiteral("theme"),
                                   QApplication::translate("main", "Colours: light, dark or system."),
                                   QStringLiteral("name"));
    const QCommandLineOption report(
        QStringLiteral("report"),
        QApplication::translate("main", "Write the report of a study with --pdf and end; needs no display."),
        QStringLiteral("study"));
    const QCommandLineOption pdf(QStringLiteral("pdf"), QApplication::translate("main", "PDF that --report writes."),
                                 QStringLiteral("file"));
    parser.addOptions({page, theme, report, pdf});
    parser.process(application);
    if (parser.isSet(report) || parser.isSet(pdf))
        return writeReport(parser.value(report), parser.value(pdf));

    const QString colours =
        parser.isSet(theme) ? parser.value(theme) : settings.value(QStringLiteral("theme")).toString();
    espalier::views::Theme::apply(application, espalier::views::themeFromName(colours));
    QGuiApplication::setWindowIcon(
        QIcon::fromTheme(QStringLiteral("org.espalier.Studio"), QIcon(QStringLiteral(":/espalier/icon.svg"))));
    espalier::studio::WindowHost host;
    espalier::studio::MainWindow& window = host.window();
    if (parser.isSet(page) && !window.showPage(parser.value(page))) {
        std::fprintf(stderr, "espalier-studio: there is no page \"%s\"; known: %s\n", qPrintable(parser.value(page)),
                     qPrintable(window.pageKeys().join(QStringLiteral(", "))));
        return 2;
    }
    host.show();
    const QStringList paths = parser.positionalArguments();
    if (paths.size() > 1) {
        std::fprintf(stderr, "espalier-studio: one path at a time\n");
        return 2;
    }
    if (!paths.isEmpty())
        window.open(paths.first());
    return QApplication::exec();
}
