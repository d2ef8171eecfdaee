// SPDX-License-Identifier: Apache-2.0
// Every quantised format against what its own implementation makes of the same bytes (tests/oracle/dequantise.py).
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/checkpoint/quant/expand.h"
#include "core/checkpoint/quant/int_groups.h"
#include "core/checkpoint/quant/mxfp4.h"
#include "core/checkpoint/quant/scaled.h"
#include "tests/support/oracle.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstring>
#include <set>

using namespace espalier;
using namespace espalier::checkpoint;

namespace {

/// Bytes at an odd address: files give no alignment.
struct Bytes {
    std::string text;
    explicit Bytes(const std::string& content) : text(" " + content) {}
    [[nodiscard]] std::span<const std::byte> span() const { return std::as_bytes(std::span(text)).subspan(1); }
};

std::vector<float> floats(const std::string& bytes)
{
    std::vector<float> values(bytes.size() / 4);
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

std::optional<Dtype> typeCalled(const std::string& name)
{
    for (int i = 0; i <= static_cast<int>(Dtype::Q1_0); ++i)
        if (dtypeName(static_cast<Dtype>(i)) == name)
            return static_cast<Dtype>(i);
    return std::nullopt;
}

std::vector<float> expandCase(const base::OrderedJson& one)
{
    const auto part = [&](const char* name) {
        return one["parts"].contains(name) ? test::readText(one["parts"][name].get<std::string>()) : std::string();
    };
    const auto rows = one["rows"].get<std::int64_t>();
    const auto columns = one["columns"].get<std::int64_t>();
    const auto kind = one["kind"].get<std::string>();
    const Bytes weight(part("weight"));
    std::vector<float> out(static_cast<std::size_t>(rows * columns), -1);
    if (kind == "scaled") {
        const auto scales = floats(part("scales"));
        expandScaled(Dtype::F8E4M3, weight.span(), rows, columns,
                     {scales, one["block"][0].get<std::int64_t>(), one["block"][1].get<std::int64_t>()}, out);
    } else if (kind == "mxfp4") {
        const Bytes scales(part("scales"));
        expandMxfp4(weight.span(), scales.span(), out);
    } else if (kind == "packed" || kind == "gptq" || kind == "awq") {
        const auto scales = floats(part("scales"));
        const Bytes zeros(part("zeros"));
        const Bytes groups(part("groups"));
        const IntGroups stored{rows,          columns, one["bits"].get<int>(), one["groups"].get<std::int64_t>(),
                               weight.span(), scales,  zeros.span(),           groups.span()};
        if (!groupsInRange(stored))
            return {};
        if (kind == "packed")
            expandPacked(stored, out);
        else if (kind == "gptq")
            expandGptq(stored, one["offset"].get<int>(), out);
        else
            expandAwq(stored, out);
    } else {
        const auto type = typeCalled(kind);
        if (!type || !canExpand(*type))
            return {};
        expand(*type, weight.span(), out);
    }
    return out;
}

} // namespace

class TestDequantise : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    base::OrderedJson m_cases;

private slots:
    void initTestCase()
    {
        ESPALIER_NEED_ORACLE();
        const auto run = test::runOracle("dequantise.py", {m_dir.path()});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        m_cases = base::OrderedJson::parse(test::readText(m_dir.path().toStdString() + "/cases.json"));
        // Each of ggml's types that can be expanded has a case; a new one without is noticed here.
        std::set<std::string> kinds;
        for (const auto& one : m_cases)
            kinds.insert(one["kind"].get<std::string>());
        for (int i = static_cast<int>(Dtype::Q4_0); i <= static_cast<int>(Dtype::Q1_0); ++i)
            QCOMPARE(canExpand(static_cast<Dtype>(i)), kinds.contains(std::string(dtypeName(static_cast<Dtype>(i)))));
    }

    void equalsItsOwnImplementation_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            QTest::newRow(m_cases[i]["name"].get<std::string>().c_str()) << static_cast<int>(i);
    }
    void equalsItsOwnImplementation()
    {
        QFETCH(const int, index);
        const auto& one = m_cases[static_cast<std::size_t>(index)];
        const std::vector<float> expected = floats(test::readText(one["parts"]["expected"].get<std::string>()));
        const std::vector<float> ours = expandCase(one);
        QCOMPARE(ours.size(), expected.size());
        for (std::size_t i = 0; i < ours.size(); ++i) {
            const double difference = std::abs(static_cast<double>(ours[i]) - static_cast<double>(expected[i]));
            const bool same = std::isnan(expected[i]) ? std::isnan(ours[i])
                                                      : ours[i] == expected[i] ||
                                                            difference <= 2e-7 * std::abs(static_cast<double>(ours[i]));
            QVERIFY2(same, qPrintable(QString("element %1: %2, expected %3").arg(i).arg(ours[i]).arg(expected[i])));
        }
    }

    void groupNumbersAreChecked()
    {
        std::array<std::int32_t, 4> index{0, 1, 2, 1};
        const std::vector<float> scales(6, 1);
        IntGroups stored{2, 4, 4, 3, {}, scales, {}, std::as_bytes(std::span(index))};
        QVERIFY(groupsInRange(stored));
        index[1] = 3;
        QVERIFY(!groupsInRange(stored));
        index[1] = -1;
        QVERIFY(!groupsInRange(stored));
        stored.groupOf = {};
        QVERIFY(groupsInRange(stored));
        stored.groupSize = 1; // four groups for four inputs, three there are
        QVERIFY(!groupsInRange(stored));
    }
};

QTEST_APPLESS_MAIN(TestDequantise)
#include "tst_dequantise.moc"
