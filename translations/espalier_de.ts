<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>DropTarget</name>
    <message>
        <source>One local folder or file at a time.</source>
        <translation>Nur ein lokaler Ordner oder eine Datei auf einmal.</translation>
    </message>
    <message>
        <source>%1 holds no config.json.</source>
        <translation>%1 enthält keine config.json.</translation>
    </message>
    <message>
        <source>%1 is neither a model nor a study.</source>
        <translation>%1 ist weder ein Modell noch eine Studie.</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
</context>
<context>
    <name>HeatmapFigure</name>
    <message>
        <source>expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>dead: 0 tokens</source>
        <translation>tot: 0 Token</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>zu wenige Token</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>weggelassen</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>gesperrt</translation>
    </message>
    <message>
        <source>super expert</source>
        <translation>Superexperte</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
</context>
<context>
    <name>JobState</name>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>wird abgebrochen …</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>cancelled, partial work kept</source>
        <translation>abgebrochen, Teilergebnis bleibt</translation>
    </message>
</context>
<context>
    <name>OverviewMap</name>
    <message>
        <source>ratio to uniform</source>
        <translation>Verhältnis zu gleichmäßig</translation>
    </message>
    <message>
        <source>× uniform share</source>
        <translation>× gleichmäßiger Anteil</translation>
    </message>
    <message>
        <source>share of assignments</source>
        <translation>Anteil der Zuweisungen</translation>
    </message>
    <message>
        <source>% of the layer&apos;s assignments</source>
        <translation>% der Zuweisungen der Schicht</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Colour scale</source>
        <translation>Farbskala</translation>
    </message>
    <message>
        <source>{}; x: no token, grey: not measured</source>
        <translation>{}; x: kein Token, grau: nicht gemessen</translation>
    </message>
    <message>
        <source>Memory against divergence</source>
        <translation>Speicher gegen Divergenz</translation>
    </message>
    <message>
        <source>mean KL divergence from the whole model, nats per token</source>
        <translation>mittlere KL-Divergenz vom ganzen Modell, Nats je Token</translation>
    </message>
    <message>
        <source>predicted memory, {}; weights of the whole model: {}</source>
        <translation>vorhergesagter Speicher, {}; Gewichte des ganzen Modells: {}</translation>
    </message>
    <message>
        <source>The model</source>
        <translation>Das Modell</translation>
    </message>
    <message>
        <source>{}: family {}, {} layers, {} of them with experts; {} experts per layer, {} chosen per token{}. {} parameters, {} of them used per token. Router: {}.</source>
        <translation>{}: Familie {}, {} Schichten, {} davon mit Experten; {} Experten je Schicht, {} je Token gewählt{}. {} Parameter, {} davon je Token benutzt. Router: {}.</translation>
    </message>
    <message>
        <source> beside {} shared</source>
        <translation> neben {} gemeinsamen</translation>
    </message>
    <message>
        <source>Tensor bytes by part</source>
        <translation>Tensor-Bytes nach Teil</translation>
    </message>
    <message>
        <source>part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>{}: which experts serve which texts</source>
        <translation>{}: welche Experten welchen Texten dienen</translation>
    </message>
    <message>
        <source>Study {}, fingerprint {}, written by Espalier {}</source>
        <translation>Studie {}, Fingerabdruck {}, geschrieben von Espalier {}</translation>
    </message>
    <message>
        <source>routed experts</source>
        <translation>geroutete Experten</translation>
    </message>
    <message>
        <source>shared experts</source>
        <translation>gemeinsame Experten</translation>
    </message>
    <message>
        <source>router</source>
        <translation>Router</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>Embedding</translation>
    </message>
    <message>
        <source>other</source>
        <translation>Übriges</translation>
    </message>
    <message>
        <source>total</source>
        <translation>Summe</translation>
    </message>
    <message>
        <source>Texts that were measured</source>
        <translation>Gemessene Texte</translation>
    </message>
    <message>
        <source>domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>data, SHA-256</source>
        <translation>Daten, SHA-256</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} von {}</translation>
    </message>
    <message>
        <source>imported from {}</source>
        <translation>importiert aus {}</translation>
    </message>
    <message>
        <source>{} tokens</source>
        <translation>{} Token</translation>
    </message>
    <message>
        <source>tokens not known</source>
        <translation>Token nicht bekannt</translation>
    </message>
    <message>
        <source>times the share of an even router</source>
        <translation>mal der Anteil eines gleichmäßigen Routers</translation>
    </message>
    <message>
        <source>{}: the {} experts with the largest {}</source>
        <translation>{}: die {} Experten mit dem größten Wert von {}</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>tokens routed</source>
        <translation>zugeteilte Token</translation>
    </message>
    <message>
        <source>of the layer&apos;s tokens</source>
        <translation>der Token der Schicht</translation>
    </message>
    <message>
        <source>(too few to judge)</source>
        <translation>(zu wenige, um zu urteilen)</translation>
    </message>
    <message>
        <source>{} to {}</source>
        <translation>{} bis {}</translation>
    </message>
    <message>
        <source>{}: layers in numbers</source>
        <translation>{}: Schichten in Zahlen</translation>
    </message>
    <message>
        <source>entropy, of its maximum</source>
        <translation>Entropie, vom Maximum</translation>
    </message>
    <message>
        <source>effective experts</source>
        <translation>wirksame Experten</translation>
    </message>
    <message>
        <source>Gini</source>
        <translation>Gini</translation>
    </message>
    <message>
        <source>without a token</source>
        <translation>ohne Token</translation>
    </message>
    <message>
        <source>What the experts do</source>
        <translation>Was die Experten tun</translation>
    </message>
    <message>
        <source>No text has been measured yet: `espalier profile` or the window&apos;s Profile does it.</source>
        <translation>Noch wurde kein Text gemessen: `espalier profile` oder „Profilieren“ im Fenster tut es.</translation>
    </message>
    <message>
        <source>{} has no map: {}</source>
        <translation>{} hat keine Karte: {}</translation>
    </message>
    <message>
        <source>Maps of {}: {}. Rows are layers, columns experts; right of each map the entropy of the routing, the number of equally used experts that would be as spread, the Gini coefficient and the share of experts without a token. Counts are association, not cause: only a validation tells what a cut costs.</source>
        <translation>Karten von {}: {}. Zeilen sind Schichten, Spalten Experten; rechts jeder Karte die Entropie der Zuteilung, die Zahl gleich genutzter Experten mit derselben Streuung, der Gini-Koeffizient und der Anteil der Experten ohne Token. Anzahlen sind Zusammenhang, nicht Ursache: Was ein Schnitt kostet, sagt nur eine Validierung.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>{} and {} more</source>
        <translation>{} und {} weitere</translation>
    </message>
    <message>
        <source>{}: experts that stay</source>
        <translation>{}: Experten, die bleiben</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>bleiben</translation>
    </message>
    <message>
        <source>ids</source>
        <translation>Nummern</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>Pläne</translation>
    </message>
    <message>
        <source>The study holds no plan.</source>
        <translation>Die Studie enthält keinen Plan.</translation>
    </message>
    <message>
        <source>Plans of the study. Memory is predicted: weights exactly, cache by formula, workspace estimated. Own gate weight: what the router gives to kept experts in the domains that a plan was made for, the least of them</source>
        <translation>Pläne der Studie. Der Speicher ist vorhergesagt: Gewichte genau, Cache nach Formel, Arbeitsbereich geschätzt. Eigenes Gate-Gewicht: was der Router in den Bereichen, für die ein Plan gemacht ist, den bleibenden Experten gibt, der kleinste Wert davon</translation>
    </message>
    <message>
        <source>plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>score</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>allocator</source>
        <translation>Aufteilung</translation>
    </message>
    <message>
        <source>protectors</source>
        <translation>Schutz</translation>
    </message>
    <message>
        <source>domains</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>kept per layer</source>
        <translation>bleiben je Schicht</translation>
    </message>
    <message>
        <source>per token</source>
        <translation>je Token</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>of the model</source>
        <translation>vom Modell</translation>
    </message>
    <message>
        <source>own gate weight</source>
        <translation>eigenes Gate-Gewicht</translation>
    </message>
    <message>
        <source>made, UTC</source>
        <translation>erstellt, UTC</translation>
    </message>
    <message>
        <source>Plan {} is not shown: {}</source>
        <translation>Plan {} wird nicht gezeigt: {}</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>verschieden</translation>
    </message>
    <message>
        <source>Share of the router&apos;s gate weight that the kept experts carry, and in the worst layer</source>
        <translation>Anteil des Gate-Gewichts des Routers, den die bleibenden Experten tragen, und in der schlechtesten Schicht</translation>
    </message>
    <message>
        <source>planned for it</source>
        <translation>dafür geplant</translation>
    </message>
    <message>
        <source>worst layer</source>
        <translation>schlechteste Schicht</translation>
    </message>
    <message>
        <source>context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>state</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>began, UTC</source>
        <translation>Beginn, UTC</translation>
    </message>
    <message>
        <source>arithmetic</source>
        <translation>Rechenart</translation>
    </message>
    <message>
        <source>statistics</source>
        <translation>Statistiken</translation>
    </message>
    <message>
        <source>program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>importiert</translation>
    </message>
    <message>
        <source>Files that were read</source>
        <translation>Gelesene Dateien</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Exports</source>
        <translation>Exporte</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>vorhergesagt</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>Where this comes from</source>
        <translation>Woher das kommt</translation>
    </message>
    <message>
        <source>fact</source>
        <translation>Angabe</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>fingerprint of the model</source>
        <translation>Fingerabdruck des Modells</translation>
    </message>
    <message>
        <source>fingerprint of the tokenizer</source>
        <translation>Fingerabdruck des Tokenizers</translation>
    </message>
    <message>
        <source>report written by</source>
        <translation>Bericht geschrieben von</translation>
    </message>
    <message>
        <source>Run {}: {}</source>
        <translation>Lauf {}: {}</translation>
    </message>
    <message>
        <source>Commands that repeat the work, from what the study has stored:</source>
        <translation>Befehle, die die Arbeit wiederholen, aus dem, was die Studie gespeichert hat:</translation>
    </message>
    <message>
        <source>{} step(s) have no command: imports, plans set by hand or brought from elsewhere, and steps of programs that did not store theirs.</source>
        <translation>{} Schritt(e) ohne Befehl: Importe, von Hand gesetzte oder mitgebrachte Pläne und Schritte von Programmen, die ihren nicht gespeichert haben.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>others: {}</source>
        <translation>andere: {}</translation>
    </message>
    <message>
        <source>{}; others: {}</source>
        <translation>{}; andere: {}</translation>
    </message>
    <message>
        <source>Plans that were validated</source>
        <translation>Validierte Pläne</translation>
    </message>
    <message>
        <source>memory, predicted</source>
        <translation>Speicher, vorhergesagt</translation>
    </message>
    <message>
        <source>mean KL</source>
        <translation>mittlere KL</translation>
    </message>
    <message>
        <source>over</source>
        <translation>über</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>bricht</translation>
    </message>
    <message>
        <source>measured, UTC</source>
        <translation>gemessen, UTC</translation>
    </message>
    <message>
        <source>{} (random)</source>
        <translation>{} (zufällig)</translation>
    </message>
    <message>
        <source>its own texts</source>
        <translation>eigene Texte</translation>
    </message>
    <message>
        <source>all texts</source>
        <translation>alle Texte</translation>
    </message>
    <message>
        <source>{}: texts</source>
        <translation>{}: Texte</translation>
    </message>
    <message>
        <source>perplexity, whole</source>
        <translation>Perplexität, ganz</translation>
    </message>
    <message>
        <source>cut</source>
        <translation>geschnitten</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>Verhältnis</translation>
    </message>
    <message>
        <source>KL mean</source>
        <translation>KL, Mittel</translation>
    </message>
    <message>
        <source>KL p99</source>
        <translation>KL, p99</translation>
    </message>
    <message>
        <source>same first choice</source>
        <translation>gleiche erste Wahl</translation>
    </message>
    <message>
        <source>{}: tasks, exact match</source>
        <translation>{}: Aufgaben, genaue Übereinstimmung</translation>
    </message>
    <message>
        <source>task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>items</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>ganz</translation>
    </message>
    <message>
        <source>95 % (Wilson)</source>
        <translation>95 % (Wilson)</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>verloren</translation>
    </message>
    <message>
        <source>gained</source>
        <translation>gewonnen</translation>
    </message>
    <message>
        <source>p (McNemar)</source>
        <translation>p (McNemar)</translation>
    </message>
    <message>
        <source>What the cuts cost</source>
        <translation>Was die Schnitte kosten</translation>
    </message>
    <message>
        <source>Nothing has been validated: what a plan costs in quality is not known.</source>
        <translation>Nichts wurde validiert: Was ein Plan an Qualität kostet, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>Predicted memory against the mean KL divergence of a plan&apos;s own texts, or of all texts where none of its own was measured. Hollow: random plans of the same size; a plan that is no better than they are has learnt nothing from the texts.</source>
        <translation>Vorhergesagter Speicher gegen die mittlere KL-Divergenz der eigenen Texte eines Plans, oder aller Texte, wo keiner der eigenen gemessen wurde. Hohl: zufällige Pläne derselben Größe; ein Plan, der nicht besser ist, hat aus den Texten nichts gelernt.</translation>
    </message>
    <message>
        <source>A domain breaks above a mean KL of {} nats per token, or when a task loses more than {:.0f} % of its items with p &lt; {}. Others are domains that the plan was not made for.</source>
        <translation>Ein Bereich bricht über einer mittleren KL von {} Nats je Token, oder wenn eine Aufgabe mehr als {:.0f} % ihrer Fälle mit p &lt; {} verliert. Andere sind Bereiche, für die der Plan nicht gemacht ist.</translation>
    </message>
    <message>
        <source>entropy</source>
        <translation>Entropie</translation>
    </message>
    <message>
        <source>eff.</source>
        <translation>wirks.</translation>
    </message>
    <message>
        <source>dead</source>
        <translation>tot</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>teilweise</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
