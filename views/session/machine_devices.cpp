// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/session/machine_devices.h"

#include "views/session/job.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace espalier::views {

MachineDevices::MachineDevices(QObject* parent) : QObject(parent)
{
    m_process.setStandardErrorFile(QProcess::nullDevice());
    m_process.setStandardInputFile(QProcess::nullDevice());
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        if (status != QProcess::NormalExit || code != 0)
            return; // a card that cannot be asked for is none; `espalier doctor` says why
        m_devices = read(m_process.readAllStandardOutput());
        if (!m_devices.empty())
            emit found();
    });
}

MachineDevices::~MachineDevices()
{
    m_process.disconnect(this);
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished(1000);
    }
}

bool MachineDevices::haveDriver()
{
    return QFileInfo::exists(QStringLiteral("/dev/nvidia0"));
}

void MachineDevices::ask()
{
    const QString program = JobRunner::engineProgram();
    if (m_process.state() == QProcess::NotRunning && m_devices.empty() && !program.isEmpty())
        m_process.start(program, {QStringLiteral("doctor"), QStringLiteral("--json")});
}

std::vector<plan::Device> MachineDevices::read(const QByteArray& json)
{
    std::vector<plan::Device> devices;
    const QJsonArray list = QJsonDocument::fromJson(json)
                                .object()
                                .value(QLatin1String("cuda"))
                                .toObject()
                                .value(QLatin1String("devices"))
                                .toArray();
    for (const QJsonValue& each : list) {
        const qint64 bytes = each.toObject().value(QLatin1String("memory")).toInteger();
        if (bytes > 0)
            devices.push_back({each.toObject().value(QLatin1String("name")).toString().toStdString(),
                               static_cast<std::uint64_t>(bytes)});
    }
    return devices;
}

} // namespace espalier::views
