// SPDX-License-Identifier: Apache-2.0
// The documents do not lie about what can be checked: links and pictures exist, headings that are linked to are there,
// commands and options are those of the program, every command is described.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>

namespace {

QString read(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QSet<QString> captures(const QString& pattern, const QString& text)
{
    QSet<QString> found;
    const QRegularExpression expression(pattern, QRegularExpression::MultilineOption);
    for (auto it = expression.globalMatch(text); it.hasNext();)
        found << it.next().captured(1);
    return found;
}

/// "Why REAP's mean loses" -> "why-reaps-mean-loses", as web views of repositories name a heading.
QString slug(const QString& heading)
{
    QString name = heading.toLower().trimmed();
    name.remove(QRegularExpression("[^\\w\\- ]", QRegularExpression::UseUnicodePropertiesOption));
    return name.replace(' ', '-');
}

/// Without fenced blocks, where brackets are not links and # is no heading.
QString prose(QString text)
{
    text.remove(QRegularExpression("^```.*?^```$", QRegularExpression::MultilineOption |
                                                       QRegularExpression::DotMatchesEverythingOption));
    return text;
}

QSet<QString> headings(const QString& text)
{
    QSet<QString> slugs;
    for (const QString& heading : captures("^#+ +(.+)$", prose(text)))
        slugs << slug(heading);
    return slugs;
}

/// Shell commands of a page: lines of fenced blocks, continuations joined, and inline code.
QStringList commands(const QString& text)
{
    QStringList lines;
    const QRegularExpression fence("^```.*?\\n(.*?)^```$", QRegularExpression::MultilineOption |
                                                               QRegularExpression::DotMatchesEverythingOption);
    for (auto it = fence.globalMatch(text); it.hasNext();)
        lines << it.next().captured(1).replace("\\\n", " ").split('\n');
    const QRegularExpression code("`([^`\\n]+)`");
    const QString outside = prose(text);
    for (auto it = code.globalMatch(outside); it.hasNext();)
        lines << it.next().captured(1);
    lines.erase(
        std::remove_if(lines.begin(), lines.end(), [](const QString& line) { return !line.startsWith("espalier "); }),
        lines.end());
    return lines;
}

} // namespace

class TestDocs : public QObject {
    Q_OBJECT

    struct Page {
        QString path; // relative to the repository
        QString text;
    };
    QDir m_root{ESPALIER_SOURCE_DIR};
    QList<Page> m_pages;
    QSet<QString> m_commands, m_groups, m_options, m_doors;
    QSet<QString> m_subcommands; // "study merge"

    [[nodiscard]] QStringList brokenLinks(const Page& page) const
    {
        QStringList broken;
        const QDir folder = QFileInfo(m_root.filePath(page.path)).dir();
        for (const QString& target : captures("\\]\\(([^)\\s]+)\\)", prose(page.text))) {
            if (target.contains("://"))
                continue;
            const QString file = target.section('#', 0, 0), anchor = target.section('#', 1);
            const QString path = file.isEmpty() ? m_root.filePath(page.path) : folder.filePath(file);
            if (!QFileInfo::exists(path) || (!anchor.isEmpty() && !headings(read(path)).contains(anchor)))
                broken << page.path + " -> " + target;
        }
        return broken;
    }

    [[nodiscard]] QStringList wrongCommands(const Page& page) const
    {
        static const QRegularExpression option("(?<![\\w-])--[a-z][a-z-]*");
        QStringList wrong;
        for (const QString& line : commands(page.text)) {
            const QStringList words = line.split(' ', Qt::SkipEmptyParts);
            const QString command = words.value(1);
            const bool placeholder = command == "COMMAND" || command == QString::fromUtf8("…");
            if (!command.startsWith("--") && !placeholder && !m_commands.contains(command))
                wrong << page.path + ": " + line;
            if (m_groups.contains(command) && !m_subcommands.contains(command + ' ' + words.value(2)))
                wrong << page.path + ": " + line;
            for (auto it = option.globalMatch(line); it.hasNext();)
                if (const QString name = it.next().captured(0); !m_options.contains(name))
                    wrong << page.path + ": " + name + " in " + line;
        }
        for (const QString& door : captures("\\./dev ([a-z-]+)", page.text))
            if (!m_doors.contains(door))
                wrong << page.path + ": ./dev " + door;
        return wrong;
    }

