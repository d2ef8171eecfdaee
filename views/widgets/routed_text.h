// SPDX-License-Identifier: GPL-3.0-or-later
// A traced text with every token coloured by the expert that it chose first in a layer, or by the weight it gave to the
// expert under the cursor. A click or Enter on a token goes to its expert. Where nothing was traced: what to do.
#pragma once

#include "core/stats/routing_sample.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTextBrowser;

namespace espalier::views {

class RoutedText : public QWidget {
    Q_OBJECT
public:
    explicit RoutedText(QWidget* parent = nullptr);

    /// `problem`: why the file that is there cannot be read.
    void setSample(std::shared_ptr<const stats::RoutingSample> sample, const QString& problem);
    /// Decoder layer and expert under the cursor.
    void setCell(int layer, int expert);
    /// False when the sample has no text of the domain.
    bool showDomain(const QString& domain);
    void showText(int text);
    [[nodiscard]] QString toTsv() const;
    /// What the page says instead of a text; empty when one is shown.
    [[nodiscard]] QString missing() const;
    /// Background of a token (tests); invalid when it has none.
    [[nodiscard]] QColor colourOf(int token) const;

signals:
    void expertChosen(int expert);
    void traceRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void showMissing(const QString& text);
    [[nodiscard]] QString tokenTip(const stats::SampleText& text, std::size_t layer, std::size_t token) const;

    std::shared_ptr<const stats::RoutingSample> m_sample;
    QString m_problem;
    int m_layer = -1, m_expert = -1;
    QComboBox* m_text;
    QComboBox* m_mode;
    QLabel* m_legend;
    QTextBrowser* m_browser;
    QLabel* m_caption;
    QStackedWidget* m_stack;
    QLabel* m_missing;
    QPushButton* m_trace;
};

} // namespace espalier::views