</context>
<context>
    <name>espalier::studio::MainWindow</name>
    <message>
        <source>Loading</source>
        <translation>Lädt</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>%1 – Espalier Studio</source>
        <translation>%1 – Espalier Studio</translation>
    </message>
    <message>
        <source>Espalier Studio</source>
        <translation>Espalier Studio</translation>
    </message>
    <message>
        <source>The sample was not found beside the program. Set ESPALIER_RESOURCES to its resources folder.</source>
        <translation>Das Beispiel wurde neben dem Programm nicht gefunden. ESPALIER_RESOURCES auf seinen Ordner resources setzen.</translation>
    </message>
    <message>
        <source>The folder of this study&apos;s model is not known. Open the model itself once, then it can be measured.</source>
        <translation>Der Ordner des Modells dieser Studie ist nicht bekannt. Das Modell selbst einmal öffnen, dann kann es gemessen werden.</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>Zuerst ein Modell öffnen.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>A job is running</source>
        <translation>Ein Auftrag läuft</translation>
    </message>
    <message>
        <source>Cancel it and close</source>
        <translation>Abbrechen und schließen</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Bleiben</translation>
    </message>
    <message>
        <source>Open model…</source>
        <translation>Modell öffnen …</translation>
    </message>
    <message>
        <source>Open a model folder; only headers are read</source>
        <translation>Einen Modellordner öffnen; nur Kopfdaten werden gelesen</translation>
    </message>
    <message>
        <source>Ctrl+Shift+O</source>
        <translation>Ctrl+Shift+O</translation>
    </message>
    <message>
        <source>Open sample</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>Open the model that comes with the program</source>
        <translation>Das mitgelieferte Modell öffnen</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>Bild speichern …</translation>
    </message>
    <message>
        <source>Ctrl+Shift+E</source>
        <translation>Ctrl+Shift+E</translation>
    </message>
    <message>
        <source>Write the figure of this page as PNG, SVG or PDF</source>
        <translation>Das Bild dieser Seite als PNG, SVG oder PDF schreiben</translation>
    </message>
    <message>
        <source>Export table…</source>
        <translation>Tabelle speichern …</translation>
    </message>
    <message>
        <source>Ctrl+Shift+T</source>
        <translation>Ctrl+Shift+T</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>Das Fenster schließen</translation>
    </message>
    <message>
        <source>Copy as table</source>
        <translation>Als Tabelle kopieren</translation>
    </message>
    <message>
        <source>Copy what the page shows as tab separated values</source>
        <translation>Kopieren, was die Seite zeigt, durch Tabulatoren getrennt</translation>
    </message>
    <message>
        <source>Profile…</source>
        <translation>Profil …</translation>
    </message>
    <message>
        <source>Ctrl+P</source>
        <translation>Ctrl+P</translation>
    </message>
    <message>
        <source>Measure what every expert does on your texts</source>
        <translation>Messen, was jeder Experte auf den eigenen Texten tut</translation>
    </message>
    <message>
        <source>Read the study again</source>
        <translation>Studie neu lesen</translation>
    </message>
    <message>
        <source>Ctrl+R</source>
        <translation>Ctrl+R</translation>
    </message>
    <message>
        <source>Read measurements and plans from the study file</source>
        <translation>Messungen und Pläne aus der Studiendatei lesen</translation>
    </message>
    <message>
        <source>New plan</source>
        <translation>Neuer Plan</translation>
    </message>
    <message>
        <source>Begin a plan with the planner&apos;s defaults</source>
        <translation>Einen Plan mit den Vorgaben des Planers beginnen</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>Plan speichern</translation>
    </message>
    <message>
        <source>Save the plan in the study</source>
        <translation>Den Plan in der Studie speichern</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>Laufenden Auftrag abbrechen</translation>
    </message>
    <message>
        <source>What it has saved so far is kept</source>
        <translation>Was schon gespeichert ist, bleibt</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>Anordnung zurücksetzen</translation>
    </message>
    <message>
        <source>Put the docks back in their places</source>
        <translation>Die Randfenster an ihre Plätze setzen</translation>
    </message>
    <message>
        <source>Next area</source>
        <translation>Nächster Bereich</translation>
    </message>
    <message>
        <source>Rail, page, jobs</source>
        <translation>Leiste, Seite, Aufträge</translation>
    </message>
    <message>
        <source>About Espalier</source>
        <translation>Über Espalier</translation>
    </message>
    <message>
        <source>Version and licences</source>
        <translation>Version und Lizenzen</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;Espalier Studio %1&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Measures which experts of a Mixture-of-Experts model serve which texts, cuts the others, and checks the cut.&lt;/p&gt;&lt;p&gt;The window is under GPL-3.0-or-later (it uses QCustomPlot), the core and the command line under Apache-2.0.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Espalier Studio %1&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Misst, welche Experten eines Mixture-of-Experts-Modells welchen Texten dienen, schneidet die anderen heraus und prüft den Schnitt.&lt;/p&gt;&lt;p&gt;Das Fenster steht unter GPL-3.0-or-later (es nutzt QCustomPlot), der Kern und die Befehlszeile unter Apache-2.0.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <source>Read the manual</source>
        <translation>Das Handbuch lesen</translation>
    </message>
    <message>
        <source>Show the page “%1”</source>
        <translation>Die Seite „%1“ zeigen</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Take back the last step of the plan</source>
        <translation>Den letzten Schritt des Plans zurücknehmen</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Ctrl+Y</source>
        <translation>Ctrl+Y</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Z</source>
        <translation>Ctrl+Shift+Z</translation>
    </message>
    <message>
        <source>Do the step again</source>
        <translation>Den Schritt noch einmal tun</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Show or hide the jobs</source>
        <translation>Die Aufträge zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie die Arbeitsfläche</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>Farben des Fensters</translation>
    </message>
    <message>
        <source>&amp;Study</source>
        <translation>&amp;Studie</translation>
    </message>
    <message>
        <source>&amp;Plan</source>
        <translation>&amp;Plan</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>A&amp;ufträge</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>Einen Modellordner öffnen</translation>
    </message>
    <message>
        <source>Export figure</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>Figures (*.png *.svg *.pdf)</source>
        <translation>Bilder (*.png *.svg *.pdf)</translation>
    </message>
    <message>
        <source>Export table</source>
        <translation>Tabelle speichern</translation>
    </message>
    <message>
        <source>The folder %1 for the study could not be made. Open the model with a study in a folder you may write to.</source>
        <translation>Der Ordner %1 für die Studie konnte nicht angelegt werden. Das Modell mit einer Studie in einem Ordner mit Schreibrecht öffnen.</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>Bericht…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+R</source>
        <translation>Ctrl+Shift+R</translation>
    </message>
    <message>
        <source>Write the study as one web page or PDF: maps, plans, validations, commands</source>
        <translation>Die Studie als eine Webseite oder PDF schreiben: Karten, Pläne, Validierungen, Befehle</translation>
    </message>
    <message>
        <source>Write report</source>
        <translation>Bericht schreiben</translation>
    </message>
    <message>
        <source>Web page (*.html);;PDF (*.pdf)</source>
        <translation>Webseite (*.html);;PDF (*.pdf)</translation>
    </message>
    <message>
        <source>There is no study yet. Profile the model first, then there is something to report.</source>
        <translation>Es gibt noch keine Studie. Erst das Modell profilieren, dann gibt es etwas zu berichten.</translation>
    </message>
    <message>
        <source>Writing %1…</source>
        <translation>%1 wird geschrieben…</translation>
    </message>
    <message>
        <source>Report written: %1</source>
        <translation>Bericht geschrieben: %1</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Language of the window; it opens anew at the same page</source>
        <translation>Sprache des Fensters; es öffnet sich auf derselben Seite neu</translation>
    </message>
    <message>
        <source>A job is running: the language changes when the window is opened next.</source>
        <translation>Ein Auftrag läuft: Die Sprache wechselt, wenn das Fenster das nächste Mal geöffnet wird.</translation>
    </message>
    <message>
        <source>Command palette…</source>
        <translation>Befehlspalette…</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>Find an action, page, plan, domain, score or expert by typing</source>
        <translation>Aktion, Seite, Plan, Bereich, Bewertung oder Experten durch Tippen finden</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Ctrl+/</source>
        <translation>Ctrl+/</translation>
    </message>
    <message>
        <source>All keys of the window and its pages</source>
        <translation>Alle Tasten des Fensters und seiner Seiten</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Open this plan in the planner</source>
        <translation>Diesen Plan im Planer öffnen</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Show this domain in the overview</source>
        <translation>Diesen Bereich im Überblick zeigen</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>Schicht %1, Experte %2</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>Show this expert in the overview</source>
        <translation>Diesen Experten im Überblick zeigen</translation>
    </message>
    <message>
        <source>The study has no such expert</source>
        <translation>Die Studie hat keinen solchen Experten</translation>
    </message>
    <message>
        <source>everywhere</source>
        <translation>überall</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>Pfeile</translation>
    </message>
    <message>
        <source>Move the cursor</source>
        <translation>Zeiger bewegen</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Pos1, Ende</translation>
    </message>
    <message>
        <source>First and last expert</source>
        <translation>Erster und letzter Experte</translation>
    </message>
    <message>
        <source>Page Up, Page Down</source>
        <translation>Bild auf, Bild ab</translation>
    </message>
    <message>
        <source>Eight layers up and down</source>
        <translation>Acht Schichten hinauf und hinab</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Open what the cursor stands on</source>
        <translation>Öffnen, worauf der Zeiger steht</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Keep or drop the expert (planner)</source>
        <translation>Experten behalten oder streichen (Planer)</translation>
    </message>
    <message>
        <source>L</source>
        <translation>L</translation>
    </message>
    <message>
        <source>Lock or unlock the expert (planner)</source>
        <translation>Experten sperren oder freigeben (Planer)</translation>
    </message>
    <message>
        <source>maps</source>
        <translation>Karten</translation>
    </message>
    <message>
        <source>The plan has steps that are not saved. Save it and choose the language again; else it changes when the window is opened next.</source>
        <translation>Der Plan hat Schritte, die nicht gespeichert sind. Ihn speichern und die Sprache noch einmal wählen; sonst wechselt sie, wenn das Fenster das nächste Mal geöffnet wird.</translation>
    </message>
    <message>
        <source>Score the weights</source>
        <translation>Gewichte bewerten</translation>
    </message>
    <message>
        <source>Read every expert once and score it without texts, for a first look</source>
        <translation>Jeden Experten einmal lesen und ohne Texte bewerten, für einen ersten Blick</translation>
    </message>
    <message>
        <source>Import statistics…</source>
        <translation>Statistik importieren…</translation>
    </message>
    <message>
        <source>Ctrl+I</source>
        <translation>Ctrl+I</translation>
    </message>
    <message>
        <source>Add what llama.cpp, vLLM, ESFT or a table of counts says about the experts</source>
        <translation>Hinzufügen, was llama.cpp, vLLM, ESFT oder eine Zähltabelle über die Experten sagt</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>%1 importieren</translation>
    </message>
    <message>
        <source>Import statistics</source>
        <translation>Statistik importieren</translation>
    </message>
    <message>
        <source>Importance matrices (*.gguf *.dat *.imatrix);;ESFT traces (expert_weights_*.txt);;Routed experts (*.npy *.npz);;Counts (*.csv *.json);;All files (*)</source>
        <translation>Importance-Matrizen (*.gguf *.dat *.imatrix);;ESFT-Spuren (expert_weights_*.txt);;Gewählte Experten (*.npy *.npz);;Zählungen (*.csv *.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Name of the domain. Left empty, the file says it, or its name is taken.</source>
        <translation>Name des Bereichs. Leer gelassen sagt ihn die Datei, oder ihr Name gilt.</translation>
    </message>
    <message>
        <source>Write the table of this page as CSV, TSV or JSON</source>
        <translation>Die Tabelle dieser Seite als CSV, TSV oder JSON schreiben</translation>
    </message>
    <message>
        <source>Trace texts…</source>
        <translation>Texte verfolgen…</translation>
    </message>
    <message>
        <source>Remember which experts single tokens choose, to read texts coloured by expert</source>
        <translation>Festhalten, welche Experten einzelne Token wählen, um Texte nach Experten gefärbt zu lesen</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Erste Schritte</translation>
    </message>
    <message>
        <source>Show the steps from a model to a bundle under the rail</source>
        <translation>Die Schritte vom Modell zum Paket unter der Leiste zeigen</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.json)</source>
        <translation>Tabellen (*.csv *.tsv *.json)</translation>
    </message>
    <message>
        <source>Texts to trace</source>
        <translation>Zu verfolgende Texte</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl)</source>
        <translation>Texte (*.txt *.jsonl)</translation>
    </message>
    <message numerus="yes">
        <source>Trace %n text(s)</source>
        <translation>
            <numerusform>%n Text verfolgen</numerusform>
            <numerusform>%n Texte verfolgen</numerusform>
        </translation>
    </message>
    <message>
        <source>“%1” is still running. It can go on without the window: the study will hold its result. Cancelled, what it has saved so far is kept.</source>
        <translation>„%1“ läuft noch. Es kann ohne das Fenster weitergehen: Die Studie wird das Ergebnis enthalten. Bei Abbruch bleibt, was bisher gespeichert ist.</translation>
    </message>
    <message>
        <source>Close, let it go on</source>
        <translation>Schließen, weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Datei öffnen…</translation>
    </message>
    <message>
        <source>Open a .espalier study, or a model that is one .gguf file</source>
        <translation>Eine .espalier-Studie öffnen oder ein Modell, das eine .gguf-Datei ist</translation>
    </message>
    <message>
        <source>Open a study or a model file</source>
        <translation>Studie oder Modelldatei öffnen</translation>
    </message>
    <message>
        <source>Studies and models (*.espalier *.gguf *.safetensors);;Studies (*.espalier);;All files (*)</source>
        <translation>Studien und Modelle (*.espalier *.gguf *.safetensors);;Studien (*.espalier);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>%1 is no longer there</source>
        <translation>%1 ist nicht mehr da</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>Liste leeren</translation>
    </message>
    <message>
        <source>Forget what was open; no file is touched</source>
        <translation>Vergessen, was offen war; keine Datei wird angerührt</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>What was open before</source>
        <translation>Was früher offen war</translation>
    </message>
    <message>
        <source>Score weights on opening</source>
        <translation>Gewichte beim Öffnen bewerten</translation>
    </message>
    <message>
        <source>Begin a first look without texts by itself when a model with up to 4 GiB of experts is opened</source>
        <translation>Beim Öffnen eines Modells mit bis zu 4 GiB Experten von selbst einen ersten Blick ohne Texte beginnen</translation>
    </message>
</context>
<context>
    <name>espalier::views::AnswersPanel</name>
    <message>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>What the whole model and a plan answer to the same prompt, greedily. Words that only one of them says are marked. A few answers prove nothing: they show what a number means.</source>
        <translation>Was das ganze Modell und ein Plan auf denselben Prompt antworten, gierig erzeugt. Wörter, die nur einer von beiden sagt, sind hervorgehoben. Wenige Antworten beweisen nichts: Sie zeigen, was eine Zahl bedeutet.</translation>
    </message>
    <message>
        <source>Answers side by side</source>
        <translation>Antworten nebeneinander</translation>
    </message>
    <message>
        <source>Ask base and plan</source>
        <translation>Basis und Plan fragen</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Example</source>
        <translation>Beispiel</translation>
    </message>
    <message>
        <source>Most tokens</source>
        <translation>Höchstens Token</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Answer of the base</source>
        <translation>Antwort der Basis</translation>
    </message>
    <message>
        <source>Answer of %1</source>
        <translation>Antwort von %1</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>waiting…</source>
        <translation>wartet …</translation>
    </message>
    <message>
        <source>the same, word for word</source>
        <translation>Wort für Wort gleich</translation>
    </message>
    <message numerus="yes">
        <source>%n place(s) differ</source>
        <translation>
            <numerusform>%n Stelle weicht ab</numerusform>
            <numerusform>%n Stellen weichen ab</numerusform>
        </translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>Nothing was asked yet. Choose an example or type a prompt, then Ask (Ctrl+Return).</source>
        <translation>Noch nichts gefragt. Ein Beispiel wählen oder einen Prompt tippen, dann Fragen (Strg+Eingabe).</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
</context>
<context>
    <name>espalier::views::Banner</name>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
</context>
<context>
    <name>espalier::views::BundleView</name>
    <message>
        <source>Model card</source>
        <translation>Modellkarte</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Bundle</source>
        <translation>Paket</translation>
    </message>
    <message>
        <source>Files of the bundle</source>
        <translation>Dateien des Pakets</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>README.md of the bundle: how it was made, what was measured, how to load it</source>
        <translation>README.md des Pakets: wie es entstand, was gemessen wurde, wie man es lädt</translation>
    </message>
    <message>
        <source>recipe.json of the bundle: the plan and its provenance</source>
        <translation>recipe.json des Pakets: der Plan und seine Herkunft</translation>
    </message>
    <message>
        <source>files, sizes and hashes after writing</source>
        <translation>Dateien, Größen und Prüfsummen nach dem Schreiben</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s), %1; tensors %2, predicted %3</source>
        <translation>
            <numerusform>%n Datei, %1; Tensoren %2, vorhergesagt %3</numerusform>
            <numerusform>%n Dateien, %1; Tensoren %2, vorhergesagt %3</numerusform>
        </translation>
    </message>
    <message>
        <source>written to %1, which is no longer there</source>
        <translation>nach %1 geschrieben, das es nicht mehr gibt</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1 could not be read from %2.</source>
        <translation>%1 konnte nicht aus %2 gelesen werden.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>espalier::views::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>Befehlspalette</translation>
    </message>
    <message>
        <source>Action, page, plan, domain, score, or an expert as L12 E5</source>
        <translation>Aktion, Seite, Plan, Bereich, Bewertung oder ein Experte wie L12 E5</translation>
    </message>
    <message>
        <source>What to find</source>
        <translation>Was gesucht wird</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Was gefunden wurde</translation>
    </message>
    <message>
        <source>Up and Down choose · Return runs · Escape closes</source>
        <translation>Auf und Ab wählen · Eingabe führt aus · Esc schließt</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1, %2, %3</translation>
    </message>
</context>
<context>
    <name>espalier::views::ComparePage</name>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>two domains of one study</source>
        <translation>zwei Bereiche einer Studie</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>Bild speichern …</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <source>Exchange A and B (X)</source>
        <translation>A und B tauschen (X)</translation>
    </message>
    <message>
        <source>hide what the interval does not separate from 0</source>
        <translation>verbergen, was das Intervall nicht von 0 trennt</translation>
    </message>
    <message>
        <source>Cumulative share of assignments</source>
        <translation>Summierter Anteil der Zuweisungen</translation>
    </message>
    <message>
        <source>experts sorted per layer, mean of layers</source>
        <translation>Experten je Schicht sortiert, Mittel der Schichten</translation>
    </message>
    <message>
        <source>Likeness of domains</source>
        <translation>Ähnlichkeit der Bereiche</translation>
    </message>
    <message>
        <source>Largest differences</source>
        <translation>Größte Unterschiede</translation>
    </message>
    <message>
        <source>share of the layer’s assignments, %</source>
        <translation>Anteil der Zuweisungen der Schicht, %</translation>
    </message>
    <message>
        <source>95 % per cell, tokens taken as independent, not corrected over cells</source>
        <translation>95 % je Zelle, Token als unabhängig genommen, nicht über die Zellen korrigiert</translation>
    </message>
    <message>
        <source>2 domains chosen</source>
        <translation>2 Bereiche gewählt</translation>
    </message>
    <message>
        <source>choose two domains</source>
        <translation>zwei Bereiche wählen</translation>
    </message>
    <message>
        <source>needs a second domain</source>
        <translation>braucht einen zweiten Bereich</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>braucht ein Profil</translation>
    </message>
    <message>
        <source>Arrows move · X swaps · Ctrl+C copies the map</source>
        <translation>Pfeile bewegen · X tauscht · Ctrl+C kopiert die Karte</translation>
    </message>
    <message>
        <source>Comparing needs two measured domains. Measure the model on two kinds of text first.</source>
        <translation>Zum Vergleichen braucht es zwei gemessene Bereiche. Das Modell zuerst auf zwei Arten von Text messen.</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Neues Profil …</translation>
    </message>
    <message>
        <source>Jaccard of the top %1 by gate mass, mean of layers; chance %2</source>
        <translation>Jaccard der ersten %1 nach Gate-Masse, Mittel der Schichten; Zufall %2</translation>
    </message>
    <message>
        <source>A and B are the same domain: there is nothing to tell apart.</source>
        <translation>A und B sind derselbe Bereich: Es gibt nichts zu unterscheiden.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>experts differ (95 % interval)</source>
        <translation>Experten verschieden (95-%-Intervall)</translation>
    </message>
    <message>
        <source>of assignments move, mean of layers</source>
        <translation>der Zuweisungen wandern, Mittel der Schichten</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 und %2</translation>
    </message>
    <message>
        <source>tokens in A and B</source>
        <translation>Token in A und B</translation>
    </message>
    <message>
        <source>points of the layer’s assignments</source>
        <translation>Punkte der Zuweisungen der Schicht</translation>
    </message>
    <message>
        <source>%1 minus %2</source>
        <translation>%1 minus %2</translation>
    </message>
    <message>
        <source>%1 · %2 · orange: A uses it more, blue: B does · prefill · rows sum to 0 · association, not cause</source>
        <translation>%1 · %2 · orange: A nutzt ihn mehr, blau: B · Prefill · Zeilen summieren zu 0 · Zusammenhang, nicht Ursache</translation>
    </message>
    <message>
        <source>L%1 E%2</source>
        <translation>L%1 E%2</translation>
    </message>
    <message>
        <source>cannot tell</source>
        <translation>nicht zu sagen</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>A − B</source>
        <translation>A − B</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>Used more by</source>
        <translation>Mehr in</translation>
    </message>
    <message>
        <source>Layer %1, expert %2
