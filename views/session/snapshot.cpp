// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/session/snapshot.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>

namespace espalier::views {
namespace {

QString settingsKey(const std::string& fingerprint)
{
    return QStringLiteral("models/") + QString::fromStdString(fingerprint);
}

std::filesystem::path toPath(const QString& text)
{
    return text.toStdString();
}

/// A folder with a configuration, or a .gguf file.
bool holdsModel(const QString& path)
{
    return QFileInfo(path + QStringLiteral("/config.json")).isFile() ||
           (path.endsWith(QLatin1String(".gguf")) && QFileInfo(path).isFile());
}

Result<void> fillFromStudy(Snapshot& snapshot, const study::Study& study)
{
    ESPALIER_TRY(auto statistics, study.loadStatistics());
    snapshot.statistics = std::make_shared<const stats::Statistics>(std::move(statistics));
    ESPALIER_TRY(snapshot.runs, study.runs());
    ESPALIER_TRY(snapshot.plans, study.plans());
    ESPALIER_TRY(snapshot.validations, study.validations());
    ESPALIER_TRY(snapshot.exports, study.exports());
    ESPALIER_TRY(snapshot.lastStep, study.lastJournal());
    return {};
}

} // namespace

void rememberModelFolder(const std::string& fingerprint, const QString& folder)
{
    QSettings().setValue(settingsKey(fingerprint), folder);
}

QString knownModelFolder(const std::string& fingerprint)
{
    const QString folder = QSettings().value(settingsKey(fingerprint)).toString();
    return holdsModel(folder) ? folder : QString();
}

QString studyPathFor(const QString& folder, const model::ModelSummary& model)
{
    const QString clean = QDir(folder).absolutePath();
    const QString beside = clean + QStringLiteral(".espalier");
    if (QFileInfo(beside).isFile())
        return beside;
    const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    return QStringLiteral("%1/%2-%3.espalier")
        .arg(data, QFileInfo(clean).fileName(), QString::fromStdString(model.fingerprint).left(8));
}

QString samplePathFor(const QString& study)
{
    const QFileInfo info(study);
    return info.absolutePath() + QLatin1Char('/') + info.completeBaseName() + QStringLiteral(".trace.json");
}

void loadSample(Snapshot& snapshot)
{
    snapshot.sample.reset();
    snapshot.sampleProblem.clear();
    const QString path = samplePathFor(snapshot.studyPath);
    if (!QFileInfo::exists(path))
        return;
    auto read = stats::RoutingSample::read(toPath(path));
    if (!read)
        snapshot.sampleProblem = QString::fromStdString(read.error().text());
    else if (read->fingerprint != snapshot.model->fingerprint || read->experts != snapshot.model->experts)
        snapshot.sampleProblem =
            QCoreApplication::translate("espalier::views::Snapshot",
                                        "%1 was traced with another model (fingerprint %2). Trace the texts again.")
                .arg(path, QString::fromStdString(read->fingerprint));
    else
        snapshot.sample = std::make_shared<const stats::RoutingSample>(std::move(*read));
}

Result<Snapshot> loadModel(const QString& folder, const QString& study)
{
    Snapshot snapshot;
    snapshot.modelFolder = QDir(folder).absolutePath();
    ESPALIER_TRY(auto opened, model::openModel(toPath(snapshot.modelFolder)));
    snapshot.model = std::make_shared<const model::ModelSummary>(std::move(opened.summary));
    snapshot.studyPath = study.isEmpty() ? studyPathFor(folder, *snapshot.model) : study;
    if (QFileInfo(snapshot.studyPath).exists()) {
        ESPALIER_TRY(const auto file, study::Study::open(toPath(snapshot.studyPath), study::OpenMode::ReadOnly));
        if (file.model().fingerprint != snapshot.model->fingerprint)
            return badInput("this study belongs to model " + file.model().name + " (" + file.model().fingerprint +
                                "), the opened model is " + snapshot.model->name + " (" + snapshot.model->fingerprint +
                                ")",
                            snapshot.studyPath.toStdString(), {}, "Move the study away, or open its own model");
        ESPALIER_CHECK(fillFromStudy(snapshot, file));
    }
    loadSample(snapshot);
    return snapshot;
}

namespace {

/// The folder that a run of the study read the model from, when the same model still lies there.
QString folderOfRuns(const Snapshot& snapshot)
{
    for (auto run = snapshot.runs.rbegin(); run != snapshot.runs.rend(); ++run) {
        const auto folder = run->settings.find("model");
        if (folder == run->settings.end() || !folder->is_string())
            continue;
        const QString path = QString::fromStdString(folder->get<std::string>());
        if (!holdsModel(path))
            continue;
        if (const auto opened = model::openModel(toPath(path));
            opened && opened->summary.fingerprint == snapshot.model->fingerprint)
            return path;
    }
    return {};
}

} // namespace

Result<Snapshot> loadStudy(const QString& path, const QString& folder)
{
    Snapshot snapshot;
    snapshot.studyPath = QFileInfo(path).absoluteFilePath();
    ESPALIER_TRY(const auto file, study::Study::open(toPath(snapshot.studyPath), study::OpenMode::ReadOnly));
    snapshot.model = std::make_shared<const model::ModelSummary>(file.model());
    snapshot.modelFolder = folder.isEmpty() ? knownModelFolder(file.model().fingerprint) : folder;
    ESPALIER_CHECK(fillFromStudy(snapshot, file));
    if (snapshot.modelFolder.isEmpty())
        snapshot.modelFolder = folderOfRuns(snapshot);
    loadSample(snapshot);
    return snapshot;
}

Result<Snapshot> loadAny(const QString& path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return badInput("there is no such file or folder", path.toStdString());
    if (info.isDir())
        return loadModel(path, {});
    const QString suffix = info.suffix().toLower();
    if (suffix == QLatin1String("safetensors") || info.fileName() == QLatin1String("config.json"))
        return loadModel(info.absolutePath(), {});
    if (suffix == QLatin1String("gguf"))
        return loadModel(path, {});
    if (suffix == QLatin1String("espalier"))
        return loadStudy(path, {});
    return badInput("this is neither a model folder, a .safetensors file, a .gguf file nor a .espalier study",
                    path.toStdString(), {}, "Open the folder that holds config.json");
}

} // namespace espalier::views
