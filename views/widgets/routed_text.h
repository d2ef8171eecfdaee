// SPDX-License-Identifier: GPL-3.0-or-later
// A traced text with every token coloured by the expert that it chose first in a layer, or by the weight it gave to the
// expert under the cursor. A click or Enter on a token goes to its expert. Where nothing was traced: what to do.
#pragma once

#include "core/stats/routing_sample.h"

#include <QWidget>

#include <functional>
#include <memory>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace espalier::views {

class TokenBrowser;
struct TokenLook;

class RoutedText : public QWidget {
    Q_OBJECT
public:
    explicit RoutedText(QWidget* parent = nullptr);

    /// `problem`: why the file that is there cannot be read.
    void setSample(std::shared_ptr<const stats::RoutingSample> sample, const QString& problem);
    /// Decoder layer and expert under the cursor.
    void setCell(int layer, int expert);
    /// False without the model's folder: nothing can be traced.
    void setCanTrace(bool can);
    /// The first text of a domain, when the sample has one and another domain is shown.
    void showDomain(const QString& domain);
    void showText(int text);
    [[nodiscard]] QString toTsv() const;
    [[nodiscard]] QString exportFigure(const QString& path) const;
    /// What the page says instead of a text; empty when one is shown.
    [[nodiscard]] QString missing() const;
    [[nodiscard]] TokenBrowser* browser() const { return m_browser; }

signals:
    void expertChosen(int expert);
    void traceRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] QWidget* makeText();
    [[nodiscard]] QWidget* makeMissing();
    void rebuild();
    void showMissing(const QString& text);
    void readToken();
    void chooseToken(int token);
    [[nodiscard]] const stats::SampleText& text() const;
    [[nodiscard]] std::size_t layer() const; ///< position in the sample
    [[nodiscard]] bool byWeight() const;
    [[nodiscard]] int taken() const;
    [[nodiscard]] std::function<TokenLook(std::size_t)> looks(bool dark) const;
    [[nodiscard]] QString legend(bool dark) const;
    [[nodiscard]] QString captionText() const;
    [[nodiscard]] QString note(std::size_t token, const QString& between) const;

    std::shared_ptr<const stats::RoutingSample> m_sample;
    QString m_problem;
    int m_layer = -1, m_expert = -1;
    int m_shown = -1; ///< the text in the browser
    bool m_canTrace = true;
    QComboBox* m_text;
    QComboBox* m_mode;
    QLabel* m_legend;
    TokenBrowser* m_browser;
    QLabel* m_reading;
    QLabel* m_caption;
    QStackedWidget* m_stack;
    QLabel* m_missing;
    QPushButton* m_trace;
    QPushButton* m_again;
};

} // namespace espalier::views
