<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
</context>
</TS>