A %3 %, B %4 %
difference %5 points %6</source>
        <translation>Schicht %1, Experte %2
A %3 %, B %4 %
Unterschied %5 Punkte %6</translation>
    </message>
    <message>
        <source>Exchange the two domains</source>
        <translation>Die beiden Bereiche tauschen</translation>
    </message>
    <message>
        <source>Compare with another study</source>
        <translation>Mit einer anderen Studie vergleichen</translation>
    </message>
    <message>
        <source>Studies (*.espalier);;All files (*)</source>
        <translation>Studien (*.espalier);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Without %1</source>
        <translation>Ohne %1</translation>
    </message>
    <message>
        <source>Other study…</source>
        <translation>Andere Studie…</translation>
    </message>
    <message>
        <source>Compare with what another study of this model measured</source>
        <translation>Mit dem vergleichen, was eine andere Studie dieses Modells gemessen hat</translation>
    </message>
    <message>
        <source>domains of this study and of %1</source>
        <translation>Bereiche dieser Studie und von %1</translation>
    </message>
    <message>
        <source>Only one domain was measured. Measure a second kind of text, or choose another study of the model, to compare it with.</source>
        <translation>Nur ein Bereich wurde gemessen. Messen Sie eine zweite Art Text oder wählen Sie eine andere Studie des Modells, um zu vergleichen.</translation>
    </message>
</context>
<context>
    <name>espalier::views::CoveragePlot</name>
    <message>
        <source>Experts seen against tokens</source>
        <translation>Gesehene Experten je Token</translation>
    </message>
    <message>
        <source>Not known: token counts were not measured here.</source>
        <translation>Nicht bekannt: Hier wurden keine Token gezählt.</translation>
    </message>
    <message>
        <source>After all %1 tokens, %2 of %3 experts were chosen at least once and %4 at least %5 times.</source>
        <translation>Nach allen %1 Token wurden %2 von %3 Experten mindestens einmal gewählt, %4 mindestens %5-mal.</translation>
    </message>
    <message>
        <source>Half of them reach that after about %1 tokens.</source>
        <translation>Die Hälfte erreicht das nach etwa %1 Token.</translation>
    </message>
    <message>
        <source>%1 tokens: %2 experts chosen at least once, %3 at least %4 times</source>
        <translation>%1 Token: %2 Experten mindestens einmal gewählt, %3 mindestens %4-mal</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>tokens, drawn at random from those measured</source>
        <translation>Token, zufällig aus den gemessenen gezogen</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>Experten</translation>
    </message>
    <message>
        <source>—— chosen at least once</source>
        <translation>—— mindestens einmal gewählt</translation>
    </message>
    <message numerus="yes">
        <source>– – chosen at least %n time(s)</source>
        <translation>
            <numerusform>– – mindestens %n-mal gewählt</numerusform>
            <numerusform>– – mindestens %n-mal gewählt</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceBars</name>
    <message>
        <source>Memory by device</source>
        <translation>Speicher je Gerät</translation>
    </message>
    <message>
        <source>%1, %2: experts %3, other weights %4, cache %5, workspace %6, %7 of %8</source>
        <translation>%1, %2: Experten %3, übrige Gewichte %4, Cache %5, Arbeitsbereich %6, %7 von %8</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceList</name>
    <message>
        <source>Add device</source>
        <translation>Gerät hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Whole layers go to several devices in order, as llama.cpp and vLLM split a model</source>
        <translation>Ganze Schichten gehen der Reihe nach auf mehrere Geräte, wie llama.cpp und vLLM ein Modell teilen</translation>
    </message>
    <message>
        <source>Take the chosen device off the list (Delete)</source>
        <translation>Das gewählte Gerät aus der Liste nehmen (Entf)</translation>
    </message>
    <message>
        <source>The study does not say what each layer holds; all but the experts is taken as equal in all layers. Open the model for exact numbers.</source>
        <translation>Die Studie sagt nicht, was jede Schicht enthält; alles außer den Experten gilt als gleich in allen Schichten. Öffnen Sie das Modell für genaue Zahlen.</translation>
    </message>
    <message>
        <source>The embedding is the head too and lies on the first and the last device.</source>
        <translation>Das Embedding ist auch der Kopf und liegt auf dem ersten und dem letzten Gerät.</translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceListModel</name>
    <message>
        <source>Device %1</source>
        <translation>Gerät %1</translation>
    </message>
    <message>
        <source>no layer</source>
        <translation>keine Schicht</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>Schicht %1</translation>
    </message>
    <message>
        <source>layers %1 to %2</source>
        <translation>Schichten %1 bis %2</translation>
    </message>
    <message>
        <source>%1: needs %2 more</source>
        <translation>%1: braucht %2 mehr</translation>
    </message>
    <message>
        <source>%1: %2 free</source>
        <translation>%1: %2 frei</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Needs</source>
        <translation>Braucht</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
</context>
<context>
    <name>espalier::views::DomainBars</name>
    <message>
        <source>Ratio to uniform by domain</source>
        <translation>Verhältnis zu gleichmäßig, je Bereich</translation>
    </message>
    <message>
        <source>uniform</source>
        <translation>gleichmäßig</translation>
    </message>
</context>
<context>
    <name>espalier::views::DropTarget</name>
    <message>
        <source>A wrong file never replaces the open one.</source>
        <translation>Eine falsche Datei ersetzt nie die geöffnete.</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Drop a model folder, a .safetensors or .gguf file, or a .espalier study here</source>
        <translation>Modellordner, .safetensors- oder .gguf-Datei oder .espalier-Studie hier ablegen</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExpertCard</name>
    <message>
        <source>Choose an expert in the map, by click or arrow keys.</source>
        <translation>Einen Experten in der Karte wählen, mit Klick oder Pfeiltasten.</translation>
    </message>
    <message>
        <source>Ratio to uniform</source>
        <translation>Verhältnis zu gleichm.</translation>
    </message>
    <message>
        <source>Share of assignments</source>
        <translation>Anteil der Zuweisungen</translation>
    </message>
    <message>
        <source>Routed tokens</source>
        <translation>Zugewiesene Token</translation>
    </message>
    <message>
        <source>Mean gate weight</source>
        <translation>Mittleres Gate-Gewicht</translation>
    </message>
    <message>
        <source>REAP, mean</source>
        <translation>REAP, Mittel</translation>
    </message>
    <message>
        <source>REAP, summed</source>
        <translation>REAP, Summe</translation>
    </message>
    <message>
        <source>Ratio by domain</source>
        <translation>Verhältnis je Bereich</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95-%-Intervall</translation>
    </message>
    <message>
        <source>Chosen together with</source>
        <translation>Zusammen gewählt mit</translation>
    </message>
    <message>
        <source>share of its tokens</source>
        <translation>Anteil seiner Token</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>Schicht %1, Experte %2</translation>
    </message>
    <message>
        <source>Not known: no token chose it, or pairs were not collected.</source>
        <translation>Nicht bekannt: Kein Token wählte ihn, oder Paare wurden nicht gesammelt.</translation>
    </message>
    <message>
        <source>Tokens it takes</source>
        <translation>Token, die er nimmt</translation>
    </message>
    <message>
        <source>Experts like it</source>
        <translation>Ähnliche Experten</translation>
    </message>
    <message>
        <source>Rank by score</source>
        <translation>Rang je Bewertung</translation>
    </message>
    <message>
        <source>1 = first to keep</source>
        <translation>1 = zuerst behalten</translation>
    </message>
    <message>
        <source>Not traced. &lt;a href=&quot;trace&quot; style=&quot;color:%1&quot;&gt;Trace texts…&lt;/a&gt;</source>
        <translation>Nicht verfolgt. &lt;a href=&quot;trace&quot; style=&quot;color:%1&quot;&gt;Texte verfolgen…&lt;/a&gt;</translation>
    </message>
    <message>
        <source>Not traced.</source>
        <translation>Nicht verfolgt.</translation>
    </message>
    <message>
        <source>%1 of %2 traced</source>
        <translation>%1 von %2 verfolgten</translation>
    </message>
    <message>
        <source>None of the traced tokens chose it.</source>
        <translation>Keines der verfolgten Token wählte ihn.</translation>
    </message>
    <message>
        <source>Largest weights:</source>
        <translation>Größte Gewichte:</translation>
    </message>
    <message>
        <source>cosine of mean outputs</source>
        <translation>Kosinus der mittleren Ausgaben</translation>
    </message>
    <message>
        <source>correlation in the router</source>
        <translation>Korrelation im Router</translation>
    </message>
    <message>
        <source>Not known: no token chose it, or outputs were not collected.</source>
        <translation>Nicht bekannt: Kein Token wählte ihn, oder Ausgaben wurden nicht gesammelt.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Not known yet.</source>
        <translation>Noch nicht bekannt.</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportCheckModel</name>
    <message>
        <source>passed</source>
        <translation>bestanden</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Befund</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportPage</name>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>Empty folder for the bundle</source>
        <translation>Leerer Ordner für das Paket</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>The same from the command line</source>
        <translation>Dasselbe auf der Befehlszeile</translation>
    </message>
    <message>
        <source>needs a plan</source>
        <translation>braucht einen Plan</translation>
    </message>
    <message numerus="yes">
        <source>%n bundle(s) written</source>
        <translation>
            <numerusform>%n Paket geschrieben</numerusform>
            <numerusform>%n Pakete geschrieben</numerusform>
        </translation>
    </message>
    <message>
        <source>not written</source>
        <translation>nicht geschrieben</translation>
    </message>
    <message>
        <source>Writes to a temporary folder beside the target, renamed when verified · F5 checks again</source>
        <translation>Schreibt in einen vorläufigen Ordner neben dem Ziel, umbenannt nach der Prüfung · F5 prüft erneut</translation>
    </message>
    <message>
        <source>Only the study is open. Open the model&apos;s folder as well to write a cut model.</source>
        <translation>Nur die Studie ist geöffnet. Zum Schreiben eines gekürzten Modells auch den Modellordner öffnen.</translation>
    </message>
    <message>
        <source>A bundle is the model without the experts a plan drops. Make and save a plan first.</source>
        <translation>Ein Paket ist das Modell ohne die Experten, die ein Plan weglässt. Zuerst einen Plan anlegen und speichern.</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Öffnen …</translation>
    </message>
    <message>
        <source>Go to the planner</source>
        <translation>Zum Planer</translation>
    </message>
    <message>
        <source>Validated</source>
        <translation>Validiert</translation>
    </message>
    <message>
        <source>not validated: the loss is unknown</source>
        <translation>nicht validiert: der Verlust ist unbekannt</translation>
    </message>
    <message>
        <source>the plan was changed since: validate again</source>
        <translation>der Plan wurde seitdem geändert: erneut validieren</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n domain(s) break; named in the model card</source>
        <translation>
            <numerusform>%1 von %n Bereich bricht; steht in der Modellkarte</numerusform>
            <numerusform>%1 von %n Bereichen brechen; steht in der Modellkarte</numerusform>
        </translation>
    </message>
    <message>
        <source>Model and plan</source>
        <translation>Modell und Plan</translation>
    </message>
    <message>
        <source>Reopen from disk, byte for byte</source>
        <translation>Von der Platte neu geöffnet, Byte für Byte</translation>
    </message>
    <message>
        <source>after writing</source>
        <translation>nach dem Schreiben</translation>
    </message>
    <message>
        <source>Logits equal the masked base</source>
        <translation>Logits gleich denen der maskierten Basis</translation>
    </message>
    <message>
        <source>after writing, limit 1e-5</source>
        <translation>nach dem Schreiben, Grenze 1e-5</translation>
    </message>
    <message>
        <source>Export is not possible: %1</source>
        <translation>Export ist nicht möglich: %1</translation>
    </message>
    <message>
        <source>%1 passed, %2 to judge, %3 after writing</source>
        <translation>%1 bestanden, %2 zu beurteilen, %3 nach dem Schreiben</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>%1 exportieren</translation>
    </message>
    <message>
        <source>Written and verified: %1 of %2 checks passed</source>
        <translation>Geschrieben und geprüft: %1 von %2 Prüfungen bestanden</translation>
    </message>
    <message>
        <source>needs the model</source>
        <translation>braucht das Modell</translation>
    </message>
    <message>
        <source>Check again what is known before writing</source>
        <translation>Noch einmal prüfen, was vor dem Schreiben bekannt ist</translation>
    </message>
    <message>
        <source>Target engine</source>
        <translation>Ziel-Engine</translation>
    </message>
    <message>
        <source>File for the keep list</source>
        <translation>Datei für die Bleibeliste</translation>
    </message>
    <message>
        <source>Load it with %1</source>
        <translation>Laden mit %1</translation>
    </message>
    <message>
        <source>Command that loads it</source>
        <translation>Befehl zum Laden</translation>
    </message>
    <message>
        <source>Save list</source>
        <translation>Liste speichern</translation>
    </message>
    <message>
        <source>exists and will be replaced</source>
        <translation>gibt es schon, wird ersetzt</translation>
    </message>
    <message>
        <source>%1 written</source>
        <translation>%1 geschrieben</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportTargetModel</name>
    <message>
        <source>Keep list only</source>
        <translation>Nur Bleibeliste</translation>
    </message>
    <message>
        <source>same count in every layer</source>
        <translation>gleiche Zahl in jeder Schicht</translation>
    </message>
    <message>
        <source>counts differ between layers</source>
        <translation>Zahlen unterscheiden sich je Schicht</translation>
    </message>
    <message>
        <source>counts may differ</source>
        <translation>Zahlen dürfen abweichen</translation>
    </message>
    <message>
        <source>reads the files as they are</source>
        <translation>liest die Dateien, wie sie sind</translation>
    </message>
    <message>
        <source>converts to GGUF first</source>
        <translation>wandelt erst in GGUF um</translation>
    </message>
    <message>
        <source>reads safetensors; this model is GGUF</source>
        <translation>liest Safetensors; dieses Modell ist GGUF</translation>
    </message>
    <message>
        <source>computes this router</source>
        <translation>rechnet diesen Router</translation>
    </message>
    <message>
        <source>needs trust_remote_code</source>
        <translation>braucht trust_remote_code</translation>
    </message>
    <message>
        <source>does not know this router</source>
        <translation>kennt diesen Router nicht</translation>
    </message>
    <message>
        <source>computes this router otherwise: other answers</source>
        <translation>rechnet diesen Router anders: andere Antworten</translation>
    </message>
    <message>
        <source>ranks router groups otherwise: other answers</source>
        <translation>ordnet Routergruppen anders: andere Antworten</translation>
    </message>
    <message>
        <source>bundles are tested with it</source>
        <translation>Pakete werden damit getestet</translation>
    </message>
    <message>
        <source>not run in our tests</source>
        <translation>lief nicht in unseren Tests</translation>
    </message>
    <message>
        <source>accepts this plan</source>
        <translation>nimmt diesen Plan</translation>
    </message>
    <message>
        <source>refuses: %1</source>
        <translation>lehnt ab: %1</translation>
    </message>
    <message>
        <source>accepts; %1</source>
        <translation>nimmt ihn; %1</translation>
    </message>
    <message>
        <source>Counts per layer</source>
        <translation>Zahl je Schicht</translation>
    </message>
    <message>
        <source>File format</source>
        <translation>Dateiformat</translation>
    </message>
    <message>
        <source>Router</source>
        <translation>Router</translation>
    </message>
    <message>
        <source>Tested</source>
        <translation>Getestet</translation>
    </message>
    <message>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>same in all layers</source>
        <translation>überall gleich</translation>
    </message>
    <message>
        <source>JSON, no weights</source>
        <translation>JSON, keine Gewichte</translation>
    </message>
    <message>
        <source>GGUF, converted</source>
        <translation>GGUF, konvertiert</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>gewählt</translation>
    </message>
    <message>
        <source>not chosen</source>
        <translation>nicht gewählt</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <source>Reads</source>
        <translation>Liest</translation>
    </message>
    <message>
        <source>This plan</source>
        <translation>Dieser Plan</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportTexts</name>
    <message>
        <source>Target folder is empty</source>
        <translation>Zielordner ist leer</translation>
    </message>
    <message>
        <source>Same count in every layer</source>
        <translation>Gleiche Anzahl in jeder Schicht</translation>
    </message>
    <message>
        <source>Plan belongs to the model</source>
        <translation>Plan gehört zum Modell</translation>
    </message>
    <message>
        <source>Disk space</source>
        <translation>Plattenplatz</translation>
    </message>
    <message>
        <source>does not exist yet</source>
        <translation>gibt es noch nicht</translation>
    </message>
    <message>
        <source>exists and is empty</source>
        <translation>gibt es und ist leer</translation>
    </message>
    <message>
        <source>is there already and is not an empty folder</source>
        <translation>gibt es schon und ist kein leerer Ordner</translation>
    </message>
    <message>
        <source>the plan belongs to model %1, this is %2</source>
        <translation>der Plan gehört zu Modell %1, dies ist %2</translation>
    </message>
    <message>
        <source>needs %1, %2 are free</source>
        <translation>braucht %1, frei sind %2</translation>
    </message>
    <message>
        <source>the plan has %1 layers, the model %2 with experts</source>
        <translation>der Plan hat %1 Schichten, das Modell %2 mit Experten</translation>
    </message>
    <message>
        <source>the plan keeps %1 to %2 experts, but the configuration has one count for all layers</source>
        <translation>der Plan behält %1 bis %2 Experten, aber die Konfiguration hat eine Zahl für alle Schichten</translation>
    </message>
    <message>
        <source>the plan gives tokens different numbers of experts in different layers, but the configuration has one number for all</source>
        <translation>der Plan gibt Token je Schicht verschieden viele Experten, aber die Konfiguration hat eine Zahl für alle</translation>
    </message>
    <message>
        <source>this architecture&apos;s router always chooses the same number of experts</source>
        <translation>der Router dieser Architektur wählt immer gleich viele Experten</translation>
    </message>
    <message>
        <source>%1 experts are kept but every token needs %2</source>
        <translation>%1 Experten bleiben, aber jedes Token braucht %2</translation>
    </message>
    <message>
        <source>%1 in every layer, top-%2</source>
        <translation>%1 in jeder Schicht, Top-%2</translation>
    </message>
    <message>
        <source>%1 files match</source>
        <translation>%1 Dateien stimmen</translation>
    </message>
    <message>
        <source>%1 layers, experts 0 to %2 in each, router rows to match</source>
        <translation>%1 Schichten, je Experten 0 bis %2, Routerzeilen passend</translation>
    </message>
    <message>
        <source>top-%1 of %2</source>
        <translation>Top-%1 von %2</translation>
    </message>
    <message>
        <source>%1 of %2 groups, %3 experts in each</source>
        <translation>%1 von %2 Gruppen, je %3 Experten</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>all are there</source>
        <translation>alle sind da</translation>
    </message>
    <message>
        <source>the same in every expert of a layer</source>
        <translation>in jedem Experten einer Schicht gleich</translation>
    </message>
    <message>
        <source>%1 file, %2 tensor bytes</source>
        <translation>%1 Datei, %2 Tensorbytes</translation>
    </message>
    <message>
        <source>%1 files, %2 tensor bytes</source>
        <translation>%1 Dateien, %2 Tensorbytes</translation>
    </message>
    <message>
        <source>%1 tensors, each with its place</source>
        <translation>%1 Tensoren, jeder an seinem Platz</translation>
    </message>
    <message>
        <source>%1 tensors, %2 bytes</source>
        <translation>%1 Tensoren, %2 Bytes</translation>
    </message>
    <message>
        <source>%1 tensors</source>
        <translation>%1 Tensoren</translation>
    </message>
    <message>
        <source>its plan keeps as many experts as the model has</source>
        <translation>sein Plan behält so viele Experten, wie das Modell hat</translation>
    </message>
    <message>
        <source>%1 keys, the number of experts changed</source>
        <translation>%1 Schlüssel, die Expertenzahl geändert</translation>
    </message>
    <message>
        <source>layer %1 keeps %2 to %3 experts of the router&apos;s %4 groups; every group must keep the same number, nearest are %5 per layer</source>
        <translation>Schicht %1 behält %2 bis %3 Experten der %4 Routergruppen; jede Gruppe muss gleich viele behalten, am nächsten liegen %5 je Schicht</translation>
    </message>
    <message>
        <source>largest difference %1, limit %2, %3 sequences of %4 tokens</source>
        <translation>größter Unterschied %1, Grenze %2, %3 Folgen von %4 Token</translation>
    </message>
    <message>
        <source>Checksums</source>
        <translation>Prüfsummen</translation>
    </message>
    <message>
        <source>Headers, names and shapes</source>
        <translation>Köpfe, Namen und Formen</translation>
    </message>
    <message>
        <source>Experts per token</source>
        <translation>Experten je Token</translation>
    </message>
    <message>
        <source>Keys with the expert count</source>
        <translation>Schlüssel mit der Expertenzahl</translation>
    </message>
    <message>
        <source>Router groups</source>
        <translation>Routergruppen</translation>
    </message>
    <message>
        <source>Experts named in config.json</source>
        <translation>In config.json genannte Experten</translation>
    </message>
    <message>
        <source>Parts of every expert</source>
        <translation>Teile jedes Experten</translation>
    </message>
    <message>
        <source>Index and metadata</source>
        <translation>Index und Metadaten</translation>
    </message>
    <message>
        <source>Blocks for further tokens</source>
        <translation>Blöcke für weitere Token</translation>
    </message>
    <message>
        <source>No stray tensors</source>
        <translation>Keine fremden Tensoren</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Bytes equal the source</source>
        <translation>Bytes gleich der Quelle</translation>
    </message>
    <message>
        <source>Metadata equal the source</source>
        <translation>Metadaten gleich der Quelle</translation>
    </message>
    <message>
        <source>Logits equal the masked base</source>
        <translation>Logits gleich der maskierten Basis</translation>
    </message>
