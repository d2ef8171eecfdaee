<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>DropTarget</name>
    <message>
        <source>One local folder or file at a time.</source>
        <translation>Un seul dossier ou fichier local à la fois.</translation>
    </message>
    <message>
        <source>%1 holds no config.json.</source>
        <translation>%1 ne contient pas de config.json.</translation>
    </message>
    <message>
        <source>%1 is neither a model nor a study.</source>
        <translation>%1 n’est ni un modèle ni une étude.</translation>
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
        <translation>expert</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>couche</translation>
    </message>
    <message>
        <source>dead: 0 tokens</source>
        <translation>mort&#xa0;: 0 token</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>trop peu de tokens</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>retiré</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>verrouillé</translation>
    </message>
    <message>
        <source>super expert</source>
        <translation>super-expert</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>non mesuré</translation>
    </message>
</context>
<context>
    <name>JobState</name>
    <message>
        <source>waiting</source>
        <translation>en attente</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>annulation…</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>terminé</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échoué</translation>
    </message>
    <message>
        <source>cancelled, partial work kept</source>
        <translation>annulé, travail partiel conservé</translation>
    </message>
</context>
<context>
    <name>OverviewMap</name>
    <message>
        <source>ratio to uniform</source>
        <translation>rapport à l’uniforme</translation>
    </message>
    <message>
        <source>× uniform share</source>
        <translation>× part uniforme</translation>
    </message>
    <message>
        <source>share of assignments</source>
        <translation>part des affectations</translation>
    </message>
    <message>
        <source>% of the layer&apos;s assignments</source>
        <translation>% des affectations de la couche</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Colour scale</source>
        <translation>Échelle de couleurs</translation>
    </message>
    <message>
        <source>{}; x: no token, grey: not measured</source>
        <translation>{} ; x : aucun token, gris : non mesuré</translation>
    </message>
    <message>
        <source>Memory against divergence</source>
        <translation>Mémoire et divergence</translation>
    </message>
    <message>
        <source>mean KL divergence from the whole model, nats per token</source>
        <translation>divergence KL moyenne par rapport au modèle entier, nats par token</translation>
    </message>
    <message>
        <source>predicted memory, {}; weights of the whole model: {}</source>
        <translation>mémoire prévue, {} ; poids du modèle entier : {}</translation>
    </message>
    <message>
        <source>The model</source>
        <translation>Le modèle</translation>
    </message>
    <message>
        <source>{}: family {}, {} layers, {} of them with experts; {} experts per layer, {} chosen per token{}. {} parameters, {} of them used per token. Router: {}.</source>
        <translation>{} : famille {}, {} couches, dont {} avec experts ; {} experts par couche, {} choisis par token{}. {} paramètres, dont {} utilisés par token. Routeur : {}.</translation>
    </message>
    <message>
        <source> beside {} shared</source>
        <translation> outre {} partagés</translation>
    </message>
    <message>
        <source>Tensor bytes by part</source>
        <translation>Octets de tenseurs par partie</translation>
    </message>
    <message>
        <source>part</source>
        <translation>partie</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>octets</translation>
    </message>
    <message>
        <source>size</source>
        <translation>taille</translation>
    </message>
    <message>
        <source>share</source>
        <translation>part</translation>
    </message>
    <message>
        <source>{}: which experts serve which texts</source>
        <translation>{} : quels experts servent quels textes</translation>
    </message>
    <message>
        <source>Study {}, fingerprint {}, written by Espalier {}</source>
        <translation>Étude {}, empreinte {}, écrite par Espalier {}</translation>
    </message>
    <message>
        <source>routed experts</source>
        <translation>experts routés</translation>
    </message>
    <message>
        <source>shared experts</source>
        <translation>experts partagés</translation>
    </message>
    <message>
        <source>router</source>
        <translation>routeur</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>attention</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>embedding</translation>
    </message>
    <message>
        <source>other</source>
        <translation>autres</translation>
    </message>
    <message>
        <source>total</source>
        <translation>total</translation>
    </message>
    <message>
        <source>Texts that were measured</source>
        <translation>Textes mesurés</translation>
    </message>
    <message>
        <source>domain</source>
        <translation>domaine</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>tokens</translation>
    </message>
    <message>
        <source>windows</source>
        <translation>fenêtres</translation>
    </message>
    <message>
        <source>documents</source>
        <translation>documents</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>couches</translation>
    </message>
    <message>
        <source>data, SHA-256</source>
        <translation>données, SHA-256</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} sur {}</translation>
    </message>
    <message>
        <source>imported from {}</source>
        <translation>importé de {}</translation>
    </message>
    <message>
        <source>{} tokens</source>
        <translation>{} tokens</translation>
    </message>
    <message>
        <source>tokens not known</source>
        <translation>tokens inconnus</translation>
    </message>
    <message>
        <source>times the share of an even router</source>
        <translation>fois la part d’un routeur uniforme</translation>
    </message>
    <message>
        <source>{}: the {} experts with the largest {}</source>
        <translation>{} : les {} experts à la plus grande valeur de {}</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>couche</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>expert</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>tokens routed</source>
        <translation>tokens routés</translation>
    </message>
    <message>
        <source>of the layer&apos;s tokens</source>
        <translation>des tokens de la couche</translation>
    </message>
    <message>
        <source>(too few to judge)</source>
        <translation>(trop peu pour juger)</translation>
    </message>
    <message>
        <source>{} to {}</source>
        <translation>{} à {}</translation>
    </message>
    <message>
        <source>{}: layers in numbers</source>
        <translation>{} : les couches en chiffres</translation>
    </message>
    <message>
        <source>entropy, of its maximum</source>
        <translation>entropie, de son maximum</translation>
    </message>
    <message>
        <source>effective experts</source>
        <translation>experts effectifs</translation>
    </message>
    <message>
        <source>Gini</source>
        <translation>Gini</translation>
    </message>
    <message>
        <source>without a token</source>
        <translation>sans token</translation>
    </message>
    <message>
        <source>What the experts do</source>
        <translation>Ce que font les experts</translation>
    </message>
    <message>
        <source>No text has been measured yet: `espalier profile` or the window&apos;s Profile does it.</source>
        <translation>Aucun texte n’a encore été mesuré : `espalier profile` ou « Profiler » dans la fenêtre le fait.</translation>
    </message>
    <message>
        <source>{} has no map: {}</source>
        <translation>{} n’a pas de carte : {}</translation>
    </message>
    <message>
        <source>Maps of {}: {}. Rows are layers, columns experts; right of each map the entropy of the routing, the number of equally used experts that would be as spread, the Gini coefficient and the share of experts without a token. Counts are association, not cause: only a validation tells what a cut costs.</source>
        <translation>Cartes de {} : {}. Les lignes sont des couches, les colonnes des experts ; à droite de chaque carte, l’entropie du routage, le nombre d’experts également utilisés qui donneraient la même dispersion, le coefficient de Gini et la part d’experts sans token. Les comptes sont une association, pas une cause : seule une validation dit ce que coûte une coupe.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>tous</translation>
    </message>
    <message>
        <source>{} and {} more</source>
        <translation>{} et {} autres</translation>
    </message>
    <message>
        <source>{}: experts that stay</source>
        <translation>{} : experts qui restent</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>conservés</translation>
    </message>
    <message>
        <source>ids</source>
        <translation>numéros</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>Plans</translation>
    </message>
    <message>
        <source>The study holds no plan.</source>
        <translation>L’étude ne contient aucun plan.</translation>
    </message>
    <message>
        <source>Plans of the study. Memory is predicted: weights exactly, cache by formula, workspace estimated. Own gate weight: what the router gives to kept experts in the domains that a plan was made for, the least of them</source>
        <translation>Plans de l’étude. La mémoire est prévue : poids exacts, cache par formule, tampons estimés. Poids de routage propre : ce que le routeur donne aux experts conservés dans les domaines pour lesquels un plan est fait, le plus petit d’entre eux</translation>
    </message>
    <message>
        <source>plan</source>
        <translation>plan</translation>
    </message>
    <message>
        <source>score</source>
        <translation>score</translation>
    </message>
    <message>
        <source>allocator</source>
        <translation>répartiteur</translation>
    </message>
    <message>
        <source>protectors</source>
        <translation>protections</translation>
    </message>
    <message>
        <source>domains</source>
        <translation>domaines</translation>
    </message>
    <message>
        <source>kept per layer</source>
        <translation>conservés par couche</translation>
    </message>
    <message>
        <source>per token</source>
        <translation>par token</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>poids</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>mémoire</translation>
    </message>
    <message>
        <source>of the model</source>
        <translation>du modèle</translation>
    </message>
    <message>
        <source>own gate weight</source>
        <translation>poids de routage propre</translation>
    </message>
    <message>
        <source>made, UTC</source>
        <translation>créé, UTC</translation>
    </message>
    <message>
        <source>Plan {} is not shown: {}</source>
        <translation>Le plan {} n’est pas montré : {}</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>varie</translation>
    </message>
    <message>
        <source>Share of the router&apos;s gate weight that the kept experts carry, and in the worst layer</source>
        <translation>Part du poids de routage que portent les experts conservés, et dans la pire couche</translation>
    </message>
    <message>
        <source>planned for it</source>
        <translation>prévu pour lui</translation>
    </message>
    <message>
        <source>worst layer</source>
        <translation>pire couche</translation>
    </message>
    <message>
        <source>context</source>
        <translation>contexte</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Passes</translation>
    </message>
    <message>
        <source>run</source>
        <translation>passe</translation>
    </message>
    <message>
        <source>state</source>
        <translation>état</translation>
    </message>
    <message>
        <source>began, UTC</source>
        <translation>début, UTC</translation>
    </message>
    <message>
        <source>arithmetic</source>
        <translation>arithmétique</translation>
    </message>
    <message>
        <source>statistics</source>
        <translation>statistiques</translation>
    </message>
    <message>
        <source>program</source>
        <translation>programme</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>importé</translation>
    </message>
    <message>
        <source>Files that were read</source>
        <translation>Fichiers lus</translation>
    </message>
    <message>
        <source>file</source>
        <translation>fichier</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Exports</source>
        <translation>Exports</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>dossier</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>prévu</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>vérifié</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>no</source>
        <translation>non</translation>
    </message>
    <message>
        <source>Where this comes from</source>
        <translation>D’où cela vient</translation>
    </message>
    <message>
        <source>fact</source>
        <translation>fait</translation>
    </message>
    <message>
        <source>value</source>
        <translation>valeur</translation>
    </message>
    <message>
        <source>study</source>
        <translation>étude</translation>
    </message>
    <message>
        <source>model</source>
        <translation>modèle</translation>
    </message>
    <message>
        <source>fingerprint of the model</source>
        <translation>empreinte du modèle</translation>
    </message>
    <message>
        <source>fingerprint of the tokenizer</source>
        <translation>empreinte du tokeniseur</translation>
    </message>
    <message>
        <source>report written by</source>
        <translation>rapport écrit par</translation>
    </message>
    <message>
        <source>Run {}: {}</source>
        <translation>Passe {} : {}</translation>
    </message>
    <message>
        <source>Commands that repeat the work, from what the study has stored:</source>
        <translation>Commandes qui refont le travail, d’après ce que l’étude a conservé :</translation>
    </message>
    <message>
        <source>{} step(s) have no command: imports, plans set by hand or brought from elsewhere, and steps of programs that did not store theirs.</source>
        <translation>{} étape(s) sans commande : imports, plans faits à la main ou venus d’ailleurs, et étapes de programmes qui n’ont pas conservé la leur.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>others: {}</source>
        <translation>autres : {}</translation>
    </message>
    <message>
        <source>{}; others: {}</source>
        <translation>{} ; autres : {}</translation>
    </message>
    <message>
        <source>Plans that were validated</source>
        <translation>Plans validés</translation>
    </message>
    <message>
        <source>memory, predicted</source>
        <translation>mémoire, prévue</translation>
    </message>
    <message>
        <source>mean KL</source>
        <translation>KL moyenne</translation>
    </message>
    <message>
        <source>over</source>
        <translation>sur</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>cède</translation>
    </message>
    <message>
        <source>measured, UTC</source>
        <translation>mesuré, UTC</translation>
    </message>
    <message>
        <source>{} (random)</source>
        <translation>{} (aléatoire)</translation>
    </message>
    <message>
        <source>its own texts</source>
        <translation>ses propres textes</translation>
    </message>
    <message>
        <source>all texts</source>
        <translation>tous les textes</translation>
    </message>
    <message>
        <source>{}: texts</source>
        <translation>{} : textes</translation>
    </message>
    <message>
        <source>perplexity, whole</source>
        <translation>perplexité, entier</translation>
    </message>
    <message>
        <source>cut</source>
        <translation>coupé</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>rapport</translation>
    </message>
    <message>
        <source>KL mean</source>
        <translation>KL, moyenne</translation>
    </message>
    <message>
        <source>KL p99</source>
        <translation>KL, p99</translation>
    </message>
    <message>
        <source>same first choice</source>
        <translation>même premier choix</translation>
    </message>
    <message>
        <source>{}: tasks, exact match</source>
        <translation>{} : tâches, correspondance exacte</translation>
    </message>
    <message>
        <source>task</source>
        <translation>tâche</translation>
    </message>
    <message>
        <source>items</source>
        <translation>cas</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>entier</translation>
    </message>
    <message>
        <source>95 % (Wilson)</source>
        <translation>95 % (Wilson)</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>perdus</translation>
    </message>
    <message>
        <source>gained</source>
        <translation>gagnés</translation>
    </message>
    <message>
        <source>p (McNemar)</source>
        <translation>p (McNemar)</translation>
    </message>
    <message>
        <source>What the cuts cost</source>
        <translation>Ce que coûtent les coupes</translation>
    </message>
    <message>
        <source>Nothing has been validated: what a plan costs in quality is not known.</source>
        <translation>Rien n’a été validé : ce que coûte un plan en qualité n’est pas connu.</translation>
    </message>
    <message>
        <source>Predicted memory against the mean KL divergence of a plan&apos;s own texts, or of all texts where none of its own was measured. Hollow: random plans of the same size; a plan that is no better than they are has learnt nothing from the texts.</source>
        <translation>Mémoire prévue et divergence KL moyenne des textes propres d’un plan, ou de tous les textes quand aucun des siens n’a été mesuré. Creux : plans aléatoires de même taille ; un plan qui ne fait pas mieux n’a rien appris des textes.</translation>
    </message>
    <message>
        <source>A domain breaks above a mean KL of {} nats per token, or when a task loses more than {:.0f} % of its items with p &lt; {}. Others are domains that the plan was not made for.</source>
        <translation>Un domaine cède au-dessus d’une KL moyenne de {} nats par token, ou quand une tâche perd plus de {:.0f} % de ses cas avec p &lt; {}. Autres : domaines pour lesquels le plan n’est pas fait.</translation>
    </message>
    <message>
        <source>entropy</source>
        <translation>entropie</translation>
    </message>
    <message>
        <source>eff.</source>
        <translation>eff.</translation>
    </message>
    <message>
        <source>dead</source>
        <translation>morts</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>partiel</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>terminé</translation>
    </message>
