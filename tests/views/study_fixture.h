// SPDX-License-Identifier: GPL-3.0-or-later
// A tiny checkpoint and a study of it on disk, opened in a session: what the pages work on.
#pragma once

#include "core/study/study.h"
#include "tests/core/method/synthetic.h"
#include "tests/support/tiny_checkpoint.h"
#include "tests/views/planner_fixture.h"
#include "views/session/session.h"

#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <stdexcept>

namespace espalier::test {

struct StudyFixture {
    QTemporaryDir folder;
    QString model = folder.filePath(QStringLiteral("model"));
    QString study = folder.filePath(QStringLiteral("study.espalier"));
    views::Session session;

    /// `ratios`: with the histograms that skipping needs.
    explicit StudyFixture(bool profiled = true, bool ratios = false)
    {
        QStandardPaths::setTestModeEnabled(true);
        TinyOptions options;
        options.hidden = 4; // as the sums of synthetic.h say
        writeTinyCheckpoint(model.toStdString(), options);
        const auto opened = model::openModel(model.toStdString());
        auto file =
            opened ? study::Study::create(study.toStdString(), opened->summary) : Result<study::Study>(opened.error());
        if (!file)
            throw std::runtime_error(file.error().text());
        if (!profiled)
            return;
        const auto run = file->beginRun({{"context", 64}, {"tokenizer_fingerprint", "t"}}, 2);
        std::uint64_t seed = 1;
        for (const char* name : {"alpha", "beta"}) {
            auto sums =
                sumTokens(makeTokens(name, options.layers, 80, options.experts, options.topK, seed++), options.topK);
            if (ratios)
                addEvenRatios(sums);
            check(file->commitProgress(*run, sums, 1, 1));
        }
        check(file->finishRun(*run, "finished"));
    }
    /// Opens model and study; true when everything was read.
    bool open()
    {
        QSignalSpy read(&session, &views::Session::exportsChanged);
        QObject::connect(&session, &views::Session::failed,
                         [](const QString& why) { qWarning("%s", qPrintable(why)); });
        session.openModel(model, study);
        return read.wait(10000);
    }
    void addValidation(const base::OrderedJson& document)
    {
        auto file = study::Study::open(study.toStdString(), study::OpenMode::ReadWrite);
        if (!file)
            throw std::runtime_error(file.error().text());
        const auto id = file->addValidation(document);
        if (!id)
            throw std::runtime_error(id.error().text());
    }
    static void check(const Result<void>& result)
    {
        if (!result)
            throw std::runtime_error(result.error().text());
    }
};

/// A validation of one plan: alpha holds, beta breaks; a random control beside it.
inline base::OrderedJson madeUpValidation(const std::string& plan)
{
    const auto text = [](double perplexity, double kl) {
        return base::OrderedJson{{"tokens", 900}, {"perplexity", perplexity}, {"perplexity_base", 20.0},
                                 {"kl_mean", kl}, {"kl_p99", 10 * kl},        {"top1_agreement", 0.9}};
    };
    const base::OrderedJson task{{"items", 50},
                                 {"accuracy", 0.28},
                                 {"accuracy_base", 1.0},
                                 {"ci95", {0.18, 0.42}},
                                 {"flips", {{"lost", 36}, {"gained", 0}}},
                                 {"p_value", 1e-9},
                                 {"lost_examples", {"a, b"}}};
    return {{"plans",
             {{{"name", plan},
               {"method", "reap-sum"},
               {"control", false},
               {"predicted", {{"bytes", 1000}, {"memory", 5000000}}},
               {"domains", {{"alpha", text(21, 0.01)}, {"beta", text(90, 0.7)}}},
               {"tasks", {{"beta", task}}}},
              {{"name", "control-1"},
               {"method", "random"},
               {"control", true},
               {"predicted", {{"bytes", 1000}, {"memory", 5000000}}},
               {"domains", {{"alpha", text(300, 3.0)}}},
               {"tasks", base::OrderedJson::object()}}}}};
}

} // namespace espalier::test