</context>
<context>
    <name>espalier::views::FigureFile</name>
    <message>
        <source>%1: figures are written as .png, .svg or .pdf</source>
        <translation>%1: Abbildungen werden als .png, .svg oder .pdf geschrieben</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Choose a folder you may write to.</source>
        <translation>%1 konnte nicht geschrieben werden: %2. Wählen Sie einen Ordner, in den Sie schreiben dürfen.</translation>
    </message>
</context>
<context>
    <name>espalier::views::GateModel</name>
    <message>
        <source>perplexity over the base’s, at most</source>
        <translation>Perplexität durch die der Basis, höchstens</translation>
    </message>
    <message>
        <source>mean KL, at most</source>
        <translation>mittlere KL, höchstens</translation>
    </message>
    <message>
        <source>99th percentile of KL, at most</source>
        <translation>99. Perzentil der KL, höchstens</translation>
    </message>
    <message>
        <source>same first choice, at least</source>
        <translation>gleiche erste Wahl, mindestens</translation>
    </message>
    <message>
        <source>exact match, at least</source>
        <translation>genau richtig, mindestens</translation>
    </message>
    <message>
        <source>loss of exact match, at most</source>
        <translation>Verlust an genau richtigen, höchstens</translation>
    </message>
    <message>
        <source>p of the change, at least</source>
        <translation>p der Änderung, mindestens</translation>
    </message>
    <message>
        <source>every other task</source>
        <translation>jede andere Aufgabe</translation>
    </message>
    <message>
        <source>every other text</source>
        <translation>jeder andere Text</translation>
    </message>
    <message>
        <source>✓ holds</source>
        <translation>✓ hält</translation>
    </message>
    <message>
        <source>✕ broken</source>
        <translation>✕ verletzt</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>Type a number; an empty field is no limit</source>
        <translation>Eine Zahl tippen; ein leeres Feld ist keine Grenze</translation>
    </message>
    <message>
        <source>the worst of those without limits of their own</source>
        <translation>der schlechteste ohne eigene Grenzen</translation>
    </message>
    <message>
        <source>Domain or task</source>
        <translation>Bereich oder Aufgabe</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
</context>
<context>
    <name>espalier::views::GatePanel</name>
    <message>
        <source>Save…</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Limits that a cut must keep: type them into the column Limit. They are held against what was measured last, at once; saved as a file, they make the check in CI fail.</source>
        <translation>Grenzen, die ein Schnitt einhalten muss: in die Spalte Grenze tippen. Sie werden sofort mit der letzten Messung verglichen; als Datei gespeichert lassen sie die Prüfung in der CI scheitern.</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Usual limits</source>
        <translation>Übliche Grenzen</translation>
    </message>
    <message>
        <source>Those by which this page says “breaks”</source>
        <translation>Die, nach denen diese Seite „bricht“ sagt</translation>
    </message>
    <message>
        <source>No limits</source>
        <translation>Keine Grenzen</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Öffnen …</translation>
    </message>
    <message>
        <source>Limits of the gate</source>
        <translation>Grenzwerte</translation>
    </message>
    <message>
        <source>The same in CI</source>
        <translation>Dasselbe in der CI</translation>
    </message>
    <message>
        <source>Open a gate file</source>
        <translation>Eine Datei mit Grenzwerten öffnen</translation>
    </message>
    <message>
        <source>Gates (*.json)</source>
        <translation>Tore (*.json)</translation>
    </message>
    <message>
        <source>Save the gate</source>
        <translation>Die Grenzwerte speichern</translation>
    </message>
    <message>
        <source>No limits yet: type some into the table, or begin with the usual ones.</source>
        <translation>Noch keine Grenzen: welche in die Tabelle tippen oder mit den üblichen beginnen.</translation>
    </message>
    <message numerus="yes">
        <source>%n limit(s); no plan was compared yet.</source>
        <translation>
            <numerusform>%n Grenze; noch kein Plan verglichen.</numerusform>
            <numerusform>%n Grenzen; noch kein Plan verglichen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>✕ %1 breaks %2 of %n limit(s).</source>
        <translation>
            <numerusform>✕ %1 verletzt %2 von %n Grenze.</numerusform>
            <numerusform>✕ %1 verletzt %2 von %n Grenzen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>✓ %1 breaks none of %n limit(s).</source>
        <translation>
            <numerusform>✓ %1 hält die %n Grenze ein.</numerusform>
            <numerusform>✓ %1 hält alle %n Grenzen ein.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For %n of them nothing was measured: the check would fail.</source>
        <translation>
            <numerusform>Für %n davon wurde nichts gemessen: Die Prüfung würde scheitern.</numerusform>
            <numerusform>Für %n davon wurde nichts gemessen: Die Prüfung würde scheitern.</numerusform>
        </translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>nicht gespeichert</translation>
    </message>
    <message>
        <source>%1, changed since</source>
        <translation>%1, seither geändert</translation>
    </message>
</context>
<context>
    <name>espalier::views::GuideBar</name>
    <message>
        <source>Guide</source>
        <translation>Wegweiser</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Erste Schritte</translation>
    </message>
    <message>
        <source>Close the guide</source>
        <translation>Wegweiser schließen</translation>
    </message>
    <message>
        <source>Close the guide; Help &gt; First steps brings it back</source>
        <translation>Wegweiser schließen; Hilfe &gt; Erste Schritte holt ihn zurück</translation>
    </message>
    <message>
        <source>Open a model folder, or the sample that comes with the program</source>
        <translation>Einen Modellordner öffnen oder das mitgelieferte Beispiel</translation>
    </message>
    <message>
        <source>Measure on your own texts which experts do the work</source>
        <translation>An eigenen Texten messen, welche Experten die Arbeit tun</translation>
    </message>
    <message>
        <source>Look at the map of experts: who serves which texts</source>
        <translation>Die Karte der Experten ansehen: wer welchen Texten dient</translation>
    </message>
    <message>
        <source>Choose what stays, against the memory you have; then save the plan</source>
        <translation>Wählen, was bleibt, nach dem Speicher, den es gibt; dann den Plan speichern</translation>
    </message>
    <message>
        <source>Compare the plan with the whole model on texts that were not used for it</source>
        <translation>Den Plan mit dem ganzen Modell vergleichen, an Texten, die er nicht kennt</translation>
    </message>
    <message>
        <source>Write the smaller model, checked byte by byte</source>
        <translation>Das kleinere Modell schreiben, Byte für Byte geprüft</translation>
    </message>
    <message>
        <source>All steps are done.</source>
        <translation>Alle Schritte sind getan.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>See</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Validate</source>
        <translation>Validieren</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>%1, done</source>
        <translation>%1, getan</translation>
    </message>
    <message>
        <source>%1, next</source>
        <translation>%1, als Nächstes</translation>
    </message>
</context>
<context>
    <name>espalier::views::Job</name>
    <message>
        <source>The engine program %1 could not be started: %2. Build the target espalier, or set ESPALIER_CLI to its path.</source>
        <translation>Das Rechenprogramm %1 konnte nicht gestartet werden: %2. Das Ziel espalier bauen oder ESPALIER_CLI auf seinen Pfad setzen.</translation>
    </message>
    <message>
        <source>The engine program espalier was not found beside the studio or in PATH. Build the target espalier, or set ESPALIER_CLI to its path.</source>
        <translation>Das Rechenprogramm espalier wurde weder neben dem Studio noch in PATH gefunden. Das Ziel espalier bauen oder ESPALIER_CLI auf seinen Pfad setzen.</translation>
    </message>
    <message>
        <source>Engine %1, process %2</source>
        <translation>Rechenprogramm %1, Prozess %2</translation>
    </message>
    <message>
        <source>was ended by signal %1</source>
        <translation>wurde durch Signal %1 beendet</translation>
    </message>
    <message>
        <source>ended with code %1</source>
        <translation>endete mit Code %1</translation>
    </message>
    <message>
        <source>before it began to work</source>
        <translation>bevor es zu arbeiten begann</translation>
    </message>
    <message>
        <source>during “%1”</source>
        <translation>während „%1“</translation>
    </message>
    <message>
        <source>The engine %1 %2, without a result. The window and the open study are unchanged; everything the engine had saved is kept. Start it again, with Resume for a profile.</source>
        <translation>Das Rechenprogramm %1 %2, ohne Ergebnis. Fenster und Studie sind unverändert; alles Gespeicherte bleibt. Erneut starten, bei einem Profil mit „Fortsetzen“.</translation>
    </message>
</context>
<context>
    <name>espalier::views::JobsModel</name>
    <message>
        <source>%1 %2/s</source>
        <translation>%1 %2/s</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>Left, or taken</source>
        <translation>Rest oder Dauer</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