    [[nodiscard]] static QStringList machinePaths(const Page& page)
    {
        // Spelled in pieces, or the test of the layers would find this file
        static const QRegularExpression path(QString("(^|[\\s\"'`(])/(wo") + "rk|ro" + "ot|tmp|home)/");
        return path.match(page.text).hasMatch() ? QStringList{page.path} : QStringList{};
    }

private slots:
    void initTestCase()
    {
        QStringList paths{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"};
        for (const char* folder : {"resources/manual", "resources/demo", "resources/demo-dense"})
            for (const QString& name : QDir(m_root.filePath(folder)).entryList({"*.md"}))
                paths << QString(folder) + '/' + name;
        for (const QString& path : paths) {
            m_pages.append({path, read(m_root.filePath(path))});
            QVERIFY2(m_pages.last().text.startsWith("# "), qPrintable(path));
        }
        QVERIFY(m_pages.size() >= 15);

        QString sources;
        const QDir cli(m_root.filePath("app/cli"));
        for (const QString& name : cli.entryList({"*.cpp"})) {
            const QString source = read(cli.filePath(name));
            sources += source;
            // A file makes a group, or adds to the one it is named after: cmd_study_import.cpp
            const QSet<QString> made = captures("app\\.add_subcommand\\(\"([a-z-]+)\"", source);
            m_groups += made;
            const QString group = made.isEmpty() ? name.section('_', 1, 1) : *made.begin();
            for (const QString& sub : captures("program\\.add\\(\\s*\\*?group,\\s*\"([a-z-]+)\"", source))
                m_subcommands << group + ' ' + sub;
        }
        m_commands = captures("program\\.add\\(\\s*app,\\s*\"([a-z-]+)\"", sources) + m_groups;
        m_options = captures("\"(--[a-z-]+)\"", sources) + QSet<QString>{"--help", "--version"};
        m_doors = captures("^([a-z-]+)(?= ?\\|.*\\)|\\))", read(m_root.filePath("dev")));
        QVERIFY(m_commands.size() >= 14);
        QVERIFY(m_subcommands.contains("study merge") && m_subcommands.contains("study import") &&
                m_subcommands.contains("plans export"));
        QVERIFY(m_options.contains("--max-tokens"));
        QVERIFY(m_doors.contains("demo") && m_doors.contains("test"));
    }

    void linksAndPicturesExist()
    {
        QStringList broken;
        for (const Page& page : m_pages)
            broken << brokenLinks(page);
        QVERIFY2(broken.isEmpty(), qPrintable('\n' + broken.join('\n')));
    }

    void commandsAndOptionsExist()
    {
        QStringList wrong;
        qsizetype seen = 0;
        for (const Page& page : m_pages) {
            wrong << wrongCommands(page);
            seen += commands(page.text).size();
        }
        QVERIFY2(wrong.isEmpty(), qPrintable('\n' + wrong.join('\n')));
        QVERIFY(seen > 40);
    }

    void everyCommandIsDescribed()
    {
        const QString page = read(m_root.filePath("resources/manual/command-line.md"));
        for (const QString& command : m_commands)
            QVERIFY2(page.contains("espalier " + command), qPrintable(command));
        for (const QString& command : m_subcommands)
            QVERIFY2(page.contains("espalier " + command), qPrintable(command));
    }

    void noPathsOfOneMachine()
    {
        for (const Page& page : m_pages)
            QVERIFY2(machinePaths(page).isEmpty(), qPrintable(page.path));
    }

    void theRulesCanFail()
    {
        const auto page = [](const char* text) { return Page{"README.md", text}; };
        QCOMPARE(brokenLinks(page("# T\n[a](dev) [b](no-such-file) ![c](no.png) [d](https://example.org)")).size(), 2);
        QCOMPARE(brokenLinks(page("# T\n[a](README.md#limits) [b](README.md#nowhere)")).size(), 1);
        QCOMPARE(wrongCommands(page("`espalier inspect MODEL --context 1`\n`espalier fly`")).size(), 1);
        QCOMPARE(wrongCommands(page("```\nespalier study info x\nespalier study burn x\n```")).size(), 1);
        QCOMPARE(wrongCommands(page("```sh\nespalier profile M \\\n    --no-such x\n```")).size(), 1);
        QCOMPARE(wrongCommands(page("./dev demo and ./dev fly")).size(), 1);
        QCOMPARE(machinePaths(page("see /tmp/x")).size(), 1);
        QCOMPARE(slug("Why REAP's mean loses json on the sample"), QString("why-reaps-mean-loses-json-on-the-sample"));
    }
};

QTEST_APPLESS_MAIN(TestDocs)
#include "tst_docs.moc"