</context>
<context>
    <name>espalier::studio::MainWindow</name>
    <message>
        <source>Loading</source>
        <translation>Chargement</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Tâches</translation>
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
        <translation>L’exemple est introuvable à côté du programme. Définissez ESPALIER_RESOURCES sur son dossier de ressources.</translation>
    </message>
    <message>
        <source>The folder of this study&apos;s model is not known. Open the model itself once, then it can be measured.</source>
        <translation>Le dossier du modèle de cette étude n’est pas connu. Ouvrez une fois le modèle lui-même, il pourra ensuite être mesuré.</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>Ouvrez d’abord un modèle.</translation>
    </message>
    <message>
        <source>The folder %1 for the study could not be made. Open the model with a study in a folder you may write to.</source>
        <translation>Impossible de créer le dossier %1 pour l’étude. Ouvrez le modèle avec une étude dans un dossier où vous pouvez écrire.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1&#xa0;: %2</translation>
    </message>
    <message>
        <source>A job is running</source>
        <translation>Une tâche est en cours</translation>
    </message>
    <message>
        <source>Cancel it and close</source>
        <translation>L’annuler et fermer</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Rester</translation>
    </message>
    <message>
        <source>Open model…</source>
        <translation>Ouvrir un modèle…</translation>
    </message>
    <message>
        <source>Open a model folder; only headers are read</source>
        <translation>Ouvrir un dossier de modèle&#xa0;; seuls les en-têtes sont lus</translation>
    </message>
    <message>
        <source>Ctrl+Shift+O</source>
        <translation>Ctrl+Shift+O</translation>
    </message>
    <message>
        <source>Open sample</source>
        <translation>Ouvrir l’exemple</translation>
    </message>
    <message>
        <source>Open the model that comes with the program</source>
        <translation>Ouvrir le modèle fourni avec le programme</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>Exporter la figure…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+E</source>
        <translation>Ctrl+Shift+E</translation>
    </message>
    <message>
        <source>Write the figure of this page as PNG, SVG or PDF</source>
        <translation>Écrire la figure de cette page en PNG, SVG ou PDF</translation>
    </message>
    <message>
        <source>Export table…</source>
        <translation>Exporter le tableau…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+T</source>
        <translation>Ctrl+Shift+T</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>Rapport…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+R</source>
        <translation>Ctrl+Shift+R</translation>
    </message>
    <message>
        <source>Write the study as one web page or PDF: maps, plans, validations, commands</source>
        <translation>Écrire l’étude en une page web ou un PDF&#xa0;: cartes, plans, validations, commandes</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>Fermer la fenêtre</translation>
    </message>
    <message>
        <source>Copy as table</source>
        <translation>Copier comme tableau</translation>
    </message>
    <message>
        <source>Copy what the page shows as tab separated values</source>
        <translation>Copier ce que montre la page en valeurs séparées par des tabulations</translation>
    </message>
    <message>
        <source>Profile…</source>
        <translation>Profiler…</translation>
    </message>
    <message>
        <source>Ctrl+P</source>
        <translation>Ctrl+P</translation>
    </message>
    <message>
        <source>Measure what every expert does on your texts</source>
        <translation>Mesurer ce que fait chaque expert sur vos textes</translation>
    </message>
    <message>
        <source>Read the study again</source>
        <translation>Relire l’étude</translation>
    </message>
    <message>
        <source>Ctrl+R</source>
        <translation>Ctrl+R</translation>
    </message>
    <message>
        <source>Read measurements and plans from the study file</source>
        <translation>Relire les mesures et les plans dans le fichier d’étude</translation>
    </message>
    <message>
        <source>New plan</source>
        <translation>Nouveau plan</translation>
    </message>
    <message>
        <source>Begin a plan with the planner&apos;s defaults</source>
        <translation>Commencer un plan avec les réglages par défaut du planificateur</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>Enregistrer le plan</translation>
    </message>
    <message>
        <source>Save the plan in the study</source>
        <translation>Enregistrer le plan dans l’étude</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>Annuler la tâche en cours</translation>
    </message>
    <message>
        <source>What it has saved so far is kept</source>
        <translation>Ce qui a été enregistré jusqu’ici est conservé</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>Réinitialiser la disposition</translation>
    </message>
    <message>
        <source>Put the docks back in their places</source>
        <translation>Remettre les panneaux à leur place</translation>
    </message>
    <message>
        <source>Next area</source>
        <translation>Zone suivante</translation>
    </message>
    <message>
        <source>Rail, page, jobs</source>
        <translation>Barre latérale, page, tâches</translation>
    </message>
    <message>
        <source>About Espalier</source>
        <translation>À propos d’Espalier</translation>
    </message>
    <message>
        <source>Version and licences</source>
        <translation>Version et licences</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;Espalier Studio %1&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Measures which experts of a Mixture-of-Experts model serve which texts, cuts the others, and checks the cut.&lt;/p&gt;&lt;p&gt;The window is under GPL-3.0-or-later (it uses QCustomPlot), the core and the command line under Apache-2.0.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Espalier Studio %1&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Mesure quels experts d’un modèle Mixture-of-Experts servent à quels textes, coupe les autres et vérifie la coupe.&lt;/p&gt;&lt;p&gt;La fenêtre est sous GPL-3.0-or-later (elle utilise QCustomPlot), le noyau et la ligne de commande sous Apache-2.0.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Manuel</translation>
    </message>
    <message>
        <source>Read the manual</source>
        <translation>Lire le manuel</translation>
    </message>
    <message>
        <source>Show the page “%1”</source>
        <translation>Afficher la page «&#xa0;%1&#xa0;»</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Fichier</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Édition</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Take back the last step of the plan</source>
        <translation>Défaire la dernière étape du plan</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
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
        <translation>Refaire l’étape</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Affichage</translation>
    </message>
    <message>
        <source>Show or hide the jobs</source>
        <translation>Afficher ou masquer les tâches</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Thème</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Comme le bureau</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Clair</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Sombre</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>Couleurs de la fenêtre</translation>
    </message>
    <message>
        <source>&amp;Study</source>
        <translation>Étu&amp;de</translation>
    </message>
    <message>
        <source>&amp;Plan</source>
        <translation>&amp;Plan</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>&amp;Tâches</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>Aid&amp;e</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>Ouvrir un dossier de modèle</translation>
    </message>
    <message>
        <source>Export figure</source>
        <translation>Exporter la figure</translation>
    </message>
    <message>
        <source>Figures (*.png *.svg *.pdf)</source>
        <translation>Figures (*.png *.svg *.pdf)</translation>
    </message>
    <message>
        <source>Export table</source>
        <translation>Exporter le tableau</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Language of the window; it opens anew at the same page</source>
        <translation>Langue de la fenêtre&#xa0;; elle se rouvre à la même page</translation>
    </message>
    <message>
        <source>A job is running: the language changes when the window is opened next.</source>
        <translation>Une tâche est en cours&#xa0;: la langue changera à la prochaine ouverture de la fenêtre.</translation>
    </message>
    <message>
        <source>Write report</source>
        <translation>Écrire le rapport</translation>
    </message>
    <message>
        <source>Web page (*.html);;PDF (*.pdf)</source>
        <translation>Page web (*.html);;PDF (*.pdf)</translation>
    </message>
    <message>
        <source>There is no study yet. Profile the model first, then there is something to report.</source>
        <translation>Il n’y a pas encore d’étude. Profilez d’abord le modèle, il y aura alors de quoi faire un rapport.</translation>
    </message>
    <message>
        <source>Writing %1…</source>
        <translation>Écriture de %1…</translation>
    </message>
    <message>
        <source>Report written: %1</source>
        <translation>Rapport écrit&#xa0;: %1</translation>
    </message>
    <message>
        <source>Command palette…</source>
        <translation>Palette de commandes…</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>Find an action, page, plan, domain, score or expert by typing</source>
        <translation>Trouver en tapant une action, une page, un plan, un domaine, un score ou un expert</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Raccourcis clavier</translation>
    </message>
    <message>
        <source>Ctrl+/</source>
        <translation>Ctrl+/</translation>
    </message>
    <message>
        <source>All keys of the window and its pages</source>
        <translation>Toutes les touches de la fenêtre et de ses pages</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Page</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Action</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Open this plan in the planner</source>
        <translation>Ouvrir ce plan dans le planificateur</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Domaine</translation>
    </message>
    <message>
        <source>Show this domain in the overview</source>
        <translation>Montrer ce domaine dans la vue d’ensemble</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>Couche %1, expert %2</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Expert</translation>
    </message>
    <message>
        <source>Show this expert in the overview</source>
        <translation>Montrer cet expert dans la vue d’ensemble</translation>
    </message>
    <message>
        <source>The study has no such expert</source>
        <translation>L’étude n’a pas cet expert</translation>
    </message>
    <message>
        <source>everywhere</source>
        <translation>partout</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>Flèches</translation>
    </message>
    <message>
        <source>Move the cursor</source>
        <translation>Déplacer le curseur</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Début, Fin</translation>
    </message>
    <message>
        <source>First and last expert</source>
        <translation>Premier et dernier expert</translation>
    </message>
    <message>
        <source>Page Up, Page Down</source>
        <translation>Page préc., Page suiv.</translation>
    </message>
    <message>
        <source>Eight layers up and down</source>
        <translation>Huit couches vers le haut et le bas</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Open what the cursor stands on</source>
        <translation>Ouvrir ce qui est sous le curseur</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Espace</translation>
    </message>
    <message>
        <source>Keep or drop the expert (planner)</source>
        <translation>Conserver ou retirer l’expert (planificateur)</translation>
    </message>
    <message>
        <source>L</source>
        <translation>L</translation>
    </message>
    <message>
        <source>Lock or unlock the expert (planner)</source>
        <translation>Verrouiller ou libérer l’expert (planificateur)</translation>
    </message>
    <message>
        <source>maps</source>
        <translation>cartes</translation>
    </message>
    <message>
        <source>The plan has steps that are not saved. Save it and choose the language again; else it changes when the window is opened next.</source>
        <translation>Le plan a des étapes non enregistrées. Enregistrez-le et choisissez à nouveau la langue&#xa0;; sinon elle changera à la prochaine ouverture de la fenêtre.</translation>
    </message>
    <message>
        <source>Score the weights</source>
        <translation>Évaluer les poids</translation>
    </message>
    <message>
        <source>Read every expert once and score it without texts, for a first look</source>
        <translation>Lire chaque expert une fois et l’évaluer sans textes, pour un premier regard</translation>
    </message>
    <message>
        <source>Import statistics…</source>
        <translation>Importer des statistiques…</translation>
    </message>
    <message>
        <source>Ctrl+I</source>
        <translation>Ctrl+I</translation>
    </message>
    <message>
        <source>Add what llama.cpp, vLLM, ESFT or a table of counts says about the experts</source>
        <translation>Ajouter ce que llama.cpp, vLLM, ESFT ou une table de comptage dit des experts</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>Importer %1</translation>
    </message>
    <message>
        <source>Import statistics</source>
        <translation>Importer des statistiques</translation>
    </message>
    <message>
        <source>Importance matrices (*.gguf *.dat *.imatrix);;ESFT traces (expert_weights_*.txt);;Routed experts (*.npy *.npz);;Counts (*.csv *.json);;All files (*)</source>
        <translation>Matrices d’importance (*.gguf *.dat *.imatrix);;Traces ESFT (expert_weights_*.txt);;Experts routés (*.npy *.npz);;Comptages (*.csv *.json);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Name of the domain. Left empty, the file says it, or its name is taken.</source>
        <translation>Nom du domaine. Laissé vide, le fichier le dit, ou son nom est pris.</translation>
    </message>
    <message>
        <source>Write the table of this page as CSV, TSV or JSON</source>
        <translation>Écrire le tableau de cette page en CSV, TSV ou JSON</translation>
    </message>
    <message>
        <source>Trace texts…</source>
        <translation>Tracer des textes…</translation>
    </message>
    <message>
        <source>Remember which experts single tokens choose, to read texts coloured by expert</source>
        <translation>Retenir quels experts chaque token choisit, pour lire des textes colorés par expert</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Premiers pas</translation>
    </message>
    <message>
        <source>Show the steps from a model to a bundle under the rail</source>
        <translation>Afficher sous la barre les étapes du modèle au paquet</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.json)</source>
        <translation>Tableaux (*.csv *.tsv *.json)</translation>
    </message>
    <message>
        <source>Texts to trace</source>
        <translation>Textes à tracer</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl)</source>
        <translation>Textes (*.txt *.jsonl)</translation>
    </message>
    <message numerus="yes">
        <source>Trace %n text(s)</source>
        <translation>
            <numerusform>Tracer %n texte</numerusform>
            <numerusform>Tracer %n textes</numerusform>
        </translation>
    </message>
    <message>
        <source>“%1” is still running. It can go on without the window: the study will hold its result. Cancelled, what it has saved so far is kept.</source>
        <translation>« %1 » est encore en cours. Cela peut continuer sans la fenêtre : l’étude en gardera le résultat. Annulée, ce qui est déjà enregistré reste.</translation>
    </message>
    <message>
        <source>Close, let it go on</source>
        <translation>Fermer, laisser continuer</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Ouvrir un fichier…</translation>
    </message>
    <message>
        <source>Open a .espalier study, or a model that is one .gguf file</source>
        <translation>Ouvrir une étude .espalier, ou un modèle qui est un fichier .gguf</translation>
    </message>
    <message>
        <source>Open a study or a model file</source>
        <translation>Ouvrir une étude ou un fichier de modèle</translation>
    </message>
    <message>
        <source>Studies and models (*.espalier *.gguf *.safetensors);;Studies (*.espalier);;All files (*)</source>
        <translation>Études et modèles (*.espalier *.gguf *.safetensors);;Études (*.espalier);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>%1 is no longer there</source>
        <translation>%1 n’est plus là</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>Vider la liste</translation>
    </message>
    <message>
        <source>Forget what was open; no file is touched</source>
        <translation>Oublier ce qui était ouvert ; aucun fichier n’est touché</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>Ouvrir un récent</translation>
    </message>
    <message>
        <source>What was open before</source>
        <translation>Ce qui était ouvert auparavant</translation>
    </message>
    <message>
        <source>Score weights on opening</source>
        <translation>Évaluer les poids à l’ouverture</translation>
    </message>
    <message>
        <source>Begin a first look without texts by itself when a model with up to 4 GiB of experts is opened</source>
        <translation>Commencer de soi-même un premier regard sans textes à l’ouverture d’un modèle de 4 Gio d’experts au plus</translation>
    </message>
</context>
<context>
    <name>espalier::views::AnswersPanel</name>
    <message>
        <source>Ask</source>
        <translation>Demander</translation>
    </message>
    <message>
        <source>What the whole model and a plan answer to the same prompt, greedily. Words that only one of them says are marked. A few answers prove nothing: they show what a number means.</source>
        <translation>Ce que le modèle entier et un plan répondent à la même invite, de façon gloutonne. Les mots que seul l’un des deux dit sont marqués. Quelques réponses ne prouvent rien&#xa0;: elles montrent ce qu’un chiffre veut dire.</translation>
    </message>
    <message>
        <source>Answers side by side</source>
        <translation>Réponses côte à côte</translation>
    </message>
    <message>
        <source>Ask base and plan</source>
        <translation>Interroger la base et le plan</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Example</source>
        <translation>Exemple</translation>
    </message>
    <message>
        <source>Most tokens</source>
        <translation>Jetons au plus</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Invite</translation>
    </message>
    <message>
        <source>Answer of the base</source>
        <translation>Réponse de la base</translation>
    </message>
    <message>
        <source>Answer of %1</source>
        <translation>Réponse de %1</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>annulé</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Attendu</translation>
    </message>
    <message>
        <source>waiting…</source>
        <translation>en attente…</translation>
    </message>
    <message>
        <source>the same, word for word</source>
        <translation>identique, mot pour mot</translation>
    </message>
    <message numerus="yes">
        <source>%n place(s) differ</source>
        <translation>
            <numerusform>%n endroit diffère</numerusform>
            <numerusform>%n endroits diffèrent</numerusform>
        </translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Base</translation>
    </message>
    <message>
        <source>Nothing was asked yet. Choose an example or type a prompt, then Ask (Ctrl+Return).</source>
        <translation>Rien n’a encore été demandé. Choisissez un exemple ou tapez une invite, puis Demander (Ctrl+Entrée).</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Réponse</translation>
    </message>
</context>
<context>
    <name>espalier::views::Banner</name>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Erreur</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Avertissement</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Remarque</translation>
    </message>