</context>
<context>
    <name>espalier::views::JobsPane</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Als Befehl kopieren</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Log of the job</source>
        <translation>Protokoll des Auftrags</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerCounts</name>
    <message>
        <source>Experts kept per layer</source>
        <translation>Behaltene Experten je Schicht</translation>
    </message>
    <message>
        <source>%1 in all</source>
        <translation>%1 insgesamt</translation>
    </message>
    <message>
        <source>%1 of %2 experts stay. Click to set the count.</source>
        <translation>%1 von %2 Experten bleiben. Klicken, um die Anzahl zu setzen.</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerStrip</name>
    <message>
        <source>Concentration per layer</source>
        <translation>Konzentration je Schicht</translation>
    </message>
    <message numerus="yes">
        <source>Layer %1: entropy %2 of its maximum, as spread as %3 equally used experts, Gini %4, %n dead expert(s)</source>
        <translation>
            <numerusform>Schicht %1: Entropie %2 des Höchstwerts, so verteilt wie %3 gleich genutzte Experten, Gini %4, %n toter Experte</numerusform>
            <numerusform>Schicht %1: Entropie %2 des Höchstwerts, so verteilt wie %3 gleich genutzte Experten, Gini %4, %n tote Experten</numerusform>
        </translation>
    </message>
    <message>
        <source>Entropy, %</source>
        <translation>Entropie, %</translation>
    </message>
    <message>
        <source>Eff.</source>
        <translation>Eff.</translation>
    </message>
    <message>
        <source>Gini</source>
        <translation>Gini</translation>
    </message>
    <message>
        <source>Dead</source>
        <translation>Tot</translation>
    </message>
    <message>
        <source>Layer %1: not measured</source>
        <translation>Schicht %1: nicht gemessen</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerTables</name>
    <message>
        <source>used more</source>
        <translation>mehr genutzt</translation>
    </message>
    <message>
        <source>used less</source>
        <translation>weniger genutzt</translation>
    </message>
    <message>
        <source>not told apart from uniform</source>
        <translation>nicht von gleichmäßig zu unterscheiden</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>zu wenige Token für ein Urteil</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>rank</source>
        <translation>Rang</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>ratio to uniform</source>
        <translation>Verhältnis zu gleichmäßig</translation>
    </message>
    <message>
        <source>± 95 %</source>
        <translation>± 95 %</translation>
    </message>
    <message>
        <source>half of the 95 % interval</source>
        <translation>halbes 95-%-Intervall</translation>
    </message>
    <message>
        <source>against uniform</source>
        <translation>gegen gleichmäßig</translation>
    </message>
    <message>
        <source>experts chosen at least once</source>
        <translation>Experten, mindestens einmal gewählt</translation>
    </message>
    <message numerus="yes">
        <source>experts chosen at least %n time(s)</source>
        <translation>
            <numerusform>Experten, mindestens %n-mal gewählt</numerusform>
            <numerusform>Experten, mindestens %n-mal gewählt</numerusform>
        </translation>
    </message>
    <message>
        <source>and expert</source>
        <translation>und Experte</translation>
    </message>
    <message>
        <source>tokens with both</source>
        <translation>Token mit beiden</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>erwartet</translation>
    </message>
    <message>
        <source>Tokens that the two experts’ own use leads to expect</source>
        <translation>Token, die aus der Nutzung der beiden Experten zu erwarten sind</translation>
    </message>
    <message>
        <source>ratio to expected</source>
        <translation>Verhältnis zu erwartet</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerView</name>
    <message>
        <source>Pairs were not collected for these texts. A profile that collects everything counts them.</source>
        <translation>Für diese Texte wurden keine Paare gesammelt. Eine Messung, die alles sammelt, zählt sie.</translation>
    </message>
    <message>
        <source>bars: 95 % of a share, tokens taken as independent, not corrected for the number of experts · dashed: uniform use · cross: too few tokens · association, not cause</source>
        <translation>Balken: 95 % eines Anteils, Token als unabhängig genommen, nicht für die Zahl der Experten korrigiert · gestrichelt: gleichmäßige Nutzung · Kreuz: zu wenige Token · Zusammenhang, nicht Ursache</translation>
    </message>
    <message>
        <source>Experts seen against tokens</source>
        <translation>Gesehene Experten je Token</translation>
    </message>
    <message>
        <source>expected for tokens drawn one by one; texts come in windows, so real texts need more</source>
        <translation>erwartet für einzeln gezogene Token; Texte kommen in Fenstern, wirkliche Texte brauchen also mehr</translation>
    </message>
    <message>
        <source>Chosen together</source>
        <translation>Zusammen gewählt</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Nutzung</translation>
    </message>
    <message>
        <source>Experts seen</source>
        <translation>Gesehene Experten</translation>
    </message>
    <message>
        <source>The layer as a table</source>
        <translation>Die Schicht als Tabelle</translation>
    </message>
    <message>
        <source>Use of the experts of layer %1</source>
        <translation>Nutzung der Experten von Schicht %1</translation>
    </message>
    <message>
        <source>No pair of experts is chosen more often than their own use explains.</source>
        <translation>Kein Paar von Experten wird öfter gewählt, als ihre eigene Nutzung erklärt.</translation>
    </message>
    <message>
        <source>Most above what their own use explains: %1</source>
        <translation>Am weitesten über dem, was ihre eigene Nutzung erklärt: %1</translation>
    </message>
    <message>
        <source>Pairs of experts chosen by one token</source>
        <translation>Paare von Experten, die ein Token wählt</translation>
    </message>
    <message>
        <source>1 = as often as the two experts&apos; own use explains · × never together · cut corner: under %1 pairs expected, too few to judge</source>
        <translation>1 = so oft, wie die Nutzung der beiden Experten erklärt · × nie zusammen · gekappte Ecke: unter %1 Paaren erwartet, zu wenige für ein Urteil</translation>
    </message>
    <message>
        <source>Experts %1 and %2</source>
        <translation>Experten %1 und %2</translation>
    </message>
    <message>
        <source>Expert %1 with itself</source>
        <translation>Experte %1 mit sich selbst</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>%1 of what their own use explains</source>
        <translation>%1 dessen, was ihre eigene Nutzung erklärt</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>zu wenige Token für ein Urteil</translation>
    </message>
    <message numerus="yes">
        <source>The %n pair(s) furthest above what their own use explains. The map and its copy hold all of them.</source>
        <translation>
            <numerusform>Das %n Paar, das am weitesten über dem liegt, was die eigene Nutzung erklärt. Karte und Kopie enthalten alle.</numerusform>
            <numerusform>Die %n Paare, die am weitesten über dem liegen, was ihre eigene Nutzung erklärt. Karte und Kopie enthalten alle.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::LikenessMatrix</name>
    <message>
        <source>Likeness of domains</source>
        <translation>Ähnlichkeit der Bereiche</translation>
    </message>
    <message>
        <source>%1 and %2: %3</source>
        <translation>%1 und %2: %3</translation>
    </message>
</context>
<context>
    <name>espalier::views::ManualDialog</name>
    <message>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Planner</source>
        <translation>Planer</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Concepts</source>
        <translation>Begriffe</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>Befehlszeile</translation>
    </message>
    <message>
        <source>File formats</source>
        <translation>Dateiformate</translation>
    </message>
    <message>
        <source>Troubleshooting</source>
        <translation>Fehlersuche</translation>
    </message>
    <message>
        <source>Pages of the manual</source>
        <translation>Seiten des Handbuchs</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>Methoden</translation>
    </message>
    <message>
        <source>From elsewhere</source>
        <translation>Von anderen</translation>
    </message>
    <message>
        <source>Carving</source>
        <translation>Zerlegen in Experten</translation>
    </message>
    <message>
        <source>GPU and MPI</source>
        <translation>GPU und MPI</translation>
    </message>
    <message>
        <source>Merging</source>
        <translation>Zusammenlegen</translation>
    </message>
</context>
<context>
    <name>espalier::views::MapTableModel</name>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>dead: no token</source>
        <translation>tot: kein Token</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>zu wenige Token</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>± 95 %</source>
        <translation>± 95 %</translation>
    </message>
    <message>
        <source>Rank in layer</source>
        <translation>Rang in Schicht</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
</context>
<context>
    <name>espalier::views::MethodTexts</name>
    <message>
        <source>Frequency</source>
        <translation>Häufigkeit</translation>
    </message>
    <message>
        <source>how often the router picks the expert</source>
        <translation>wie oft der Router den Experten wählt</translation>
    </message>
    <message>
        <source>Gate mass</source>
        <translation>Gate-Masse</translation>
    </message>
    <message>
        <source>Σ gate weight over routed tokens, per layer</source>
        <translation>Σ Gate-Gewicht über zugeteilte Token, je Schicht</translation>
    </message>
    <message>
        <source>SEER, hard</source>
        <translation>SEER, hart</translation>
    </message>
    <message>
        <source>share of tokens that pick the expert</source>
        <translation>Anteil der Token, die den Experten wählen</translation>
    </message>
    <message>
        <source>SEER, soft</source>
        <translation>SEER, weich</translation>
    </message>
    <message>
        <source>router probability summed over all tokens</source>
        <translation>Router-Wahrscheinlichkeit, summiert über alle Token</translation>
    </message>
    <message>
        <source>REAP, mean</source>
        <translation>REAP, Mittel</translation>
    </message>
    <message>
        <source>mean of gate × ‖output‖ over routed tokens</source>
        <translation>Mittel von Gate × ‖Ausgabe‖ über zugeteilte Token</translation>
    </message>
    <message>
        <source>REAP, summed</source>
        <translation>REAP, Summe</translation>
    </message>
    <message>
        <source>Σ gate × ‖output‖ over routed tokens, per layer</source>
        <translation>Σ Gate × ‖Ausgabe‖ über zugeteilte Token, je Schicht</translation>
    </message>
    <message>
        <source>REAP, shrunk mean</source>
        <translation>REAP, geschrumpftes Mittel</translation>
    </message>
    <message>
        <source>REAP’s mean, drawn towards the layer’s mean where few tokens were seen</source>
        <translation>REAPs Mittel, bei wenigen Token zum Mittel der Schicht gezogen</translation>
    </message>
    <message>
        <source>MAN, mean output norm</source>
        <translation>MAN, mittlere Ausgabenorm</translation>
    </message>
    <message>
        <source>mean of ‖output‖ over routed tokens</source>
        <translation>Mittel von ‖Ausgabe‖ über zugeteilte Token</translation>
    </message>
    <message>
        <source>MSAN, mean squared norm</source>
        <translation>MSAN, mittlere quadrierte Norm</translation>
    </message>
    <message>
        <source>mean of ‖output‖² over routed tokens</source>
        <translation>Mittel von ‖Ausgabe‖² über zugeteilte Token</translation>
    </message>
    <message>
        <source>EASY-EP</source>
        <translation>EASY-EP</translation>
    </message>
    <message>
        <source>Σ gate × ‖output‖, weighted by how far the layer turns the token</source>
        <translation>Σ Gate × ‖Ausgabe‖, gewichtet nach der Drehung des Tokens durch die Schicht</translation>
    </message>
    <message>
        <source>TCESS</source>
        <translation>TCESS</translation>
    </message>
    <message>
        <source>router logits of the tokens that rank the expert first</source>
        <translation>Router-Logits der Token, die den Experten zuerst wählen</translation>
    </message>
    <message>
        <source>PEU</source>
        <translation>PEU</translation>
    </message>
    <message>
        <source>how often the expert passes the domain’s probability threshold</source>
        <translation>wie oft der Experte die Wahrscheinlichkeitsschwelle des Bereichs überschreitet</translation>
    </message>
    <message>
        <source>Random, as a control</source>
        <translation>Zufall, als Kontrolle</translation>
    </message>
    <message>
        <source>drawn by the seed: what a plan without knowledge gives</source>
        <translation>nach Startwert gezogen: was ein Plan ohne Wissen leistet</translation>
    </message>
    <message>
        <source>uniform, same count in every layer</source>
        <translation>einheitlich, gleiche Anzahl in jeder Schicht</translation>
    </message>
    <message>
        <source>every engine loads it</source>
        <translation>jedes Programm lädt es</translation>
    </message>
    <message>
        <source>global, one ranking over all layers</source>
        <translation>global, eine Rangfolge über alle Schichten</translation>
    </message>
    <message>
        <source>counts differ between layers</source>
        <translation>Anzahlen je Schicht verschieden</translation>
    </message>
    <message>
        <source>coverage, same share of score in every layer</source>
        <translation>Abdeckung, gleicher Bewertungsanteil je Schicht</translation>
    </message>
    <message>
        <source>Never below top-k</source>
        <translation>Nie unter Top-k</translation>
    </message>
    <message>
        <source>Super experts</source>
        <translation>Superexperten</translation>
    </message>
    <message>
        <source>REAP, lower bound</source>
        <translation>REAP, untere Grenze</translation>
    </message>
    <message>
        <source>what REAP’s mean is at least, with 97.5 % confidence: few tokens count little</source>
        <translation>was der Mittelwert von REAP mit 97,5 % Sicherheit mindestens ist: wenige Token zählen wenig</translation>
    </message>
    <message>
        <source>Unified, n^a · mean of g^b ‖f‖^c</source>
        <translation>Vereint, n^a · Mittel von g^b ‖f‖^c</translation>
    </message>
    <message>
        <source>the family of REAP, MAN and frequency; REAP by default</source>
        <translation>die Familie von REAP, MAN und Häufigkeit; ohne Angabe REAP</translation>
    </message>
    <message>
        <source>SHAPE, coalitions</source>
        <translation>SHAPE, Koalitionen</translation>
    </message>
    <message>
        <source>tokens of the sets of experts that only work with this one</source>
        <translation>Token der Expertengruppen, die nur mit diesem arbeiten</translation>
    </message>
    <message>
        <source>AIMER, without texts</source>
        <translation>AIMER, ohne Texte</translation>
    </message>
    <message>
        <source>how far the expert’s weights are from all being one size</source>
        <translation>wie weit die Gewichte des Experten davon entfernt sind, alle gleich groß zu sein</translation>
    </message>
    <message>
        <source>STUN, without texts</source>
        <translation>STUN, ohne Texte</translation>
    </message>
    <message>
        <source>how far the expert’s router row is from those that stay</source>
        <translation>wie weit die Routerzeile des Experten von denen entfernt ist, die bleiben</translation>
    </message>
    <message>
        <source>Inner energy, mean</source>
        <translation>Innere Energie, Mittel</translation>
    </message>
    <message>
        <source>mean squared norm inside the expert, from llama.cpp’s importance matrix</source>
        <translation>mittleres Quadrat der Norm im Experten, aus der Importance-Matrix von llama.cpp</translation>
    </message>
    <message>
        <source>Inner energy, summed</source>
        <translation>Innere Energie, Summe</translation>
    </message>
    <message>
        <source>Σ squared norm inside the expert, from llama.cpp’s importance matrix</source>
        <translation>Σ Quadrat der Norm im Experten, aus der Importance-Matrix von llama.cpp</translation>
    </message>
    <message>
        <source>knapsack, least predicted loss</source>
        <translation>Rucksack, kleinster vorhergesagter Verlust</translation>
    </message>
    <message>
        <source>Outliers</source>
        <translation>Ausreißer</translation>
    </message>
    <message>
        <source>A floor for every domain</source>
        <translation>Ein Mindestmaß für jeden Bereich</translation>
    </message>
    <message>
        <source>Leave one out, measured</source>
        <translation>Einen weglassen, gemessen</translation>
    </message>
    <message>
        <source>what the layer’s output loses without the expert</source>
        <translation>was der Ausgabe der Schicht ohne den Experten fehlt</translation>
    </message>
</context>
<context>
    <name>espalier::views::OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>The same numbers as a table (T)</source>
        <translation>Dieselben Zahlen als Tabelle (T)</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>Bild speichern …</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>minus</source>
        <translation>minus</translation>
    </message>
    <message>
        <source>Shows the difference to another domain</source>
        <translation>Zeigt den Unterschied zu einem anderen Bereich</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeige</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Skala</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linear</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>Flag below</source>
        <translation>Markiere unter</translation>
    </message>
    <message>
        <source>An expert seen by fewer tokens is marked: a mean over so few says little</source>
        <translation>Ein Experte mit weniger Token wird markiert: Ein Mittel über so wenige sagt kaum etwas</translation>
    </message>
    <message>
        <source>All domains, same scale</source>
        <translation>Alle Bereiche, gleiche Skala</translation>
    </message>
    <message>
        <source>The map as a table</source>
        <translation>Die Karte als Tabelle</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>braucht ein Profil</translation>
    </message>
    <message numerus="yes">
        <source>%n domain(s)</source>
        <translation>
            <numerusform>%n Bereich</numerusform>
            <numerusform>%n Bereiche</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was measured yet. A profile runs your texts through the model once and shows here which experts they use.</source>
        <translation>Noch nichts gemessen. Ein Profil schickt die Texte einmal durch das Modell und zeigt hier, welche Experten sie nutzen.</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Neues Profil …</translation>
    </message>
    <message>
        <source>Open a model, measure it on your texts, and see here what every expert does.</source>
        <translation>Ein Modell öffnen, es auf den eigenen Texten messen, und hier sehen, was jeder Experte tut.</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>all domains</source>
        <translation>alle Bereiche</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 minus %2</source>
        <translation>%1 minus %2</translation>
    </message>
    <message>
        <source>%1: %2 tokens in %3 windows</source>
        <translation>%1: %2 Token in %3 Fenstern</translation>
    </message>
    <message>
        <source>tile height is layer %1 to %2, width is expert 0 to %3</source>
        <translation>Höhe einer Kachel: Schicht %1 bis %2, Breite: Experte 0 bis %3</translation>
    </message>
    <message>
        <source>%1, %2 tokens in %3 windows</source>
        <translation>%1, %2 Token in %3 Fenstern</translation>
    </message>
    <message>
        <source>tokens measured</source>
        <translation>gemessene Token</translation>
    </message>
    <message>
        <source>windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>median tokens per expert</source>
        <translation>Token je Experte, Median</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>zu wenige Token für ein Urteil</translation>
    </message>
    <message>
        <source>dead in every domain</source>
        <translation>tot in allen Bereichen</translation>
    </message>
    <message>
        <source>dead in this domain</source>
        <translation>tot in diesem Bereich</translation>
    </message>
    <message>
        <source>%1 (fingerprint %2…)</source>
        <translation>%1 (Fingerabdruck %2…)</translation>
    </message>
    <message>
        <source>%1 tokens, prefill</source>
        <translation>%1 Token, Prefill</translation>
    </message>
    <message>
        <source>orange: %1 uses it more, blue: %2 does</source>
        <translation>orange: %1 nutzt ihn mehr, blau: %2</translation>
    </message>
    <message>
        <source>counts of top-%1 choices: association, not cause</source>
        <translation>gezählte Top-%1-Wahlen: Zusammenhang, nicht Ursache</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>Schicht %1, Experte %2</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>%1 tokens and %2 tokens</source>
        <translation>%1 Token und %2 Token</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%1 von %2 Token</translation>
    </message>
    <message>
        <source>dead: no token chose it</source>
        <translation>tot: kein Token wählte ihn</translation>
    </message>
    <message>
        <source>rank %1 of %2 in its layer by %3, %4</source>
        <translation>Rang %1 von %2 in seiner Schicht nach %3, %4</translation>
    </message>
    <message numerus="yes">
        <source>Under %n token(s): its means may mislead.</source>
        <translation>
            <numerusform>Unter %n Token: Mittelwerte können täuschen.</numerusform>
            <numerusform>Unter %n Token: Mittelwerte können täuschen.</numerusform>
        </translation>
    </message>
    <message>
        <source>token counts</source>
        <translation>Tokenzahlen</translation>
    </message>
    <message>
        <source>gate weights</source>
        <translation>Gate-Gewichte</translation>
    </message>
    <message>
        <source>expert outputs</source>
        <translation>Ausgaben der Experten</translation>
    </message>
    <message>
        <source>probabilities</source>
        <translation>Wahrscheinlichkeiten</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n Schicht</numerusform>
            <numerusform>%n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 was imported from %2</source>
        <translation>%1 wurde aus %2 importiert</translation>
    </message>
    <message>
        <source>%1; not known: %2</source>
        <translation>%1; nicht bekannt: %2</translation>
    </message>
    <message>
        <source>Previous domain</source>
        <translation>Voriger Bereich</translation>
    </message>
    <message>
        <source>Next domain</source>
        <translation>Nächster Bereich</translation>
    </message>
    <message>
        <source>All domains</source>
        <translation>Alle Bereiche</translation>
    </message>
    <message>
        <source>Domain %1</source>
        <translation>Bereich %1</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Layers by experts</source>
        <translation>Schichten mal Experten</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>One layer at a glance (Y)</source>
        <translation>Eine Schicht auf einen Blick (Y)</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Texts coloured by the expert that tokens chose (X)</source>
        <translation>Texte, gefärbt nach dem Experten, den Token wählten (X)</translation>
    </message>
    <message>
        <source>Picture or table</source>
        <translation>Bild oder Tabelle</translation>
    </message>
    <message>
        <source>One layer at a glance</source>
        <translation>Eine Schicht auf einen Blick</translation>
    </message>
    <message>
        <source>Texts coloured by expert</source>
        <translation>Texte nach Experten gefärbt</translation>
    </message>
    <message>
        <source>Arrows move · [ ] domain · T table · Y layer · X text · Ctrl+C copy</source>
        <translation>Pfeile bewegen · [ ] Bereich · T Tabelle · Y Schicht · X Text · Strg+C kopieren</translation>
    </message>
