// SPDX-License-Identifier: GPL-3.0-or-later
#include "translations/language.h"

#include <QCoreApplication>
#include <QHash>
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
    return {QStringLiteral("de"), QStringLiteral("en"), QStringLiteral("es"), QStringLiteral("fr"),
            QStringLiteral("zh")};
}

QString languageName(const QString& code)
{
    static const QHash<QString, QString> names{{QStringLiteral("de"), QStringLiteral("Deutsch")},
                                               {QStringLiteral("en"), QStringLiteral("English")},
                                               {QStringLiteral("es"), QStringLiteral("Español")},
                                               {QStringLiteral("fr"), QStringLiteral("Français")},
                                               {QStringLiteral("zh"), QStringLiteral("简体中文")}};
    return names.value(code, code);
}

QString installLanguage(const QString& code)
{
    initTranslations();
    static QTranslator texts, qtTexts; // they live as long as the program; another call replaces what they hold
    const QString full = code.isEmpty() ? QLocale::system().name() : code;
    const bool traditional = QLocale(full).script() == QLocale::TraditionalHanScript; // not what zh is written in
    const QString wanted = traditional ? QString() : full.section(QLatin1Char('_'), 0, 0);
    const QString language = languages().contains(wanted) ? wanted : QStringLiteral("en");
    if (texts.load(QStringLiteral(":/translations/espalier_%1.qm").arg(language)))
        QCoreApplication::installTranslator(&texts);
    // Absent for English and on machines without Qt's catalogues: file dialogs stay English then.
    const QString qtName = language == QLatin1String("zh") ? QStringLiteral("zh_CN") : language;
    if (qtTexts.load(QStringLiteral("qtbase_") + qtName, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&qtTexts);
    else
        QCoreApplication::removeTranslator(&qtTexts);
    return language;
}

} // namespace espalier