</context>
<context>
    <name>espalier::views::BundleView</name>
    <message>
        <source>Model card</source>
        <translation>Fiche du modèle</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Recette</translation>
    </message>
    <message>
        <source>Bundle</source>
        <translation>Paquet</translation>
    </message>
    <message>
        <source>Files of the bundle</source>
        <translation>Fichiers du paquet</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Octets</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>README.md of the bundle: how it was made, what was measured, how to load it</source>
        <translation>README.md du paquet&#xa0;: comment il a été fait, ce qui a été mesuré, comment le charger</translation>
    </message>
    <message>
        <source>recipe.json of the bundle: the plan and its provenance</source>
        <translation>recipe.json du paquet&#xa0;: le plan et sa provenance</translation>
    </message>
    <message>
        <source>files, sizes and hashes after writing</source>
        <translation>fichiers, tailles et empreintes après l’écriture</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s), %1; tensors %2, predicted %3</source>
        <translation>
            <numerusform>%n fichier, %1&#xa0;; tenseurs %2, prévus %3</numerusform>
            <numerusform>%n fichiers, %1&#xa0;; tenseurs %2, prévus %3</numerusform>
        </translation>
    </message>
    <message>
        <source>written to %1, which is no longer there</source>
        <translation>écrit dans %1, qui n’existe plus</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
    <message>
        <source>%1 could not be read from %2.</source>
        <translation>%1 n’a pas pu être lu dans %2.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>espalier::views::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>Palette de commandes</translation>
    </message>
    <message>
        <source>Action, page, plan, domain, score, or an expert as L12 E5</source>
        <translation>Action, page, plan, domaine, score, ou un expert comme L12 E5</translation>
    </message>
    <message>
        <source>What to find</source>
        <translation>Ce qui est cherché</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Ce qui a été trouvé</translation>
    </message>
    <message>
        <source>Up and Down choose · Return runs · Escape closes</source>
        <translation>Haut et bas choisissent · Entrée exécute · Échap ferme</translation>
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
        <translation>Comparaison</translation>
    </message>
    <message>
        <source>two domains of one study</source>
        <translation>deux domaines d’une étude</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>Exporter la figure…</translation>
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
        <translation>Échanger</translation>
    </message>
    <message>
        <source>Exchange A and B (X)</source>
        <translation>Échanger A et B (X)</translation>
    </message>
    <message>
        <source>hide what the interval does not separate from 0</source>
        <translation>masquer ce que l’intervalle ne sépare pas de 0</translation>
    </message>
    <message>
        <source>Cumulative share of assignments</source>
        <translation>Part cumulée des affectations</translation>
    </message>
    <message>
        <source>experts sorted per layer, mean of layers</source>
        <translation>experts triés par couche, moyenne des couches</translation>
    </message>
    <message>
        <source>Likeness of domains</source>
        <translation>Ressemblance des domaines</translation>
    </message>
    <message>
        <source>Largest differences</source>
        <translation>Plus grandes différences</translation>
    </message>
    <message>
        <source>share of the layer’s assignments, %</source>
        <translation>part des affectations de la couche, %</translation>
    </message>
    <message>
        <source>95 % per cell, tokens taken as independent, not corrected over cells</source>
        <translation>95&#xa0;% par cellule, tokens supposés indépendants, sans correction sur les cellules</translation>
    </message>
    <message>
        <source>2 domains chosen</source>
        <translation>2 domaines choisis</translation>
    </message>
    <message>
        <source>choose two domains</source>
        <translation>choisir deux domaines</translation>
    </message>
    <message>
        <source>needs a second domain</source>
        <translation>il faut un second domaine</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>il faut un profil</translation>
    </message>
    <message>
        <source>Arrows move · X swaps · Ctrl+C copies the map</source>
        <translation>Flèches&#xa0;: déplacer · X&#xa0;: échanger · Ctrl+C&#xa0;: copier la carte</translation>
    </message>
    <message>
        <source>Comparing needs two measured domains. Measure the model on two kinds of text first.</source>
        <translation>Une comparaison demande deux domaines mesurés. Mesurez d’abord le modèle sur deux sortes de textes.</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Nouveau profil…</translation>
    </message>
    <message>
        <source>Jaccard of the top %1 by gate mass, mean of layers; chance %2</source>
        <translation>Jaccard des %1 premiers par masse de routage, moyenne des couches&#xa0;; hasard %2</translation>
    </message>
    <message>
        <source>A and B are the same domain: there is nothing to tell apart.</source>
        <translation>A et B sont le même domaine&#xa0;: il n’y a rien à distinguer.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
    <message>
        <source>experts differ (95 % interval)</source>
        <translation>experts diffèrent (intervalle à 95&#xa0;%)</translation>
    </message>
    <message>
        <source>of assignments move, mean of layers</source>
        <translation>des affectations se déplacent, moyenne des couches</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 et %2</translation>
    </message>
    <message>
        <source>tokens in A and B</source>
        <translation>tokens dans A et B</translation>
    </message>
    <message>
        <source>points of the layer’s assignments</source>
        <translation>points des affectations de la couche</translation>
    </message>
    <message>
        <source>%1 minus %2</source>
        <translation>%1 moins %2</translation>
    </message>
    <message>
        <source>%1 · %2 · orange: A uses it more, blue: B does · prefill · rows sum to 0 · association, not cause</source>
        <translation>%1 · %2 · orange&#xa0;: A l’utilise plus, bleu&#xa0;: B · préremplissage · somme des lignes 0 · association, non cause</translation>
    </message>
    <message>
        <source>L%1 E%2</source>
        <translation>L%1 E%2</translation>
    </message>
    <message>
        <source>cannot tell</source>
        <translation>indécidable</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Expert</translation>
    </message>
    <message>
        <source>A − B</source>
        <translation>A − B</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95&#xa0;%</translation>
    </message>
    <message>
        <source>Used more by</source>
        <translation>Plus dans</translation>
    </message>
    <message>
        <source>Layer %1, expert %2
A %3 %, B %4 %
difference %5 points %6</source>
        <translation>Couche %1, expert %2
A %3&#xa0;%, B %4&#xa0;%
différence %5 points %6</translation>
    </message>
    <message>
        <source>Exchange the two domains</source>
        <translation>Échanger les deux domaines</translation>
    </message>
    <message>
        <source>Compare with another study</source>
        <translation>Comparer avec une autre étude</translation>
    </message>
    <message>
        <source>Studies (*.espalier);;All files (*)</source>
        <translation>Études (*.espalier);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Without %1</source>
        <translation>Sans %1</translation>
    </message>
    <message>
        <source>Other study…</source>
        <translation>Autre étude…</translation>
    </message>
    <message>
        <source>Compare with what another study of this model measured</source>
        <translation>Comparer avec ce qu’une autre étude de ce modèle a mesuré</translation>
    </message>
    <message>
        <source>domains of this study and of %1</source>
        <translation>domaines de cette étude et de %1</translation>
    </message>
    <message>
        <source>Only one domain was measured. Measure a second kind of text, or choose another study of the model, to compare it with.</source>
        <translation>Un seul domaine a été mesuré. Mesurez un second type de texte, ou choisissez une autre étude du modèle, pour comparer.</translation>
    </message>
</context>
<context>
    <name>espalier::views::CoveragePlot</name>
    <message>
        <source>Experts seen against tokens</source>
        <translation>Experts vus selon les tokens</translation>
    </message>
    <message>
        <source>Not known: token counts were not measured here.</source>
        <translation>Inconnu : ici, les tokens n’ont pas été comptés.</translation>
    </message>
    <message>
        <source>After all %1 tokens, %2 of %3 experts were chosen at least once and %4 at least %5 times.</source>
        <translation>Après les %1 tokens, %2 experts sur %3 ont été choisis au moins une fois et %4 au moins %5 fois.</translation>
    </message>
    <message>
        <source>Half of them reach that after about %1 tokens.</source>
        <translation>La moitié y parvient après environ %1 tokens.</translation>
    </message>
    <message>
        <source>%1 tokens: %2 experts chosen at least once, %3 at least %4 times</source>
        <translation>%1 tokens : %2 experts choisis au moins une fois, %3 au moins %4 fois</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 tokens</translation>
    </message>
    <message>
        <source>tokens, drawn at random from those measured</source>
        <translation>tokens, tirés au hasard parmi ceux mesurés</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>experts</translation>
    </message>
    <message>
        <source>—— chosen at least once</source>
        <translation>—— choisis au moins une fois</translation>
    </message>
    <message numerus="yes">
        <source>– – chosen at least %n time(s)</source>
        <translation>
            <numerusform>– – choisis au moins %n fois</numerusform>
            <numerusform>– – choisis au moins %n fois</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceBars</name>
    <message>
        <source>Memory by device</source>
        <translation>Mémoire par appareil</translation>
    </message>
    <message>
        <source>%1, %2: experts %3, other weights %4, cache %5, workspace %6, %7 of %8</source>
        <translation>%1, %2 : experts %3, autres poids %4, cache %5, tampons %6, %7 sur %8</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceList</name>
    <message>
        <source>Add device</source>
        <translation>Ajouter un appareil</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Appareils</translation>
    </message>
    <message>
        <source>Whole layers go to several devices in order, as llama.cpp and vLLM split a model</source>
        <translation>Des couches entières vont dans l’ordre sur plusieurs appareils, comme llama.cpp et vLLM répartissent un modèle</translation>
    </message>
    <message>
        <source>Take the chosen device off the list (Delete)</source>
        <translation>Retirer de la liste l’appareil choisi (Suppr)</translation>
    </message>
    <message>
        <source>The study does not say what each layer holds; all but the experts is taken as equal in all layers. Open the model for exact numbers.</source>
        <translation>L’étude ne dit pas ce que contient chaque couche ; tout sauf les experts est pris égal dans toutes. Ouvrez le modèle pour des chiffres exacts.</translation>
    </message>
    <message>
        <source>The embedding is the head too and lies on the first and the last device.</source>
        <translation>L’embedding sert aussi de tête et se trouve sur le premier et le dernier appareil.</translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceListModel</name>
    <message>
        <source>Device %1</source>
        <translation>Appareil %1</translation>
    </message>
    <message>
        <source>no layer</source>
        <translation>aucune couche</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>couche %1</translation>
    </message>
    <message>
        <source>layers %1 to %2</source>
        <translation>couches %1 à %2</translation>
    </message>
    <message>
        <source>%1: needs %2 more</source>
        <translation>%1 : il manque %2</translation>
    </message>
    <message>
        <source>%1: %2 free</source>
        <translation>%1 : %2 libres</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Appareil</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Mémoire</translation>
    </message>
    <message>
        <source>Needs</source>
        <translation>Besoin</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Couches</translation>
    </message>
</context>
<context>
    <name>espalier::views::DomainBars</name>
    <message>
        <source>Ratio to uniform by domain</source>
        <translation>Rapport à l’uniforme par domaine</translation>
    </message>
    <message>
        <source>uniform</source>
        <translation>uniforme</translation>
    </message>
</context>
<context>
    <name>espalier::views::DropTarget</name>
    <message>
        <source>A wrong file never replaces the open one.</source>
        <translation>Un mauvais fichier ne remplace jamais celui qui est ouvert.</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>Ouvrir %1</translation>
    </message>
    <message>
        <source>Drop a model folder, a .safetensors or .gguf file, or a .espalier study here</source>
        <translation>Déposez ici un dossier de modèle, un fichier .safetensors ou .gguf, ou une étude .espalier</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExpertCard</name>
    <message>
        <source>Choose an expert in the map, by click or arrow keys.</source>
        <translation>Choisissez un expert dans la carte, par un clic ou avec les flèches.</translation>
    </message>
    <message>
        <source>Ratio to uniform</source>
        <translation>Rapport à l’uniforme</translation>
    </message>
    <message>
        <source>Share of assignments</source>
        <translation>Part des affectations</translation>
    </message>
    <message>
        <source>Routed tokens</source>
        <translation>Tokens routés</translation>
    </message>
    <message>
        <source>Mean gate weight</source>
        <translation>Poids de routage moyen</translation>
    </message>
    <message>
        <source>REAP, mean</source>
        <translation>REAP, moyenne</translation>
    </message>
    <message>
        <source>REAP, summed</source>
        <translation>REAP, somme</translation>
    </message>
    <message>
        <source>Ratio by domain</source>
        <translation>Rapport par domaine</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>Intervalle à 95&#xa0;%</translation>
    </message>
    <message>
        <source>Chosen together with</source>
        <translation>Choisi avec</translation>
    </message>
    <message>
        <source>share of its tokens</source>
        <translation>part de ses tokens</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>Couche %1, expert %2</translation>
    </message>
    <message>
        <source>Not known: no token chose it, or pairs were not collected.</source>
        <translation>Inconnu&#xa0;: aucun token ne l’a choisi, ou les paires n’ont pas été relevées.</translation>
    </message>
    <message>
        <source>Tokens it takes</source>
        <translation>Tokens qu’il prend</translation>
    </message>
    <message>
        <source>Experts like it</source>
        <translation>Experts semblables</translation>
    </message>
    <message>
        <source>Rank by score</source>
        <translation>Rang par score</translation>
    </message>
    <message>
        <source>1 = first to keep</source>
        <translation>1 = gardé en premier</translation>
    </message>
    <message>
        <source>Not traced. &lt;a href=&quot;trace&quot; style=&quot;color:%1&quot;&gt;Trace texts…&lt;/a&gt;</source>
        <translation>Non tracé. &lt;a href=&quot;trace&quot; style=&quot;color:%1&quot;&gt;Tracer des textes…&lt;/a&gt;</translation>
    </message>
    <message>
        <source>Not traced.</source>
        <translation>Non tracé.</translation>
    </message>
    <message>
        <source>%1 of %2 traced</source>
        <translation>%1 sur %2 tracés</translation>
    </message>
    <message>
        <source>None of the traced tokens chose it.</source>
        <translation>Aucun token tracé ne l’a choisi.</translation>
    </message>
    <message>
        <source>Largest weights:</source>
        <translation>Plus grands poids :</translation>
    </message>
    <message>
        <source>cosine of mean outputs</source>
        <translation>cosinus des sorties moyennes</translation>
    </message>
    <message>
        <source>correlation in the router</source>
        <translation>corrélation dans le routeur</translation>
    </message>
    <message>
        <source>Not known: no token chose it, or outputs were not collected.</source>
        <translation>Inconnu : aucun token ne l’a choisi, ou les sorties n’ont pas été relevées.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
    <message>
        <source>Not known yet.</source>
        <translation>Pas encore connu.</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportCheckModel</name>
    <message>
        <source>passed</source>
        <translation>réussi</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>avertissement</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>en attente</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échoué</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Contrôle</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Constat</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportPage</name>
    <message>
        <source>Export</source>
        <translation>Exporter</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Contrôler à nouveau</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Choisir…</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Contrôles</translation>
    </message>
    <message>
        <source>Empty folder for the bundle</source>
        <translation>Dossier vide pour le paquet</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>The same from the command line</source>
        <translation>La même chose en ligne de commande</translation>
    </message>
    <message>
        <source>needs the model</source>
        <translation>il faut le modèle</translation>
    </message>
    <message>
        <source>needs a plan</source>
        <translation>il faut un plan</translation>
    </message>
    <message numerus="yes">
        <source>%n bundle(s) written</source>
        <translation>
            <numerusform>%n paquet écrit</numerusform>
            <numerusform>%n paquets écrits</numerusform>
        </translation>
    </message>
    <message>
        <source>not written</source>
        <translation>non écrit</translation>
    </message>
    <message>
        <source>Writes to a temporary folder beside the target, renamed when verified · F5 checks again</source>
        <translation>Écrit dans un dossier temporaire à côté de la cible, renommé une fois vérifié · F5 contrôle à nouveau</translation>
    </message>
    <message>
        <source>Only the study is open. Open the model&apos;s folder as well to write a cut model.</source>
        <translation>Seule l’étude est ouverte. Ouvrez aussi le dossier du modèle pour écrire un modèle coupé.</translation>
    </message>
    <message>
        <source>A bundle is the model without the experts a plan drops. Make and save a plan first.</source>
        <translation>Un paquet est le modèle sans les experts qu’un plan retire. Faites et enregistrez d’abord un plan.</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Ouvrir…</translation>
    </message>
    <message>
        <source>Go to the planner</source>
        <translation>Aller au planificateur</translation>
    </message>
    <message>
        <source>Validated</source>
        <translation>Validé</translation>
    </message>
    <message>
        <source>not validated: the loss is unknown</source>
        <translation>non validé&#xa0;: la perte est inconnue</translation>
    </message>
    <message>
        <source>the plan was changed since: validate again</source>
        <translation>le plan a changé depuis&#xa0;: validez à nouveau</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n domain(s) break; named in the model card</source>
        <translation>
            <numerusform>%1 de %n domaine cède&#xa0;; voir la fiche</numerusform>
            <numerusform>%1 des %n domaines cèdent&#xa0;; voir la fiche</numerusform>
        </translation>
    </message>
    <message>
        <source>Model and plan</source>
        <translation>Modèle et plan</translation>
    </message>
    <message>
        <source>Reopen from disk, byte for byte</source>
        <translation>Relecture depuis le disque, octet par octet</translation>
    </message>
    <message>
        <source>after writing</source>
        <translation>après l’écriture</translation>
    </message>
    <message>
        <source>Logits equal the masked base</source>
        <translation>Logits égaux à ceux de la base masquée</translation>
    </message>
    <message>
        <source>after writing, limit 1e-5</source>
        <translation>après l’écriture, limite 1e-5</translation>
    </message>
    <message>
        <source>Export is not possible: %1</source>
        <translation>L’exportation est impossible&#xa0;: %1</translation>
    </message>
    <message>
        <source>%1 passed, %2 to judge, %3 after writing</source>
        <translation>%1 réussis, %2 à juger, %3 après l’écriture</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>Exporter %1</translation>
    </message>
    <message>
        <source>Written and verified: %1 of %2 checks passed</source>
        <translation>Écrit et vérifié&#xa0;: %1 contrôles sur %2 réussis</translation>
    </message>
    <message>
        <source>Check again what is known before writing</source>
        <translation>Contrôler à nouveau ce qui est connu avant l’écriture</translation>
    </message>
    <message>
        <source>Target engine</source>
        <translation>Moteur cible</translation>
    </message>
    <message>
        <source>File for the keep list</source>
        <translation>Fichier pour la liste des gardés</translation>
    </message>
    <message>
        <source>Load it with %1</source>
        <translation>Charger avec %1</translation>
    </message>
    <message>
        <source>Command that loads it</source>
        <translation>Commande qui le charge</translation>
    </message>
    <message>
        <source>Save list</source>
        <translation>Enregistrer la liste</translation>
    </message>
    <message>
        <source>exists and will be replaced</source>
        <translation>existe et sera remplacé</translation>
    </message>
    <message>
        <source>%1 written</source>
        <translation>%1 écrit</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportTargetModel</name>
    <message>
        <source>Keep list only</source>
        <translation>Liste des gardés seule</translation>
    </message>
    <message>
        <source>same count in every layer</source>
        <translation>même nombre par couche</translation>
    </message>
    <message>
        <source>counts differ between layers</source>
        <translation>les nombres diffèrent selon la couche</translation>
    </message>
    <message>
        <source>counts may differ</source>
        <translation>les nombres peuvent différer</translation>
    </message>
    <message>
        <source>reads the files as they are</source>
        <translation>lit les fichiers tels quels</translation>
    </message>
    <message>
        <source>converts to GGUF first</source>
        <translation>convertit d’abord en GGUF</translation>
    </message>
    <message>
        <source>reads safetensors; this model is GGUF</source>
        <translation>lit safetensors&#xa0;; ce modèle est GGUF</translation>
    </message>
    <message>
        <source>computes this router</source>
        <translation>calcule ce routeur</translation>
    </message>
    <message>
        <source>needs trust_remote_code</source>
        <translation>exige trust_remote_code</translation>
    </message>
    <message>
        <source>does not know this router</source>
        <translation>ne connaît pas ce routeur</translation>
    </message>
    <message>
        <source>computes this router otherwise: other answers</source>
        <translation>calcule ce routeur autrement&#xa0;: autres réponses</translation>
    </message>
    <message>
        <source>ranks router groups otherwise: other answers</source>
        <translation>classe les groupes autrement&#xa0;: autres réponses</translation>
    </message>
    <message>
        <source>bundles are tested with it</source>
        <translation>les paquets sont testés avec lui</translation>
    </message>
    <message>
        <source>not run in our tests</source>
        <translation>non lancé dans nos tests</translation>
    </message>
    <message>
        <source>accepts this plan</source>
        <translation>accepte ce plan</translation>
    </message>
    <message>
        <source>refuses: %1</source>
        <translation>refuse&#xa0;: %1</translation>
    </message>
    <message>
        <source>accepts; %1</source>
        <translation>accepte&#xa0;; %1</translation>
    </message>
    <message>
        <source>Counts per layer</source>
        <translation>Nombres par couche</translation>
    </message>
    <message>
        <source>File format</source>
        <translation>Format de fichier</translation>
    </message>
    <message>
        <source>Router</source>
        <translation>Routeur</translation>
    </message>
    <message>
        <source>Tested</source>
        <translation>Testé</translation>
    </message>
    <message>
        <source>any</source>
        <translation>quelconques</translation>
    </message>
    <message>
        <source>same in all layers</source>
        <translation>même partout</translation>
    </message>
    <message>
        <source>JSON, no weights</source>
        <translation>JSON, sans poids</translation>
    </message>
    <message>
        <source>GGUF, converted</source>
        <translation>GGUF, converti</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>choisi</translation>
    </message>
    <message>
        <source>not chosen</source>
        <translation>non choisi</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Moteur</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>Nombres</translation>
    </message>
    <message>
        <source>Reads</source>
        <translation>Lit</translation>
    </message>
    <message>
        <source>This plan</source>
        <translation>Ce plan</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportTexts</name>
    <message>
        <source>Target folder is empty</source>
        <translation>Le dossier cible est vide</translation>
    </message>
    <message>
        <source>Same count in every layer</source>
        <translation>Même nombre dans chaque couche</translation>
    </message>
    <message>
        <source>Plan belongs to the model</source>
        <translation>Le plan appartient au modèle</translation>
    </message>
    <message>
        <source>Disk space</source>
        <translation>Espace disque</translation>
    </message>
    <message>
        <source>does not exist yet</source>
        <translation>n’existe pas encore</translation>
    </message>
    <message>
        <source>exists and is empty</source>
        <translation>existe et est vide</translation>
    </message>
    <message>
        <source>is there already and is not an empty folder</source>
        <translation>existe déjà et n’est pas un dossier vide</translation>
    </message>
    <message>
        <source>the plan belongs to model %1, this is %2</source>
        <translation>le plan appartient au modèle %1, celui-ci est %2</translation>
    </message>
    <message>
        <source>needs %1, %2 are free</source>
        <translation>il faut %1, %2 sont libres</translation>
    </message>
    <message>
        <source>the plan has %1 layers, the model %2 with experts</source>
        <translation>le plan a %1 couches, le modèle %2 avec experts</translation>
    </message>
    <message>
        <source>the plan keeps %1 to %2 experts, but the configuration has one count for all layers</source>
        <translation>le plan garde %1 à %2 experts, mais la configuration n’a qu’un nombre pour toutes les couches</translation>
    </message>
    <message>
        <source>the plan gives tokens different numbers of experts in different layers, but the configuration has one number for all</source>
        <translation>le plan donne aux jetons un nombre d’experts différent selon la couche, mais la configuration n’en a qu’un</translation>
    </message>
    <message>
        <source>this architecture&apos;s router always chooses the same number of experts</source>
        <translation>le routeur de cette architecture choisit toujours autant d’experts</translation>
    </message>
    <message>
        <source>%1 experts are kept but every token needs %2</source>
        <translation>%1 experts restent, mais chaque jeton en exige %2</translation>
    </message>
    <message>
        <source>%1 in every layer, top-%2</source>
        <translation>%1 par couche, top-%2</translation>
    </message>
    <message>
        <source>%1 files match</source>
        <translation>%1 fichiers concordent</translation>
    </message>
    <message>
        <source>%1 layers, experts 0 to %2 in each, router rows to match</source>
        <translation>%1 couches, experts 0 à %2 dans chacune, lignes du routeur assorties</translation>
    </message>
    <message>
        <source>top-%1 of %2</source>
        <translation>top-%1 sur %2</translation>
    </message>
    <message>
        <source>%1 of %2 groups, %3 experts in each</source>
        <translation>%1 groupes sur %2, %3 experts dans chacun</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>all are there</source>
        <translation>tous présents</translation>
    </message>
    <message>
        <source>the same in every expert of a layer</source>
        <translation>identiques dans chaque expert d’une couche</translation>
    </message>
    <message>
        <source>%1 file, %2 tensor bytes</source>
        <translation>%1 fichier, %2 octets de tenseurs</translation>
    </message>
    <message>
        <source>%1 files, %2 tensor bytes</source>
        <translation>%1 fichiers, %2 octets de tenseurs</translation>
    </message>
    <message>
        <source>%1 tensors, each with its place</source>
        <translation>%1 tenseurs, chacun à sa place</translation>
    </message>
    <message>
        <source>%1 tensors, %2 bytes</source>
        <translation>%1 tenseurs, %2 octets</translation>
    </message>
    <message>
        <source>%1 tensors</source>
        <translation>%1 tenseurs</translation>
    </message>
    <message>
        <source>its plan keeps as many experts as the model has</source>
        <translation>son plan garde autant d’experts que le modèle en a</translation>
    </message>
    <message>
        <source>%1 keys, the number of experts changed</source>
        <translation>%1 clés, le nombre d’experts changé</translation>
    </message>
    <message>
        <source>layer %1 keeps %2 to %3 experts of the router&apos;s %4 groups; every group must keep the same number, nearest are %5 per layer</source>
        <translation>la couche %1 garde %2 à %3 experts des %4 groupes&#xa0;; chaque groupe doit en garder autant, le plus proche est %5 par couche</translation>
    </message>
    <message>
        <source>largest difference %1, limit %2, %3 sequences of %4 tokens</source>
        <translation>plus grand écart %1, limite %2, %3 séquences de %4 jetons</translation>
    </message>
    <message>
        <source>Checksums</source>
        <translation>Sommes de contrôle</translation>
    </message>
    <message>
        <source>Headers, names and shapes</source>
        <translation>En-têtes, noms et formes</translation>
    </message>
    <message>
        <source>Experts per token</source>
        <translation>Experts par jeton</translation>
    </message>
    <message>
        <source>Keys with the expert count</source>
        <translation>Clés du nombre d’experts</translation>
    </message>
    <message>
        <source>Router groups</source>
        <translation>Groupes du routeur</translation>
    </message>
    <message>
        <source>Experts named in config.json</source>
        <translation>Experts cités dans config.json</translation>
    </message>
    <message>
        <source>Parts of every expert</source>
        <translation>Parties de chaque expert</translation>
    </message>
    <message>
        <source>Index and metadata</source>
        <translation>Index et métadonnées</translation>
    </message>
    <message>
        <source>Blocks for further tokens</source>
        <translation>Blocs des jetons suivants</translation>
    </message>
    <message>
        <source>No stray tensors</source>
        <translation>Aucun tenseur étranger</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Recette</translation>
    </message>
    <message>
        <source>Bytes equal the source</source>
        <translation>Octets égaux à la source</translation>
    </message>
    <message>
        <source>Metadata equal the source</source>
        <translation>Métadonnées égales à la source</translation>
    </message>
    <message>
        <source>Logits equal the masked base</source>
        <translation>Les logits égalent la base masquée</translation>
    </message>
</context>
<context>
    <name>espalier::views::FigureFile</name>
    <message>
        <source>%1: figures are written as .png, .svg or .pdf</source>
        <translation>%1&#xa0;: les figures s’écrivent en .png, .svg ou .pdf</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Choose a folder you may write to.</source>
        <translation>%1 n’a pas pu être écrit : %2. Choisissez un dossier où vous pouvez écrire.</translation>
    </message>
</context>
<context>
    <name>espalier::views::GateModel</name>
    <message>
        <source>perplexity over the base’s, at most</source>
        <translation>perplexité sur celle de la base, au plus</translation>
    </message>
    <message>
        <source>mean KL, at most</source>
        <translation>KL moyenne, au plus</translation>
    </message>
    <message>
        <source>99th percentile of KL, at most</source>
        <translation>99e centile de KL, au plus</translation>
    </message>
    <message>
        <source>same first choice, at least</source>
        <translation>même premier choix, au moins</translation>
    </message>
    <message>
        <source>exact match, at least</source>
        <translation>réponse exacte, au moins</translation>
    </message>
    <message>
        <source>loss of exact match, at most</source>
        <translation>perte de réponses exactes, au plus</translation>
    </message>
    <message>
        <source>p of the change, at least</source>
        <translation>p du changement, au moins</translation>
    </message>
    <message>
        <source>every other task</source>
        <translation>toute autre tâche</translation>
    </message>
    <message>
        <source>every other text</source>
        <translation>tout autre texte</translation>
    </message>
    <message>
        <source>✓ holds</source>
        <translation>✓ tenu</translation>
    </message>
    <message>
        <source>✕ broken</source>
        <translation>✕ rompu</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>non mesuré</translation>
    </message>
    <message>
        <source>Type a number; an empty field is no limit</source>
        <translation>Tapez un nombre&#xa0;; un champ vide n’est pas une limite</translation>
    </message>
    <message>
        <source>the worst of those without limits of their own</source>
        <translation>le pire de ceux sans limite propre</translation>
    </message>
    <message>
        <source>Domain or task</source>
        <translation>Domaine ou tâche</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Limite</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Mesuré</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
</context>
<context>
    <name>espalier::views::GatePanel</name>
    <message>
        <source>Save…</source>
        <translation>Enregistrer…</translation>
    </message>
    <message>
        <source>Limits that a cut must keep: type them into the column Limit. They are held against what was measured last, at once; saved as a file, they make the check in CI fail.</source>
        <translation>Limites qu’une coupe doit respecter&#xa0;: tapez-les dans la colonne Limite. Elles sont aussitôt comparées à la dernière mesure&#xa0;; enregistrées, elles font échouer le contrôle en CI.</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Usual limits</source>
        <translation>Limites usuelles</translation>
    </message>
    <message>
        <source>Those by which this page says “breaks”</source>
        <translation>Celles d’après lesquelles cette page dit «&#xa0;cède&#xa0;»</translation>
    </message>
    <message>
        <source>No limits</source>
        <translation>Aucune limite</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Ouvrir…</translation>
    </message>
    <message>
        <source>Limits of the gate</source>
        <translation>Limites du seuil</translation>
    </message>
    <message>
        <source>The same in CI</source>
        <translation>La même chose en CI</translation>
    </message>
    <message>
        <source>Open a gate file</source>
        <translation>Ouvrir un fichier de seuils</translation>
    </message>
    <message>
        <source>Gates (*.json)</source>
        <translation>Seuils (*.json)</translation>
    </message>
    <message>
        <source>Save the gate</source>
        <translation>Enregistrer les seuils</translation>
    </message>
    <message>
        <source>No limits yet: type some into the table, or begin with the usual ones.</source>
        <translation>Pas encore de limites&#xa0;: tapez-en dans le tableau, ou commencez par les usuelles.</translation>
    </message>
    <message numerus="yes">
        <source>%n limit(s); no plan was compared yet.</source>
        <translation>
            <numerusform>%n limite&#xa0;; aucun plan n’a encore été comparé.</numerusform>
            <numerusform>%n limites&#xa0;; aucun plan n’a encore été comparé.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>✕ %1 breaks %2 of %n limit(s).</source>
        <translation>
            <numerusform>✕ %1 rompt %2 limite sur %n.</numerusform>
            <numerusform>✕ %1 rompt %2 limites sur %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>✓ %1 breaks none of %n limit(s).</source>
        <translation>
            <numerusform>✓ %1 respecte la %n limite.</numerusform>
            <numerusform>✓ %1 respecte les %n limites.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For %n of them nothing was measured: the check would fail.</source>
        <translation>
            <numerusform>Pour %n d’entre elles rien n’a été mesuré&#xa0;: le contrôle échouerait.</numerusform>
            <numerusform>Pour %n d’entre elles rien n’a été mesuré&#xa0;: le contrôle échouerait.</numerusform>
        </translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>non enregistré</translation>
    </message>
    <message>
        <source>%1, changed since</source>
        <translation>%1, modifié depuis</translation>
    </message>
</context>
<context>
    <name>espalier::views::GuideBar</name>
    <message>
        <source>Guide</source>
        <translation>Guide</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Premiers pas</translation>
    </message>
    <message>
        <source>Close the guide</source>
        <translation>Fermer le guide</translation>
    </message>
    <message>
        <source>Close the guide; Help &gt; First steps brings it back</source>
        <translation>Fermer le guide&#xa0;; Aide &gt; Premiers pas le rappelle</translation>
    </message>
    <message>
        <source>Open a model folder, or the sample that comes with the program</source>
        <translation>Ouvrez un dossier de modèle, ou l’exemple fourni</translation>
    </message>
    <message>
        <source>Measure on your own texts which experts do the work</source>
        <translation>Mesurez sur vos textes quels experts font le travail</translation>
    </message>
    <message>
        <source>Look at the map of experts: who serves which texts</source>
        <translation>Regardez la carte des experts&#xa0;: qui sert quels textes</translation>
    </message>
    <message>
        <source>Choose what stays, against the memory you have; then save the plan</source>
        <translation>Choisissez ce qui reste, selon votre mémoire&#xa0;; puis enregistrez le plan</translation>
    </message>
    <message>
        <source>Compare the plan with the whole model on texts that were not used for it</source>
        <translation>Comparez le plan au modèle entier sur des textes qui n’ont pas servi</translation>
    </message>
    <message>
        <source>Write the smaller model, checked byte by byte</source>
        <translation>Écrivez le modèle réduit, vérifié octet par octet</translation>
    </message>
    <message>
        <source>All steps are done.</source>
        <translation>Toutes les étapes sont faites.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Ouvrir</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>See</source>
        <translation>Voir</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Validate</source>
        <translation>Valider</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>%1, done</source>
        <translation>%1, fait</translation>
    </message>
    <message>
        <source>%1, next</source>
        <translation>%1, à suivre</translation>
    </message>
</context>
<context>
    <name>espalier::views::Job</name>
    <message>
        <source>The engine program %1 could not be started: %2. Build the target espalier, or set ESPALIER_CLI to its path.</source>
        <translation>Le programme moteur %1 n’a pas pu démarrer&#xa0;: %2. Construisez la cible espalier ou définissez ESPALIER_CLI sur son chemin.</translation>
    </message>
    <message>
        <source>The engine program espalier was not found beside the studio or in PATH. Build the target espalier, or set ESPALIER_CLI to its path.</source>
        <translation>Le programme moteur espalier est introuvable à côté du studio et dans PATH. Construisez la cible espalier ou définissez ESPALIER_CLI sur son chemin.</translation>
    </message>
    <message>
        <source>Engine %1, process %2</source>
        <translation>Moteur %1, processus %2</translation>
    </message>
    <message>
        <source>was ended by signal %1</source>
        <translation>a été arrêté par le signal %1</translation>
    </message>
    <message>
        <source>ended with code %1</source>
        <translation>s’est arrêté avec le code %1</translation>
    </message>
    <message>
        <source>before it began to work</source>
        <translation>avant de commencer à travailler</translation>
    </message>
    <message>
        <source>during “%1”</source>
        <translation>pendant «&#xa0;%1&#xa0;»</translation>
    </message>
    <message>
        <source>The engine %1 %2, without a result. The window and the open study are unchanged; everything the engine had saved is kept. Start it again, with Resume for a profile.</source>
        <translation>Le moteur %1 %2, sans résultat. La fenêtre et l’étude ouverte sont inchangées&#xa0;; tout ce que le moteur avait enregistré est conservé. Relancez-le, avec Reprendre pour un profil.</translation>
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
        <translation>Tâche</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Avancement</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Débit</translation>
    </message>
    <message>
        <source>Left, or taken</source>
        <translation>Reste, ou durée</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
</context>
<context>
    <name>espalier::views::JobsPane</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Copier comme commande</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Tâches</translation>
    </message>
    <message>
        <source>Log of the job</source>
        <translation>Journal de la tâche</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerCounts</name>
    <message>
        <source>Experts kept per layer</source>
        <translation>Experts conservés par couche</translation>
    </message>
    <message>
        <source>%1 in all</source>
        <translation>%1 en tout</translation>
    </message>
    <message>
        <source>%1 of %2 experts stay. Click to set the count.</source>
        <translation>%1 experts sur %2 restent. Cliquez pour fixer le nombre.</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerStrip</name>
    <message>
        <source>Concentration per layer</source>
        <translation>Concentration par couche</translation>
    </message>
    <message>
        <source>Layer %1: not measured</source>
        <translation>Couche %1&#xa0;: non mesurée</translation>
    </message>
    <message numerus="yes">
        <source>Layer %1: entropy %2 of its maximum, as spread as %3 equally used experts, Gini %4, %n dead expert(s)</source>
        <translation>
            <numerusform>Couche %1&#xa0;: entropie %2 de son maximum, aussi répartie que %3 experts utilisés également, Gini %4, %n expert mort</numerusform>
            <numerusform>Couche %1&#xa0;: entropie %2 de son maximum, aussi répartie que %3 experts utilisés également, Gini %4, %n experts morts</numerusform>
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
        <translation>Morts</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerTables</name>
    <message>
        <source>used more</source>
        <translation>plus utilisé</translation>
    </message>
    <message>
        <source>used less</source>
        <translation>moins utilisé</translation>
    </message>
    <message>
        <source>not told apart from uniform</source>
        <translation>indiscernable de l’uniforme</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>trop peu de tokens pour juger</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>inconnu</translation>
    </message>
    <message>
        <source>rank</source>
        <translation>rang</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>expert</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>tokens</translation>
    </message>
    <message>
        <source>ratio to uniform</source>
        <translation>rapport à l’uniforme</translation>
    </message>
    <message>
        <source>± 95 %</source>
        <translation>± 95 %</translation>
    </message>
    <message>
        <source>half of the 95 % interval</source>
        <translation>moitié de l’intervalle à 95 %</translation>
    </message>
    <message>
        <source>against uniform</source>
        <translation>face à l’uniforme</translation>
    </message>
    <message>
        <source>experts chosen at least once</source>
        <translation>experts choisis au moins une fois</translation>
    </message>
    <message numerus="yes">
        <source>experts chosen at least %n time(s)</source>
        <translation>
            <numerusform>experts choisis au moins %n fois</numerusform>
            <numerusform>experts choisis au moins %n fois</numerusform>
        </translation>
    </message>
    <message>
        <source>and expert</source>
        <translation>et expert</translation>
    </message>
    <message>
        <source>tokens with both</source>
        <translation>tokens avec les deux</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>attendus</translation>
    </message>
    <message>
        <source>Tokens that the two experts’ own use leads to expect</source>
        <translation>Tokens que laisse attendre l’usage des deux experts</translation>
    </message>
    <message>
        <source>ratio to expected</source>
        <translation>rapport à l’attendu</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerView</name>
    <message>
        <source>Pairs were not collected for these texts. A profile that collects everything counts them.</source>
        <translation>Les paires n’ont pas été relevées pour ces textes. Un profil qui relève tout les compte.</translation>
    </message>
    <message>
        <source>bars: 95 % of a share, tokens taken as independent, not corrected for the number of experts · dashed: uniform use · cross: too few tokens · association, not cause</source>
        <translation>barres : 95 % d’une part, tokens supposés indépendants, sans correction pour le nombre d’experts · tirets : usage uniforme · croix : trop peu de tokens · association, pas cause</translation>
    </message>
    <message>
        <source>Experts seen against tokens</source>
        <translation>Experts vus selon les tokens</translation>
    </message>
    <message>
        <source>expected for tokens drawn one by one; texts come in windows, so real texts need more</source>
        <translation>attendu pour des tokens tirés un à un ; les textes viennent par fenêtres, les vrais textes en demandent donc plus</translation>
    </message>
    <message>
        <source>Chosen together</source>
        <translation>Choisis ensemble</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Usage</translation>
    </message>
    <message>
        <source>Experts seen</source>
        <translation>Experts vus</translation>
    </message>
    <message>
        <source>The layer as a table</source>
        <translation>La couche en tableau</translation>
    </message>
    <message>
        <source>Use of the experts of layer %1</source>
        <translation>Usage des experts de la couche %1</translation>
    </message>
    <message>
        <source>No pair of experts is chosen more often than their own use explains.</source>
        <translation>Aucune paire d’experts n’est choisie plus souvent que leur propre usage ne l’explique.</translation>
    </message>
    <message>
        <source>Most above what their own use explains: %1</source>
        <translation>Le plus au-dessus de ce que leur propre usage explique : %1</translation>
    </message>
    <message>
        <source>Pairs of experts chosen by one token</source>
        <translation>Paires d’experts choisies par un token</translation>
    </message>
    <message>
        <source>1 = as often as the two experts&apos; own use explains · × never together · cut corner: under %1 pairs expected, too few to judge</source>
        <translation>1 = autant que l’usage des deux experts l’explique · × jamais ensemble · coin coupé : moins de %1 paires attendues, trop peu pour juger</translation>
    </message>
    <message>
        <source>Experts %1 and %2</source>
        <translation>Experts %1 et %2</translation>
    </message>
    <message>
        <source>Expert %1 with itself</source>
        <translation>Expert %1 avec lui-même</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>non mesuré</translation>
    </message>
    <message>
        <source>%1 of what their own use explains</source>
        <translation>%1 de ce que leur propre usage explique</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>trop peu de tokens pour juger</translation>
    </message>
    <message numerus="yes">
        <source>The %n pair(s) furthest above what their own use explains. The map and its copy hold all of them.</source>
        <translation>
            <numerusform>La %n paire la plus au-dessus de ce que son usage explique. La carte et sa copie les contiennent toutes.</numerusform>
            <numerusform>Les %n paires les plus au-dessus de ce que leur usage explique. La carte et sa copie les contiennent toutes.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::LikenessMatrix</name>
    <message>
        <source>Likeness of domains</source>
        <translation>Ressemblance des domaines</translation>
    </message>
    <message>
        <source>%1 and %2: %3</source>
        <translation>%1 et %2&#xa0;: %3</translation>
    </message>
</context>
<context>
    <name>espalier::views::ManualDialog</name>
    <message>
        <source>Manual</source>
        <translation>Manuel</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Sommaire</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Accueil</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Vue d’ensemble</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparaison</translation>
    </message>
    <message>
        <source>Planner</source>
        <translation>Planificateur</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validation</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportation</translation>
    </message>
    <message>
        <source>Concepts</source>
        <translation>Notions</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>Méthodes</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>Ligne de commande</translation>
    </message>
    <message>
        <source>From elsewhere</source>
        <translation>D’ailleurs</translation>
    </message>
    <message>
        <source>File formats</source>
        <translation>Formats de fichiers</translation>
    </message>
    <message>
        <source>Troubleshooting</source>
        <translation>Dépannage</translation>
    </message>
    <message>
        <source>Pages of the manual</source>
        <translation>Pages du manuel</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Carving</source>
        <translation>Découpage en experts</translation>
    </message>
    <message>
        <source>GPU and MPI</source>
        <translation>GPU et MPI</translation>
    </message>
    <message>
        <source>Merging</source>
        <translation>Fusion</translation>
    </message>
</context>
<context>
    <name>espalier::views::MapTableModel</name>
    <message>
        <source>not measured</source>
        <translation>non mesuré</translation>
    </message>
    <message>
        <source>dead: no token</source>
        <translation>mort&#xa0;: aucun token</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>trop peu de tokens</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Couche</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Expert</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>± 95 %</source>
        <translation>± 95&#xa0;%</translation>
    </message>
    <message>
        <source>Rank in layer</source>
        <translation>Rang dans la couche</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Remarque</translation>
    </message>
</context>
<context>
    <name>espalier::views::MethodTexts</name>
    <message>
        <source>Frequency</source>
        <translation>Fréquence</translation>
    </message>
    <message>
        <source>how often the router picks the expert</source>
        <translation>combien de fois le routeur choisit l’expert</translation>
    </message>
    <message>
        <source>Gate mass</source>
        <translation>Masse de routage</translation>
    </message>
    <message>
        <source>Σ gate weight over routed tokens, per layer</source>
        <translation>Σ des poids de routage sur les tokens routés, par couche</translation>
    </message>
    <message>
        <source>SEER, hard</source>
        <translation>SEER, dur</translation>
    </message>
    <message>
        <source>share of tokens that pick the expert</source>
        <translation>part des tokens qui choisissent l’expert</translation>
    </message>
    <message>
        <source>SEER, soft</source>
        <translation>SEER, souple</translation>
    </message>
    <message>
        <source>router probability summed over all tokens</source>
        <translation>somme de la probabilité du routeur sur tous les tokens</translation>
    </message>
    <message>
        <source>REAP, mean</source>
        <translation>REAP, moyenne</translation>
    </message>
    <message>
        <source>mean of gate × ‖output‖ over routed tokens</source>
        <translation>moyenne de poids × ‖sortie‖ sur les tokens routés</translation>
    </message>
    <message>
        <source>REAP, summed</source>
        <translation>REAP, somme</translation>
    </message>
    <message>
        <source>Σ gate × ‖output‖ over routed tokens, per layer</source>
        <translation>Σ poids × ‖sortie‖ sur les tokens routés, par couche</translation>
    </message>
    <message>
        <source>REAP, shrunk mean</source>
        <translation>REAP, moyenne resserrée</translation>
    </message>
    <message>
        <source>REAP’s mean, drawn towards the layer’s mean where few tokens were seen</source>
        <translation>la moyenne de REAP, ramenée vers celle de la couche quand peu de tokens ont été vus</translation>
    </message>
    <message>
        <source>REAP, lower bound</source>
        <translation>REAP, borne inférieure</translation>
    </message>
    <message>
        <source>what REAP’s mean is at least, with 97.5 % confidence: few tokens count little</source>
        <translation>ce que la moyenne de REAP vaut au moins, avec 97,5&#xa0;% de confiance&#xa0;: peu de tokens comptent peu</translation>
    </message>
    <message>
        <source>MAN, mean output norm</source>
        <translation>MAN, norme moyenne de sortie</translation>
    </message>
    <message>
        <source>mean of ‖output‖ over routed tokens</source>
        <translation>moyenne de ‖sortie‖ sur les tokens routés</translation>
    </message>
    <message>
        <source>MSAN, mean squared norm</source>
        <translation>MSAN, norme carrée moyenne</translation>
    </message>
    <message>
        <source>mean of ‖output‖² over routed tokens</source>
        <translation>moyenne de ‖sortie‖² sur les tokens routés</translation>
    </message>
    <message>
        <source>Unified, n^a · mean of g^b ‖f‖^c</source>
        <translation>Unifié, n^a · moyenne de g^b ‖f‖^c</translation>
    </message>
    <message>
        <source>the family of REAP, MAN and frequency; REAP by default</source>
        <translation>la famille de REAP, MAN et fréquence&#xa0;; REAP par défaut</translation>
    </message>
    <message>
        <source>EASY-EP</source>
        <translation>EASY-EP</translation>
    </message>
    <message>
        <source>Σ gate × ‖output‖, weighted by how far the layer turns the token</source>
        <translation>Σ poids × ‖sortie‖, pondérée par la rotation que la couche impose au token</translation>
    </message>
    <message>
        <source>TCESS</source>
        <translation>TCESS</translation>
    </message>
    <message>
        <source>router logits of the tokens that rank the expert first</source>
        <translation>logits du routeur pour les tokens qui classent l’expert premier</translation>
    </message>
    <message>
        <source>PEU</source>
        <translation>PEU</translation>
    </message>
    <message>
        <source>how often the expert passes the domain’s probability threshold</source>
        <translation>combien de fois l’expert dépasse le seuil de probabilité du domaine</translation>
    </message>
    <message>
        <source>SHAPE, coalitions</source>
        <translation>SHAPE, coalitions</translation>
    </message>
    <message>
        <source>tokens of the sets of experts that only work with this one</source>
        <translation>tokens des ensembles d’experts qui ne fonctionnent qu’avec celui-ci</translation>
    </message>
    <message>
        <source>AIMER, without texts</source>
        <translation>AIMER, sans textes</translation>
    </message>
    <message>
        <source>how far the expert’s weights are from all being one size</source>
        <translation>à quel point les poids de l’expert sont loin d’être tous de même grandeur</translation>
    </message>
    <message>
        <source>STUN, without texts</source>
        <translation>STUN, sans textes</translation>
    </message>
    <message>
        <source>how far the expert’s router row is from those that stay</source>
        <translation>à quelle distance la ligne de routeur de l’expert est de celles qui restent</translation>
    </message>
    <message>
        <source>Random, as a control</source>
        <translation>Hasard, comme témoin</translation>
    </message>
    <message>
        <source>drawn by the seed: what a plan without knowledge gives</source>
        <translation>tiré par la graine&#xa0;: ce que donne un plan sans connaissance</translation>
    </message>
    <message>
        <source>Inner energy, mean</source>
        <translation>Énergie interne, moyenne</translation>
    </message>
    <message>
        <source>mean squared norm inside the expert, from llama.cpp’s importance matrix</source>
        <translation>norme carrée moyenne dans l’expert, d’après la matrice d’importance de llama.cpp</translation>
    </message>
    <message>
        <source>Inner energy, summed</source>
        <translation>Énergie interne, somme</translation>
    </message>
    <message>
        <source>Σ squared norm inside the expert, from llama.cpp’s importance matrix</source>
        <translation>Σ des normes carrées dans l’expert, d’après la matrice d’importance de llama.cpp</translation>
    </message>
    <message>
        <source>uniform, same count in every layer</source>
        <translation>uniforme, autant par couche</translation>
    </message>
    <message>
        <source>every engine loads it</source>
        <translation>tous les moteurs le chargent</translation>
    </message>
    <message>
        <source>global, one ranking over all layers</source>
        <translation>global, un seul classement sur toutes les couches</translation>
    </message>
    <message>
        <source>counts differ between layers</source>
        <translation>les nombres diffèrent d’une couche à l’autre</translation>
    </message>
    <message>
        <source>coverage, same share of score in every layer</source>
        <translation>couverture, même part par couche</translation>
    </message>
    <message>
        <source>knapsack, least predicted loss</source>
        <translation>sac à dos, moindre perte prévue</translation>
    </message>
    <message>
        <source>Never below top-k</source>
        <translation>Jamais moins que top-k</translation>
    </message>
    <message>
        <source>Super experts</source>
        <translation>Super-experts</translation>
    </message>
    <message>
        <source>Outliers</source>
        <translation>Valeurs extrêmes</translation>
    </message>
    <message>
        <source>A floor for every domain</source>
        <translation>Un plancher pour chaque domaine</translation>
    </message>
    <message>
        <source>Leave one out, measured</source>
        <translation>En retirer un, mesuré</translation>
    </message>
    <message>
        <source>what the layer’s output loses without the expert</source>
        <translation>ce que la sortie de la couche perd sans l’expert</translation>
    </message>
</context>
<context>
    <name>espalier::views::OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>Vue d’ensemble</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tableau</translation>
    </message>
    <message>
        <source>The same numbers as a table (T)</source>
        <translation>Les mêmes nombres en tableau (T)</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>Exporter la figure…</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Domaine</translation>
    </message>
    <message>
        <source>minus</source>
        <translation>moins</translation>
    </message>
    <message>
        <source>Shows the difference to another domain</source>
        <translation>Montre la différence avec un autre domaine</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Montrer</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Échelle</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linéaire</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>Flag below</source>
        <translation>Signaler sous</translation>
    </message>
    <message>
        <source>An expert seen by fewer tokens is marked: a mean over so few says little</source>
        <translation>Un expert vu par moins de tokens est marqué&#xa0;: une moyenne sur si peu ne dit pas grand-chose</translation>
    </message>
    <message>
        <source>All domains, same scale</source>
        <translation>Tous les domaines, même échelle</translation>
    </message>
    <message>
        <source>The map as a table</source>
        <translation>La carte en tableau</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>il faut un profil</translation>
    </message>
    <message numerus="yes">
        <source>%n domain(s)</source>
        <translation>
            <numerusform>%n domaine</numerusform>
            <numerusform>%n domaines</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was measured yet. A profile runs your texts through the model once and shows here which experts they use.</source>
        <translation>Rien n’a encore été mesuré. Un profil fait passer une fois vos textes dans le modèle et montre ici quels experts ils utilisent.</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Nouveau profil…</translation>
    </message>
    <message>
        <source>Open a model, measure it on your texts, and see here what every expert does.</source>
        <translation>Ouvrez un modèle, mesurez-le sur vos textes et voyez ici ce que fait chaque expert.</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Ouvrir l’exemple</translation>
    </message>
    <message>
        <source>all domains</source>
        <translation>tous les domaines</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>never</source>
        <translation>jamais</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 minus %2</source>
        <translation>%1 moins %2</translation>
    </message>
    <message>
        <source>%1: %2 tokens in %3 windows</source>
        <translation>%1&#xa0;: %2 tokens en %3 fenêtres</translation>
    </message>
    <message>
        <source>tile height is layer %1 to %2, width is expert 0 to %3</source>
        <translation>hauteur d’une vignette&#xa0;: couches %1 à %2, largeur&#xa0;: experts 0 à %3</translation>
    </message>
    <message>
        <source>%1, %2 tokens in %3 windows</source>
        <translation>%1, %2 tokens en %3 fenêtres</translation>
    </message>
    <message>
        <source>tokens measured</source>
        <translation>tokens mesurés</translation>
    </message>
    <message>
        <source>windows</source>
        <translation>fenêtres</translation>
    </message>
    <message>
        <source>median tokens per expert</source>
        <translation>tokens par expert, médiane</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>trop peu de tokens pour juger</translation>
    </message>
    <message>
        <source>dead in every domain</source>
        <translation>morts dans tous les domaines</translation>
    </message>
    <message>
        <source>dead in this domain</source>
        <translation>morts dans ce domaine</translation>
    </message>
    <message>
        <source>token counts</source>
        <translation>nombres de tokens</translation>
    </message>
    <message>
        <source>gate weights</source>
        <translation>poids de routage</translation>
    </message>
    <message>
        <source>expert outputs</source>
        <translation>sorties des experts</translation>
    </message>
    <message>
        <source>probabilities</source>
        <translation>probabilités</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n couche</numerusform>
            <numerusform>%n couches</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 was imported from %2</source>
        <translation>%1 a été importé de %2</translation>
    </message>
    <message>
        <source>%1; not known: %2</source>
        <translation>%1&#xa0;; inconnu&#xa0;: %2</translation>
    </message>
    <message>
        <source>%1 (fingerprint %2…)</source>
        <translation>%1 (empreinte %2…)</translation>
    </message>
    <message>
        <source>%1 tokens, prefill</source>
        <translation>%1 tokens, préremplissage</translation>
    </message>
    <message>
        <source>orange: %1 uses it more, blue: %2 does</source>
        <translation>orange&#xa0;: %1 l’utilise plus, bleu&#xa0;: %2</translation>
    </message>
    <message>
        <source>counts of top-%1 choices: association, not cause</source>
        <translation>nombres de choix top-%1&#xa0;: association, non cause</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>Couche %1, expert %2</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>non mesuré</translation>
    </message>
    <message>
        <source>%1 tokens and %2 tokens</source>
        <translation>%1 tokens et %2 tokens</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%1 tokens sur %2</translation>
    </message>
    <message>
        <source>dead: no token chose it</source>
        <translation>mort&#xa0;: aucun token ne l’a choisi</translation>
    </message>
    <message>
        <source>rank %1 of %2 in its layer by %3, %4</source>
        <translation>rang %1 sur %2 dans sa couche selon %3, %4</translation>
    </message>
    <message numerus="yes">
        <source>Under %n token(s): its means may mislead.</source>
        <translation>
            <numerusform>Moins de %n token&#xa0;: ses moyennes peuvent tromper.</numerusform>
            <numerusform>Moins de %n tokens&#xa0;: ses moyennes peuvent tromper.</numerusform>
        </translation>
    </message>
    <message>
        <source>Previous domain</source>
        <translation>Domaine précédent</translation>
    </message>
    <message>
        <source>Next domain</source>
        <translation>Domaine suivant</translation>
    </message>
    <message>
        <source>All domains</source>
        <translation>Tous les domaines</translation>
    </message>
    <message>
        <source>Domain %1</source>
        <translation>Domaine %1</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Carte</translation>
    </message>
    <message>
        <source>Layers by experts</source>
        <translation>Couches par experts</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Couche</translation>
    </message>
    <message>
        <source>One layer at a glance (Y)</source>
        <translation>Une couche en un coup d’œil (Y)</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texte</translation>
    </message>
    <message>
        <source>Texts coloured by the expert that tokens chose (X)</source>
        <translation>Textes colorés par l’expert choisi par les tokens (X)</translation>
    </message>
    <message>
        <source>Picture or table</source>
        <translation>Image ou tableau</translation>
    </message>
    <message>
        <source>One layer at a glance</source>
        <translation>Une couche en un coup d’œil</translation>
    </message>
    <message>
        <source>Texts coloured by expert</source>
        <translation>Textes colorés par expert</translation>
    </message>
    <message>
        <source>Arrows move · [ ] domain · T table · Y layer · X text · Ctrl+C copy</source>
        <translation>Flèches : bouger · [ ] domaine · T tableau · Y couche · X texte · Ctrl+C copier</translation>
    </message>
</context>
<context>
    <name>espalier::views::Page</name>
    <message>
        <source>%1: this page has no figure</source>
        <translation>%1&#xa0;: cette page n’a pas de figure</translation>
    </message>
    <message>
        <source>%1: this page has no table</source>
        <translation>%1&#xa0;: cette page n’a pas de tableau</translation>
    </message>
</context>
<context>
    <name>espalier::views::ParetoPlot</name>
    <message>
        <source>Memory against loss</source>
        <translation>Mémoire contre perte</translation>
    </message>
    <message>
        <source>device memory, %1</source>
        <translation>mémoire de l’accélérateur, %1</translation>
    </message>
    <message>
        <source>KL from base, nats per token</source>
        <translation>KL par rapport à la base, nats par token</translation>
    </message>
    <message>
        <source>random control</source>
        <translation>témoin aléatoire</translation>
    </message>
    <message>
        <source>budget %1</source>
        <translation>budget %1</translation>
    </message>
    <message>
        <source>%1: %2, KL %3</source>
        <translation>%1&#xa0;: %2, KL %3</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlacementNote</name>
    <message>
        <source>Copy command</source>
        <translation>Copier la commande</translation>
    </message>
    <message>
        <source>Save placement…</source>
        <translation>Enregistrer le placement…</translation>
    </message>
    <message>
        <source>Place, don’t prune</source>
        <translation>Placer plutôt qu’élaguer</translation>
    </message>
    <message>
        <source>The value of llama.cpp’s --override-tensor as a text file</source>
        <translation>La valeur de --override-tensor de llama.cpp, en fichier texte</translation>
    </message>
    <message>
        <source>Save placement</source>
        <translation>Enregistrer le placement</translation>
    </message>
    <message>
        <source>This plan keeps every expert: nothing has to leave the device.</source>
        <translation>Ce plan garde tous les experts&#xa0;: rien ne doit quitter l’appareil.</translation>
    </message>
    <message>
        <source>If the machine has %1 of RAM to spare, keep every expert: within the memory of this plan’s experts llama.cpp holds those of %2 of %3 layers on the device (%4) and computes the others from RAM. Slower, but no quality is lost.</source>
        <translation>Si la machine a %1 de RAM libre, gardez tous les experts&#xa0;: dans la mémoire des experts de ce plan, llama.cpp tient ceux de %2 couches sur %3 sur l’appareil (%4) et calcule les autres depuis la RAM. Plus lent, mais sans perte de qualité.</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanCutModel</name>
    <message>
        <source>set by hand</source>
        <translation>fixé à la main</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>trop peu de tokens</translation>
    </message>
    <message>
        <source>low score</source>
        <translation>score bas</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Expert</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Raison</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanDomainModel</name>
    <message>
        <source>The statistics of %1 hold no gate weights: what a plan keeps of them is not known.</source>
        <translation>Les statistiques de %1 ne contiennent pas de poids de routage&#xa0;: on ignore ce qu’un plan en conserve.</translation>
    </message>
    <message>
        <source>%1 of the gate weight of %2 goes to experts that stay; in its worst layer %3. Floor %4.</source>
        <translation>%1 du poids de routage de %2 va à des experts qui restent&#xa0;; dans sa pire couche %3. Plancher %4.</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>inconnu</translation>
    </message>
    <message>
        <source>holds</source>
        <translation>tient</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>cède</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Domaine</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Poids</translation>
    </message>
    <message>
        <source>Gate weight, predicted</source>
        <translation>Routage conservé, prévu</translation>
    </message>
    <message>
        <source>Kept, %</source>
        <translation>Gardé, %</translation>
    </message>
    <message>
        <source>Lowest</source>
        <translation>Minimum</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanEditor</name>
    <message>
        <source>Layer %1 keeps %2 experts and the router chooses %2 per token. Keep another one first.</source>
        <translation>La couche %1 conserve %2 experts et le routeur en choisit %2 par token. Conservez-en d’abord un autre.</translation>
    </message>
    <message>
        <source>Every token takes one expert: there is none to leave out.</source>
        <translation>Chaque token prend un seul expert : il n’y en a aucun à omettre.</translation>
    </message>
    <message>
        <source>The profile of %1 does not say how small a token’s later weights are. Measure it again with all usual statistics.</source>
        <translation>Le profil de %1 ne dit pas combien les poids suivants d’un token sont faibles. Mesurez-le à nouveau avec toutes les statistiques habituelles.</translation>
    </message>
    <message>
        <source>Only a profile on texts says how small a token’s later weights are.</source>
        <translation>Seul un profil sur des textes dit combien les poids suivants d’un token sont faibles.</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanHistory</name>
    <message>
        <source>saved</source>
        <translation>enregistré</translation>
    </message>
    <message>
        <source>redo</source>
        <translation>rétablir</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Début</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanListModel</name>
    <message>
        <source>changed</source>
        <translation>modifié</translation>
    </message>
    <message>
        <source>validated</source>
        <translation>validé</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>prévu</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanTexts</name>
    <message>
        <source>Budget to %1</source>
        <translation>Budget à %1</translation>
    </message>
    <message>
        <source>Rename to %1</source>
        <translation>Renommer en %1</translation>
    </message>
    <message>
        <source>Method to %1</source>
        <translation>Méthode&#xa0;: %1</translation>
    </message>
    <message>
        <source>Seed to %1</source>
        <translation>Graine à %1</translation>
    </message>
    <message>
        <source>Same count in every layer</source>
        <translation>Même nombre dans chaque couche</translation>
    </message>
    <message>
        <source>Allocator to %1</source>
        <translation>Répartiteur&#xa0;: %1</translation>
    </message>
    <message>
        <source>Weight %1 %2 to %3</source>
        <translation>Poids de %1 de %2 à %3</translation>
    </message>
    <message>
        <source>Protect: %1</source>
        <translation>Protéger&#xa0;: %1</translation>
    </message>
    <message>
        <source>No longer protect: %1</source>
        <translation>Ne plus protéger&#xa0;: %1</translation>
    </message>
    <message>
        <source>Use my locks</source>
        <translation>Appliquer mes verrous</translation>
    </message>
    <message>
        <source>Ignore my locks</source>
        <translation>Ignorer mes verrous</translation>
    </message>
    <message>
        <source>Lock %1 as kept</source>
        <translation>Verrouiller %1 comme conservé</translation>
    </message>
    <message>
        <source>Lock %1 as dropped</source>
        <translation>Verrouiller %1 comme retiré</translation>
    </message>
    <message>
        <source>Unlock %1</source>
        <translation>Déverrouiller %1</translation>
    </message>
    <message>
        <source>Context to %1 tokens</source>
        <translation>Contexte à %1 tokens</translation>
    </message>
    <message>
        <source>Sequences to %1</source>
        <translation>Séquences à %1</translation>
    </message>
    <message numerus="yes">
        <source>Cache to %n byte(s) per value</source>
        <translation>
            <numerusform>Cache à %n octet par valeur</numerusform>
            <numerusform>Cache à %n octets par valeur</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep %1 to %2 per layer</source>
        <translation>Conserver %1 à %2 par couche</translation>
    </message>
    <message>
        <source>Keep %1 per layer</source>
        <translation>Conserver %1 par couche</translation>
    </message>
    <message>
        <source>Counts per layer by hand</source>
        <translation>Nombres par couche à la main</translation>
    </message>
    <message>
        <source>Keep %1</source>
        <translation>Conserver %1</translation>
    </message>
    <message>
        <source>Drop %1</source>
        <translation>Retirer %1</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) by hand</source>
        <translation>
            <numerusform>%n expert à la main</numerusform>
            <numerusform>%n experts à la main</numerusform>
        </translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Modifier</translation>
    </message>
    <message>
        <source>set by hand</source>
        <translation>fixé à la main</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>verrouillé</translation>
    </message>
    <message>
        <source>protected: super expert</source>
        <translation>protégé&#xa0;: super-expert</translation>
    </message>
    <message>
        <source>rank %1, layer keeps %2</source>
        <translation>rang %1, la couche en conserve %2</translation>
    </message>
    <message>
        <source>%1, %2 ×</source>
        <extracomment>domain, times the use of an average expert</extracomment>
        <translation>%1, %2 ×</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: kept</source>
        <translation>Couche %1, expert %2&#xa0;: conservé</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: dropped</source>
        <translation>Couche %1, expert %2&#xa0;: retiré</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Raison</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>Routed</source>
        <translation>Routés</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%1 tokens sur %2</translation>
    </message>
    <message>
        <source>Caution</source>
        <translation>Prudence</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>trop peu de tokens pour juger</translation>
    </message>
    <message>
        <source>Most used by</source>
        <translation>Surtout utilisé par</translation>
    </message>
    <message>
        <source>Exponents to %1, %2, %3</source>
        <translation>Exposants à %1, %2, %3</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per token</source>
        <translation>
            <numerusform>%n expert par token</numerusform>
            <numerusform>%n experts par token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 experts per token in the mean</source>
        <translation>%1 experts par token en moyenne</translation>
    </message>
    <message>
        <source>Experts per token as the model has them</source>
        <translation>Experts par token comme dans le modèle</translation>
    </message>
    <message>
        <source>Fill layers up to one count</source>
        <translation>Compléter les couches au même nombre</translation>
    </message>
    <message>
        <source>Layers keep their own counts</source>
        <translation>Les couches gardent leur nombre</translation>
    </message>
    <message>
        <source>Protect: %1, %2</source>
        <translation>Protéger&#xa0;: %1, %2</translation>
    </message>
    <message>
        <source>One device of %1</source>
        <translation>Un appareil de %1</translation>
    </message>
    <message>
        <source>Devices changed</source>
        <translation>Appareils modifiés</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s), %1 in all</source>
        <translation>
            <numerusform>%n appareil, %1 en tout</numerusform>
            <numerusform>%n appareils, %1 en tout</numerusform>
        </translation>
    </message>
    <message>
        <source>Skip experts of small weight: %1</source>
        <translation>Omettre les experts de faible poids : %1</translation>
    </message>
    <message>
        <source>Skip no experts</source>
        <translation>N’omettre aucun expert</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerPage</name>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>Enregistrer le plan</translation>
    </message>
    <message>
        <source>Validate…</source>
        <translation>Valider…</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Experts</translation>
    </message>
    <message>
        <source>hatched: dropped · square: lock · ring: super expert</source>
        <translation>hachuré&#xa0;: retiré · carré&#xa0;: verrou · anneau&#xa0;: super-expert</translation>
    </message>
    <message>
        <source>Kept per layer</source>
        <translation>Conservés par couche</translation>
    </message>
    <message>
        <source>Experts, kept and dropped</source>
        <translation>Experts, conservés et retirés</translation>
    </message>
    <message>
        <source>Gate weight kept per domain</source>
        <translation>Poids de routage conservé par domaine</translation>
    </message>
    <message>
        <source>Mean over layers of the share of routed gate weight that stays; tick: lowest layer; red line: floor, 95 % weighted, 80 % others. Association, not cause: validate before use.</source>
        <translation>Moyenne sur les couches de la part du poids de routage qui reste&#xa0;; trait&#xa0;: couche la plus basse&#xa0;; ligne rouge&#xa0;: plancher, 95&#xa0;% pour les pondérés, 80&#xa0;% pour les autres. Association, non cause&#xa0;: validez avant usage.</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>Plans</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nouveau</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Renommer…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Removed, nearest the cut</source>
        <translation>Retirés, au plus près de la coupe</translation>
    </message>
    <message>
        <source>Removed experts nearest the cut</source>
        <translation>Experts retirés au plus près de la coupe</translation>
    </message>
    <message>
        <source>score, × layer mean</source>
        <translation>score, × moyenne couche</translation>
    </message>
    <message>
        <source>%1, × the layer’s mean · %2 · %3 tokens</source>
        <translation>%1, × la moyenne de la couche · %2 · %3 tokens</translation>
    </message>
    <message>
        <source>Planner</source>
        <translation>Planificateur</translation>
    </message>
    <message>
        <source>journal saved %1</source>
        <translation>journal enregistré %1</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>il faut un profil</translation>
    </message>
    <message numerus="yes">
        <source>%n plan(s)</source>
        <translation>
            <numerusform>%n plan</numerusform>
            <numerusform>%n plans</numerusform>
        </translation>
    </message>
    <message>
        <source>Space keeps or drops · L locks · drag selects a block · U same count in every layer</source>
        <translation>Espace conserve ou retire · L verrouille · glisser sélectionne un bloc · U même nombre partout</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Nouveau profil…</translation>
    </message>
    <message>
        <source>Open a model and measure it; then choose here which experts stay.</source>
        <translation>Ouvrez un modèle et mesurez-le&#xa0;; choisissez ensuite ici les experts qui restent.</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Ouvrir l’exemple</translation>
    </message>
    <message>
        <source>Rename plan</source>
        <translation>Renommer le plan</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>%1, %2, %3. Validated.</source>
        <translation>%1, %2, %3. Validé.</translation>
    </message>
    <message>
        <source>%1, %2, %3. Predicted, not validated.</source>
        <translation>%1, %2, %3. Prévu, non validé.</translation>
    </message>
    <message>
        <source>of %1 budget, %2 free; whole model %3</source>
        <translation>sur un budget de %1, %2 libres&#xa0;; modèle entier %3</translation>
    </message>
    <message>
        <source>of %1 budget, %2 too much; whole model %3</source>
        <translation>sur un budget de %1, %2 de trop&#xa0;; modèle entier %3</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>tient</translation>
    </message>
    <message>
        <source>over</source>
        <translation>dépasse</translation>
    </message>
    <message>
        <source>experts kept</source>
        <translation>experts conservés</translation>
    </message>
    <message>
        <source>other weights</source>
        <translation>autres poids</translation>
    </message>
    <message>
        <source>cache</source>
        <translation>cache</translation>
    </message>
    <message>
        <source>workspace</source>
        <translation>tampons</translation>
    </message>
    <message>
        <source>budget</source>
        <translation>budget</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: kept, %3</source>
        <translation>Couche %1, expert %2&#xa0;: conservé, %3</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: dropped, %3</source>
        <translation>Couche %1, expert %2&#xa0;: retiré, %3</translation>
    </message>
    <message>
        <source>The same count in every layer</source>
        <translation>Le même nombre dans chaque couche</translation>
    </message>
    <message>
        <source>Save and validate the plan</source>
        <translation>Enregistrer et valider le plan</translation>
    </message>
    <message>
        <source>A plan needs to know which experts your texts use: measure the model on a few texts first. Or score the weights alone (Study &gt; Score the weights): a preview that knows no texts.</source>
        <translation>Un plan doit savoir quels experts vos textes utilisent&#xa0;: mesurez d’abord le modèle sur quelques textes. Ou évaluez les poids seuls (Étude &gt; Évaluer les poids)&#xa0;: un aperçu qui ne connaît aucun texte.</translation>
    </message>
    <message>
        <source>journal not saved</source>
        <translation>journal non enregistré</translation>
    </message>
    <message>
        <source>Work on “%1” of %2 was not saved. Last step: %3.</source>
        <translation>Le travail sur « %1 » du %2 n’a pas été enregistré. Dernière étape : %3.</translation>
    </message>
    <message>
        <source>Take it up</source>
        <translation>Le reprendre</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>L’oublier</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>Recommencer</translation>
    </message>
    <message>
        <source>over on %1</source>
        <translation>dépasse sur %1</translation>
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
        <translation>Mémoire cible</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Contexte</translation>
    </message>
    <message>
        <source>tok</source>
        <comment>unit: tokens, short</comment>
        <translation>tok</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>Séquences</translation>
    </message>
    <message>
        <source>16 bit</source>
        <translation>16 bits</translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation>8 bits</translation>
    </message>
    <message>
        <source>32 bit</source>
        <translation>32 bits</translation>
    </message>
    <message>
        <source>Cache type</source>
        <translation>Type du cache</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conserver</translation>
    </message>
    <message>
        <source>Experts kept per layer</source>
        <translation>Experts conservés par couche</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Méthode</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Graine</translation>
    </message>
    <message>
        <source>Allocator</source>
        <translation>Répartiteur</translation>
    </message>
    <message>
        <source>Protect</source>
        <translation>Protéger</translation>
    </message>
    <message>
        <source>%1 of %2, %3</source>
        <translation>%1 sur %2, %3</translation>
    </message>
    <message>
        <source>Never below top-k (%1)</source>
        <translation>Jamais moins que top-k (%1)</translation>
    </message>
    <message numerus="yes">
        <source>Super experts (%n found)</source>
        <translation>
            <numerusform>Super-experts (%n trouvé)</numerusform>
            <numerusform>Super-experts (%n trouvés)</numerusform>
        </translation>
    </message>
    <message>
        <source>My locks (%1)</source>
        <translation>Mes verrous (%1)</translation>
    </message>
    <message>
        <source>Counts differ between layers</source>
        <translation>Les nombres diffèrent entre les couches</translation>
    </message>
    <message>
        <source>No engine loads that as it is. The keep list can still be saved and validated.</source>
        <translation>Aucun moteur ne charge cela tel quel. La liste peut quand même être enregistrée et validée.</translation>
    </message>
    <message>
        <source>Make uniform</source>
        <translation>Rendre uniforme</translation>
    </message>
    <message numerus="yes">
        <source>%n kept expert(s) rest on few tokens</source>
        <translation>
            <numerusform>%n expert conservé repose sur peu de tokens</numerusform>
            <numerusform>%n experts conservés reposent sur peu de tokens</numerusform>
        </translation>
    </message>
    <message>
        <source>A mean over fewer than %1 tokens may overrate them: rarely used experts with large outputs win.</source>
        <translation>Une moyenne sur moins de %1 tokens peut les surestimer&#xa0;: des experts rarement utilisés à grandes sorties l’emportent.</translation>
    </message>
    <message>
        <source>Use the shrunk mean</source>
        <translation>Utiliser la moyenne resserrée</translation>
    </message>
    <message>
        <source>a</source>
        <comment>exponent of the count</comment>
        <translation>a</translation>
    </message>
    <message>
        <source>Exponent of the number of tokens</source>
        <translation>Exposant du nombre de tokens</translation>
    </message>
    <message>
        <source>Exponents of gate weight and output norm</source>
        <translation>Exposants du poids de routage et de la norme de sortie</translation>
    </message>
    <message>
        <source>b %1, c %2</source>
        <comment>exponents of gate weight and output norm</comment>
        <translation>b %1, c %2</translation>
    </message>
    <message>
        <source>Fill up to one count</source>
        <translation>Compléter au même nombre</translation>
    </message>
    <message>
        <source>Stock engines read one number of experts for all layers: layers with fewer get their next best</source>
        <translation>Les moteurs courants lisent un seul nombre d’experts pour toutes les couches&#xa0;: celles qui en ont moins reçoivent leurs suivants</translation>
    </message>
    <message>
        <source>Least per layer</source>
        <translation>Minimum par couche</translation>
    </message>
    <message>
        <source>Outliers in all layers</source>
        <translation>Extrêmes de toutes les couches</translation>
    </message>
    <message>
        <source>Experts with extraordinary outputs, in the last layers too</source>
        <translation>Experts aux sorties hors du commun, y compris dans les dernières couches</translation>
    </message>
    <message>
        <source>Every domain keeps</source>
        <translation>Chaque domaine garde</translation>
    </message>
    <message>
        <source>Per layer and domain, the fewest experts that carry this share of its gate weight stay</source>
        <translation>Par couche et domaine restent les experts les moins nombreux qui portent cette part de son poids de routage</translation>
    </message>
    <message>
        <source> %</source>
        <translation>&#xa0;%</translation>
    </message>
    <message>
        <source>Share of gate weight that every domain keeps</source>
        <translation>Part du poids de routage que garde chaque domaine</translation>
    </message>
    <message>
        <source>Super experts (not measured)</source>
        <translation>Super-experts (non mesurés)</translation>
    </message>
    <message>
        <source>The sum of the devices below</source>
        <translation>La somme des appareils ci-dessous</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerTokens</name>
    <message>
        <source>Skipping</source>
        <translation>Omission</translation>
    </message>
    <message>
        <source>Fewer experts for every token than the model&apos;s own number: faster, and another loss. Engines read one number for all layers.</source>
        <translation>Moins d’experts par token que n’en prend le modèle : plus rapide, avec une autre perte. Les moteurs lisent un seul nombre pour toutes les couches.</translation>
    </message>
    <message>
        <source>Experts per token</source>
        <translation>Experts par token</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>none</source>
        <comment>no experts are skipped</comment>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Skipping (not measured)</source>
        <translation>Omission (non mesurée)</translation>
    </message>
    <message>
        <source>Token by token, experts whose weight is small beside the token&apos;s largest are left out: this share of the tokens falls below each threshold. Stock engines give every token all its experts; an export writes the rule beside the model.</source>
        <translation>Token par token, les experts dont le poids est faible à côté du plus grand du token sont omis : cette part des tokens passe sous chaque seuil. Les moteurs courants donnent à chaque token tous ses experts ; un export écrit la règle à côté du modèle.</translation>
    </message>
    <message>
        <source>Thresholds of this plan: %1 to %2 of the largest weight.</source>
        <translation>Seuils de ce plan : de %1 à %2 du plus grand poids.</translation>
    </message>