</context>
<context>
    <name>espalier::views::Page</name>
    <message>
        <source>%1: this page has no figure</source>
        <translation>%1: Diese Seite hat keine Abbildung</translation>
    </message>
    <message>
        <source>%1: this page has no table</source>
        <translation>%1: Diese Seite hat keine Tabelle</translation>
    </message>
</context>
<context>
    <name>espalier::views::ParetoPlot</name>
    <message>
        <source>Memory against loss</source>
        <translation>Speicher gegen Verlust</translation>
    </message>
    <message>
        <source>device memory, %1</source>
        <translation>Gerätespeicher, %1</translation>
    </message>
    <message>
        <source>KL from base, nats per token</source>
        <translation>KL zur Basis, Nats je Token</translation>
    </message>
    <message>
        <source>random control</source>
        <translation>Zufallskontrolle</translation>
    </message>
    <message>
        <source>budget %1</source>
        <translation>Budget %1</translation>
    </message>
    <message>
        <source>%1: %2, KL %3</source>
        <translation>%1: %2, KL %3</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlacementNote</name>
    <message>
        <source>Copy command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <source>Save placement…</source>
        <translation>Verteilung speichern …</translation>
    </message>
    <message>
        <source>Place, don’t prune</source>
        <translation>Verteilen statt beschneiden</translation>
    </message>
    <message>
        <source>The value of llama.cpp’s --override-tensor as a text file</source>
        <translation>Der Wert von --override-tensor für llama.cpp als Textdatei</translation>
    </message>
    <message>
        <source>Save placement</source>
        <translation>Verteilung speichern</translation>
    </message>
    <message>
        <source>This plan keeps every expert: nothing has to leave the device.</source>
        <translation>Dieser Plan behält alle Experten: Nichts muss das Gerät verlassen.</translation>
    </message>
    <message>
        <source>If the machine has %1 of RAM to spare, keep every expert: within the memory of this plan’s experts llama.cpp holds those of %2 of %3 layers on the device (%4) and computes the others from RAM. Slower, but no quality is lost.</source>
        <translation>Hat der Rechner %1 RAM übrig, können alle Experten bleiben: Im Speicher der Experten dieses Plans hält llama.cpp die von %2 der %3 Schichten auf dem Gerät (%4) und rechnet die übrigen aus dem RAM. Langsamer, aber ohne Verlust an Qualität.</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanCutModel</name>
    <message>
        <source>set by hand</source>
        <translation>von Hand gesetzt</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>zu wenige Token</translation>
    </message>
    <message>
        <source>low score</source>
        <translation>schwach</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanDomainModel</name>
    <message>
        <source>%1 of the gate weight of %2 goes to experts that stay; in its worst layer %3. Floor %4.</source>
        <translation>%1 des Gate-Gewichts von %2 geht an Experten, die bleiben; in der schlechtesten Schicht %3. Untergrenze %4.</translation>
    </message>
    <message>
        <source>holds</source>
        <translation>hält</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>bricht</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>Gate weight, predicted</source>
        <translation>Gate-Gewicht, Prognose</translation>
    </message>
    <message>
        <source>Kept, %</source>
        <translation>Bleibt, %</translation>
    </message>
    <message>
        <source>Lowest</source>
        <translation>Minimum</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>The statistics of %1 hold no gate weights: what a plan keeps of them is not known.</source>
        <translation>Die Statistik von %1 enthält keine Gate-Gewichte: was ein Plan davon behält, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanEditor</name>
    <message>
        <source>Layer %1 keeps %2 experts and the router chooses %2 per token. Keep another one first.</source>
        <translation>Schicht %1 behält %2 Experten, und der Router wählt %2 je Token. Zuerst einen anderen behalten.</translation>
    </message>
    <message>
        <source>Every token takes one expert: there is none to leave out.</source>
        <translation>Jedes Token nimmt einen Experten: Es gibt keinen, der ausgelassen werden kann.</translation>
    </message>
    <message>
        <source>The profile of %1 does not say how small a token’s later weights are. Measure it again with all usual statistics.</source>
        <translation>Das Profil von %1 sagt nicht, wie klein die weiteren Gewichte eines Tokens sind. Mit allen üblichen Statistiken neu messen.</translation>
    </message>
    <message>
        <source>Only a profile on texts says how small a token’s later weights are.</source>
        <translation>Nur ein Profil mit Texten sagt, wie klein die weiteren Gewichte eines Tokens sind.</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanHistory</name>
    <message>
        <source>saved</source>
        <translation>gespeichert</translation>
    </message>
    <message>
        <source>redo</source>
        <translation>wiederholen</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanListModel</name>
    <message>
        <source>changed</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>validated</source>
        <translation>validiert</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>vorhergesagt</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanTexts</name>
    <message>
        <source>Budget to %1</source>
        <translation>Budget auf %1</translation>
    </message>
    <message>
        <source>Rename to %1</source>
        <translation>In %1 umbenennen</translation>
    </message>
    <message>
        <source>Method to %1</source>
        <translation>Methode: %1</translation>
    </message>
    <message>
        <source>Seed to %1</source>
        <translation>Startwert auf %1</translation>
    </message>
    <message>
        <source>Same count in every layer</source>
        <translation>Gleiche Anzahl in jeder Schicht</translation>
    </message>
    <message>
        <source>Allocator to %1</source>
        <translation>Aufteilung: %1</translation>
    </message>
    <message>
        <source>Weight %1 %2 to %3</source>
        <translation>Gewicht %1 %2 auf %3</translation>
    </message>
    <message>
        <source>Protect: %1</source>
        <translation>Schützen: %1</translation>
    </message>
    <message>
        <source>No longer protect: %1</source>
        <translation>Nicht mehr schützen: %1</translation>
    </message>
    <message>
        <source>Use my locks</source>
        <translation>Eigene Sperren nutzen</translation>
    </message>
    <message>
        <source>Ignore my locks</source>
        <translation>Eigene Sperren übergehen</translation>
    </message>
    <message>
        <source>Lock %1 as kept</source>
        <translation>%1 als behalten sperren</translation>
    </message>
    <message>
        <source>Lock %1 as dropped</source>
        <translation>%1 als weggelassen sperren</translation>
    </message>
    <message>
        <source>Unlock %1</source>
        <translation>%1 entsperren</translation>
    </message>
    <message>
        <source>Context to %1 tokens</source>
        <translation>Kontext auf %1 Token</translation>
    </message>
    <message>
        <source>Sequences to %1</source>
        <translation>Sequenzen auf %1</translation>
    </message>
    <message numerus="yes">
        <source>Cache to %n byte(s) per value</source>
        <translation>
            <numerusform>Cache auf %n Byte je Wert</numerusform>
            <numerusform>Cache auf %n Bytes je Wert</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep %1 to %2 per layer</source>
        <translation>%1 auf %2 je Schicht behalten</translation>
    </message>
    <message>
        <source>Keep %1 per layer</source>
        <translation>%1 je Schicht behalten</translation>
    </message>
    <message>
        <source>Counts per layer by hand</source>
        <translation>Anzahlen je Schicht von Hand</translation>
    </message>
    <message>
        <source>Keep %1</source>
        <translation>%1 behalten</translation>
    </message>
    <message>
        <source>Drop %1</source>
        <translation>%1 weglassen</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) by hand</source>
        <translation>
            <numerusform>%n Experte von Hand</numerusform>
            <numerusform>%n Experten von Hand</numerusform>
        </translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>set by hand</source>
        <translation>von Hand gesetzt</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>gesperrt</translation>
    </message>
    <message>
        <source>protected: super expert</source>
        <translation>geschützt: Superexperte</translation>
    </message>
    <message>
        <source>rank %1, layer keeps %2</source>
        <translation>Rang %1, Schicht behält %2</translation>
    </message>
    <message>
        <source>%1, %2 ×</source>
        <extracomment>domain, times the use of an average expert</extracomment>
        <translation>%1, %2 ×</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: kept</source>
        <translation>Schicht %1, Experte %2: behalten</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: dropped</source>
        <translation>Schicht %1, Experte %2: weggelassen</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Routed</source>
        <translation>Zugeteilt</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%1 von %2 Token</translation>
    </message>
    <message>
        <source>Caution</source>
        <translation>Vorsicht</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>zu wenige Token für ein Urteil</translation>
    </message>
    <message>
        <source>Most used by</source>
        <translation>Am meisten genutzt von</translation>
    </message>
    <message>
        <source>Exponents to %1, %2, %3</source>
        <translation>Exponenten auf %1, %2, %3</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per token</source>
        <translation>
            <numerusform>%n Experte je Token</numerusform>
            <numerusform>%n Experten je Token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 experts per token in the mean</source>
        <translation>%1 Experten je Token im Mittel</translation>
    </message>
    <message>
        <source>Experts per token as the model has them</source>
        <translation>Experten je Token wie im Modell</translation>
    </message>
    <message>
        <source>Fill layers up to one count</source>
        <translation>Schichten auf eine Zahl auffüllen</translation>
    </message>
    <message>
        <source>Layers keep their own counts</source>
        <translation>Schichten behalten ihre eigene Zahl</translation>
    </message>
    <message>
        <source>Protect: %1, %2</source>
        <translation>Schützen: %1, %2</translation>
    </message>
    <message>
        <source>One device of %1</source>
        <translation>Ein Gerät mit %1</translation>
    </message>
    <message>
        <source>Devices changed</source>
        <translation>Geräte geändert</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s), %1 in all</source>
        <translation>
            <numerusform>%n Gerät, zusammen %1</numerusform>
            <numerusform>%n Geräte, zusammen %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Skip experts of small weight: %1</source>
        <translation>Experten mit kleinem Gewicht überspringen: %1</translation>
    </message>
    <message>
        <source>Skip no experts</source>
        <translation>Keine Experten überspringen</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerPage</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>Plan speichern</translation>
    </message>
    <message>
        <source>Validate…</source>
        <translation>Validieren …</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Experten</translation>
    </message>
    <message>
        <source>hatched: dropped · square: lock · ring: super expert</source>
        <translation>schraffiert: weggelassen · Quadrat: Sperre · Ring: Superexperte</translation>
    </message>
    <message>
        <source>Kept per layer</source>
        <translation>Bleiben je Schicht</translation>
    </message>
    <message>
        <source>Experts, kept and dropped</source>
        <translation>Experten, behalten und weggelassen</translation>
    </message>
    <message>
        <source>Gate weight kept per domain</source>
        <translation>Behaltenes Gate-Gewicht je Bereich</translation>
    </message>
    <message>
        <source>Mean over layers of the share of routed gate weight that stays; tick: lowest layer; red line: floor, 95 % weighted, 80 % others. Association, not cause: validate before use.</source>
        <translation>Mittel über die Schichten des bleibenden Anteils am Gate-Gewicht; Strich: niedrigste Schicht; rote Linie: Untergrenze, 95 % gewichtet, 80 % sonst. Zusammenhang, nicht Ursache: vor Gebrauch validieren.</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>Pläne</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Removed, nearest the cut</source>
        <translation>Weggelassen, nahe am Schnitt</translation>
    </message>
    <message>
        <source>Removed experts nearest the cut</source>
        <translation>Weggelassene Experten nahe am Schnitt</translation>
    </message>
    <message>
        <source>score, × layer mean</source>
        <translation>Bewertung, × Schichtmittel</translation>
    </message>
    <message>
        <source>%1, × the layer’s mean · %2 · %3 tokens</source>
        <translation>%1, × Mittel der Schicht · %2 · %3 Token</translation>
    </message>
    <message>
        <source>Planner</source>
        <translation>Planer</translation>
    </message>
    <message>
        <source>journal saved %1</source>
        <translation>Journal gesichert %1</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>braucht ein Profil</translation>
    </message>
    <message numerus="yes">
        <source>%n plan(s)</source>
        <translation>
            <numerusform>%n Plan</numerusform>
            <numerusform>%n Pläne</numerusform>
        </translation>
    </message>
    <message>
        <source>Space keeps or drops · L locks · drag selects a block · U same count in every layer</source>
        <translation>Leertaste behält oder lässt weg · L sperrt · Ziehen wählt einen Block · U gleiche Anzahl überall</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Neues Profil …</translation>
    </message>
    <message>
        <source>Open a model and measure it; then choose here which experts stay.</source>
        <translation>Ein Modell öffnen und messen; dann hier wählen, welche Experten bleiben.</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>Rename plan</source>
        <translation>Plan umbenennen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>%1, %2, %3. Validated.</source>
        <translation>%1, %2, %3. Validiert.</translation>
    </message>
    <message>
        <source>%1, %2, %3. Predicted, not validated.</source>
        <translation>%1, %2, %3. Vorhergesagt, nicht validiert.</translation>
    </message>
    <message>
        <source>of %1 budget, %2 free; whole model %3</source>
        <translation>von %1 Budget, %2 frei; ganzes Modell %3</translation>
    </message>
    <message>
        <source>of %1 budget, %2 too much; whole model %3</source>
        <translation>von %1 Budget, %2 zu viel; ganzes Modell %3</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>passt</translation>
    </message>
    <message>
        <source>over</source>
        <translation>zu groß</translation>
    </message>
    <message>
        <source>experts kept</source>
        <translation>behaltene Experten</translation>
    </message>
    <message>
        <source>other weights</source>
        <translation>übrige Gewichte</translation>
    </message>
    <message>
        <source>cache</source>
        <translation>Cache</translation>
    </message>
    <message>
        <source>workspace</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: kept, %3</source>
        <translation>Schicht %1, Experte %2: behalten, %3</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: dropped, %3</source>
        <translation>Schicht %1, Experte %2: weggelassen, %3</translation>
    </message>
    <message>
        <source>The same count in every layer</source>
        <translation>In jeder Schicht gleich viele</translation>
    </message>
    <message>
        <source>Save and validate the plan</source>
        <translation>Plan speichern und validieren</translation>
    </message>
    <message>
        <source>A plan needs to know which experts your texts use: measure the model on a few texts first. Or score the weights alone (Study &gt; Score the weights): a preview that knows no texts.</source>
        <translation>Ein Plan muss wissen, welche Experten Ihre Texte nutzen: Das Modell erst an einigen Texten messen. Oder nur die Gewichte bewerten (Studie &gt; Gewichte bewerten): eine Vorschau, die keine Texte kennt.</translation>
    </message>
    <message>
        <source>journal not saved</source>
        <translation>Journal nicht gespeichert</translation>
    </message>
    <message>
        <source>Work on “%1” of %2 was not saved. Last step: %3.</source>
        <translation>Die Arbeit an „%1“ vom %2 wurde nicht gespeichert. Letzter Schritt: %3.</translation>
    </message>
    <message>
        <source>Take it up</source>
        <translation>Wieder aufnehmen</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>over on %1</source>
        <translation>zu viel auf %1</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerRequest</name>
    <message>
        <source>Budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>Device memory</source>
        <translation>Gerätespeicher</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>tok</source>
        <comment>unit: tokens, short</comment>
        <translation>Tok</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>Sequenzen</translation>
    </message>
    <message>
        <source>16 bit</source>
        <translation>16 Bit</translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation>8 Bit</translation>
    </message>
    <message>
        <source>32 bit</source>
        <translation>32 Bit</translation>
    </message>
    <message>
        <source>Cache type</source>
        <translation>Cache-Typ</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Experts kept per layer</source>
        <translation>Behaltene Experten je Schicht</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Allocator</source>
        <translation>Aufteilung</translation>
    </message>
    <message>
        <source>Protect</source>
        <translation>Schützen</translation>
    </message>
    <message>
        <source>%1 of %2, %3</source>
        <translation>%1 von %2, %3</translation>
    </message>
    <message>
        <source>Never below top-k (%1)</source>
        <translation>Nie unter Top-k (%1)</translation>
    </message>
    <message numerus="yes">
        <source>Super experts (%n found)</source>
        <translation>
            <numerusform>Superexperten (%n gefunden)</numerusform>
            <numerusform>Superexperten (%n gefunden)</numerusform>
        </translation>
    </message>
    <message>
        <source>My locks (%1)</source>
        <translation>Eigene Sperren (%1)</translation>
    </message>
    <message>
        <source>Counts differ between layers</source>
        <translation>Anzahlen je Schicht verschieden</translation>
    </message>
    <message>
        <source>No engine loads that as it is. The keep list can still be saved and validated.</source>
        <translation>Kein Programm lädt das so. Die Liste kann dennoch gespeichert und validiert werden.</translation>
    </message>
    <message>
        <source>Make uniform</source>
        <translation>Angleichen</translation>
    </message>
    <message numerus="yes">
        <source>%n kept expert(s) rest on few tokens</source>
        <translation>
            <numerusform>%n behaltener Experte ruht auf wenigen Token</numerusform>
            <numerusform>%n behaltene Experten ruhen auf wenigen Token</numerusform>
        </translation>
    </message>
    <message>
        <source>A mean over fewer than %1 tokens may overrate them: rarely used experts with large outputs win.</source>
        <translation>Ein Mittel über weniger als %1 Token kann sie überschätzen: Selten genutzte Experten mit großen Ausgaben gewinnen.</translation>
    </message>
    <message>
        <source>Use the shrunk mean</source>
        <translation>Geschrumpftes Mittel nehmen</translation>
    </message>
    <message>
        <source>a</source>
        <comment>exponent of the count</comment>
        <translation>a</translation>
    </message>
    <message>
        <source>Exponent of the number of tokens</source>
        <translation>Exponent der Tokenzahl</translation>
    </message>
    <message>
        <source>Exponents of gate weight and output norm</source>
        <translation>Exponenten von Gate-Gewicht und Ausgabenorm</translation>
    </message>
    <message>
        <source>b %1, c %2</source>
        <comment>exponents of gate weight and output norm</comment>
        <translation>b %1, c %2</translation>
    </message>
    <message>
        <source>Fill up to one count</source>
        <translation>Auf eine Zahl auffüllen</translation>
    </message>
    <message>
        <source>Stock engines read one number of experts for all layers: layers with fewer get their next best</source>
        <translation>Übliche Engines lesen eine Expertenzahl für alle Schichten: Schichten mit weniger bekommen ihre nächstbesten</translation>
    </message>
    <message>
        <source>Least per layer</source>
        <translation>Mindestens je Schicht</translation>
    </message>
    <message>
        <source>Outliers in all layers</source>
        <translation>Ausreißer in allen Schichten</translation>
    </message>
    <message>
        <source>Experts with extraordinary outputs, in the last layers too</source>
        <translation>Experten mit außergewöhnlichen Ausgaben, auch in den letzten Schichten</translation>
    </message>
    <message>
        <source>Every domain keeps</source>
        <translation>Jeder Bereich behält</translation>
    </message>
    <message>
        <source>Per layer and domain, the fewest experts that carry this share of its gate weight stay</source>
        <translation>Je Schicht und Bereich bleiben die wenigsten Experten, die diesen Anteil seines Gate-Gewichts tragen</translation>
    </message>
    <message>
        <source> %</source>
        <translation>&#xa0;%</translation>
    </message>
    <message>
        <source>Share of gate weight that every domain keeps</source>
        <translation>Anteil des Gate-Gewichts, den jeder Bereich behält</translation>
    </message>
    <message>
        <source>Super experts (not measured)</source>
        <translation>Super-Experten (nicht gemessen)</translation>
    </message>
    <message>
        <source>The sum of the devices below</source>
        <translation>Die Summe der Geräte darunter</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerTokens</name>
    <message>
        <source>Skipping</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Fewer experts for every token than the model&apos;s own number: faster, and another loss. Engines read one number for all layers.</source>
        <translation>Weniger Experten je Token, als das Modell nimmt: schneller, mit einem anderen Verlust. Engines lesen eine Zahl für alle Schichten.</translation>
    </message>
    <message>
        <source>Experts per token</source>
        <translation>Experten je Token</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>none</source>
        <comment>no experts are skipped</comment>
        <translation>keine</translation>
    </message>
    <message>
        <source>Skipping (not measured)</source>
        <translation>Überspringen (nicht gemessen)</translation>
    </message>
    <message>
        <source>Token by token, experts whose weight is small beside the token&apos;s largest are left out: this share of the tokens falls below each threshold. Stock engines give every token all its experts; an export writes the rule beside the model.</source>
        <translation>Token für Token werden Experten ausgelassen, deren Gewicht klein ist neben dem größten des Tokens: Dieser Anteil der Token liegt unter jeder Schwelle. Übliche Engines geben jedem Token alle seine Experten; ein Export schreibt die Regel neben das Modell.</translation>
    </message>
    <message>
        <source>Thresholds of this plan: %1 to %2 of the largest weight.</source>
        <translation>Schwellen dieses Plans: %1 bis %2 des größten Gewichts.</translation>
    </message>
