// SPDX-License-Identifier: GPL-3.0-or-later
// The graphics cards of this machine, asked of `espalier doctor`: their driver's libraries never enter the window's
// process. Asked once per program, and only where a driver is there. GUI thread.
#pragma once

#include "core/plan/device_split.h"

#include <QObject>
#include <QProcess>

#include <vector>

namespace espalier::views {

class MachineDevices : public QObject {
    Q_OBJECT
public:
    explicit MachineDevices(QObject* parent = nullptr);
    ~MachineDevices() override;

    /// Whether this machine has an NVIDIA driver that is worth asking.
    [[nodiscard]] static bool haveDriver();
    void ask();
    [[nodiscard]] const std::vector<plan::Device>& devices() const { return m_devices; }
    /// Those in the output of `espalier doctor --json`; none when it is something else.
    [[nodiscard]] static std::vector<plan::Device> read(const QByteArray& json);

signals:
    void found();

private:
    QProcess m_process;
    std::vector<plan::Device> m_devices;
};

} // namespace espalier::views