</context>
<context>
    <name>espalier::views::ProfileDataModel</name>
    <message>
        <source>Add at least one file of your texts: .txt, or .jsonl with a text in every line.</source>
        <translation>Ajoutez au moins un fichier de vos textes&#xa0;: .txt, ou .jsonl avec un texte par ligne.</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Domaine</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
</context>
<context>
    <name>espalier::views::ProfileDialog</name>
    <message>
        <source>Start</source>
        <translation>Démarrer</translation>
    </message>
    <message>
        <source>New profile</source>
        <translation>Nouveau profil</translation>
    </message>
    <message>
        <source>Measure what every expert does on your texts</source>
        <translation>Mesurer ce que fait chaque expert sur vos textes</translation>
    </message>
    <message>
        <source>One domain is one kind of text: a language, a task, a customer. Files of the same domain count together. A few hundred thousand tokens per domain are plenty.</source>
        <translation>Un domaine est une sorte de textes&#xa0;: une langue, une tâche, un client. Les fichiers d’un même domaine comptent ensemble. Quelques centaines de milliers de tokens par domaine suffisent largement.</translation>
    </message>
    <message>
        <source>Files and their domains</source>
        <translation>Fichiers et leurs domaines</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>Ajouter des fichiers…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Tous</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Aucun</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> tokens</translation>
    </message>
    <message>
        <source>all</source>
        <translation>tous</translation>
    </message>
    <message>
        <source>basic: counts, gates and norms only, a smaller study</source>
        <translation>base&#xa0;: nombres, poids de routage et normes seulement, étude plus petite</translation>
    </message>
    <message>
        <source>Go on with the unfinished run of these settings</source>
        <translation>Poursuivre le profil inachevé de ces réglages</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenêtre</translation>
    </message>
    <message>
        <source>Most per domain</source>
        <translation>Maximum par domaine</translation>
    </message>
    <message>
        <source>Collect</source>
        <translation>Relever</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Add texts</source>
        <translation>Ajouter des textes</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl);;All files (*)</source>
        <translation>Textes (*.txt *.jsonl);;Tous les fichiers (*)</translation>
    </message>
    <message numerus="yes">
        <source>Profile %n domain(s)</source>
        <translation>
            <numerusform>Profiler %n domaine</numerusform>
            <numerusform>Profiler %n domaines</numerusform>
        </translation>
    </message>
    <message>
        <source>Counting tokens…</source>
        <translation>Comptage des tokens…</translation>
    </message>
    <message>
        <source>About %1 tokens by the size of the files; they are counted when the run begins.</source>
        <translation>Environ %1 tokens d’après la taille des fichiers&#xa0;; ils sont comptés au début.</translation>
    </message>
    <message>
        <source>%1 tokens in %2 windows; the study grows by about %3. %4</source>
        <translation>%1 tokens en %2 fenêtres&#xa0;; l’étude grandit d’environ %3. %4</translation>
    </message>
    <message>
        <source>About %1 at the speed of the last run.</source>
        <translation>Environ %1 à la vitesse du dernier profil.</translation>
    </message>
    <message>
        <source>The run can be cancelled at any time and resumed later.</source>
        <translation>Le profil peut être annulé à tout moment et repris plus tard.</translation>
    </message>
    <message>
        <source>usual: all scores but leave-one-out, pairs of experts</source>
        <translation>habituel : tous les scores sauf « en retirer un », paires d’experts</translation>
    </message>
    <message>
        <source>everything: also a sample through every expert, slower</source>
        <translation>tout : aussi un échantillon par chaque expert, plus lent</translation>
    </message>