</context>
<context>
    <name>espalier::views::ProfileDataModel</name>
    <message>
        <source>Add at least one file of your texts: .txt, or .jsonl with a text in every line.</source>
        <translation>Mindestens eine Datei mit eigenen Texten hinzufügen: .txt, oder .jsonl mit einem Text in jeder Zeile.</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
</context>
<context>
    <name>espalier::views::ProfileDialog</name>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>New profile</source>
        <translation>Neues Profil</translation>
    </message>
    <message>
        <source>Measure what every expert does on your texts</source>
        <translation>Messen, was jeder Experte auf den eigenen Texten tut</translation>
    </message>
    <message>
        <source>One domain is one kind of text: a language, a task, a customer. Files of the same domain count together. A few hundred thousand tokens per domain are plenty.</source>
        <translation>Ein Bereich ist eine Art von Text: eine Sprache, eine Aufgabe, ein Kunde. Dateien desselben Bereichs zählen zusammen. Einige hunderttausend Token je Bereich sind reichlich.</translation>
    </message>
    <message>
        <source>Files and their domains</source>
        <translation>Dateien und ihre Bereiche</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>Dateien hinzufügen …</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> Token</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>basic: counts, gates and norms only, a smaller study</source>
        <translation>Grundlagen: nur Zahlen, Gates und Normen, kleinere Studie</translation>
    </message>
    <message>
        <source>Go on with the unfinished run of these settings</source>
        <translation>Den unfertigen Lauf mit diesen Einstellungen fortsetzen</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Most per domain</source>
        <translation>Höchstens je Bereich</translation>
    </message>
    <message>
        <source>Collect</source>
        <translation>Sammle</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Add texts</source>
        <translation>Texte hinzufügen</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl);;All files (*)</source>
        <translation>Texte (*.txt *.jsonl);;Alle Dateien (*)</translation>
    </message>
    <message numerus="yes">
        <source>Profile %n domain(s)</source>
        <translation>
            <numerusform>%n Bereich messen</numerusform>
            <numerusform>%n Bereiche messen</numerusform>
        </translation>
    </message>
    <message>
        <source>Counting tokens…</source>
        <translation>Token werden gezählt …</translation>
    </message>
    <message>
        <source>About %1 tokens by the size of the files; they are counted when the run begins.</source>
        <translation>Etwa %1 Token nach der Größe der Dateien; gezählt werden sie beim Start.</translation>
    </message>
    <message>
        <source>%1 tokens in %2 windows; the study grows by about %3. %4</source>
        <translation>%1 Token in %2 Fenstern; die Studie wächst um etwa %3. %4</translation>
    </message>
    <message>
        <source>About %1 at the speed of the last run.</source>
        <translation>Etwa %1 mit der Geschwindigkeit des letzten Laufs.</translation>
    </message>
    <message>
        <source>The run can be cancelled at any time and resumed later.</source>
        <translation>Der Lauf kann jederzeit abgebrochen und später fortgesetzt werden.</translation>
    </message>
    <message>
        <source>usual: all scores but leave-one-out, pairs of experts</source>
        <translation>üblich: alle Bewertungen außer „einen weglassen“, Paare von Experten</translation>
    </message>
    <message>
        <source>everything: also a sample through every expert, slower</source>
        <translation>alles: auch eine Stichprobe durch jeden Experten, langsamer</translation>
    </message>
</context>
<context>
    <name>espalier::views::Rail</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>Kein Modell</translation>
    </message>
    <message>
        <source>open one, or the sample</source>
        <translation>eines öffnen oder das Beispiel</translation>
    </message>
    <message>
        <source>%1 × %2 experts, top-%3</source>
        <translation>%1 × %2 Experten, Top-%3</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s), dense</source>
        <translation>
            <numerusform>%n Schicht, dicht</numerusform>
            <numerusform>%n Schichten, dicht</numerusform>
        </translation>
    </message>
    <message>
        <source>none running</source>
        <translation>keine laufen</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>wird abgebrochen …</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
</context>
<context>
    <name>espalier::views::RailModel</name>
    <message>
        <source>Alt+%1</source>
        <translation>Alt+%1</translation>
    </message>
</context>
<context>
    <name>espalier::views::RecentModel</name>
    <message>
        <source>%1, not found</source>
        <translation>%1, nicht gefunden</translation>
    </message>
    <message>
        <source>today %1</source>
        <translation>heute %1</translation>
    </message>
    <message>
        <source>%1 does not exist any more. Delete removes it from the list.</source>
        <translation>%1 gibt es nicht mehr. Entf nimmt es aus der Liste.</translation>
    </message>
    <message>
        <source>Study or model</source>
        <translation>Studie oder Modell</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>Geöffnet</translation>
    </message>
</context>
<context>
    <name>espalier::views::RoutedText</name>
    <message numerus="yes">
        <source>%1, document %2, part %3 (%n token(s))</source>
        <translation>
            <numerusform>%1, Dokument %2, Teil %3 (%n Token)</numerusform>
            <numerusform>%1, Dokument %2, Teil %3 (%n Token)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, document %2 (%n token(s))</source>
        <translation>
            <numerusform>%1, Dokument %2 (%n Token)</numerusform>
            <numerusform>%1, Dokument %2 (%n Token)</numerusform>
        </translation>
    </message>
    <message>
        <source>part of a character</source>
        <translation>Teil eines Zeichens</translation>
    </message>
    <message>
        <source>position</source>
        <translation>Stelle</translation>
    </message>
    <message>
        <source>token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>expert %1</source>
        <translation>Experte %1</translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation>Gewicht %1</translation>
    </message>
    <message>
        <source>Trace the texts…</source>
        <translation>Texte verfolgen…</translation>
    </message>
    <message>
        <source>Trace again…</source>
        <translation>Erneut verfolgen…</translation>
    </message>
    <message>
        <source>Text, coloured by expert</source>
        <translation>Text, nach Experten gefärbt</translation>
    </message>
    <message>
        <source>Traced text</source>
        <translation>Verfolgter Text</translation>
    </message>
    <message>
        <source>Colour of the tokens</source>
        <translation>Farbe der Token</translation>
    </message>
    <message>
        <source>Expert that a token chose first</source>
        <translation>Experte, den ein Token zuerst wählte</translation>
    </message>
    <message>
        <source>Weight given to the expert under the cursor</source>
        <translation>Gewicht für den Experten unter dem Cursor</translation>
    </message>
    <message>
        <source>Most chosen experts of the text</source>
        <translation>Meistgewählte Experten des Textes</translation>
    </message>
    <message>
        <source>Open the model’s folder to trace its texts.</source>
        <translation>Öffnen Sie den Ordner des Modells, um Texte zu verfolgen.</translation>
    </message>
    <message>
        <source>expert %1, weight %2</source>
        <translation>Experte %1, Gewicht %2</translation>
    </message>
    <message>
        <source>The stronger the ground, the larger the weight given to expert %1; no ground: not chosen.</source>
        <translation>Je kräftiger der Grund, desto größer das Gewicht für Experte %1; ohne Grund: nicht gewählt.</translation>
    </message>
    <message>
        <source>others: no ground</source>
        <translation>andere: ohne Grund</translation>
    </message>
    <message>
        <source>Layer %1. Underlined: expert %2 is among the %3 that a token chose; %4 of %5 tokens. Association, not cause.</source>
        <translation>Schicht %1. Unterstrichen: Experte %2 ist unter den %3, die ein Token wählte; %4 von %5 Token. Zusammenhang, nicht Ursache.</translation>
    </message>
    <message>
        <source>Traced under the plan %1.</source>
        <translation>Verfolgt unter dem Plan %1.</translation>
    </message>
    <message>
        <source>No text was traced yet. A trace runs some hundred tokens of every domain through the model and remembers which experts each one chose. It holds the texts themselves and lies in a file of its own beside the study.</source>
        <translation>Noch wurde kein Text verfolgt. Dabei laufen einige Hundert Token jedes Bereichs durch das Modell, und es wird festgehalten, welche Experten jedes wählte. Das Ergebnis enthält die Texte selbst und liegt in einer eigenen Datei neben der Studie.</translation>
    </message>
    <message>
        <source>Layer %1 was not traced.</source>
        <translation>Schicht %1 wurde nicht verfolgt.</translation>
    </message>
</context>
<context>
    <name>espalier::views::ShareCurve</name>
    <message>
        <source>Cumulative share of assignments</source>
        <translation>Summierter Anteil der Zuweisungen</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per layer hold %1 of A and %2 of B</source>
        <translation>
            <numerusform>%n Experte je Schicht hält %1 von A und %2 von B</numerusform>
            <numerusform>%n Experten je Schicht halten %1 von A und %2 von B</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per layer hold %1</source>
        <translation>
            <numerusform>%n Experte je Schicht hält %1</numerusform>
            <numerusform>%n Experten je Schicht halten %1</numerusform>
        </translation>
    </message>
    <message>
        <source>experts per layer, most used first</source>
        <translation>Experten je Schicht, meistgenutzte zuerst</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>Experten</translation>
    </message>
</context>
<context>
    <name>espalier::views::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Does</source>
        <translation>Bewirkt</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Find a shortcut</source>
        <translation>Ein Tastenkürzel suchen</translation>
    </message>
</context>
<context>
    <name>espalier::views::SliderScale</name>
    <message>
        <source>%1, least</source>
        <translation>%1, mindestens</translation>
    </message>
    <message>
        <source>fits up to %1</source>
        <translation>passt bis %1</translation>
    </message>
</context>
<context>
    <name>espalier::views::SmallMultiples</name>
    <message>
        <source>All domains, same scale</source>
        <translation>Alle Bereiche, gleiche Skala</translation>
    </message>
</context>
<context>
    <name>espalier::views::Snapshot</name>
    <message>
        <source>%1 was traced with another model (fingerprint %2). Trace the texts again.</source>
        <translation>%1 wurde mit einem anderen Modell verfolgt (Fingerabdruck %2). Verfolgen Sie die Texte erneut.</translation>
    </message>
</context>
<context>
    <name>espalier::views::StackBar</name>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>removed %1</source>
        <translation>entfernt %1</translation>
    </message>
    <message>
        <source>over by %1</source>
        <translation>%1 zu viel</translation>
    </message>
    <message>
        <source>%1, estimate</source>
        <translation>%1, geschätzt</translation>
    </message>
