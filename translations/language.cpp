// SPDX-License-Identifier: GPL-3.0-or-later
#include "translations/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

static void initTranslations()
{
    Q_INIT_RESOURCE(translations); // lies in a static library
}

namespace espalier {

QStringList languages()
{
    return {QStringLiteral("de"), QStringLiteral("en")};
}

QString installLanguage(const QString& code)
{
    initTranslations();
    static QTranslator texts, qtTexts; // they live as long as the program; another call replaces what they hold
    const QString wanted = (code.isEmpty() ? QLocale().name() : code).section(QLatin1Char('_'), 0, 0);
    const QString language = languages().contains(wanted) ? wanted : QStringLiteral("en");
    if (texts.load(QStringLiteral(":/translations/espalier_%1.qm").arg(language)))
        QCoreApplication::installTranslator(&texts);
    // Absent for English and on machines without Qt's catalogues: file dialogs stay English then.
    if (qtTexts.load(QStringLiteral("qtbase_") + language, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&qtTexts);
    else
        QCoreApplication::removeTranslator(&qtTexts);
    return language;
}

} // namespace espalier