</context>
<context>
    <name>espalier::views::Rail</name>
    <message>
        <source>Pages</source>
        <translation>Pages</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Tâches</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>Aucun modèle</translation>
    </message>
    <message>
        <source>open one, or the sample</source>
        <translation>ouvrez-en un, ou l’exemple</translation>
    </message>
    <message>
        <source>%1 × %2 experts, top-%3</source>
        <translation>%1 × %2 experts, top-%3</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s), dense</source>
        <translation>
            <numerusform>%n couche, dense</numerusform>
            <numerusform>%n couches, dense</numerusform>
        </translation>
    </message>
    <message>
        <source>none running</source>
        <translation>aucune en cours</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>annulation…</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>reste %1</translation>
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
        <translation>%1, introuvable</translation>
    </message>
    <message>
        <source>today %1</source>
        <translation>auj. %1</translation>
    </message>
    <message>
        <source>%1 does not exist any more. Delete removes it from the list.</source>
        <translation>%1 n’existe plus. Suppr l’enlève de la liste.</translation>
    </message>
    <message>
        <source>Study or model</source>
        <translation>Étude ou modèle</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>Ouvert</translation>
    </message>
</context>
<context>
    <name>espalier::views::RoutedText</name>
    <message numerus="yes">
        <source>%1, document %2, part %3 (%n token(s))</source>
        <translation>
            <numerusform>%1, document %2, partie %3 (%n token)</numerusform>
            <numerusform>%1, document %2, partie %3 (%n tokens)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, document %2 (%n token(s))</source>
        <translation>
            <numerusform>%1, document %2 (%n token)</numerusform>
            <numerusform>%1, document %2 (%n tokens)</numerusform>
        </translation>
    </message>
    <message>
        <source>part of a character</source>
        <translation>partie d’un caractère</translation>
    </message>
    <message>
        <source>position</source>
        <translation>position</translation>
    </message>
    <message>
        <source>token</source>
        <translation>token</translation>
    </message>
    <message>
        <source>expert %1</source>
        <translation>expert %1</translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation>poids %1</translation>
    </message>
    <message>
        <source>Trace the texts…</source>
        <translation>Tracer les textes…</translation>
    </message>
    <message>
        <source>Trace again…</source>
        <translation>Tracer à nouveau…</translation>
    </message>
    <message>
        <source>Text, coloured by expert</source>
        <translation>Texte coloré par expert</translation>
    </message>
    <message>
        <source>Traced text</source>
        <translation>Texte tracé</translation>
    </message>
    <message>
        <source>Colour of the tokens</source>
        <translation>Couleur des tokens</translation>
    </message>
    <message>
        <source>Expert that a token chose first</source>
        <translation>Expert choisi en premier par le token</translation>
    </message>
    <message>
        <source>Weight given to the expert under the cursor</source>
        <translation>Poids donné à l’expert sous le curseur</translation>
    </message>
    <message>
        <source>Most chosen experts of the text</source>
        <translation>Experts les plus choisis du texte</translation>
    </message>
    <message>
        <source>Open the model’s folder to trace its texts.</source>
        <translation>Ouvrez le dossier du modèle pour tracer des textes.</translation>
    </message>
    <message>
        <source>expert %1, weight %2</source>
        <translation>expert %1, poids %2</translation>
    </message>
    <message>
        <source>The stronger the ground, the larger the weight given to expert %1; no ground: not chosen.</source>
        <translation>Plus le fond est soutenu, plus le poids donné à l’expert %1 est grand ; sans fond : non choisi.</translation>
    </message>
    <message>
        <source>others: no ground</source>
        <translation>autres : sans fond</translation>
    </message>
    <message>
        <source>Layer %1. Underlined: expert %2 is among the %3 that a token chose; %4 of %5 tokens. Association, not cause.</source>
        <translation>Couche %1. Souligné : l’expert %2 est parmi les %3 choisis par le token ; %4 tokens sur %5. Association, pas cause.</translation>
    </message>
    <message>
        <source>Traced under the plan %1.</source>
        <translation>Tracé sous le plan %1.</translation>
    </message>
    <message>
        <source>No text was traced yet. A trace runs some hundred tokens of every domain through the model and remembers which experts each one chose. It holds the texts themselves and lies in a file of its own beside the study.</source>
        <translation>Aucun texte n’a encore été tracé. Un tracé fait passer quelques centaines de tokens de chaque domaine dans le modèle et retient les experts que chacun a choisis. Il contient les textes eux-mêmes et se trouve dans un fichier à part, à côté de l’étude.</translation>
    </message>
    <message>
        <source>Layer %1 was not traced.</source>
        <translation>La couche %1 n’a pas été tracée.</translation>
    </message>
