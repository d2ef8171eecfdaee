// SPDX-License-Identifier: Apache-2.0
// What every family must do, on tiny random checkpoints that transformers makes: the same logits as transformers, the
// same routing counts, an export that equals the masked original there and here. A test lists its cases.
#pragma once

#include "tests/core/engine/engine_support.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace espalier::test {

struct FamilyCase {
    std::string name;
    std::string modelType;
    base::OrderedJson config; ///< for the family's config class
    int keep = 0;             ///< experts the exported plan keeps; 0 = dense
    bool runtimeLayout = false;
    std::string dtype = "float32";
    std::string maxShard = {}; ///< "40KB": in shards
    int mtp = 0;
    bool rope4 = false;      ///< positions' keys as transformers 4 wrote them
    double tolerance = 1e-4; ///< of logits against transformers
    /// Between the export and the masked original in transformers, whose float32 routers round by the number of
    /// experts.
    double cutTolerance = 1e-5;
};

class FamilyTest : public QObject {
    Q_OBJECT

protected:
    [[nodiscard]] virtual std::vector<FamilyCase> makeCases() const = 0;

    /// Asks tests/oracle/families.py; throws when it fails.
    base::OrderedJson ask(const base::OrderedJson& request);
    [[nodiscard]] std::filesystem::path place(const std::string& name) const;
    [[nodiscard]] std::filesystem::path modelOf(std::size_t index) const;
    Logits theirs(const std::filesystem::path& model, const std::vector<TokenSequence>& texts, const plan::Plan* plan,
                  int vocabulary);
    [[nodiscard]] const std::vector<FamilyCase>& cases() const { return m_cases; }

private:
    void addRows(bool dense);
    void addStoredOtherwise();

    QTemporaryDir m_folder;
    QProcess m_oracle;
    std::vector<FamilyCase> m_cases;
    /// What went through each test to its end: model type -> column of the manual's table -> cases.
    std::map<std::string, std::map<std::string, std::set<std::string>>> m_passed;
    void passed(const FamilyCase& one, const char* column) { m_passed[one.modelType][column].insert(one.name); }

private Q_SLOTS:
    void initTestCase();
    void logitsEqualTransformers_data() { addRows(true); }
    void logitsEqualTransformers();
    void generationContinuesTheLogits_data() { addRows(true); }
    void generationContinuesTheLogits();
    void routingEqualsTransformers_data() { addRows(false); }
    void routingEqualsTransformers();
    void exportEqualsTheMaskedOriginal_data() { addRows(false); }
    void exportEqualsTheMaskedOriginal();
    /// Last: the table in formats.md says what was checked just now.
    void manualSaysTheSame();
    void cleanupTestCase();
};

/// `groups` · (count / groups) experts at random, the same number of each router group.
[[nodiscard]] plan::Plan randomGroupedPlan(const model::OpenModel& model, int count, unsigned seed);

} // namespace espalier::test
