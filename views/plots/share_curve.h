// SPDX-License-Identifier: GPL-3.0-or-later
// How much of the work the n most used experts do: cumulative share against n for up to two domains, named at the
// lines, beside the diagonal of uniform use. No QCustomPlot type leaks out.
#pragma once

#include <QString>
#include <QWidget>

#include <memory>
#include <vector>

namespace espalier::views {

class ShareCurve : public QWidget {
    Q_OBJECT
public:
    explicit ShareCurve(QWidget* parent = nullptr);
    ~ShareCurve() override;

    struct Curve {
        QString name;
        std::vector<double> share; ///< [experts + 1], 0 … 1
    };
    /// A vertical line and a sentence stand at `marked` experts.
    void setCurves(std::vector<Curve> curves, int marked);
    [[nodiscard]] QString sentence() const;
    [[nodiscard]] QString exportFigure(const QString& path) const;
    [[nodiscard]] QString toTsv() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace espalier::views