</context>
<context>
    <name>espalier::views::ShareCurve</name>
    <message>
        <source>Cumulative share of assignments</source>
        <translation>Part cumulée des affectations</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per layer hold %1 of A and %2 of B</source>
        <translation>
            <numerusform>%n expert par couche porte %1 de A et %2 de B</numerusform>
            <numerusform>%n experts par couche portent %1 de A et %2 de B</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per layer hold %1</source>
        <translation>
            <numerusform>%n expert par couche porte %1</numerusform>
            <numerusform>%n experts par couche portent %1</numerusform>
        </translation>
    </message>
    <message>
        <source>experts per layer, most used first</source>
        <translation>experts par couche, les plus utilisés d’abord</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>experts</translation>
    </message>
</context>
<context>
    <name>espalier::views::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Raccourcis clavier</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>Does</source>
        <translation>Effet</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Où</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Chercher</translation>
    </message>
    <message>
        <source>Find a shortcut</source>
        <translation>Chercher un raccourci</translation>
    </message>
</context>
<context>
    <name>espalier::views::SliderScale</name>
    <message>
        <source>%1, least</source>
        <translation>%1, minimum</translation>
    </message>
    <message>
        <source>fits up to %1</source>
        <translation>tient jusqu’à %1</translation>
    </message>
