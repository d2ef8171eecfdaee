<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>espalier::studio::MainWindow</name>
    <message numerus="yes">
        <source>Trace %n text(s)</source>
        <translation>
            <numerusform>Trace %n text</numerusform>
            <numerusform>Trace %n texts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::AnswersPanel</name>
    <message numerus="yes">
        <source>%n place(s) differ</source>
        <translation>
            <numerusform>%n place differs</numerusform>
            <numerusform>%n places differ</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::BundleView</name>
    <message numerus="yes">
        <source>%n file(s), %1; tensors %2, predicted %3</source>
        <translation>
            <numerusform>%n file, %1; tensors %2, predicted %3</numerusform>
            <numerusform>%n files, %1; tensors %2, predicted %3</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::CoveragePlot</name>
    <message numerus="yes">
        <source>– – chosen at least %n time(s)</source>
        <translation>
            <numerusform>– – chosen at least %n time</numerusform>
            <numerusform>– – chosen at least %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportPage</name>
    <message numerus="yes">
        <source>%n bundle(s) written</source>
        <translation>
            <numerusform>%n bundle written</numerusform>
            <numerusform>%n bundles written</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n domain(s) break; named in the model card</source>
        <translation>
            <numerusform>%1 of %n domain breaks; named in the model card</numerusform>
            <numerusform>%1 of %n domains break; named in the model card</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::GatePanel</name>
    <message numerus="yes">
        <source>%n limit(s); no plan was compared yet.</source>
        <translation>
            <numerusform>%n limit; no plan was compared yet.</numerusform>
            <numerusform>%n limits; no plan was compared yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>✕ %1 breaks %2 of %n limit(s).</source>
        <translation>
            <numerusform>✕ %1 breaks %2 of %n limit.</numerusform>
            <numerusform>✕ %1 breaks %2 of %n limits.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>✓ %1 breaks none of %n limit(s).</source>
        <translation>
            <numerusform>✓ %1 holds the %n limit.</numerusform>
            <numerusform>✓ %1 holds all %n limits.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For %n of them nothing was measured: the check would fail.</source>
        <translation>
            <numerusform>For %n of them nothing was measured: the check would fail.</numerusform>
            <numerusform>For %n of them nothing was measured: the check would fail.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerStrip</name>
    <message numerus="yes">
        <source>Layer %1: entropy %2 of its maximum, as spread as %3 equally used experts, Gini %4, %n dead expert(s)</source>
        <translation>
            <numerusform>Layer %1: entropy %2 of its maximum, as spread as %3 equally used experts, Gini %4, %n dead expert</numerusform>
            <numerusform>Layer %1: entropy %2 of its maximum, as spread as %3 equally used experts, Gini %4, %n dead experts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerTables</name>
    <message numerus="yes">
        <source>experts chosen at least %n time(s)</source>
        <translation>
            <numerusform>experts chosen at least %n time</numerusform>
            <numerusform>experts chosen at least %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerView</name>
    <message numerus="yes">
        <source>The %n pair(s) furthest above what their own use explains. The map and its copy hold all of them.</source>
        <translation>
            <numerusform>The %n pair furthest above what their own use explains. The map and its copy hold all of them.</numerusform>
            <numerusform>The %n pairs furthest above what their own use explains. The map and its copy hold all of them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::OverviewPage</name>
    <message numerus="yes">
        <source>%n domain(s)</source>
        <translation>
            <numerusform>%n domain</numerusform>
            <numerusform>%n domains</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Under %n token(s): its means may mislead.</source>
        <translation>
            <numerusform>Under %n token: its means may mislead.</numerusform>
            <numerusform>Under %n tokens: its means may mislead.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanTexts</name>
    <message numerus="yes">
        <source>Cache to %n byte(s) per value</source>
        <translation>
            <numerusform>Cache to %n byte per value</numerusform>
            <numerusform>Cache to %n bytes per value</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) by hand</source>
        <translation>
            <numerusform>%n expert by hand</numerusform>
            <numerusform>%n experts by hand</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per token</source>
        <translation>
            <numerusform>%n expert per token</numerusform>
            <numerusform>%n experts per token</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n device(s), %1 in all</source>
        <translation>
            <numerusform>%n device, %1 in all</numerusform>
            <numerusform>%n devices, %1 in all</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerPage</name>
    <message numerus="yes">
        <source>%n plan(s)</source>
        <translation>
            <numerusform>%n plan</numerusform>
            <numerusform>%n plans</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerRequest</name>
    <message numerus="yes">
        <source>Super experts (%n found)</source>
        <translation>
            <numerusform>Super experts (%n found)</numerusform>
            <numerusform>Super experts (%n found)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n kept expert(s) rest on few tokens</source>
        <translation>
            <numerusform>%n kept expert rests on few tokens</numerusform>
            <numerusform>%n kept experts rest on few tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::ProfileDialog</name>
    <message numerus="yes">
        <source>Profile %n domain(s)</source>
        <translation>
            <numerusform>Profile %n domain</numerusform>
            <numerusform>Profile %n domains</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::Rail</name>
    <message numerus="yes">
        <source>%n layer(s), dense</source>
        <translation>
            <numerusform>%n layer, dense</numerusform>
            <numerusform>%n layers, dense</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::RoutedText</name>
    <message numerus="yes">
        <source>%1, document %2, part %3 (%n token(s))</source>
        <translation>
            <numerusform>%1, document %2, part %3 (%n token)</numerusform>
            <numerusform>%1, document %2, part %3 (%n tokens)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, document %2 (%n token(s))</source>
        <translation>
            <numerusform>%1, document %2 (%n token)</numerusform>
            <numerusform>%1, document %2 (%n tokens)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::ShareCurve</name>
    <message numerus="yes">
        <source>%n expert(s) per layer hold %1 of A and %2 of B</source>
        <translation>
            <numerusform>%n expert per layer holds %1 of A and %2 of B</numerusform>
            <numerusform>%n experts per layer hold %1 of A and %2 of B</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per layer hold %1</source>
        <translation>
            <numerusform>%n expert per layer holds %1</numerusform>
            <numerusform>%n experts per layer hold %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::StartMemory</name>
    <message numerus="yes">
        <source>%1 tokens × %n sequence(s)</source>
        <translation>
            <numerusform>%1 tokens × %n sequence</numerusform>
            <numerusform>%1 tokens × %n sequences</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::StartPage</name>
    <message numerus="yes">
        <source>%n recent</source>
        <translation>
            <numerusform>%n recent</numerusform>
            <numerusform>%n recent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::UseScatter</name>
    <message numerus="yes">
        <source>Of %n expert(s), %1 are used more than uniform use would have it and %2 less; %3 cannot be told apart, %4 have too few tokens to judge.</source>
        <translation>
            <numerusform>Of %n expert, %1 are used more than uniform use would have it and %2 less; %3 cannot be told apart, %4 have too few tokens to judge.</numerusform>
            <numerusform>Of %n experts, %1 are used more than uniform use would have it and %2 less; %3 cannot be told apart, %4 have too few tokens to judge.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationForm</name>
    <message numerus="yes">
        <source>Validate %n plan(s)</source>
        <translation>
            <numerusform>Validate %n plan</numerusform>
            <numerusform>Validate %n plans</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationModel</name>
    <message numerus="yes">
        <source>%1 holds all %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 holds the %n domain it was made for.</numerusform>
            <numerusform>%1 holds all %n domains it was made for.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 breaks all %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 breaks the %n domain it was made for.</numerusform>
            <numerusform>%1 breaks all %n domains it was made for.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 breaks %2 of the %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 breaks %2 of the %n domain it was made for.</numerusform>
            <numerusform>%1 breaks %2 of the %n domains it was made for.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %n other(s) it breaks %1.</source>
        <translation>
            <numerusform>Of %n other it breaks %1.</numerusform>
            <numerusform>Of %n others it breaks %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationPage</name>
    <message numerus="yes">
        <source>%n plan(s) validated</source>
        <translation>
            <numerusform>%n plan validated</numerusform>
            <numerusform>%n plans validated</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>up to %n item(s) per task, greedy · flips: right to wrong / wrong to right · McNemar, not corrected for several tasks</source>
        <translation>
            <numerusform>up to %n item per task, greedy · flips: right to wrong / wrong to right · McNemar, not corrected for several tasks</numerusform>
            <numerusform>up to %n items per task, greedy · flips: right to wrong / wrong to right · McNemar, not corrected for several tasks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n domain(s) outside the calibration: %1. Keep such texts away from this plan, or add them to the plan’s domains.</source>
        <translation>
            <numerusform>%n domain outside the calibration: %1. Keep such texts away from this plan, or add them to the plan’s domains.</numerusform>
            <numerusform>%n domains outside the calibration: %1. Keep such texts away from this plan, or add them to the plan’s domains.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The gate is broken in %n place(s); the view Gate shows which.</source>
        <translation>
            <numerusform>The gate is broken in %n place; the view Gate shows which.</numerusform>
            <numerusform>The gate is broken in %n places; the view Gate shows which.</numerusform>
        </translation>
    </message>
</context>
</TS>