</context>
<context>
    <name>espalier::views::StartMemory</name>
    <message>
        <source>Profile…</source>
        <translation>Profil …</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation>8 Bit</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>Context, tokens</source>
        <translation>Kontext, Token</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>Sequenzen</translation>
    </message>
    <message>
        <source>Cache type</source>
        <translation>Cache-Typ</translation>
    </message>
    <message>
        <source>Memory by part</source>
        <translation>Speicher nach Teilen</translation>
    </message>
    <message>
        <source>What fits this machine</source>
        <translation>Was auf diesen Rechner passt</translation>
    </message>
    <message>
        <source>Counts of experts and whether they fit</source>
        <translation>Expertenzahlen und ob sie passen</translation>
    </message>
    <message>
        <source>%1, %2 parameters, %3 used per token; %4</source>
        <translation>%1, %2 Parameter, %3 je Token genutzt; %4</translation>
    </message>
    <message>
        <source>Needs %1 to run as it is</source>
        <translation>Braucht unverändert %1</translation>
    </message>
    <message>
        <source>Weights and cache are exact, read from headers and config.json. The workspace of %1 is an estimate.</source>
        <translation>Gewichte und Cache sind genau, aus Kopfdaten und config.json. Der Arbeitsbereich von %1 ist geschätzt.</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Experten</translation>
    </message>
    <message>
        <source>%1 layers × %2 × %3</source>
        <translation>%1 Schichten × %2 × %3</translation>
    </message>
    <message>
        <source>Shared experts</source>
        <translation>Gemeinsame Experten</translation>
    </message>
    <message>
        <source>used by every token</source>
        <translation>von jedem Token genutzt</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>q, k, v, o</source>
        <translation>q, k, v, o</translation>
    </message>
    <message>
        <source>Embedding and head</source>
        <translation>Embedding und Ausgabe</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>Routers, norms, other</source>
        <translation>Router, Normen, Übriges</translation>
    </message>
    <message>
        <source>everything else in the checkpoint</source>
        <translation>alles Übrige im Checkpoint</translation>
    </message>
    <message>
        <source>Key-value cache</source>
        <translation>Key-Value-Cache</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>estimate for the engine here</source>
        <translation>Schätzung für das Rechenprogramm hier</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>Summe</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>How it adds up</source>
        <translation>Wie es sich summiert</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>RAM</translation>
    </message>
    <message>
        <source>over by %1</source>
        <translation>%1 zu viel</translation>
    </message>
    <message>
        <source>tight, %1 left</source>
        <translation>knapp, %1 frei</translation>
    </message>
    <message>
        <source>fits, %1 left</source>
        <translation>passt, %1 frei</translation>
    </message>
    <message>
        <source>largest with margin</source>
        <translation>größte mit Reserve</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Kept per layer</source>
        <translation>Bleiben je Schicht</translation>
    </message>
    <message>
        <source>% kept</source>
        <translation>% behalten</translation>
    </message>
    <message>
        <source>Needs, %1</source>
        <translation>Bedarf, %1</translation>
    </message>
    <message>
        <source>RAM, %1</source>
        <translation>RAM, %1</translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens × %n sequence(s)</source>
        <translation>
            <numerusform>%1 Token × %n Sequenz</numerusform>
            <numerusform>%1 Token × %n Sequenzen</numerusform>
        </translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>too large</source>
        <translation>zu groß</translation>
    </message>
    <message>
        <source>GPU, %1</source>
        <translation>GPU, %1</translation>
    </message>
    <message>
        <source>%1 GPUs, %2</source>
        <translation>%1 GPUs, %2</translation>
    </message>
</context>
<context>
    <name>espalier::views::StartPage</name>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Open a checkpoint. Only headers are read until you run something.</source>
        <translation>Einen Checkpoint öffnen. Bis etwas gestartet wird, werden nur Kopfdaten gelesen.</translation>
    </message>
    <message>
        <source>No model is open. Here you will see what it needs to run, part by part, and how many experts fit this machine.</source>
        <translation>Kein Modell ist geöffnet. Hier steht dann, was es zum Laufen braucht, Teil für Teil, und wie viele Experten auf diesen Rechner passen.</translation>
    </message>
    <message>
        <source>Open model…   Ctrl+O</source>
        <translation>Modell öffnen …   Strg+O</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Recent models and studies</source>
        <translation>Zuletzt geöffnete Modelle und Studien</translation>
    </message>
    <message>
        <source>Nothing was opened yet.</source>
        <translation>Noch nichts geöffnet.</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>Beispiel</translation>
    </message>
    <message>
        <source>A small trained model of 6 layers with 32 experts, 22 MiB, with texts of 12 domains. Every page works with it, on a CPU, in some minutes.</source>
        <translation>Ein kleines trainiertes Modell mit 6 Schichten zu 32 Experten, 22 MiB, mit Texten aus 12 Bereichen. Jede Seite arbeitet damit, auf der CPU, in einigen Minuten.</translation>
    </message>
    <message>
        <source>The sample was not found beside the program. Install the program, or set ESPALIER_RESOURCES to its resources folder.</source>
        <translation>Das Beispiel wurde neben dem Programm nicht gefunden. Das Programm installieren oder ESPALIER_RESOURCES auf seinen Ordner resources setzen.</translation>
    </message>
    <message>
        <source>Open sample</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>nothing opened yet</source>
        <translation>noch nichts geöffnet</translation>
    </message>
    <message numerus="yes">
        <source>%n recent</source>
        <translation>
            <numerusform>%n zuletzt geöffnet</numerusform>
            <numerusform>%n zuletzt geöffnet</numerusform>
        </translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Datei öffnen…</translation>
    </message>
</context>
<context>
    <name>espalier::views::TableText</name>
    <message>
        <source>%1: tables are written as .csv, .tsv or .json</source>
        <translation>%1: Tabellen werden als .csv, .tsv oder .json geschrieben</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Choose a folder you may write to.</source>
        <translation>%1 konnte nicht geschrieben werden: %2. Wählen Sie einen Ordner, in den Sie schreiben dürfen.</translation>
    </message>
</context>
<context>
    <name>espalier::views::Together</name>
    <message>
        <source>× expected</source>
        <translation>× erwartet</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>never together</source>
        <translation>nie zusammen</translation>
    </message>
</context>
<context>
    <name>espalier::views::UseScatter</name>
    <message>
        <source>Use of every expert against uniform use</source>
        <translation>Nutzung jedes Experten gegen gleichmäßige Nutzung</translation>
    </message>
    <message>
        <source>Not known: token counts were not measured here.</source>
        <translation>Nicht bekannt: Hier wurden keine Token gezählt.</translation>
    </message>
    <message numerus="yes">
        <source>Of %n expert(s), %1 are used more than uniform use would have it and %2 less; %3 cannot be told apart, %4 have too few tokens to judge.</source>
        <translation>
            <numerusform>Von %n Experten werden %1 mehr genutzt, als gleichmäßige Nutzung es ergäbe, und %2 weniger; %3 sind nicht zu unterscheiden, %4 haben zu wenige Token für ein Urteil.</numerusform>
            <numerusform>Von %n Experten werden %1 mehr genutzt, als gleichmäßige Nutzung es ergäbe, und %2 weniger; %3 sind nicht zu unterscheiden, %4 haben zu wenige Token für ein Urteil.</numerusform>
        </translation>
    </message>
    <message>
        <source>Expert %1: %2 %3, %4 tokens, %5</source>
        <translation>Experte %1: %2 %3, %4 Token, %5</translation>
    </message>
    <message>
        <source>experts, most used first</source>
        <translation>Experten, meistgenutzte zuerst</translation>
    </message>
    <message>
        <source>ratio to uniform</source>
        <translation>Verhältnis zu gleichmäßig</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationForm</name>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Plans to compare with the base</source>
        <translation>Pläne zum Vergleich mit der Basis</translation>
    </message>
    <message>
        <source>Texts and tasks, not used for the scores</source>
        <translation>Texte und Aufgaben, nicht für die Bewertung genutzt</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>Datei hinzufügen …</translation>
    </message>
    <message>
        <source>Items per task</source>
        <translation>Fragen je Aufgabe</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Random controls</source>
        <translation>Zufallskontrollen</translation>
    </message>
    <message>
        <source>Texts or tasks</source>
        <translation>Texte oder Aufgaben</translation>
    </message>
    <message>
        <source>Texts and tasks (*.jsonl *.txt)</source>
        <translation>Texte und Aufgaben (*.jsonl *.txt)</translation>
    </message>
    <message>
        <source>%1, text and exact match</source>
        <translation>%1, Text und genaue Antwort</translation>
    </message>
    <message>
        <source>%1, text</source>
        <translation>%1, Text</translation>
    </message>
    <message numerus="yes">
        <source>Validate %n plan(s)</source>
        <translation>
            <numerusform>%n Plan validieren</numerusform>
            <numerusform>%n Pläne validieren</numerusform>
        </translation>
    </message>
    <message>
        <source>Hold to the gate</source>
        <translation>An den Grenzwerten messen</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationModel</name>
    <message numerus="yes">
        <source>%1 holds all %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 hält den %n Bereich, für den er gemacht ist.</numerusform>
            <numerusform>%1 hält alle %n Bereiche, für die er gemacht ist.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 breaks all %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 bricht den %n Bereich, für den er gemacht ist.</numerusform>
            <numerusform>%1 bricht alle %n Bereiche, für die er gemacht ist.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 breaks %2 of the %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 bricht %2 von %n Bereich, für den er gemacht ist.</numerusform>
            <numerusform>%1 bricht %2 der %n Bereiche, für die er gemacht ist.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %n other(s) it breaks %1.</source>
        <translation>
            <numerusform>Von %n anderen bricht er %1.</numerusform>
            <numerusform>Von %n anderen bricht er %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>Limits: KL %1 nats, or %2 of the items lost with p &lt; %3.</source>
        <translation>Grenzen: KL %1 Nats oder %2 der Fragen verloren mit p &lt; %3.</translation>
    </message>
    <message>
        <source>exact, %</source>
        <translation>genau, %</translation>
    </message>
    <message>
        <source>perplexity</source>
        <translation>Perplexität</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>bricht</translation>
    </message>
    <message>
        <source>holds</source>
        <translation>hält</translation>
    </message>
    <message>
        <source>Not in the calibration</source>
        <translation>Nicht in der Kalibrierung</translation>
    </message>
    <message>
        <source>99th percentile %1 nats; same first choice %2</source>
        <translation>99. Perzentil %1 Nats; gleiche erste Wahl %2</translation>
    </message>
    <message>
        <source>%1 items right before and wrong now, %2 the other way, of %3</source>
        <translation>%1 Fragen vorher richtig und jetzt falsch, %2 umgekehrt, von %3</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>Flips − / +</source>
        <translation>Wechsel − / +</translation>
    </message>
    <message>
        <source>p, paired</source>
        <translation>p, gepaart</translation>
    </message>
    <message>
        <source>KL</source>
        <translation>KL</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationPage</name>
    <message>
        <source>Validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>base and plans scored in the same run, on texts not used for the scores</source>
        <translation>Basis und Pläne im selben Lauf, an Texten, die nicht für die Bewertung dienten</translation>
    </message>
    <message>
        <source>Nothing was compared yet. Choose plans and texts below: the page will show what each cut costs, domain by domain, beside the memory it needs.</source>
        <translation>Noch nichts verglichen. Unten Pläne und Texte wählen: Die Seite zeigt dann Bereich für Bereich, was jeder Schnitt kostet, neben dem Speicher, den er braucht.</translation>
    </message>
    <message>
        <source>New comparison</source>
        <translation>Neuer Vergleich</translation>
    </message>
    <message>
        <source>Memory against loss</source>
        <translation>Speicher gegen Verlust</translation>
    </message>
    <message>
        <source>mean KL of the domains each plan was made for</source>
        <translation>mittlere KL der Bereiche, für die jeder Plan gemacht ist</translation>
    </message>
    <message>
        <source>dotted: best plan up to each size · points at 1e-5 are at or below it</source>
        <translation>gepunktet: bester Plan bis zu jeder Größe · Punkte bei 1e-5 liegen dort oder darunter</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Plan against base, per domain</source>
        <translation>Plan gegen Basis, je Bereich</translation>
    </message>
    <message>
        <source>lost: %1</source>
        <translation>verloren: %1</translation>
    </message>
    <message>
        <source>needs a plan</source>
        <translation>braucht einen Plan</translation>
    </message>
    <message>
        <source>nothing compared yet</source>
        <translation>noch nichts verglichen</translation>
    </message>
    <message numerus="yes">
        <source>%n plan(s) validated</source>
        <translation>
            <numerusform>%n Plan validiert</numerusform>
            <numerusform>%n Pläne validiert</numerusform>
        </translation>
    </message>
    <message>
        <source>Left and Right step through the points</source>
        <translation>Links und Rechts gehen durch die Punkte</translation>
    </message>
    <message>
        <source>A validation compares saved plans with the whole model. Make and save a plan first.</source>
        <translation>Eine Validierung vergleicht gespeicherte Pläne mit dem ganzen Modell. Zuerst einen Plan anlegen und speichern.</translation>
    </message>
    <message>
        <source>Go to the planner</source>
        <translation>Zum Planer</translation>
    </message>
    <message>
        <source>%1, %2, against base</source>
        <translation>%1, %2, gegen die Basis</translation>
    </message>
    <message numerus="yes">
        <source>up to %n item(s) per task, greedy · flips: right to wrong / wrong to right · McNemar, not corrected for several tasks</source>
        <translation>
            <numerusform>bis zu %n Frage je Aufgabe, gierig · Wechsel: richtig zu falsch / falsch zu richtig · McNemar, nicht für mehrere Aufgaben korrigiert</numerusform>
            <numerusform>bis zu %n Fragen je Aufgabe, gierig · Wechsel: richtig zu falsch / falsch zu richtig · McNemar, nicht für mehrere Aufgaben korrigiert</numerusform>
        </translation>
    </message>
    <message>
        <source>texts only: no task was scored</source>
        <translation>nur Texte: keine Aufgabe wurde gewertet</translation>
    </message>
    <message>
        <source>The plan was changed after this run: validate again.</source>
        <translation>Der Plan wurde nach diesem Lauf geändert: erneut validieren.</translation>
    </message>
    <message>
        <source>%1 selected · %2 · KL %3 nats per token on its own domains</source>
        <translation>%1 gewählt · %2 · KL %3 Nats je Token auf den eigenen Bereichen</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>Grenzwerte</translation>
    </message>
    <message>
        <source>Ctrl+Return asks base and plan</source>
        <translation>Strg+Eingabe fragt Basis und Plan</translation>
    </message>
    <message>
        <source>F2 or typing edits a limit; an empty field is no limit</source>
        <translation>F2 oder Tippen ändert eine Grenze; ein leeres Feld ist keine</translation>
    </message>
    <message numerus="yes">
        <source>%n domain(s) outside the calibration: %1. Keep such texts away from this plan, or add them to the plan’s domains.</source>
        <translation>
            <numerusform>%n Bereich außerhalb der Kalibrierung: %1. Solche Texte von diesem Plan fernhalten oder in seine Bereiche aufnehmen.</numerusform>
            <numerusform>%n Bereiche außerhalb der Kalibrierung: %1. Solche Texte von diesem Plan fernhalten oder in seine Bereiche aufnehmen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Breaks</source>
        <translation>Bricht</translation>
    </message>
    <message numerus="yes">
        <source>The gate is broken in %n place(s); the view Gate shows which.</source>
        <translation>
            <numerusform>%n Grenzwert ist verletzt; die Ansicht Grenzwerte zeigt, wo.</numerusform>
            <numerusform>%n Grenzwerte sind verletzt; die Ansicht Grenzwerte zeigt, wo.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::WeightPreview</name>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>First look, from the weights alone</source>
        <translation>Erster Blick, nur aus den Gewichten</translation>
    </message>
    <message>
        <source>Score of the first look</source>
        <translation>Bewertung des ersten Blicks</translation>
    </message>
    <message>
        <source>The same numbers as a table</source>
        <translation>Dieselben Zahlen als Tabelle</translation>
    </message>
    <message>
        <source>Experts, scored from the weights alone</source>
        <translation>Experten, nur aus den Gewichten bewertet</translation>
    </message>
    <message>
        <source>Scores from the weights as a table</source>
        <translation>Bewertungen aus den Gewichten als Tabelle</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: %3 %4, rank %5 of %6</source>
        <translation>Schicht %1, Experte %2: %3 %4, Rang %5 von %6</translation>
    </message>
    <message>
        <source>No text was run: this knows the weights, not your use. Bright experts stay first. Profile before you cut.</source>
        <translation>Kein Text wurde gerechnet: Bekannt sind die Gewichte, nicht Ihre Nutzung. Helle Experten bleiben zuerst. Profilieren Sie, bevor Sie schneiden.</translation>
    </message>
    <message>
        <source>The folder of this study&apos;s model is not known. Open the model itself once.</source>
        <translation>Der Ordner des Modells dieser Studie ist nicht bekannt. Öffnen Sie einmal das Modell selbst.</translation>
    </message>
    <message>
        <source>Waits for the job that runs now.</source>
        <translation>Wartet auf den laufenden Auftrag.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Reading the experts, %1…</source>
        <translation>Experten werden gelesen, %1 …</translation>
    </message>
    <message>
        <source>Reading the experts…</source>
        <translation>Experten werden gelesen …</translation>
    </message>
    <message>
        <source>One read of %1 of experts, about %2 on this machine. No texts are needed.</source>
        <translation>Einmal %1 an Experten lesen, etwa %2 auf diesem Rechner. Texte sind nicht nötig.</translation>
    </message>
    <message>
        <source>Score the weights</source>
        <translation>Gewichte bewerten</translation>
    </message>
    <message>
        <source>The scores could not be computed. %1</source>
        <translation>Die Bewertungen konnten nicht berechnet werden. %1</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Measures which experts of a Mixture-of-Experts model serve your texts, and cuts the others.</source>
        <translation>Misst, welche Experten eines Mixture-of-Experts-Modells den eigenen Texten dienen, und schneidet die anderen heraus.</translation>
    </message>
    <message>
        <source>Model folder, .safetensors file or .espalier study.</source>
        <translation>Modellordner, .safetensors-Datei oder .espalier-Studie.</translation>
    </message>
    <message>
        <source>Colours: light, dark or system.</source>
        <translation>Farben: light, dark oder system.</translation>
    </message>
    <message>
        <source>Page to begin with: start, overview, compare, planner, validation, export.</source>
        <translation>Seite für den Anfang: start, overview, compare, planner, validation, export.</translation>
    </message>
    <message>
        <source>Write the report of a study with --pdf and end; needs no display.</source>
        <translation>Mit --pdf den Bericht einer Studie schreiben und enden; braucht keine Anzeige.</translation>
    </message>
    <message>
        <source>PDF that --report writes.</source>
        <translation>PDF, das --report schreibt.</translation>
    </message>
</context>
</TS>