</context>
<context>
    <name>espalier::views::SmallMultiples</name>
    <message>
        <source>All domains, same scale</source>
        <translation>Tous les domaines, même échelle</translation>
    </message>
</context>
<context>
    <name>espalier::views::Snapshot</name>
    <message>
        <source>%1 was traced with another model (fingerprint %2). Trace the texts again.</source>
        <translation>%1 a été tracé avec un autre modèle (empreinte %2). Tracez à nouveau les textes.</translation>
    </message>
</context>
<context>
    <name>espalier::views::StackBar</name>
    <message>
        <source>Memory</source>
        <translation>Mémoire</translation>
    </message>
    <message>
        <source>removed %1</source>
        <translation>retiré %1</translation>
    </message>
    <message>
        <source>over by %1</source>
        <translation>%1 de trop</translation>
    </message>
    <message>
        <source>%1, estimate</source>
        <translation>%1, estimé</translation>
    </message>
</context>
<context>
    <name>espalier::views::StartMemory</name>
    <message>
        <source>Profile…</source>
        <translation>Profiler…</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation>8 bits</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>Context, tokens</source>
        <translation>Contexte, tokens</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>Séquences</translation>
    </message>
    <message>
        <source>Cache type</source>
        <translation>Type du cache</translation>
    </message>
    <message>
        <source>Memory by part</source>
        <translation>Mémoire par partie</translation>
    </message>
    <message>
        <source>What fits this machine</source>
        <translation>Ce qui tient sur cette machine</translation>
    </message>
    <message>
        <source>Counts of experts and whether they fit</source>
        <translation>Nombres d’experts, et s’ils tiennent</translation>
    </message>
    <message>
        <source>%1, %2 parameters, %3 used per token; %4</source>
        <translation>%1, %2 paramètres, %3 utilisés par token&#xa0;; %4</translation>
    </message>
    <message>
        <source>Needs %1 to run as it is</source>
        <translation>Demande %1 pour fonctionner tel quel</translation>
    </message>
    <message>
        <source>Weights and cache are exact, read from headers and config.json. The workspace of %1 is an estimate.</source>
        <translation>Poids et cache sont exacts, lus dans les en-têtes et config.json. Les tampons de %1 sont une estimation.</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Experts</translation>
    </message>
    <message>
        <source>%1 layers × %2 × %3</source>
        <translation>%1 couches × %2 × %3</translation>
    </message>
    <message>
        <source>Shared experts</source>
        <translation>Experts partagés</translation>
    </message>
    <message>
        <source>used by every token</source>
        <translation>utilisés par chaque token</translation>
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
        <translation>Plongement et tête</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>Routers, norms, other</source>
        <translation>Routeurs, normes, autres</translation>
    </message>
    <message>
        <source>everything else in the checkpoint</source>
        <translation>tout le reste du checkpoint</translation>
    </message>
    <message>
        <source>Key-value cache</source>
        <translation>Cache clés-valeurs</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>Tampons</translation>
    </message>
    <message>
        <source>estimate for the engine here</source>
        <translation>estimation pour le moteur d’ici</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>Somme</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Partie</translation>
    </message>
    <message>
        <source>How it adds up</source>
        <translation>Comment cela s’additionne</translation>
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
        <translation>%1 de trop</translation>
    </message>
    <message>
        <source>tight, %1 left</source>
        <translation>juste, reste %1</translation>
    </message>
    <message>
        <source>fits, %1 left</source>
        <translation>tient, reste %1</translation>
    </message>
    <message>
        <source>largest with margin</source>
        <translation>max. avec marge</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
    <message>
        <source>Kept per layer</source>
        <translation>Conservés par couche</translation>
    </message>
    <message>
        <source>% kept</source>
        <translation>% conservés</translation>
    </message>
    <message>
        <source>Needs, %1</source>
        <translation>Demande, %1</translation>
    </message>
    <message>
        <source>RAM, %1</source>
        <translation>RAM, %1</translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens × %n sequence(s)</source>
        <translation>
            <numerusform>%1 tokens × %n séquence</numerusform>
            <numerusform>%1 tokens × %n séquences</numerusform>
        </translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>too large</source>
        <translation>trop grand</translation>
    </message>
    <message>
        <source>GPU, %1</source>
        <translation>GPU, %1</translation>
    </message>
    <message>
        <source>%1 GPUs, %2</source>
        <translation>%1 GPU, %2</translation>
    </message>
