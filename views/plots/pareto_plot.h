// SPDX-License-Identifier: GPL-3.0-or-later
// Memory against KL divergence (logarithmic) of validated plans: shape and colour per method, random controls hollow,
// 95 % bars where there are any, dotted line of the best plan up to each size, budget as a red line, the selected plan
// ringed and named. Left and Right step through the points, Enter opens one.
#pragma once

#include <QString>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace espalier::views {

struct ParetoPoint {
    QString name;   ///< plan
    QString method; ///< translated, for the legend
    std::uint64_t bytes = 0;
    double kl = 0;            ///< nats per token; shown at kFloor when below
    double low = 0, high = 0; ///< 95 % interval; equal = none
    bool control = false;     ///< random plan
};

class ParetoPlot : public QWidget {
    Q_OBJECT
public:
    /// Lowest KL the axis shows.
    static constexpr double kFloor = 1e-5;

    explicit ParetoPlot(QWidget* parent = nullptr);
    ~ParetoPlot() override;

    void setPoints(std::vector<ParetoPoint> points);
    [[nodiscard]] const std::vector<ParetoPoint>& points() const;
    void setBudget(std::optional<std::uint64_t> bytes);
    /// By name; empty selects nothing.
    void select(const QString& name);
    [[nodiscard]] QString selected() const;
    /// Where a point lies in widget coordinates.
    [[nodiscard]] QPointF positionOf(int point) const;
    /// Names on the best-so-far line, by growing memory.
    [[nodiscard]] static std::vector<int> front(const std::vector<ParetoPoint>& points);
    /// PNG, SVG or PDF by the file's ending; empty string or an error text.
    [[nodiscard]] QString exportFigure(const QString& path) const;
    [[nodiscard]] QString toTsv() const;

signals:
    void selectionChanged(const QString& name);
    void opened(const QString& name);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void rebuild();
    void arrangeLegend();
    void step(int by);
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace espalier::views