</context>
<context>
    <name>espalier::views::StartPage</name>
    <message>
        <source>Start</source>
        <translation>Accueil</translation>
    </message>
    <message>
        <source>Open a checkpoint. Only headers are read until you run something.</source>
        <translation>Ouvrez un checkpoint. Seuls les en-têtes sont lus tant que vous ne lancez rien.</translation>
    </message>
    <message>
        <source>No model is open. Here you will see what it needs to run, part by part, and how many experts fit this machine.</source>
        <translation>Aucun modèle n’est ouvert. Vous verrez ici ce qu’il lui faut pour fonctionner, partie par partie, et combien d’experts tiennent sur cette machine.</translation>
    </message>
    <message>
        <source>Open model…   Ctrl+O</source>
        <translation>Ouvrir un modèle…   Ctrl+O</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Récents</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Effacer</translation>
    </message>
    <message>
        <source>Recent models and studies</source>
        <translation>Modèles et études récents</translation>
    </message>
    <message>
        <source>Nothing was opened yet.</source>
        <translation>Rien n’a encore été ouvert.</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>Exemple</translation>
    </message>
    <message>
        <source>A small trained model of 6 layers with 32 experts, 22 MiB, with texts of 12 domains. Every page works with it, on a CPU, in some minutes.</source>
        <translation>Un petit modèle entraîné de 6 couches à 32 experts, 22 Mio, avec des textes de 12 domaines. Toutes les pages fonctionnent avec lui, sur un processeur, en quelques minutes.</translation>
    </message>
    <message>
        <source>The sample was not found beside the program. Install the program, or set ESPALIER_RESOURCES to its resources folder.</source>
        <translation>L’exemple est introuvable à côté du programme. Installez le programme ou définissez ESPALIER_RESOURCES sur son dossier de ressources.</translation>
    </message>
    <message>
        <source>Open sample</source>
        <translation>Ouvrir l’exemple</translation>
    </message>
    <message>
        <source>nothing opened yet</source>
        <translation>rien d’ouvert</translation>
    </message>
    <message numerus="yes">
        <source>%n recent</source>
        <translation>
            <numerusform>%n récent</numerusform>
            <numerusform>%n récents</numerusform>
        </translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Ouvrir un fichier…</translation>
    </message>
</context>
<context>
    <name>espalier::views::TableText</name>
    <message>
        <source>%1: tables are written as .csv, .tsv or .json</source>
        <translation>%1 : les tableaux s’écrivent en .csv, .tsv ou .json</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Choose a folder you may write to.</source>
        <translation>%1 n’a pas pu être écrit : %2. Choisissez un dossier où vous pouvez écrire.</translation>
    </message>
</context>
<context>
    <name>espalier::views::Together</name>
    <message>
        <source>× expected</source>
        <translation>× attendu</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>expert</translation>
    </message>
    <message>
        <source>never together</source>
        <translation>jamais ensemble</translation>
    </message>
</context>
<context>
    <name>espalier::views::UseScatter</name>
    <message>
        <source>Use of every expert against uniform use</source>
        <translation>Usage de chaque expert face à l’usage uniforme</translation>
    </message>
    <message>
        <source>Not known: token counts were not measured here.</source>
        <translation>Inconnu : ici, les tokens n’ont pas été comptés.</translation>
    </message>
    <message numerus="yes">
        <source>Of %n expert(s), %1 are used more than uniform use would have it and %2 less; %3 cannot be told apart, %4 have too few tokens to judge.</source>
        <translation>
            <numerusform>Sur %n expert, %1 sont plus utilisés que ne le voudrait un usage uniforme et %2 moins ; %3 sont indiscernables, %4 ont trop peu de tokens pour juger.</numerusform>
            <numerusform>Sur %n experts, %1 sont plus utilisés que ne le voudrait un usage uniforme et %2 moins ; %3 sont indiscernables, %4 ont trop peu de tokens pour juger.</numerusform>
        </translation>
    </message>
    <message>
        <source>Expert %1: %2 %3, %4 tokens, %5</source>
        <translation>Expert %1 : %2 %3, %4 tokens, %5</translation>
    </message>
    <message>
        <source>experts, most used first</source>
        <translation>experts, les plus utilisés d’abord</translation>
    </message>
    <message>
        <source>ratio to uniform</source>
        <translation>rapport à l’uniforme</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationForm</name>
    <message>
        <source>Start</source>
        <translation>Démarrer</translation>
    </message>
    <message>
        <source>Plans to compare with the base</source>
        <translation>Plans à comparer à la base</translation>
    </message>
    <message>
        <source>Texts and tasks, not used for the scores</source>
        <translation>Textes et tâches, non utilisés pour les scores</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>Ajouter un fichier…</translation>
    </message>
    <message>
        <source>Items per task</source>
        <translation>Éléments par tâche</translation>
    </message>
    <message>
        <source>all</source>
        <translation>tous</translation>
    </message>
    <message>
        <source>Random controls</source>
        <translation>Témoins aléatoires</translation>
    </message>
    <message>
        <source>Texts or tasks</source>
        <translation>Textes ou tâches</translation>
    </message>
    <message>
        <source>Texts and tasks (*.jsonl *.txt)</source>
        <translation>Textes et tâches (*.jsonl *.txt)</translation>
    </message>
    <message>
        <source>%1, text and exact match</source>
        <translation>%1, texte et réponse exacte</translation>
    </message>
    <message>
        <source>%1, text</source>
        <translation>%1, texte</translation>
    </message>
    <message numerus="yes">
        <source>Validate %n plan(s)</source>
        <translation>
            <numerusform>Valider %n plan</numerusform>
            <numerusform>Valider %n plans</numerusform>
        </translation>
    </message>
    <message>
        <source>Hold to the gate</source>
        <translation>Soumettre aux seuils</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationModel</name>
    <message numerus="yes">
        <source>%1 holds all %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 tient le seul domaine pour lequel il est fait (%n).</numerusform>
            <numerusform>%1 tient les %n domaines pour lesquels il est fait.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 breaks all %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 cède sur le seul domaine pour lequel il est fait (%n).</numerusform>
            <numerusform>%1 cède sur les %n domaines pour lesquels il est fait.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 breaks %2 of the %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 cède sur %2 de %n domaine pour lequel il est fait.</numerusform>
            <numerusform>%1 cède sur %2 des %n domaines pour lesquels il est fait.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %n other(s) it breaks %1.</source>
        <translation>
            <numerusform>Sur %n autre, il cède sur %1.</numerusform>
            <numerusform>Sur %n autres, il cède sur %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>Limits: KL %1 nats, or %2 of the items lost with p &lt; %3.</source>
        <translation>Limites&#xa0;: KL %1 nats, ou %2 des éléments perdus avec p &lt; %3.</translation>
    </message>
    <message>
        <source>exact, %</source>
        <translation>exact, %</translation>
    </message>
    <message>
        <source>perplexity</source>
        <translation>perplexité</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 à %2</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>cède</translation>
    </message>
    <message>
        <source>holds</source>
        <translation>tient</translation>
    </message>
    <message>
        <source>Not in the calibration</source>
        <translation>Hors de la calibration</translation>
    </message>
    <message>
        <source>99th percentile %1 nats; same first choice %2</source>
        <translation>99e centile %1 nats&#xa0;; même premier choix %2</translation>
    </message>
    <message>
        <source>%1 items right before and wrong now, %2 the other way, of %3</source>
        <translation>%1 éléments justes avant et faux maintenant, %2 dans l’autre sens, sur %3</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Domaine</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Base</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95&#xa0;%</translation>
    </message>
    <message>
        <source>Flips − / +</source>
        <translation>Bascules − / +</translation>
    </message>
    <message>
        <source>p, paired</source>
        <translation>p, apparié</translation>
    </message>
    <message>
        <source>KL</source>
        <translation>KL</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationPage</name>
    <message>
        <source>Validation</source>
        <translation>Validation</translation>
    </message>
    <message>
        <source>base and plans scored in the same run, on texts not used for the scores</source>
        <translation>base et plans évalués dans le même passage, sur des textes non utilisés pour les scores</translation>
    </message>
    <message>
        <source>Nothing was compared yet. Choose plans and texts below: the page will show what each cut costs, domain by domain, beside the memory it needs.</source>
        <translation>Rien n’a encore été comparé. Choisissez plans et textes ci-dessous&#xa0;: la page montrera ce que coûte chaque coupe, domaine par domaine, à côté de la mémoire qu’elle demande.</translation>
    </message>
    <message>
        <source>New comparison</source>
        <translation>Nouvelle comparaison</translation>
    </message>
    <message>
        <source>Memory against loss</source>
        <translation>Mémoire contre perte</translation>
    </message>
    <message>
        <source>mean KL of the domains each plan was made for</source>
        <translation>KL moyenne des domaines pour lesquels chaque plan est fait</translation>
    </message>
    <message>
        <source>dotted: best plan up to each size · points at 1e-5 are at or below it</source>
        <translation>pointillé&#xa0;: meilleur plan jusqu’à chaque taille · les points à 1e-5 sont à cette valeur ou dessous</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Plan against base, per domain</source>
        <translation>Plan contre base, par domaine</translation>
    </message>
    <message>
        <source>lost: %1</source>
        <translation>perdu&#xa0;: %1</translation>
    </message>
    <message>
        <source>needs a plan</source>
        <translation>il faut un plan</translation>
    </message>
    <message>
        <source>nothing compared yet</source>
        <translation>rien de comparé</translation>
    </message>
    <message numerus="yes">
        <source>%n plan(s) validated</source>
        <translation>
            <numerusform>%n plan validé</numerusform>
            <numerusform>%n plans validés</numerusform>
        </translation>
    </message>
    <message>
        <source>Left and Right step through the points</source>
        <translation>Gauche et droite parcourent les points</translation>
    </message>
    <message>
        <source>A validation compares saved plans with the whole model. Make and save a plan first.</source>
        <translation>Une validation compare des plans enregistrés au modèle entier. Faites et enregistrez d’abord un plan.</translation>
    </message>
    <message>
        <source>Go to the planner</source>
        <translation>Aller au planificateur</translation>
    </message>
    <message>
        <source>%1, %2, against base</source>
        <translation>%1, %2, contre la base</translation>
    </message>
    <message numerus="yes">
        <source>up to %n item(s) per task, greedy · flips: right to wrong / wrong to right · McNemar, not corrected for several tasks</source>
        <translation>
            <numerusform>jusqu’à %n élément par tâche, glouton · bascules&#xa0;: juste vers faux / faux vers juste · McNemar, sans correction pour plusieurs tâches</numerusform>
            <numerusform>jusqu’à %n éléments par tâche, glouton · bascules&#xa0;: juste vers faux / faux vers juste · McNemar, sans correction pour plusieurs tâches</numerusform>
        </translation>
    </message>
    <message>
        <source>texts only: no task was scored</source>
        <translation>textes seulement&#xa0;: aucune tâche évaluée</translation>
    </message>
    <message>
        <source>The plan was changed after this run: validate again.</source>
        <translation>Le plan a changé après cette mesure&#xa0;: validez à nouveau.</translation>
    </message>
    <message>
        <source>%1 selected · %2 · KL %3 nats per token on its own domains</source>
        <translation>%1 sélectionné · %2 · KL %3 nats par token sur ses propres domaines</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Résultats</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Réponses</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>Seuils</translation>
    </message>
    <message>
        <source>Ctrl+Return asks base and plan</source>
        <translation>Ctrl+Entrée interroge la base et le plan</translation>
    </message>
    <message>
        <source>F2 or typing edits a limit; an empty field is no limit</source>
        <translation>F2 ou la saisie change une limite&#xa0;; un champ vide n’en est pas une</translation>
    </message>
    <message numerus="yes">
        <source>%n domain(s) outside the calibration: %1. Keep such texts away from this plan, or add them to the plan’s domains.</source>
        <translation>
            <numerusform>%n domaine hors calibration&#xa0;: %1. Évitez de tels textes avec ce plan, ou ajoutez-les à ses domaines.</numerusform>
            <numerusform>%n domaines hors calibration&#xa0;: %1. Évitez de tels textes avec ce plan, ou ajoutez-les à ses domaines.</numerusform>
        </translation>
    </message>
    <message>
        <source>Breaks</source>
        <translation>Cède</translation>
    </message>
    <message numerus="yes">
        <source>The gate is broken in %n place(s); the view Gate shows which.</source>
        <translation>
            <numerusform>Les seuils sont rompus à %n endroit&#xa0;; la vue Seuils montre où.</numerusform>
            <numerusform>Les seuils sont rompus à %n endroits&#xa0;; la vue Seuils montre où.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::WeightPreview</name>
    <message>
        <source>Table</source>
        <translation>Tableau</translation>
    </message>
    <message>
        <source>First look, from the weights alone</source>
        <translation>Premier regard, d’après les seuls poids</translation>
    </message>
    <message>
        <source>Score of the first look</source>
        <translation>Score du premier regard</translation>
    </message>
    <message>
        <source>The same numbers as a table</source>
        <translation>Les mêmes chiffres en tableau</translation>
    </message>
    <message>
        <source>Experts, scored from the weights alone</source>
        <translation>Experts, évalués d’après les seuls poids</translation>
    </message>
    <message>
        <source>Scores from the weights as a table</source>
        <translation>Scores d’après les poids en tableau</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: %3 %4, rank %5 of %6</source>
        <translation>Couche %1, expert %2 : %3 %4, rang %5 sur %6</translation>
    </message>
    <message>
        <source>No text was run: this knows the weights, not your use. Bright experts stay first. Profile before you cut.</source>
        <translation>Aucun texte n’a été exécuté : on connaît les poids, pas votre usage. Les experts clairs restent d’abord. Profilez avant de couper.</translation>
    </message>
    <message>
        <source>The folder of this study&apos;s model is not known. Open the model itself once.</source>
        <translation>Le dossier du modèle de cette étude n’est pas connu. Ouvrez une fois le modèle lui-même.</translation>
    </message>
    <message>
        <source>Waits for the job that runs now.</source>
        <translation>Attend la tâche en cours.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Reading the experts, %1…</source>
        <translation>Lecture des experts, %1…</translation>
    </message>
    <message>
        <source>Reading the experts…</source>
        <translation>Lecture des experts…</translation>
    </message>
    <message>
        <source>One read of %1 of experts, about %2 on this machine. No texts are needed.</source>
        <translation>Une lecture de %1 d’experts, environ %2 sur cette machine. Aucun texte n’est nécessaire.</translation>
    </message>
    <message>
        <source>Score the weights</source>
        <translation>Évaluer les poids</translation>
    </message>
    <message>
        <source>The scores could not be computed. %1</source>
        <translation>Les scores n’ont pas pu être calculés. %1</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Annulé.</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Measures which experts of a Mixture-of-Experts model serve your texts, and cuts the others.</source>
        <translation>Mesure quels experts d’un modèle Mixture-of-Experts servent à vos textes, et coupe les autres.</translation>
    </message>
    <message>
        <source>Model folder, .safetensors file or .espalier study.</source>
        <translation>Dossier de modèle, fichier .safetensors ou étude .espalier.</translation>
    </message>
    <message>
        <source>Page to begin with: start, overview, compare, planner, validation, export.</source>
        <translation>Page de départ&#xa0;: start, overview, compare, planner, validation, export.</translation>
    </message>
    <message>
        <source>Colours: light, dark or system.</source>
        <translation>Couleurs&#xa0;: light (clair), dark (sombre) ou system (système).</translation>
    </message>
    <message>
        <source>Write the report of a study with --pdf and end; needs no display.</source>
        <translation>Écrire le rapport d’une étude avec --pdf et terminer&#xa0;; sans affichage.</translation>
    </message>
    <message>
        <source>PDF that --report writes.</source>
        <translation>PDF que --report écrit.</translation>
    </message>
</context>
</TS>
