<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>DropTarget</name>
    <message>
        <source>One local folder or file at a time.</source>
        <translation>Una sola carpeta o archivo local cada vez.</translation>
    </message>
    <message>
        <source>%1 holds no config.json.</source>
        <translation>%1 no contiene config.json.</translation>
    </message>
    <message>
        <source>%1 is neither a model nor a study.</source>
        <translation>%1 no es ni un modelo ni un estudio.</translation>
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
        <translation>experto</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>capa</translation>
    </message>
    <message>
        <source>dead: 0 tokens</source>
        <translation>muerto: 0 tokens</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>muy pocos tokens</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>descartado</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>bloqueado</translation>
    </message>
    <message>
        <source>super expert</source>
        <translation>superexperto</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>no medido</translation>
    </message>
</context>
<context>
    <name>JobState</name>
    <message>
        <source>waiting</source>
        <translation>en espera</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en curso</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>cancelando…</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>terminado</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fallido</translation>
    </message>
    <message>
        <source>cancelled, partial work kept</source>
        <translation>cancelado, se conserva el trabajo parcial</translation>
    </message>
</context>
<context>
    <name>OverviewMap</name>
    <message>
        <source>ratio to uniform</source>
        <translation>relación con lo uniforme</translation>
    </message>
    <message>
        <source>× uniform share</source>
        <translation>× cuota uniforme</translation>
    </message>
    <message>
        <source>share of assignments</source>
        <translation>cuota de asignaciones</translation>
    </message>
    <message>
        <source>% of the layer&apos;s assignments</source>
        <translation>% de las asignaciones de la capa</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Colour scale</source>
        <translation>Escala de color</translation>
    </message>
    <message>
        <source>{}; x: no token, grey: not measured</source>
        <translation>{}; x: ningún token, gris: no medido</translation>
    </message>
    <message>
        <source>Memory against divergence</source>
        <translation>Memoria frente a divergencia</translation>
    </message>
    <message>
        <source>mean KL divergence from the whole model, nats per token</source>
        <translation>divergencia KL media respecto al modelo completo, nats por token</translation>
    </message>
    <message>
        <source>predicted memory, {}; weights of the whole model: {}</source>
        <translation>memoria prevista, {}; pesos del modelo completo: {}</translation>
    </message>
    <message>
        <source>The model</source>
        <translation>El modelo</translation>
    </message>
    <message>
        <source>{}: family {}, {} layers, {} of them with experts; {} experts per layer, {} chosen per token{}. {} parameters, {} of them used per token. Router: {}.</source>
        <translation>{}: familia {}, {} capas, {} de ellas con expertos; {} expertos por capa, {} elegidos por token{}. {} parámetros, {} de ellos usados por token. Enrutador: {}.</translation>
    </message>
    <message>
        <source> beside {} shared</source>
        <translation> además de {} compartidos</translation>
    </message>
    <message>
        <source>Tensor bytes by part</source>
        <translation>Bytes de tensores por parte</translation>
    </message>
    <message>
        <source>part</source>
        <translation>parte</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>bytes</translation>
    </message>
    <message>
        <source>size</source>
        <translation>tamaño</translation>
    </message>
    <message>
        <source>share</source>
        <translation>parte del total</translation>
    </message>
    <message>
        <source>{}: which experts serve which texts</source>
        <translation>{}: qué expertos sirven a qué textos</translation>
    </message>
    <message>
        <source>Study {}, fingerprint {}, written by Espalier {}</source>
        <translation>Estudio {}, huella {}, escrito por Espalier {}</translation>
    </message>
    <message>
        <source>routed experts</source>
        <translation>expertos enrutados</translation>
    </message>
    <message>
        <source>shared experts</source>
        <translation>expertos compartidos</translation>
    </message>
    <message>
        <source>router</source>
        <translation>enrutador</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>atención</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>embedding</translation>
    </message>
    <message>
        <source>other</source>
        <translation>otros</translation>
    </message>
    <message>
        <source>total</source>
        <translation>total</translation>
    </message>
    <message>
        <source>Texts that were measured</source>
        <translation>Textos medidos</translation>
    </message>
    <message>
        <source>domain</source>
        <translation>dominio</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>tokens</translation>
    </message>
    <message>
        <source>windows</source>
        <translation>ventanas</translation>
    </message>
    <message>
        <source>documents</source>
        <translation>documentos</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>capas</translation>
    </message>
    <message>
        <source>data, SHA-256</source>
        <translation>datos, SHA-256</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} de {}</translation>
    </message>
    <message>
        <source>imported from {}</source>
        <translation>importado de {}</translation>
    </message>
    <message>
        <source>{} tokens</source>
        <translation>{} tokens</translation>
    </message>
    <message>
        <source>tokens not known</source>
        <translation>tokens no conocidos</translation>
    </message>
    <message>
        <source>times the share of an even router</source>
        <translation>veces la parte de un enrutador uniforme</translation>
    </message>
    <message>
        <source>{}: the {} experts with the largest {}</source>
        <translation>{}: los {} expertos con el mayor valor de {}</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>capa</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>experto</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>tokens routed</source>
        <translation>tokens enrutados</translation>
    </message>
    <message>
        <source>of the layer&apos;s tokens</source>
        <translation>de los tokens de la capa</translation>
    </message>
    <message>
        <source>(too few to judge)</source>
        <translation>(muy pocos para juzgar)</translation>
    </message>
    <message>
        <source>{} to {}</source>
        <translation>{} a {}</translation>
    </message>
    <message>
        <source>{}: layers in numbers</source>
        <translation>{}: las capas en cifras</translation>
    </message>
    <message>
        <source>entropy, of its maximum</source>
        <translation>entropía, de su máximo</translation>
    </message>
    <message>
        <source>effective experts</source>
        <translation>expertos efectivos</translation>
    </message>
    <message>
        <source>Gini</source>
        <translation>Gini</translation>
    </message>
    <message>
        <source>without a token</source>
        <translation>sin ningún token</translation>
    </message>
    <message>
        <source>What the experts do</source>
        <translation>Qué hacen los expertos</translation>
    </message>
    <message>
        <source>No text has been measured yet: `espalier profile` or the window&apos;s Profile does it.</source>
        <translation>Aún no se ha medido ningún texto: lo hace `espalier profile` o «Perfilar» en la ventana.</translation>
    </message>
    <message>
        <source>{} has no map: {}</source>
        <translation>{} no tiene mapa: {}</translation>
    </message>
    <message>
        <source>Maps of {}: {}. Rows are layers, columns experts; right of each map the entropy of the routing, the number of equally used experts that would be as spread, the Gini coefficient and the share of experts without a token. Counts are association, not cause: only a validation tells what a cut costs.</source>
        <translation>Mapas de {}: {}. Las filas son capas, las columnas expertos; a la derecha de cada mapa, la entropía del enrutado, el número de expertos usados por igual que darían la misma dispersión, el coeficiente de Gini y la parte de expertos sin ningún token. Los recuentos son asociación, no causa: solo una validación dice lo que cuesta un recorte.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>todos</translation>
    </message>
    <message>
        <source>{} and {} more</source>
        <translation>{} y {} más</translation>
    </message>
    <message>
        <source>{}: experts that stay</source>
        <translation>{}: expertos que quedan</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>conservados</translation>
    </message>
    <message>
        <source>ids</source>
        <translation>números</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>Planes</translation>
    </message>
    <message>
        <source>The study holds no plan.</source>
        <translation>El estudio no contiene ningún plan.</translation>
    </message>
    <message>
        <source>Plans of the study. Memory is predicted: weights exactly, cache by formula, workspace estimated. Own gate weight: what the router gives to kept experts in the domains that a plan was made for, the least of them</source>
        <translation>Planes del estudio. La memoria es una previsión: pesos exactos, caché por fórmula, búferes estimados. Peso de enrutado propio: lo que el enrutador da a los expertos conservados en los dominios para los que se hizo el plan, el menor de ellos</translation>
    </message>
    <message>
        <source>plan</source>
        <translation>plan</translation>
    </message>
    <message>
        <source>score</source>
        <translation>puntuación</translation>
    </message>
    <message>
        <source>allocator</source>
        <translation>repartidor</translation>
    </message>
    <message>
        <source>protectors</source>
        <translation>protecciones</translation>
    </message>
    <message>
        <source>domains</source>
        <translation>dominios</translation>
    </message>
    <message>
        <source>kept per layer</source>
        <translation>conservados por capa</translation>
    </message>
    <message>
        <source>per token</source>
        <translation>por token</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>pesos</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>memoria</translation>
    </message>
    <message>
        <source>of the model</source>
        <translation>del modelo</translation>
    </message>
    <message>
        <source>own gate weight</source>
        <translation>peso de enrutado propio</translation>
    </message>
    <message>
        <source>made, UTC</source>
        <translation>creado, UTC</translation>
    </message>
    <message>
        <source>Plan {} is not shown: {}</source>
        <translation>El plan {} no se muestra: {}</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>varía</translation>
    </message>
    <message>
        <source>Share of the router&apos;s gate weight that the kept experts carry, and in the worst layer</source>
        <translation>Parte del peso de enrutado que llevan los expertos conservados, y en la peor capa</translation>
    </message>
    <message>
        <source>planned for it</source>
        <translation>planeado para él</translation>
    </message>
    <message>
        <source>worst layer</source>
        <translation>peor capa</translation>
    </message>
    <message>
        <source>context</source>
        <translation>contexto</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Ejecuciones</translation>
    </message>
    <message>
        <source>run</source>
        <translation>ejecución</translation>
    </message>
    <message>
        <source>state</source>
        <translation>estado</translation>
    </message>
    <message>
        <source>began, UTC</source>
        <translation>inicio, UTC</translation>
    </message>
    <message>
        <source>arithmetic</source>
        <translation>aritmética</translation>
    </message>
    <message>
        <source>statistics</source>
        <translation>estadísticas</translation>
    </message>
    <message>
        <source>program</source>
        <translation>programa</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>importado</translation>
    </message>
    <message>
        <source>Files that were read</source>
        <translation>Archivos leídos</translation>
    </message>
    <message>
        <source>file</source>
        <translation>archivo</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Exports</source>
        <translation>Exportaciones</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>carpeta</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>previsto</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>verificado</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>sí</translation>
    </message>
    <message>
        <source>no</source>
        <translation>no</translation>
    </message>
    <message>
        <source>Where this comes from</source>
        <translation>De dónde viene esto</translation>
    </message>
    <message>
        <source>fact</source>
        <translation>dato</translation>
    </message>
    <message>
        <source>value</source>
        <translation>valor</translation>
    </message>
    <message>
        <source>study</source>
        <translation>estudio</translation>
    </message>
    <message>
        <source>model</source>
        <translation>modelo</translation>
    </message>
    <message>
        <source>fingerprint of the model</source>
        <translation>huella del modelo</translation>
    </message>
    <message>
        <source>fingerprint of the tokenizer</source>
        <translation>huella del tokenizador</translation>
    </message>
    <message>
        <source>report written by</source>
        <translation>informe escrito por</translation>
    </message>
    <message>
        <source>Run {}: {}</source>
        <translation>Ejecución {}: {}</translation>
    </message>
    <message>
        <source>Commands that repeat the work, from what the study has stored:</source>
        <translation>Órdenes que repiten el trabajo, según lo que guardó el estudio:</translation>
    </message>
    <message>
        <source>{} step(s) have no command: imports, plans set by hand or brought from elsewhere, and steps of programs that did not store theirs.</source>
        <translation>{} paso(s) sin orden: importaciones, planes hechos a mano o traídos de fuera, y pasos de programas que no guardaron la suya.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nada</translation>
    </message>
    <message>
        <source>others: {}</source>
        <translation>otros: {}</translation>
    </message>
    <message>
        <source>{}; others: {}</source>
        <translation>{}; otros: {}</translation>
    </message>
    <message>
        <source>Plans that were validated</source>
        <translation>Planes validados</translation>
    </message>
    <message>
        <source>memory, predicted</source>
        <translation>memoria, prevista</translation>
    </message>
    <message>
        <source>mean KL</source>
        <translation>KL media</translation>
    </message>
    <message>
        <source>over</source>
        <translation>sobre</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>falla</translation>
    </message>
    <message>
        <source>measured, UTC</source>
        <translation>medido, UTC</translation>
    </message>
    <message>
        <source>{} (random)</source>
        <translation>{} (aleatorio)</translation>
    </message>
    <message>
        <source>its own texts</source>
        <translation>sus propios textos</translation>
    </message>
    <message>
        <source>all texts</source>
        <translation>todos los textos</translation>
    </message>
    <message>
        <source>{}: texts</source>
        <translation>{}: textos</translation>
    </message>
    <message>
        <source>perplexity, whole</source>
        <translation>perplejidad, completo</translation>
    </message>
    <message>
        <source>cut</source>
        <translation>recortado</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>razón</translation>
    </message>
    <message>
        <source>KL mean</source>
        <translation>KL, media</translation>
    </message>
    <message>
        <source>KL p99</source>
        <translation>KL, p99</translation>
    </message>
    <message>
        <source>same first choice</source>
        <translation>misma primera opción</translation>
    </message>
    <message>
        <source>{}: tasks, exact match</source>
        <translation>{}: tareas, coincidencia exacta</translation>
    </message>
    <message>
        <source>task</source>
        <translation>tarea</translation>
    </message>
    <message>
        <source>items</source>
        <translation>casos</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>completo</translation>
    </message>
    <message>
        <source>95 % (Wilson)</source>
        <translation>95 % (Wilson)</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>perdidos</translation>
    </message>
    <message>
        <source>gained</source>
        <translation>ganados</translation>
    </message>
    <message>
        <source>p (McNemar)</source>
        <translation>p (McNemar)</translation>
    </message>
    <message>
        <source>What the cuts cost</source>
        <translation>Lo que cuestan los recortes</translation>
    </message>
    <message>
        <source>Nothing has been validated: what a plan costs in quality is not known.</source>
        <translation>No se ha validado nada: no se sabe lo que cuesta un plan en calidad.</translation>
    </message>
    <message>
        <source>Predicted memory against the mean KL divergence of a plan&apos;s own texts, or of all texts where none of its own was measured. Hollow: random plans of the same size; a plan that is no better than they are has learnt nothing from the texts.</source>
        <translation>Memoria prevista frente a la divergencia KL media de los textos propios del plan, o de todos los textos donde no se midió ninguno propio. Huecos: planes aleatorios del mismo tamaño; un plan que no los supera no ha aprendido nada de los textos.</translation>
    </message>
    <message>
        <source>A domain breaks above a mean KL of {} nats per token, or when a task loses more than {:.0f} % of its items with p &lt; {}. Others are domains that the plan was not made for.</source>
        <translation>Un dominio falla por encima de una KL media de {} nats por token, o cuando una tarea pierde más del {:.0f} % de sus casos con p &lt; {}. Otros son dominios para los que no se hizo el plan.</translation>
    </message>
    <message>
        <source>entropy</source>
        <translation>entropía</translation>
    </message>
    <message>
        <source>eff.</source>
        <translation>efect.</translation>
    </message>
    <message>
        <source>dead</source>
        <translation>muertos</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en curso</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>parcial</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>terminado</translation>
    </message>
</context>
<context>
    <name>espalier::studio::MainWindow</name>
    <message>
        <source>Loading</source>
        <translation>Cargando</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Trabajos</translation>
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
        <translation>No se encontró el ejemplo junto al programa. Ponga en ESPALIER_RESOURCES su carpeta de recursos.</translation>
    </message>
    <message>
        <source>The folder of this study&apos;s model is not known. Open the model itself once, then it can be measured.</source>
        <translation>No se conoce la carpeta del modelo de este estudio. Abra una vez el modelo y después podrá medirse.</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>Abra primero un modelo.</translation>
    </message>
    <message>
        <source>The folder %1 for the study could not be made. Open the model with a study in a folder you may write to.</source>
        <translation>No se pudo crear la carpeta %1 para el estudio. Abra el modelo con un estudio en una carpeta en la que pueda escribir.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>A job is running</source>
        <translation>Hay un trabajo en curso</translation>
    </message>
    <message>
        <source>Cancel it and close</source>
        <translation>Cancelarlo y cerrar</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Quedarse</translation>
    </message>
    <message>
        <source>Open model…</source>
        <translation>Abrir modelo…</translation>
    </message>
    <message>
        <source>Open a model folder; only headers are read</source>
        <translation>Abrir una carpeta de modelo; solo se leen las cabeceras</translation>
    </message>
    <message>
        <source>Ctrl+Shift+O</source>
        <translation>Ctrl+Shift+O</translation>
    </message>
    <message>
        <source>Open sample</source>
        <translation>Abrir el ejemplo</translation>
    </message>
    <message>
        <source>Open the model that comes with the program</source>
        <translation>Abrir el modelo que viene con el programa</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>Exportar figura…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+E</source>
        <translation>Ctrl+Shift+E</translation>
    </message>
    <message>
        <source>Write the figure of this page as PNG, SVG or PDF</source>
        <translation>Escribir la figura de esta página como PNG, SVG o PDF</translation>
    </message>
    <message>
        <source>Export table…</source>
        <translation>Exportar tabla…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+T</source>
        <translation>Ctrl+Shift+T</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>Informe…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+R</source>
        <translation>Ctrl+Shift+R</translation>
    </message>
    <message>
        <source>Write the study as one web page or PDF: maps, plans, validations, commands</source>
        <translation>Escribir el estudio como una página web o PDF: mapas, planes, validaciones, órdenes</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>Cerrar la ventana</translation>
    </message>
    <message>
        <source>Copy as table</source>
        <translation>Copiar como tabla</translation>
    </message>
    <message>
        <source>Copy what the page shows as tab separated values</source>
        <translation>Copiar lo que muestra la página como valores separados por tabuladores</translation>
    </message>
    <message>
        <source>Profile…</source>
        <translation>Perfilar…</translation>
    </message>
    <message>
        <source>Ctrl+P</source>
        <translation>Ctrl+P</translation>
    </message>
    <message>
        <source>Measure what every expert does on your texts</source>
        <translation>Medir qué hace cada experto con sus textos</translation>
    </message>
    <message>
        <source>Read the study again</source>
        <translation>Volver a leer el estudio</translation>
    </message>
    <message>
        <source>Ctrl+R</source>
        <translation>Ctrl+R</translation>
    </message>
    <message>
        <source>Read measurements and plans from the study file</source>
        <translation>Leer de nuevo mediciones y planes del archivo de estudio</translation>
    </message>
    <message>
        <source>New plan</source>
        <translation>Plan nuevo</translation>
    </message>
    <message>
        <source>Begin a plan with the planner&apos;s defaults</source>
        <translation>Empezar un plan con los valores predeterminados del planificador</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>Guardar plan</translation>
    </message>
    <message>
        <source>Save the plan in the study</source>
        <translation>Guardar el plan en el estudio</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>Cancelar el trabajo en curso</translation>
    </message>
    <message>
        <source>What it has saved so far is kept</source>
        <translation>Lo guardado hasta ahora se conserva</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>Restablecer la disposición</translation>
    </message>
    <message>
        <source>Put the docks back in their places</source>
        <translation>Devolver los paneles a su sitio</translation>
    </message>
    <message>
        <source>Next area</source>
        <translation>Área siguiente</translation>
    </message>
    <message>
        <source>Rail, page, jobs</source>
        <translation>Barra lateral, página, trabajos</translation>
    </message>
    <message>
        <source>About Espalier</source>
        <translation>Acerca de Espalier</translation>
    </message>
    <message>
        <source>Version and licences</source>
        <translation>Versión y licencias</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;Espalier Studio %1&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Measures which experts of a Mixture-of-Experts model serve which texts, cuts the others, and checks the cut.&lt;/p&gt;&lt;p&gt;The window is under GPL-3.0-or-later (it uses QCustomPlot), the core and the command line under Apache-2.0.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Espalier Studio %1&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Mide qué expertos de un modelo Mixture-of-Experts sirven a qué textos, poda los demás y comprueba la poda.&lt;/p&gt;&lt;p&gt;La ventana está bajo GPL-3.0-or-later (usa QCustomPlot); el núcleo y la línea de órdenes, bajo Apache-2.0.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Manual</translation>
    </message>
    <message>
        <source>Read the manual</source>
        <translation>Leer el manual</translation>
    </message>
    <message>
        <source>Show the page “%1”</source>
        <translation>Mostrar la página «%1»</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Archivo</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Editar</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Take back the last step of the plan</source>
        <translation>Deshacer el último paso del plan</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rehacer</translation>
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
        <translation>Repetir el paso</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ver</translation>
    </message>
    <message>
        <source>Show or hide the jobs</source>
        <translation>Mostrar u ocultar los trabajos</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Como el escritorio</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>Colores de la ventana</translation>
    </message>
    <message>
        <source>&amp;Study</source>
        <translation>E&amp;studio</translation>
    </message>
    <message>
        <source>&amp;Plan</source>
        <translation>&amp;Plan</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>&amp;Trabajos</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>A&amp;yuda</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>Abrir una carpeta de modelo</translation>
    </message>
    <message>
        <source>Export figure</source>
        <translation>Exportar figura</translation>
    </message>
    <message>
        <source>Figures (*.png *.svg *.pdf)</source>
        <translation>Figuras (*.png *.svg *.pdf)</translation>
    </message>
    <message>
        <source>Export table</source>
        <translation>Exportar tabla</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Language of the window; it opens anew at the same page</source>
        <translation>Idioma de la ventana; se abre de nuevo en la misma página</translation>
    </message>
    <message>
        <source>A job is running: the language changes when the window is opened next.</source>
        <translation>Hay un trabajo en curso: el idioma cambiará la próxima vez que se abra la ventana.</translation>
    </message>
    <message>
        <source>Write report</source>
        <translation>Escribir informe</translation>
    </message>
    <message>
        <source>Web page (*.html);;PDF (*.pdf)</source>
        <translation>Página web (*.html);;PDF (*.pdf)</translation>
    </message>
    <message>
        <source>There is no study yet. Profile the model first, then there is something to report.</source>
        <translation>Todavía no hay estudio. Perfile primero el modelo y habrá algo de lo que informar.</translation>
    </message>
    <message>
        <source>Writing %1…</source>
        <translation>Escribiendo %1…</translation>
    </message>
    <message>
        <source>Report written: %1</source>
        <translation>Informe escrito: %1</translation>
    </message>
    <message>
        <source>Command palette…</source>
        <translation>Paleta de órdenes…</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>Find an action, page, plan, domain, score or expert by typing</source>
        <translation>Encontrar escribiendo una acción, página, plan, dominio, puntuación o experto</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Atajos de teclado</translation>
    </message>
    <message>
        <source>Ctrl+/</source>
        <translation>Ctrl+/</translation>
    </message>
    <message>
        <source>All keys of the window and its pages</source>
        <translation>Todas las teclas de la ventana y de sus páginas</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Página</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Acción</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Open this plan in the planner</source>
        <translation>Abrir este plan en el planificador</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Dominio</translation>
    </message>
    <message>
        <source>Show this domain in the overview</source>
        <translation>Mostrar este dominio en el panorama</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Puntuación</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>Capa %1, experto %2</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experto</translation>
    </message>
    <message>
        <source>Show this expert in the overview</source>
        <translation>Mostrar este experto en el panorama</translation>
    </message>
    <message>
        <source>The study has no such expert</source>
        <translation>El estudio no tiene ese experto</translation>
    </message>
    <message>
        <source>everywhere</source>
        <translation>en todas partes</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>Flechas</translation>
    </message>
    <message>
        <source>Move the cursor</source>
        <translation>Mover el cursor</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Inicio, Fin</translation>
    </message>
    <message>
        <source>First and last expert</source>
        <translation>Primer y último experto</translation>
    </message>
    <message>
        <source>Page Up, Page Down</source>
        <translation>RePág, AvPág</translation>
    </message>
    <message>
        <source>Eight layers up and down</source>
        <translation>Ocho capas arriba y abajo</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Intro</translation>
    </message>
    <message>
        <source>Open what the cursor stands on</source>
        <translation>Abrir lo que está bajo el cursor</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Espacio</translation>
    </message>
    <message>
        <source>Keep or drop the expert (planner)</source>
        <translation>Conservar o descartar el experto (planificador)</translation>
    </message>
    <message>
        <source>L</source>
        <translation>L</translation>
    </message>
    <message>
        <source>Lock or unlock the expert (planner)</source>
        <translation>Bloquear o desbloquear el experto (planificador)</translation>
    </message>
    <message>
        <source>maps</source>
        <translation>mapas</translation>
    </message>
    <message>
        <source>The plan has steps that are not saved. Save it and choose the language again; else it changes when the window is opened next.</source>
        <translation>El plan tiene pasos sin guardar. Guárdelo y elija el idioma otra vez; si no, cambiará la próxima vez que se abra la ventana.</translation>
    </message>
    <message>
        <source>Score the weights</source>
        <translation>Puntuar los pesos</translation>
    </message>
    <message>
        <source>Read every expert once and score it without texts, for a first look</source>
        <translation>Leer cada experto una vez y puntuarlo sin textos, para una primera mirada</translation>
    </message>
    <message>
        <source>Import statistics…</source>
        <translation>Importar estadísticas…</translation>
    </message>
    <message>
        <source>Ctrl+I</source>
        <translation>Ctrl+I</translation>
    </message>
    <message>
        <source>Add what llama.cpp, vLLM, ESFT or a table of counts says about the experts</source>
        <translation>Añadir lo que llama.cpp, vLLM, ESFT o una tabla de recuentos dice de los expertos</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>Importar %1</translation>
    </message>
    <message>
        <source>Import statistics</source>
        <translation>Importar estadísticas</translation>
    </message>
    <message>
        <source>Importance matrices (*.gguf *.dat *.imatrix);;ESFT traces (expert_weights_*.txt);;Routed experts (*.npy *.npz);;Counts (*.csv *.json);;All files (*)</source>
        <translation>Matrices de importancia (*.gguf *.dat *.imatrix);;Trazas de ESFT (expert_weights_*.txt);;Expertos enrutados (*.npy *.npz);;Recuentos (*.csv *.json);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Name of the domain. Left empty, the file says it, or its name is taken.</source>
        <translation>Nombre del dominio. Si se deja vacío, lo dice el archivo, o se toma su nombre.</translation>
    </message>
    <message>
        <source>Write the table of this page as CSV, TSV or JSON</source>
        <translation>Escribir la tabla de esta página como CSV, TSV o JSON</translation>
    </message>
    <message>
        <source>Trace texts…</source>
        <translation>Rastrear textos…</translation>
    </message>
    <message>
        <source>Remember which experts single tokens choose, to read texts coloured by expert</source>
        <translation>Registrar qué expertos elige cada token, para leer textos coloreados por experto</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Primeros pasos</translation>
    </message>
    <message>
        <source>Show the steps from a model to a bundle under the rail</source>
        <translation>Mostrar bajo la barra los pasos del modelo al paquete</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.json)</source>
        <translation>Tablas (*.csv *.tsv *.json)</translation>
    </message>
    <message>
        <source>Texts to trace</source>
        <translation>Textos que rastrear</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl)</source>
        <translation>Textos (*.txt *.jsonl)</translation>
    </message>
    <message numerus="yes">
        <source>Trace %n text(s)</source>
        <translation>
            <numerusform>Rastrear %n texto</numerusform>
            <numerusform>Rastrear %n textos</numerusform>
        </translation>
    </message>
    <message>
        <source>“%1” is still running. It can go on without the window: the study will hold its result. Cancelled, what it has saved so far is kept.</source>
        <translation>«%1» sigue en curso. Puede continuar sin la ventana: el estudio tendrá su resultado. Si se cancela, se conserva lo guardado hasta ahora.</translation>
    </message>
    <message>
        <source>Close, let it go on</source>
        <translation>Cerrar y dejar que siga</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Abrir archivo…</translation>
    </message>
    <message>
        <source>Open a .espalier study, or a model that is one .gguf file</source>
        <translation>Abrir un estudio .espalier, o un modelo que es un archivo .gguf</translation>
    </message>
    <message>
        <source>Open a study or a model file</source>
        <translation>Abrir un estudio o un archivo de modelo</translation>
    </message>
    <message>
        <source>Studies and models (*.espalier *.gguf *.safetensors);;Studies (*.espalier);;All files (*)</source>
        <translation>Estudios y modelos (*.espalier *.gguf *.safetensors);;Estudios (*.espalier);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>%1 is no longer there</source>
        <translation>%1 ya no está</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>Vaciar la lista</translation>
    </message>
    <message>
        <source>Forget what was open; no file is touched</source>
        <translation>Olvidar lo que estuvo abierto; no se toca ningún archivo</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>Abrir reciente</translation>
    </message>
    <message>
        <source>What was open before</source>
        <translation>Lo que estuvo abierto antes</translation>
    </message>
    <message>
        <source>Score weights on opening</source>
        <translation>Puntuar los pesos al abrir</translation>
    </message>
    <message>
        <source>Begin a first look without texts by itself when a model with up to 4 GiB of experts is opened</source>
        <translation>Empezar por sí solo un primer vistazo sin textos al abrir un modelo con hasta 4 GiB de expertos</translation>
    </message>
</context>
<context>
    <name>espalier::views::AnswersPanel</name>
    <message>
        <source>Ask</source>
        <translation>Preguntar</translation>
    </message>
    <message>
        <source>What the whole model and a plan answer to the same prompt, greedily. Words that only one of them says are marked. A few answers prove nothing: they show what a number means.</source>
        <translation>Lo que responden el modelo entero y un plan a la misma entrada, de forma voraz. Las palabras que solo dice uno están marcadas. Unas pocas respuestas no prueban nada: muestran qué significa una cifra.</translation>
    </message>
    <message>
        <source>Answers side by side</source>
        <translation>Respuestas en paralelo</translation>
    </message>
    <message>
        <source>Ask base and plan</source>
        <translation>Preguntar a base y plan</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Example</source>
        <translation>Ejemplo</translation>
    </message>
    <message>
        <source>Most tokens</source>
        <translation>Máximo de tokens</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Entrada</translation>
    </message>
    <message>
        <source>Answer of the base</source>
        <translation>Respuesta de la base</translation>
    </message>
    <message>
        <source>Answer of %1</source>
        <translation>Respuesta de %1</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>cancelado</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Esperado</translation>
    </message>
    <message>
        <source>waiting…</source>
        <translation>esperando…</translation>
    </message>
    <message>
        <source>the same, word for word</source>
        <translation>igual, palabra por palabra</translation>
    </message>
    <message numerus="yes">
        <source>%n place(s) differ</source>
        <translation>
            <numerusform>%n lugar difiere</numerusform>
            <numerusform>%n lugares difieren</numerusform>
        </translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Base</translation>
    </message>
    <message>
        <source>Nothing was asked yet. Choose an example or type a prompt, then Ask (Ctrl+Return).</source>
        <translation>Aún no se ha preguntado nada. Elija un ejemplo o escriba una entrada y pulse Preguntar (Ctrl+Intro).</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Respuesta</translation>
    </message>
</context>
<context>
    <name>espalier::views::Banner</name>
    <message>
        <source>Details</source>
        <translation>Detalles</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Error</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Advertencia</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
</context>
<context>
    <name>espalier::views::BundleView</name>
    <message>
        <source>Model card</source>
        <translation>Ficha del modelo</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Receta</translation>
    </message>
    <message>
        <source>Bundle</source>
        <translation>Paquete</translation>
    </message>
    <message>
        <source>Files of the bundle</source>
        <translation>Archivos del paquete</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Archivo</translation>
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
        <translation>README.md del paquete: cómo se hizo, qué se midió y cómo cargarlo</translation>
    </message>
    <message>
        <source>recipe.json of the bundle: the plan and its provenance</source>
        <translation>recipe.json del paquete: el plan y su procedencia</translation>
    </message>
    <message>
        <source>files, sizes and hashes after writing</source>
        <translation>archivos, tamaños y sumas tras la escritura</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s), %1; tensors %2, predicted %3</source>
        <translation>
            <numerusform>%n archivo, %1; tensores %2, previstos %3</numerusform>
            <numerusform>%n archivos, %1; tensores %2, previstos %3</numerusform>
        </translation>
    </message>
    <message>
        <source>written to %1, which is no longer there</source>
        <translation>escrito en %1, que ya no existe</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
    <message>
        <source>%1 could not be read from %2.</source>
        <translation>No se pudo leer %1 de %2.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
</context>
<context>
    <name>espalier::views::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>Paleta de órdenes</translation>
    </message>
    <message>
        <source>Action, page, plan, domain, score, or an expert as L12 E5</source>
        <translation>Acción, página, plan, dominio, puntuación o un experto como L12 E5</translation>
    </message>
    <message>
        <source>What to find</source>
        <translation>Qué buscar</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Qué se encontró</translation>
    </message>
    <message>
        <source>Up and Down choose · Return runs · Escape closes</source>
        <translation>Arriba y abajo eligen · Intro ejecuta · Esc cierra</translation>
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
        <translation>Comparación</translation>
    </message>
    <message>
        <source>two domains of one study</source>
        <translation>dos dominios de un estudio</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>Exportar figura…</translation>
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
        <translation>Intercambiar</translation>
    </message>
    <message>
        <source>Exchange A and B (X)</source>
        <translation>Intercambiar A y B (X)</translation>
    </message>
    <message>
        <source>hide what the interval does not separate from 0</source>
        <translation>ocultar lo que el intervalo no separa de 0</translation>
    </message>
    <message>
        <source>Cumulative share of assignments</source>
        <translation>Cuota acumulada de asignaciones</translation>
    </message>
    <message>
        <source>experts sorted per layer, mean of layers</source>
        <translation>expertos ordenados por capa, media de las capas</translation>
    </message>
    <message>
        <source>Likeness of domains</source>
        <translation>Parecido entre dominios</translation>
    </message>
    <message>
        <source>Largest differences</source>
        <translation>Mayores diferencias</translation>
    </message>
    <message>
        <source>share of the layer’s assignments, %</source>
        <translation>cuota de las asignaciones de la capa, %</translation>
    </message>
    <message>
        <source>95 % per cell, tokens taken as independent, not corrected over cells</source>
        <translation>95&#xa0;% por celda, tokens tomados como independientes, sin corrección entre celdas</translation>
    </message>
    <message>
        <source>2 domains chosen</source>
        <translation>2 dominios elegidos</translation>
    </message>
    <message>
        <source>choose two domains</source>
        <translation>elija dos dominios</translation>
    </message>
    <message>
        <source>needs a second domain</source>
        <translation>hace falta un segundo dominio</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>hace falta un perfil</translation>
    </message>
    <message>
        <source>Arrows move · X swaps · Ctrl+C copies the map</source>
        <translation>Flechas: mover · X: intercambiar · Ctrl+C: copiar el mapa</translation>
    </message>
    <message>
        <source>Comparing needs two measured domains. Measure the model on two kinds of text first.</source>
        <translation>Comparar requiere dos dominios medidos. Mida primero el modelo con dos clases de texto.</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Perfil nuevo…</translation>
    </message>
    <message>
        <source>Jaccard of the top %1 by gate mass, mean of layers; chance %2</source>
        <translation>Jaccard de los %1 primeros por masa de enrutado, media de las capas; azar %2</translation>
    </message>
    <message>
        <source>A and B are the same domain: there is nothing to tell apart.</source>
        <translation>A y B son el mismo dominio: no hay nada que distinguir.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
    <message>
        <source>experts differ (95 % interval)</source>
        <translation>expertos difieren (intervalo del 95&#xa0;%)</translation>
    </message>
    <message>
        <source>of assignments move, mean of layers</source>
        <translation>de las asignaciones se desplazan, media de las capas</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 y %2</translation>
    </message>
    <message>
        <source>tokens in A and B</source>
        <translation>tokens en A y B</translation>
    </message>
    <message>
        <source>points of the layer’s assignments</source>
        <translation>puntos de las asignaciones de la capa</translation>
    </message>
    <message>
        <source>%1 minus %2</source>
        <translation>%1 menos %2</translation>
    </message>
    <message>
        <source>%1 · %2 · orange: A uses it more, blue: B does · prefill · rows sum to 0 · association, not cause</source>
        <translation>%1 · %2 · naranja: A lo usa más, azul: B · prellenado · las filas suman 0 · asociación, no causa</translation>
    </message>
    <message>
        <source>L%1 E%2</source>
        <translation>L%1 E%2</translation>
    </message>
    <message>
        <source>cannot tell</source>
        <translation>no se puede decir</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experto</translation>
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
        <translation>Más en</translation>
    </message>
    <message>
        <source>Layer %1, expert %2
A %3 %, B %4 %
difference %5 points %6</source>
        <translation>Capa %1, experto %2
A %3&#xa0;%, B %4&#xa0;%
diferencia %5 puntos %6</translation>
    </message>
    <message>
        <source>Exchange the two domains</source>
        <translation>Intercambiar los dos dominios</translation>
    </message>
    <message>
        <source>Compare with another study</source>
        <translation>Comparar con otro estudio</translation>
    </message>
    <message>
        <source>Studies (*.espalier);;All files (*)</source>
        <translation>Estudios (*.espalier);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Without %1</source>
        <translation>Sin %1</translation>
    </message>
    <message>
        <source>Other study…</source>
        <translation>Otro estudio…</translation>
    </message>
    <message>
        <source>Compare with what another study of this model measured</source>
        <translation>Comparar con lo que midió otro estudio de este modelo</translation>
    </message>
    <message>
        <source>domains of this study and of %1</source>
        <translation>dominios de este estudio y de %1</translation>
    </message>
    <message>
        <source>Only one domain was measured. Measure a second kind of text, or choose another study of the model, to compare it with.</source>
        <translation>Solo se midió un dominio. Mida un segundo tipo de texto, o elija otro estudio del modelo, para comparar.</translation>
    </message>
</context>
<context>
    <name>espalier::views::CoveragePlot</name>
    <message>
        <source>Experts seen against tokens</source>
        <translation>Expertos vistos según tokens</translation>
    </message>
    <message>
        <source>Not known: token counts were not measured here.</source>
        <translation>No se sabe: aquí no se contaron tokens.</translation>
    </message>
    <message>
        <source>After all %1 tokens, %2 of %3 experts were chosen at least once and %4 at least %5 times.</source>
        <translation>Tras los %1 tokens, %2 de %3 expertos se eligieron al menos una vez y %4 al menos %5 veces.</translation>
    </message>
    <message>
        <source>Half of them reach that after about %1 tokens.</source>
        <translation>La mitad lo alcanza tras unos %1 tokens.</translation>
    </message>
    <message>
        <source>%1 tokens: %2 experts chosen at least once, %3 at least %4 times</source>
        <translation>%1 tokens: %2 expertos elegidos al menos una vez, %3 al menos %4 veces</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 tokens</translation>
    </message>
    <message>
        <source>tokens, drawn at random from those measured</source>
        <translation>tokens, extraídos al azar de los medidos</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>expertos</translation>
    </message>
    <message>
        <source>—— chosen at least once</source>
        <translation>—— elegidos al menos una vez</translation>
    </message>
    <message numerus="yes">
        <source>– – chosen at least %n time(s)</source>
        <translation>
            <numerusform>– – elegidos al menos %n vez</numerusform>
            <numerusform>– – elegidos al menos %n veces</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceBars</name>
    <message>
        <source>Memory by device</source>
        <translation>Memoria por dispositivo</translation>
    </message>
    <message>
        <source>%1, %2: experts %3, other weights %4, cache %5, workspace %6, %7 of %8</source>
        <translation>%1, %2: expertos %3, otros pesos %4, caché %5, búferes %6, %7 de %8</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceList</name>
    <message>
        <source>Add device</source>
        <translation>Añadir dispositivo</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>Whole layers go to several devices in order, as llama.cpp and vLLM split a model</source>
        <translation>Capas enteras van en orden a varios dispositivos, como llama.cpp y vLLM reparten un modelo</translation>
    </message>
    <message>
        <source>Take the chosen device off the list (Delete)</source>
        <translation>Quitar de la lista el dispositivo elegido (Supr)</translation>
    </message>
    <message>
        <source>The study does not say what each layer holds; all but the experts is taken as equal in all layers. Open the model for exact numbers.</source>
        <translation>El estudio no dice qué contiene cada capa; todo salvo los expertos se toma igual en todas las capas. Abra el modelo para cifras exactas.</translation>
    </message>
    <message>
        <source>The embedding is the head too and lies on the first and the last device.</source>
        <translation>El embedding es también la cabeza y está en el primer y el último dispositivo.</translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceListModel</name>
    <message>
        <source>Device %1</source>
        <translation>Dispositivo %1</translation>
    </message>
    <message>
        <source>no layer</source>
        <translation>ninguna capa</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>capa %1</translation>
    </message>
    <message>
        <source>layers %1 to %2</source>
        <translation>capas %1 a %2</translation>
    </message>
    <message>
        <source>%1: needs %2 more</source>
        <translation>%1: necesita %2 más</translation>
    </message>
    <message>
        <source>%1: %2 free</source>
        <translation>%1: %2 libres</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Memoria</translation>
    </message>
    <message>
        <source>Needs</source>
        <translation>Necesita</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Capas</translation>
    </message>
</context>
<context>
    <name>espalier::views::DomainBars</name>
    <message>
        <source>Ratio to uniform by domain</source>
        <translation>Relación con lo uniforme por dominio</translation>
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
        <translation>Un archivo equivocado nunca sustituye al que está abierto.</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>Abrir %1</translation>
    </message>
    <message>
        <source>Drop a model folder, a .safetensors or .gguf file, or a .espalier study here</source>
        <translation>Suelte aquí una carpeta de modelo, un archivo .safetensors o .gguf, o un estudio .espalier</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExpertCard</name>
    <message>
        <source>Choose an expert in the map, by click or arrow keys.</source>
        <translation>Elija un experto en el mapa, con un clic o con las flechas.</translation>
    </message>
    <message>
        <source>Ratio to uniform</source>
        <translation>Relación con lo uniforme</translation>
    </message>
    <message>
        <source>Share of assignments</source>
        <translation>Cuota de asignaciones</translation>
    </message>
    <message>
        <source>Routed tokens</source>
        <translation>Tokens enrutados</translation>
    </message>
    <message>
        <source>Mean gate weight</source>
        <translation>Peso medio de enrutado</translation>
    </message>
    <message>
        <source>REAP, mean</source>
        <translation>REAP, media</translation>
    </message>
    <message>
        <source>REAP, summed</source>
        <translation>REAP, suma</translation>
    </message>
    <message>
        <source>Ratio by domain</source>
        <translation>Relación por dominio</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>Intervalo del 95&#xa0;%</translation>
    </message>
    <message>
        <source>Chosen together with</source>
        <translation>Elegido junto con</translation>
    </message>
    <message>
        <source>share of its tokens</source>
        <translation>cuota de sus tokens</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>Capa %1, experto %2</translation>
    </message>
    <message>
        <source>Not known: no token chose it, or pairs were not collected.</source>
        <translation>No se sabe: ningún token lo eligió, o no se recogieron pares.</translation>
    </message>
    <message>
        <source>Tokens it takes</source>
        <translation>Tokens que toma</translation>
    </message>
    <message>
        <source>Experts like it</source>
        <translation>Expertos parecidos</translation>
    </message>
    <message>
        <source>Rank by score</source>
        <translation>Puesto por puntuación</translation>
    </message>
    <message>
        <source>1 = first to keep</source>
        <translation>1 = se conserva primero</translation>
    </message>
    <message>
        <source>Not traced. &lt;a href=&quot;trace&quot; style=&quot;color:%1&quot;&gt;Trace texts…&lt;/a&gt;</source>
        <translation>Sin rastrear. &lt;a href=&quot;trace&quot; style=&quot;color:%1&quot;&gt;Rastrear textos…&lt;/a&gt;</translation>
    </message>
    <message>
        <source>Not traced.</source>
        <translation>Sin rastrear.</translation>
    </message>
    <message>
        <source>%1 of %2 traced</source>
        <translation>%1 de %2 rastreados</translation>
    </message>
    <message>
        <source>None of the traced tokens chose it.</source>
        <translation>Ningún token rastreado lo eligió.</translation>
    </message>
    <message>
        <source>Largest weights:</source>
        <translation>Pesos mayores:</translation>
    </message>
    <message>
        <source>cosine of mean outputs</source>
        <translation>coseno de las salidas medias</translation>
    </message>
    <message>
        <source>correlation in the router</source>
        <translation>correlación en el enrutador</translation>
    </message>
    <message>
        <source>Not known: no token chose it, or outputs were not collected.</source>
        <translation>No se sabe: ningún token lo eligió o no se recogieron salidas.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
    <message>
        <source>Not known yet.</source>
        <translation>Aún no se sabe.</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportCheckModel</name>
    <message>
        <source>passed</source>
        <translation>superada</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>advertencia</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>en espera</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fallido</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Comprobación</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Resultado</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportPage</name>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Comprobar de nuevo</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Carpeta</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Elegir…</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Comprobaciones</translation>
    </message>
    <message>
        <source>Empty folder for the bundle</source>
        <translation>Carpeta vacía para el paquete</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Archivo</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>The same from the command line</source>
        <translation>Lo mismo desde la línea de órdenes</translation>
    </message>
    <message>
        <source>needs the model</source>
        <translation>hace falta el modelo</translation>
    </message>
    <message>
        <source>needs a plan</source>
        <translation>hace falta un plan</translation>
    </message>
    <message numerus="yes">
        <source>%n bundle(s) written</source>
        <translation>
            <numerusform>%n paquete escrito</numerusform>
            <numerusform>%n paquetes escritos</numerusform>
        </translation>
    </message>
    <message>
        <source>not written</source>
        <translation>no escrito</translation>
    </message>
    <message>
        <source>Writes to a temporary folder beside the target, renamed when verified · F5 checks again</source>
        <translation>Escribe en una carpeta temporal junto al destino y la renombra una vez verificada · F5 comprueba de nuevo</translation>
    </message>
    <message>
        <source>Only the study is open. Open the model&apos;s folder as well to write a cut model.</source>
        <translation>Solo está abierto el estudio. Abra también la carpeta del modelo para escribir un modelo podado.</translation>
    </message>
    <message>
        <source>A bundle is the model without the experts a plan drops. Make and save a plan first.</source>
        <translation>Un paquete es el modelo sin los expertos que un plan descarta. Haga y guarde primero un plan.</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Abrir…</translation>
    </message>
    <message>
        <source>Go to the planner</source>
        <translation>Ir al planificador</translation>
    </message>
    <message>
        <source>Validated</source>
        <translation>Validado</translation>
    </message>
    <message>
        <source>not validated: the loss is unknown</source>
        <translation>no validado: se desconoce la pérdida</translation>
    </message>
    <message>
        <source>the plan was changed since: validate again</source>
        <translation>el plan ha cambiado desde entonces: valide de nuevo</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n domain(s) break; named in the model card</source>
        <translation>
            <numerusform>%1 de %n dominio falla; véase la ficha</numerusform>
            <numerusform>%1 de %n dominios fallan; véase la ficha</numerusform>
        </translation>
    </message>
    <message>
        <source>Model and plan</source>
        <translation>Modelo y plan</translation>
    </message>
    <message>
        <source>Reopen from disk, byte for byte</source>
        <translation>Releído del disco, byte a byte</translation>
    </message>
    <message>
        <source>after writing</source>
        <translation>tras la escritura</translation>
    </message>
    <message>
        <source>Logits equal the masked base</source>
        <translation>Logits iguales a los de la base enmascarada</translation>
    </message>
    <message>
        <source>after writing, limit 1e-5</source>
        <translation>tras la escritura, límite 1e-5</translation>
    </message>
    <message>
        <source>Export is not possible: %1</source>
        <translation>No se puede exportar: %1</translation>
    </message>
    <message>
        <source>%1 passed, %2 to judge, %3 after writing</source>
        <translation>%1 superadas, %2 por juzgar, %3 tras la escritura</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>Exportar %1</translation>
    </message>
    <message>
        <source>Written and verified: %1 of %2 checks passed</source>
        <translation>Escrito y verificado: %1 de %2 comprobaciones superadas</translation>
    </message>
    <message>
        <source>Check again what is known before writing</source>
        <translation>Comprobar de nuevo lo que se sabe antes de escribir</translation>
    </message>
    <message>
        <source>Target engine</source>
        <translation>Motor de destino</translation>
    </message>
    <message>
        <source>File for the keep list</source>
        <translation>Archivo para la lista de conservados</translation>
    </message>
    <message>
        <source>Load it with %1</source>
        <translation>Cargar con %1</translation>
    </message>
    <message>
        <source>Command that loads it</source>
        <translation>Orden que lo carga</translation>
    </message>
    <message>
        <source>Save list</source>
        <translation>Guardar lista</translation>
    </message>
    <message>
        <source>exists and will be replaced</source>
        <translation>existe y se reemplazará</translation>
    </message>
    <message>
        <source>%1 written</source>
        <translation>%1 escrito</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportTargetModel</name>
    <message>
        <source>Keep list only</source>
        <translation>Solo lista de conservados</translation>
    </message>
    <message>
        <source>same count in every layer</source>
        <translation>mismo número en cada capa</translation>
    </message>
    <message>
        <source>counts differ between layers</source>
        <translation>los números difieren entre capas</translation>
    </message>
    <message>
        <source>counts may differ</source>
        <translation>los números pueden diferir</translation>
    </message>
    <message>
        <source>reads the files as they are</source>
        <translation>lee los archivos tal cual</translation>
    </message>
    <message>
        <source>converts to GGUF first</source>
        <translation>antes convierte a GGUF</translation>
    </message>
    <message>
        <source>reads safetensors; this model is GGUF</source>
        <translation>lee safetensors; este modelo es GGUF</translation>
    </message>
    <message>
        <source>computes this router</source>
        <translation>calcula este enrutador</translation>
    </message>
    <message>
        <source>needs trust_remote_code</source>
        <translation>necesita trust_remote_code</translation>
    </message>
    <message>
        <source>does not know this router</source>
        <translation>no conoce este enrutador</translation>
    </message>
    <message>
        <source>computes this router otherwise: other answers</source>
        <translation>calcula este enrutador de otro modo: otras respuestas</translation>
    </message>
    <message>
        <source>ranks router groups otherwise: other answers</source>
        <translation>ordena los grupos de otro modo: otras respuestas</translation>
    </message>
    <message>
        <source>bundles are tested with it</source>
        <translation>los paquetes se prueban con él</translation>
    </message>
    <message>
        <source>not run in our tests</source>
        <translation>no se ejecuta en nuestras pruebas</translation>
    </message>
    <message>
        <source>accepts this plan</source>
        <translation>acepta este plan</translation>
    </message>
    <message>
        <source>refuses: %1</source>
        <translation>rechaza: %1</translation>
    </message>
    <message>
        <source>accepts; %1</source>
        <translation>acepta; %1</translation>
    </message>
    <message>
        <source>Counts per layer</source>
        <translation>Números por capa</translation>
    </message>
    <message>
        <source>File format</source>
        <translation>Formato de archivo</translation>
    </message>
    <message>
        <source>Router</source>
        <translation>Enrutador</translation>
    </message>
    <message>
        <source>Tested</source>
        <translation>Probado</translation>
    </message>
    <message>
        <source>any</source>
        <translation>cualquiera</translation>
    </message>
    <message>
        <source>same in all layers</source>
        <translation>igual en todas</translation>
    </message>
    <message>
        <source>JSON, no weights</source>
        <translation>JSON, sin pesos</translation>
    </message>
    <message>
        <source>GGUF, converted</source>
        <translation>GGUF, convertido</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>elegido</translation>
    </message>
    <message>
        <source>not chosen</source>
        <translation>no elegido</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Motor</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>Números</translation>
    </message>
    <message>
        <source>Reads</source>
        <translation>Lee</translation>
    </message>
    <message>
        <source>This plan</source>
        <translation>Este plan</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportTexts</name>
    <message>
        <source>Target folder is empty</source>
        <translation>La carpeta de destino está vacía</translation>
    </message>
    <message>
        <source>Same count in every layer</source>
        <translation>El mismo número en cada capa</translation>
    </message>
    <message>
        <source>Plan belongs to the model</source>
        <translation>El plan pertenece al modelo</translation>
    </message>
    <message>
        <source>Disk space</source>
        <translation>Espacio en disco</translation>
    </message>
    <message>
        <source>does not exist yet</source>
        <translation>aún no existe</translation>
    </message>
    <message>
        <source>exists and is empty</source>
        <translation>existe y está vacía</translation>
    </message>
    <message>
        <source>is there already and is not an empty folder</source>
        <translation>ya existe y no es una carpeta vacía</translation>
    </message>
    <message>
        <source>the plan belongs to model %1, this is %2</source>
        <translation>el plan es del modelo %1; este es %2</translation>
    </message>
    <message>
        <source>needs %1, %2 are free</source>
        <translation>necesita %1, hay %2 libres</translation>
    </message>
    <message>
        <source>the plan has %1 layers, the model %2 with experts</source>
        <translation>el plan tiene %1 capas; el modelo, %2 con expertos</translation>
    </message>
    <message>
        <source>the plan keeps %1 to %2 experts, but the configuration has one count for all layers</source>
        <translation>el plan conserva de %1 a %2 expertos, pero la configuración tiene un solo número para todas las capas</translation>
    </message>
    <message>
        <source>the plan gives tokens different numbers of experts in different layers, but the configuration has one number for all</source>
        <translation>el plan da a los tokens distinto número de expertos según la capa, pero la configuración tiene uno para todas</translation>
    </message>
    <message>
        <source>this architecture&apos;s router always chooses the same number of experts</source>
        <translation>el enrutador de esta arquitectura elige siempre el mismo número de expertos</translation>
    </message>
    <message>
        <source>%1 experts are kept but every token needs %2</source>
        <translation>quedan %1 expertos, pero cada token necesita %2</translation>
    </message>
    <message>
        <source>%1 in every layer, top-%2</source>
        <translation>%1 en cada capa, top-%2</translation>
    </message>
    <message>
        <source>%1 files match</source>
        <translation>%1 archivos coinciden</translation>
    </message>
    <message>
        <source>%1 layers, experts 0 to %2 in each, router rows to match</source>
        <translation>%1 capas, expertos 0 a %2 en cada una, filas del enrutador acordes</translation>
    </message>
    <message>
        <source>top-%1 of %2</source>
        <translation>top-%1 de %2</translation>
    </message>
    <message>
        <source>%1 of %2 groups, %3 experts in each</source>
        <translation>%1 de %2 grupos, %3 expertos en cada uno</translation>
    </message>
    <message>
        <source>none</source>
        <translation>ninguno</translation>
    </message>
    <message>
        <source>all are there</source>
        <translation>están todos</translation>
    </message>
    <message>
        <source>the same in every expert of a layer</source>
        <translation>igual en cada experto de una capa</translation>
    </message>
    <message>
        <source>%1 file, %2 tensor bytes</source>
        <translation>%1 archivo, %2 bytes de tensores</translation>
    </message>
    <message>
        <source>%1 files, %2 tensor bytes</source>
        <translation>%1 archivos, %2 bytes de tensores</translation>
    </message>
    <message>
        <source>%1 tensors, each with its place</source>
        <translation>%1 tensores, cada uno en su lugar</translation>
    </message>
    <message>
        <source>%1 tensors, %2 bytes</source>
        <translation>%1 tensores, %2 bytes</translation>
    </message>
    <message>
        <source>%1 tensors</source>
        <translation>%1 tensores</translation>
    </message>
    <message>
        <source>its plan keeps as many experts as the model has</source>
        <translation>su plan conserva tantos expertos como tiene el modelo</translation>
    </message>
    <message>
        <source>%1 keys, the number of experts changed</source>
        <translation>%1 claves; cambió el número de expertos</translation>
    </message>
    <message>
        <source>layer %1 keeps %2 to %3 experts of the router&apos;s %4 groups; every group must keep the same number, nearest are %5 per layer</source>
        <translation>la capa %1 conserva de %2 a %3 expertos de los %4 grupos; cada grupo debe conservar los mismos, lo más cercano es %5 por capa</translation>
    </message>
    <message>
        <source>largest difference %1, limit %2, %3 sequences of %4 tokens</source>
        <translation>mayor diferencia %1, límite %2, %3 secuencias de %4 tokens</translation>
    </message>
    <message>
        <source>Checksums</source>
        <translation>Sumas de verificación</translation>
    </message>
    <message>
        <source>Headers, names and shapes</source>
        <translation>Cabeceras, nombres y formas</translation>
    </message>
    <message>
        <source>Experts per token</source>
        <translation>Expertos por token</translation>
    </message>
    <message>
        <source>Keys with the expert count</source>
        <translation>Claves con el número de expertos</translation>
    </message>
    <message>
        <source>Router groups</source>
        <translation>Grupos del enrutador</translation>
    </message>
    <message>
        <source>Experts named in config.json</source>
        <translation>Expertos citados en config.json</translation>
    </message>
    <message>
        <source>Parts of every expert</source>
        <translation>Partes de cada experto</translation>
    </message>
    <message>
        <source>Index and metadata</source>
        <translation>Índice y metadatos</translation>
    </message>
    <message>
        <source>Blocks for further tokens</source>
        <translation>Bloques de tokens siguientes</translation>
    </message>
    <message>
        <source>No stray tensors</source>
        <translation>Sin tensores ajenos</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Receta</translation>
    </message>
    <message>
        <source>Bytes equal the source</source>
        <translation>Bytes iguales al origen</translation>
    </message>
    <message>
        <source>Metadata equal the source</source>
        <translation>Metadatos iguales al origen</translation>
    </message>
    <message>
        <source>Logits equal the masked base</source>
        <translation>Los logits igualan la base enmascarada</translation>
    </message>
</context>
<context>
    <name>espalier::views::FigureFile</name>
    <message>
        <source>%1: figures are written as .png, .svg or .pdf</source>
        <translation>%1: las figuras se escriben como .png, .svg o .pdf</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Choose a folder you may write to.</source>
        <translation>No se pudo escribir %1: %2. Elija una carpeta en la que pueda escribir.</translation>
    </message>
</context>
<context>
    <name>espalier::views::GateModel</name>
    <message>
        <source>perplexity over the base’s, at most</source>
        <translation>perplejidad sobre la de la base, máximo</translation>
    </message>
    <message>
        <source>mean KL, at most</source>
        <translation>KL media, máximo</translation>
    </message>
    <message>
        <source>99th percentile of KL, at most</source>
        <translation>percentil 99 de KL, máximo</translation>
    </message>
    <message>
        <source>same first choice, at least</source>
        <translation>misma primera opción, mínimo</translation>
    </message>
    <message>
        <source>exact match, at least</source>
        <translation>coincidencia exacta, mínimo</translation>
    </message>
    <message>
        <source>loss of exact match, at most</source>
        <translation>pérdida de coincidencia exacta, máximo</translation>
    </message>
    <message>
        <source>p of the change, at least</source>
        <translation>p del cambio, mínimo</translation>
    </message>
    <message>
        <source>every other task</source>
        <translation>las demás tareas</translation>
    </message>
    <message>
        <source>every other text</source>
        <translation>los demás textos</translation>
    </message>
    <message>
        <source>✓ holds</source>
        <translation>✓ se cumple</translation>
    </message>
    <message>
        <source>✕ broken</source>
        <translation>✕ roto</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>no medido</translation>
    </message>
    <message>
        <source>Type a number; an empty field is no limit</source>
        <translation>Escriba un número; un campo vacío no es límite</translation>
    </message>
    <message>
        <source>the worst of those without limits of their own</source>
        <translation>el peor de los que no tienen límites propios</translation>
    </message>
    <message>
        <source>Domain or task</source>
        <translation>Dominio o tarea</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Medida</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Límite</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Medido</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Veredicto</translation>
    </message>
</context>
<context>
    <name>espalier::views::GatePanel</name>
    <message>
        <source>Save…</source>
        <translation>Guardar…</translation>
    </message>
    <message>
        <source>Limits that a cut must keep: type them into the column Limit. They are held against what was measured last, at once; saved as a file, they make the check in CI fail.</source>
        <translation>Límites que un recorte debe respetar: escríbalos en la columna Límite. Se comparan al instante con lo último medido; guardados en un archivo hacen fallar la comprobación en CI.</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Usual limits</source>
        <translation>Límites usuales</translation>
    </message>
    <message>
        <source>Those by which this page says “breaks”</source>
        <translation>Aquellos por los que esta página dice «falla»</translation>
    </message>
    <message>
        <source>No limits</source>
        <translation>Sin límites</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Abrir…</translation>
    </message>
    <message>
        <source>Limits of the gate</source>
        <translation>Límites de la barrera</translation>
    </message>
    <message>
        <source>The same in CI</source>
        <translation>Lo mismo en CI</translation>
    </message>
    <message>
        <source>Open a gate file</source>
        <translation>Abrir un archivo de barrera</translation>
    </message>
    <message>
        <source>Gates (*.json)</source>
        <translation>Barreras (*.json)</translation>
    </message>
    <message>
        <source>Save the gate</source>
        <translation>Guardar la barrera</translation>
    </message>
    <message>
        <source>No limits yet: type some into the table, or begin with the usual ones.</source>
        <translation>Aún sin límites: escríbalos en la tabla o empiece por los usuales.</translation>
    </message>
    <message numerus="yes">
        <source>%n limit(s); no plan was compared yet.</source>
        <translation>
            <numerusform>%n límite; aún no se comparó ningún plan.</numerusform>
            <numerusform>%n límites; aún no se comparó ningún plan.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>✕ %1 breaks %2 of %n limit(s).</source>
        <translation>
            <numerusform>✕ %1 rompe %2 de %n límite.</numerusform>
            <numerusform>✕ %1 rompe %2 de %n límites.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>✓ %1 breaks none of %n limit(s).</source>
        <translation>
            <numerusform>✓ %1 respeta el %n límite.</numerusform>
            <numerusform>✓ %1 respeta los %n límites.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For %n of them nothing was measured: the check would fail.</source>
        <translation>
            <numerusform>Para %n de ellos no se midió nada: la comprobación fallaría.</numerusform>
            <numerusform>Para %n de ellos no se midió nada: la comprobación fallaría.</numerusform>
        </translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>sin guardar</translation>
    </message>
    <message>
        <source>%1, changed since</source>
        <translation>%1, modificado desde entonces</translation>
    </message>
</context>
<context>
    <name>espalier::views::GuideBar</name>
    <message>
        <source>Guide</source>
        <translation>Guía</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Primeros pasos</translation>
    </message>
    <message>
        <source>Close the guide</source>
        <translation>Cerrar la guía</translation>
    </message>
    <message>
        <source>Close the guide; Help &gt; First steps brings it back</source>
        <translation>Cerrar la guía; Ayuda &gt; Primeros pasos la recupera</translation>
    </message>
    <message>
        <source>Open a model folder, or the sample that comes with the program</source>
        <translation>Abra una carpeta de modelo o el ejemplo incluido</translation>
    </message>
    <message>
        <source>Measure on your own texts which experts do the work</source>
        <translation>Mida con sus textos qué expertos hacen el trabajo</translation>
    </message>
    <message>
        <source>Look at the map of experts: who serves which texts</source>
        <translation>Mire el mapa de expertos: quién sirve a qué textos</translation>
    </message>
    <message>
        <source>Choose what stays, against the memory you have; then save the plan</source>
        <translation>Elija lo que queda según la memoria que tiene; luego guarde el plan</translation>
    </message>
    <message>
        <source>Compare the plan with the whole model on texts that were not used for it</source>
        <translation>Compare el plan con el modelo entero en textos no usados para él</translation>
    </message>
    <message>
        <source>Write the smaller model, checked byte by byte</source>
        <translation>Escriba el modelo menor, comprobado byte a byte</translation>
    </message>
    <message>
        <source>All steps are done.</source>
        <translation>Todos los pasos están hechos.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Perfil</translation>
    </message>
    <message>
        <source>See</source>
        <translation>Ver</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Validate</source>
        <translation>Validar</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>%1, done</source>
        <translation>%1, hecho</translation>
    </message>
    <message>
        <source>%1, next</source>
        <translation>%1, siguiente</translation>
    </message>
</context>
<context>
    <name>espalier::views::Job</name>
    <message>
        <source>The engine program %1 could not be started: %2. Build the target espalier, or set ESPALIER_CLI to its path.</source>
        <translation>No se pudo iniciar el programa motor %1: %2. Compile el objetivo espalier o ponga su ruta en ESPALIER_CLI.</translation>
    </message>
    <message>
        <source>The engine program espalier was not found beside the studio or in PATH. Build the target espalier, or set ESPALIER_CLI to its path.</source>
        <translation>No se encontró el programa motor espalier junto al estudio ni en PATH. Compile el objetivo espalier o ponga su ruta en ESPALIER_CLI.</translation>
    </message>
    <message>
        <source>Engine %1, process %2</source>
        <translation>Motor %1, proceso %2</translation>
    </message>
    <message>
        <source>was ended by signal %1</source>
        <translation>fue detenido por la señal %1</translation>
    </message>
    <message>
        <source>ended with code %1</source>
        <translation>terminó con el código %1</translation>
    </message>
    <message>
        <source>before it began to work</source>
        <translation>antes de empezar a trabajar</translation>
    </message>
    <message>
        <source>during “%1”</source>
        <translation>durante «%1»</translation>
    </message>
    <message>
        <source>The engine %1 %2, without a result. The window and the open study are unchanged; everything the engine had saved is kept. Start it again, with Resume for a profile.</source>
        <translation>El motor %1 %2, sin resultado. La ventana y el estudio abierto no han cambiado; se conserva todo lo que el motor había guardado. Inícielo de nuevo, con Reanudar si era un perfil.</translation>
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
        <translation>Trabajo</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Fase</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progreso</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Ritmo</translation>
    </message>
    <message>
        <source>Left, or taken</source>
        <translation>Falta, o duró</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
</context>
<context>
    <name>espalier::views::JobsPane</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Copiar como orden</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Trabajos</translation>
    </message>
    <message>
        <source>Log of the job</source>
        <translation>Registro del trabajo</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerCounts</name>
    <message>
        <source>Experts kept per layer</source>
        <translation>Expertos conservados por capa</translation>
    </message>
    <message>
        <source>%1 in all</source>
        <translation>%1 en total</translation>
    </message>
    <message>
        <source>%1 of %2 experts stay. Click to set the count.</source>
        <translation>Se conservan %1 de %2 expertos. Haga clic para fijar el número.</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerStrip</name>
    <message>
        <source>Concentration per layer</source>
        <translation>Concentración por capa</translation>
    </message>
    <message>
        <source>Layer %1: not measured</source>
        <translation>Capa %1: no medida</translation>
    </message>
    <message numerus="yes">
        <source>Layer %1: entropy %2 of its maximum, as spread as %3 equally used experts, Gini %4, %n dead expert(s)</source>
        <translation>
            <numerusform>Capa %1: entropía %2 de su máximo, tan repartida como %3 expertos usados por igual, Gini %4, %n experto muerto</numerusform>
            <numerusform>Capa %1: entropía %2 de su máximo, tan repartida como %3 expertos usados por igual, Gini %4, %n expertos muertos</numerusform>
        </translation>
    </message>
    <message>
        <source>Entropy, %</source>
        <translation>Entropía, %</translation>
    </message>
    <message>
        <source>Eff.</source>
        <translation>Ef.</translation>
    </message>
    <message>
        <source>Gini</source>
        <translation>Gini</translation>
    </message>
    <message>
        <source>Dead</source>
        <translation>Muertos</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerTables</name>
    <message>
        <source>used more</source>
        <translation>más usado</translation>
    </message>
    <message>
        <source>used less</source>
        <translation>menos usado</translation>
    </message>
    <message>
        <source>not told apart from uniform</source>
        <translation>no se distingue de lo uniforme</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>muy pocos tokens para juzgar</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>no se sabe</translation>
    </message>
    <message>
        <source>rank</source>
        <translation>puesto</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>experto</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>tokens</translation>
    </message>
    <message>
        <source>ratio to uniform</source>
        <translation>razón respecto a lo uniforme</translation>
    </message>
    <message>
        <source>± 95 %</source>
        <translation>± 95 %</translation>
    </message>
    <message>
        <source>half of the 95 % interval</source>
        <translation>mitad del intervalo del 95 %</translation>
    </message>
    <message>
        <source>against uniform</source>
        <translation>frente a lo uniforme</translation>
    </message>
    <message>
        <source>experts chosen at least once</source>
        <translation>expertos elegidos al menos una vez</translation>
    </message>
    <message numerus="yes">
        <source>experts chosen at least %n time(s)</source>
        <translation>
            <numerusform>expertos elegidos al menos %n vez</numerusform>
            <numerusform>expertos elegidos al menos %n veces</numerusform>
        </translation>
    </message>
    <message>
        <source>and expert</source>
        <translation>y experto</translation>
    </message>
    <message>
        <source>tokens with both</source>
        <translation>tokens con ambos</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>esperados</translation>
    </message>
    <message>
        <source>Tokens that the two experts’ own use leads to expect</source>
        <translation>Tokens que cabe esperar por el uso de los dos expertos</translation>
    </message>
    <message>
        <source>ratio to expected</source>
        <translation>razón respecto a lo esperado</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerView</name>
    <message>
        <source>Pairs were not collected for these texts. A profile that collects everything counts them.</source>
        <translation>No se recogieron pares para estos textos. Un perfil que lo recoja todo los cuenta.</translation>
    </message>
    <message>
        <source>bars: 95 % of a share, tokens taken as independent, not corrected for the number of experts · dashed: uniform use · cross: too few tokens · association, not cause</source>
        <translation>barras: 95 % de una proporción, tokens tomados como independientes, sin corregir por el número de expertos · a trazos: uso uniforme · cruz: muy pocos tokens · asociación, no causa</translation>
    </message>
    <message>
        <source>Experts seen against tokens</source>
        <translation>Expertos vistos según tokens</translation>
    </message>
    <message>
        <source>expected for tokens drawn one by one; texts come in windows, so real texts need more</source>
        <translation>lo esperado con tokens extraídos uno a uno; los textos vienen en ventanas, así que los reales necesitan más</translation>
    </message>
    <message>
        <source>Chosen together</source>
        <translation>Elegidos juntos</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Uso</translation>
    </message>
    <message>
        <source>Experts seen</source>
        <translation>Expertos vistos</translation>
    </message>
    <message>
        <source>The layer as a table</source>
        <translation>La capa como tabla</translation>
    </message>
    <message>
        <source>Use of the experts of layer %1</source>
        <translation>Uso de los expertos de la capa %1</translation>
    </message>
    <message>
        <source>No pair of experts is chosen more often than their own use explains.</source>
        <translation>Ningún par de expertos se elige más de lo que explica su propio uso.</translation>
    </message>
    <message>
        <source>Most above what their own use explains: %1</source>
        <translation>Más por encima de lo que explica su propio uso: %1</translation>
    </message>
    <message>
        <source>Pairs of experts chosen by one token</source>
        <translation>Pares de expertos que elige un token</translation>
    </message>
    <message>
        <source>1 = as often as the two experts&apos; own use explains · × never together · cut corner: under %1 pairs expected, too few to judge</source>
        <translation>1 = tanto como explica el uso de los dos expertos · × nunca juntos · esquina cortada: menos de %1 pares esperados, muy pocos para juzgar</translation>
    </message>
    <message>
        <source>Experts %1 and %2</source>
        <translation>Expertos %1 y %2</translation>
    </message>
    <message>
        <source>Expert %1 with itself</source>
        <translation>Experto %1 consigo mismo</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>no medido</translation>
    </message>
    <message>
        <source>%1 of what their own use explains</source>
        <translation>%1 de lo que explica su propio uso</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>muy pocos tokens para juzgar</translation>
    </message>
    <message numerus="yes">
        <source>The %n pair(s) furthest above what their own use explains. The map and its copy hold all of them.</source>
        <translation>
            <numerusform>El %n par más por encima de lo que explica su propio uso. El mapa y su copia los contienen todos.</numerusform>
            <numerusform>Los %n pares más por encima de lo que explica su propio uso. El mapa y su copia los contienen todos.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::LikenessMatrix</name>
    <message>
        <source>Likeness of domains</source>
        <translation>Parecido entre dominios</translation>
    </message>
    <message>
        <source>%1 and %2: %3</source>
        <translation>%1 y %2: %3</translation>
    </message>
</context>
<context>
    <name>espalier::views::ManualDialog</name>
    <message>
        <source>Manual</source>
        <translation>Manual</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Contenido</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Inicio</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Panorama</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparación</translation>
    </message>
    <message>
        <source>Planner</source>
        <translation>Planificador</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validación</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportación</translation>
    </message>
    <message>
        <source>Concepts</source>
        <translation>Conceptos</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>Métodos</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>Línea de órdenes</translation>
    </message>
    <message>
        <source>From elsewhere</source>
        <translation>De otros programas</translation>
    </message>
    <message>
        <source>File formats</source>
        <translation>Formatos de archivo</translation>
    </message>
    <message>
        <source>Troubleshooting</source>
        <translation>Solución de problemas</translation>
    </message>
    <message>
        <source>Pages of the manual</source>
        <translation>Páginas del manual</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Carving</source>
        <translation>División en expertos</translation>
    </message>
    <message>
        <source>GPU and MPI</source>
        <translation>GPU y MPI</translation>
    </message>
    <message>
        <source>Merging</source>
        <translation>Fusionar</translation>
    </message>
</context>
<context>
    <name>espalier::views::MapTableModel</name>
    <message>
        <source>not measured</source>
        <translation>no medido</translation>
    </message>
    <message>
        <source>dead: no token</source>
        <translation>muerto: ningún token</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>muy pocos tokens</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Capa</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experto</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>± 95 %</source>
        <translation>± 95&#xa0;%</translation>
    </message>
    <message>
        <source>Rank in layer</source>
        <translation>Puesto en la capa</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
</context>
<context>
    <name>espalier::views::MethodTexts</name>
    <message>
        <source>Frequency</source>
        <translation>Frecuencia</translation>
    </message>
    <message>
        <source>how often the router picks the expert</source>
        <translation>cuántas veces elige el router al experto</translation>
    </message>
    <message>
        <source>Gate mass</source>
        <translation>Masa de enrutado</translation>
    </message>
    <message>
        <source>Σ gate weight over routed tokens, per layer</source>
        <translation>Σ del peso de enrutado sobre los tokens enrutados, por capa</translation>
    </message>
    <message>
        <source>SEER, hard</source>
        <translation>SEER, duro</translation>
    </message>
    <message>
        <source>share of tokens that pick the expert</source>
        <translation>cuota de tokens que eligen al experto</translation>
    </message>
    <message>
        <source>SEER, soft</source>
        <translation>SEER, blando</translation>
    </message>
    <message>
        <source>router probability summed over all tokens</source>
        <translation>suma de la probabilidad del router sobre todos los tokens</translation>
    </message>
    <message>
        <source>REAP, mean</source>
        <translation>REAP, media</translation>
    </message>
    <message>
        <source>mean of gate × ‖output‖ over routed tokens</source>
        <translation>media de peso × ‖salida‖ sobre los tokens enrutados</translation>
    </message>
    <message>
        <source>REAP, summed</source>
        <translation>REAP, suma</translation>
    </message>
    <message>
        <source>Σ gate × ‖output‖ over routed tokens, per layer</source>
        <translation>Σ peso × ‖salida‖ sobre los tokens enrutados, por capa</translation>
    </message>
    <message>
        <source>REAP, shrunk mean</source>
        <translation>REAP, media contraída</translation>
    </message>
    <message>
        <source>REAP’s mean, drawn towards the layer’s mean where few tokens were seen</source>
        <translation>la media de REAP, acercada a la de la capa donde se vieron pocos tokens</translation>
    </message>
    <message>
        <source>REAP, lower bound</source>
        <translation>REAP, cota inferior</translation>
    </message>
    <message>
        <source>what REAP’s mean is at least, with 97.5 % confidence: few tokens count little</source>
        <translation>lo que vale al menos la media de REAP, con un 97,5&#xa0;% de confianza: pocos tokens cuentan poco</translation>
    </message>
    <message>
        <source>MAN, mean output norm</source>
        <translation>MAN, norma media de la salida</translation>
    </message>
    <message>
        <source>mean of ‖output‖ over routed tokens</source>
        <translation>media de ‖salida‖ sobre los tokens enrutados</translation>
    </message>
    <message>
        <source>MSAN, mean squared norm</source>
        <translation>MSAN, norma cuadrada media</translation>
    </message>
    <message>
        <source>mean of ‖output‖² over routed tokens</source>
        <translation>media de ‖salida‖² sobre los tokens enrutados</translation>
    </message>
    <message>
        <source>Unified, n^a · mean of g^b ‖f‖^c</source>
        <translation>Unificado, n^a · media de g^b ‖f‖^c</translation>
    </message>
    <message>
        <source>the family of REAP, MAN and frequency; REAP by default</source>
        <translation>la familia de REAP, MAN y frecuencia; REAP por defecto</translation>
    </message>
    <message>
        <source>EASY-EP</source>
        <translation>EASY-EP</translation>
    </message>
    <message>
        <source>Σ gate × ‖output‖, weighted by how far the layer turns the token</source>
        <translation>Σ peso × ‖salida‖, ponderada por cuánto gira la capa al token</translation>
    </message>
    <message>
        <source>TCESS</source>
        <translation>TCESS</translation>
    </message>
    <message>
        <source>router logits of the tokens that rank the expert first</source>
        <translation>logits del router de los tokens que ponen al experto en primer lugar</translation>
    </message>
    <message>
        <source>PEU</source>
        <translation>PEU</translation>
    </message>
    <message>
        <source>how often the expert passes the domain’s probability threshold</source>
        <translation>cuántas veces supera el experto el umbral de probabilidad del dominio</translation>
    </message>
    <message>
        <source>SHAPE, coalitions</source>
        <translation>SHAPE, coaliciones</translation>
    </message>
    <message>
        <source>tokens of the sets of experts that only work with this one</source>
        <translation>tokens de los conjuntos de expertos que solo funcionan con este</translation>
    </message>
    <message>
        <source>AIMER, without texts</source>
        <translation>AIMER, sin textos</translation>
    </message>
    <message>
        <source>how far the expert’s weights are from all being one size</source>
        <translation>cuánto distan los pesos del experto de tener todos el mismo tamaño</translation>
    </message>
    <message>
        <source>STUN, without texts</source>
        <translation>STUN, sin textos</translation>
    </message>
    <message>
        <source>how far the expert’s router row is from those that stay</source>
        <translation>cuánto dista la fila del router del experto de las que se quedan</translation>
    </message>
    <message>
        <source>Random, as a control</source>
        <translation>Azar, como control</translation>
    </message>
    <message>
        <source>drawn by the seed: what a plan without knowledge gives</source>
        <translation>sorteado con la semilla: lo que da un plan sin conocimiento</translation>
    </message>
    <message>
        <source>Inner energy, mean</source>
        <translation>Energía interna, media</translation>
    </message>
    <message>
        <source>mean squared norm inside the expert, from llama.cpp’s importance matrix</source>
        <translation>norma cuadrada media dentro del experto, según la matriz de importancia de llama.cpp</translation>
    </message>
    <message>
        <source>Inner energy, summed</source>
        <translation>Energía interna, suma</translation>
    </message>
    <message>
        <source>Σ squared norm inside the expert, from llama.cpp’s importance matrix</source>
        <translation>Σ de la norma cuadrada dentro del experto, según la matriz de importancia de llama.cpp</translation>
    </message>
    <message>
        <source>uniform, same count in every layer</source>
        <translation>uniforme, igual en cada capa</translation>
    </message>
    <message>
        <source>every engine loads it</source>
        <translation>todos los motores lo cargan</translation>
    </message>
    <message>
        <source>global, one ranking over all layers</source>
        <translation>global, una sola clasificación de todas las capas</translation>
    </message>
    <message>
        <source>counts differ between layers</source>
        <translation>los números difieren entre capas</translation>
    </message>
    <message>
        <source>coverage, same share of score in every layer</source>
        <translation>cobertura, igual cuota por capa</translation>
    </message>
    <message>
        <source>knapsack, least predicted loss</source>
        <translation>mochila, mínima pérdida prevista</translation>
    </message>
    <message>
        <source>Never below top-k</source>
        <translation>Nunca menos que top-k</translation>
    </message>
    <message>
        <source>Super experts</source>
        <translation>Superexpertos</translation>
    </message>
    <message>
        <source>Outliers</source>
        <translation>Valores atípicos</translation>
    </message>
    <message>
        <source>A floor for every domain</source>
        <translation>Un mínimo para cada dominio</translation>
    </message>
    <message>
        <source>Leave one out, measured</source>
        <translation>Dejar uno fuera, medido</translation>
    </message>
    <message>
        <source>what the layer’s output loses without the expert</source>
        <translation>lo que pierde la salida de la capa sin el experto</translation>
    </message>
</context>
<context>
    <name>espalier::views::OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>Panorama</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabla</translation>
    </message>
    <message>
        <source>The same numbers as a table (T)</source>
        <translation>Los mismos números como tabla (T)</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>Exportar figura…</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Dominio</translation>
    </message>
    <message>
        <source>minus</source>
        <translation>menos</translation>
    </message>
    <message>
        <source>Shows the difference to another domain</source>
        <translation>Muestra la diferencia con otro dominio</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Mostrar</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Escala</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Lineal</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>Flag below</source>
        <translation>Marcar bajo</translation>
    </message>
    <message>
        <source>An expert seen by fewer tokens is marked: a mean over so few says little</source>
        <translation>Se marca un experto visto por menos tokens: una media de tan pocos dice poco</translation>
    </message>
    <message>
        <source>All domains, same scale</source>
        <translation>Todos los dominios, misma escala</translation>
    </message>
    <message>
        <source>The map as a table</source>
        <translation>El mapa como tabla</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>hace falta un perfil</translation>
    </message>
    <message numerus="yes">
        <source>%n domain(s)</source>
        <translation>
            <numerusform>%n dominio</numerusform>
            <numerusform>%n dominios</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was measured yet. A profile runs your texts through the model once and shows here which experts they use.</source>
        <translation>Aún no se ha medido nada. Un perfil pasa sus textos una vez por el modelo y muestra aquí qué expertos usan.</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Perfil nuevo…</translation>
    </message>
    <message>
        <source>Open a model, measure it on your texts, and see here what every expert does.</source>
        <translation>Abra un modelo, mídalo con sus textos y vea aquí qué hace cada experto.</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Abrir el ejemplo</translation>
    </message>
    <message>
        <source>all domains</source>
        <translation>todos los dominios</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nada</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nunca</translation>
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
        <translation>%1 menos %2</translation>
    </message>
    <message>
        <source>%1: %2 tokens in %3 windows</source>
        <translation>%1: %2 tokens en %3 ventanas</translation>
    </message>
    <message>
        <source>tile height is layer %1 to %2, width is expert 0 to %3</source>
        <translation>el alto de un mosaico va de la capa %1 a la %2, el ancho del experto 0 al %3</translation>
    </message>
    <message>
        <source>%1, %2 tokens in %3 windows</source>
        <translation>%1, %2 tokens en %3 ventanas</translation>
    </message>
    <message>
        <source>tokens measured</source>
        <translation>tokens medidos</translation>
    </message>
    <message>
        <source>windows</source>
        <translation>ventanas</translation>
    </message>
    <message>
        <source>median tokens per expert</source>
        <translation>mediana de tokens por experto</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>muy pocos tokens para juzgar</translation>
    </message>
    <message>
        <source>dead in every domain</source>
        <translation>muertos en todos los dominios</translation>
    </message>
    <message>
        <source>dead in this domain</source>
        <translation>muertos en este dominio</translation>
    </message>
    <message>
        <source>token counts</source>
        <translation>recuentos de tokens</translation>
    </message>
    <message>
        <source>gate weights</source>
        <translation>pesos de enrutado</translation>
    </message>
    <message>
        <source>expert outputs</source>
        <translation>salidas de los expertos</translation>
    </message>
    <message>
        <source>probabilities</source>
        <translation>probabilidades</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n capa</numerusform>
            <numerusform>%n capas</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 was imported from %2</source>
        <translation>%1 se importó de %2</translation>
    </message>
    <message>
        <source>%1; not known: %2</source>
        <translation>%1; no se conoce: %2</translation>
    </message>
    <message>
        <source>%1 (fingerprint %2…)</source>
        <translation>%1 (huella %2…)</translation>
    </message>
    <message>
        <source>%1 tokens, prefill</source>
        <translation>%1 tokens, prellenado</translation>
    </message>
    <message>
        <source>orange: %1 uses it more, blue: %2 does</source>
        <translation>naranja: %1 lo usa más, azul: %2</translation>
    </message>
    <message>
        <source>counts of top-%1 choices: association, not cause</source>
        <translation>recuento de elecciones top-%1: asociación, no causa</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>Capa %1, experto %2</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>no medido</translation>
    </message>
    <message>
        <source>%1 tokens and %2 tokens</source>
        <translation>%1 tokens y %2 tokens</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%1 de %2 tokens</translation>
    </message>
    <message>
        <source>dead: no token chose it</source>
        <translation>muerto: ningún token lo eligió</translation>
    </message>
    <message>
        <source>rank %1 of %2 in its layer by %3, %4</source>
        <translation>puesto %1 de %2 en su capa según %3, %4</translation>
    </message>
    <message numerus="yes">
        <source>Under %n token(s): its means may mislead.</source>
        <translation>
            <numerusform>Menos de %n token: sus medias pueden engañar.</numerusform>
            <numerusform>Menos de %n tokens: sus medias pueden engañar.</numerusform>
        </translation>
    </message>
    <message>
        <source>Previous domain</source>
        <translation>Dominio anterior</translation>
    </message>
    <message>
        <source>Next domain</source>
        <translation>Dominio siguiente</translation>
    </message>
    <message>
        <source>All domains</source>
        <translation>Todos los dominios</translation>
    </message>
    <message>
        <source>Domain %1</source>
        <translation>Dominio %1</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Mapa</translation>
    </message>
    <message>
        <source>Layers by experts</source>
        <translation>Capas por expertos</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Capa</translation>
    </message>
    <message>
        <source>One layer at a glance (Y)</source>
        <translation>Una capa de un vistazo (Y)</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Texts coloured by the expert that tokens chose (X)</source>
        <translation>Textos coloreados por el experto que eligieron los tokens (X)</translation>
    </message>
    <message>
        <source>Picture or table</source>
        <translation>Imagen o tabla</translation>
    </message>
    <message>
        <source>One layer at a glance</source>
        <translation>Una capa de un vistazo</translation>
    </message>
    <message>
        <source>Texts coloured by expert</source>
        <translation>Textos coloreados por experto</translation>
    </message>
    <message>
        <source>Arrows move · [ ] domain · T table · Y layer · X text · Ctrl+C copy</source>
        <translation>Flechas mueven · [ ] dominio · T tabla · Y capa · X texto · Ctrl+C copiar</translation>
    </message>
</context>
<context>
    <name>espalier::views::Page</name>
    <message>
        <source>%1: this page has no figure</source>
        <translation>%1: esta página no tiene figura</translation>
    </message>
    <message>
        <source>%1: this page has no table</source>
        <translation>%1: esta página no tiene tabla</translation>
    </message>
</context>
<context>
    <name>espalier::views::ParetoPlot</name>
    <message>
        <source>Memory against loss</source>
        <translation>Memoria frente a pérdida</translation>
    </message>
    <message>
        <source>device memory, %1</source>
        <translation>memoria del acelerador, %1</translation>
    </message>
    <message>
        <source>KL from base, nats per token</source>
        <translation>KL respecto a la base, nats por token</translation>
    </message>
    <message>
        <source>random control</source>
        <translation>control aleatorio</translation>
    </message>
    <message>
        <source>budget %1</source>
        <translation>presupuesto %1</translation>
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
        <translation>Copiar orden</translation>
    </message>
    <message>
        <source>Save placement…</source>
        <translation>Guardar ubicación…</translation>
    </message>
    <message>
        <source>Place, don’t prune</source>
        <translation>Colocar en vez de podar</translation>
    </message>
    <message>
        <source>The value of llama.cpp’s --override-tensor as a text file</source>
        <translation>El valor de --override-tensor de llama.cpp como archivo de texto</translation>
    </message>
    <message>
        <source>Save placement</source>
        <translation>Guardar ubicación</translation>
    </message>
    <message>
        <source>This plan keeps every expert: nothing has to leave the device.</source>
        <translation>Este plan conserva todos los expertos: nada tiene que salir del dispositivo.</translation>
    </message>
    <message>
        <source>If the machine has %1 of RAM to spare, keep every expert: within the memory of this plan’s experts llama.cpp holds those of %2 of %3 layers on the device (%4) and computes the others from RAM. Slower, but no quality is lost.</source>
        <translation>Si la máquina tiene %1 de RAM libres, conserve todos los expertos: en la memoria de los expertos de este plan, llama.cpp mantiene los de %2 de %3 capas en el dispositivo (%4) y calcula los demás desde la RAM. Más lento, pero sin perder calidad.</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanCutModel</name>
    <message>
        <source>set by hand</source>
        <translation>fijado a mano</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>muy pocos tokens</translation>
    </message>
    <message>
        <source>low score</source>
        <translation>puntuación baja</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experto</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanDomainModel</name>
    <message>
        <source>The statistics of %1 hold no gate weights: what a plan keeps of them is not known.</source>
        <translation>Las estadísticas de %1 no contienen pesos de enrutado: no se sabe cuánto conserva un plan.</translation>
    </message>
    <message>
        <source>%1 of the gate weight of %2 goes to experts that stay; in its worst layer %3. Floor %4.</source>
        <translation>%1 del peso de enrutado de %2 va a expertos que se quedan; en su peor capa, %3. Mínimo %4.</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>no se sabe</translation>
    </message>
    <message>
        <source>holds</source>
        <translation>cumple</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>falla</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Dominio</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Peso</translation>
    </message>
    <message>
        <source>Gate weight, predicted</source>
        <translation>Peso conservado, previsto</translation>
    </message>
    <message>
        <source>Kept, %</source>
        <translation>Queda, %</translation>
    </message>
    <message>
        <source>Lowest</source>
        <translation>Mínimo</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Veredicto</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanEditor</name>
    <message>
        <source>Layer %1 keeps %2 experts and the router chooses %2 per token. Keep another one first.</source>
        <translation>La capa %1 conserva %2 expertos y el router elige %2 por token. Conserve antes otro.</translation>
    </message>
    <message>
        <source>Every token takes one expert: there is none to leave out.</source>
        <translation>Cada token toma un solo experto: no hay ninguno que omitir.</translation>
    </message>
    <message>
        <source>The profile of %1 does not say how small a token’s later weights are. Measure it again with all usual statistics.</source>
        <translation>El perfil de %1 no dice cuán pequeños son los demás pesos de un token. Mídalo de nuevo con todas las estadísticas habituales.</translation>
    </message>
    <message>
        <source>Only a profile on texts says how small a token’s later weights are.</source>
        <translation>Solo un perfil con textos dice cuán pequeños son los demás pesos de un token.</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanHistory</name>
    <message>
        <source>saved</source>
        <translation>guardado</translation>
    </message>
    <message>
        <source>redo</source>
        <translation>rehacer</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Inicio</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanListModel</name>
    <message>
        <source>changed</source>
        <translation>modificado</translation>
    </message>
    <message>
        <source>validated</source>
        <translation>validado</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>previsto</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanTexts</name>
    <message>
        <source>Budget to %1</source>
        <translation>Presupuesto a %1</translation>
    </message>
    <message>
        <source>Rename to %1</source>
        <translation>Renombrar a %1</translation>
    </message>
    <message>
        <source>Method to %1</source>
        <translation>Método: %1</translation>
    </message>
    <message>
        <source>Seed to %1</source>
        <translation>Semilla a %1</translation>
    </message>
    <message>
        <source>Same count in every layer</source>
        <translation>El mismo número en cada capa</translation>
    </message>
    <message>
        <source>Allocator to %1</source>
        <translation>Repartidor: %1</translation>
    </message>
    <message>
        <source>Weight %1 %2 to %3</source>
        <translation>Peso de %1 de %2 a %3</translation>
    </message>
    <message>
        <source>Protect: %1</source>
        <translation>Proteger: %1</translation>
    </message>
    <message>
        <source>No longer protect: %1</source>
        <translation>Dejar de proteger: %1</translation>
    </message>
    <message>
        <source>Use my locks</source>
        <translation>Usar mis bloqueos</translation>
    </message>
    <message>
        <source>Ignore my locks</source>
        <translation>Ignorar mis bloqueos</translation>
    </message>
    <message>
        <source>Lock %1 as kept</source>
        <translation>Bloquear %1 como conservado</translation>
    </message>
    <message>
        <source>Lock %1 as dropped</source>
        <translation>Bloquear %1 como descartado</translation>
    </message>
    <message>
        <source>Unlock %1</source>
        <translation>Desbloquear %1</translation>
    </message>
    <message>
        <source>Context to %1 tokens</source>
        <translation>Contexto a %1 tokens</translation>
    </message>
    <message>
        <source>Sequences to %1</source>
        <translation>Secuencias a %1</translation>
    </message>
    <message numerus="yes">
        <source>Cache to %n byte(s) per value</source>
        <translation>
            <numerusform>Caché a %n byte por valor</numerusform>
            <numerusform>Caché a %n bytes por valor</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep %1 to %2 per layer</source>
        <translation>Conservar de %1 a %2 por capa</translation>
    </message>
    <message>
        <source>Keep %1 per layer</source>
        <translation>Conservar %1 por capa</translation>
    </message>
    <message>
        <source>Counts per layer by hand</source>
        <translation>Números por capa a mano</translation>
    </message>
    <message>
        <source>Keep %1</source>
        <translation>Conservar %1</translation>
    </message>
    <message>
        <source>Drop %1</source>
        <translation>Descartar %1</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) by hand</source>
        <translation>
            <numerusform>%n experto a mano</numerusform>
            <numerusform>%n expertos a mano</numerusform>
        </translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Editar</translation>
    </message>
    <message>
        <source>set by hand</source>
        <translation>fijado a mano</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>bloqueado</translation>
    </message>
    <message>
        <source>protected: super expert</source>
        <translation>protegido: superexperto</translation>
    </message>
    <message>
        <source>rank %1, layer keeps %2</source>
        <translation>puesto %1, la capa conserva %2</translation>
    </message>
    <message>
        <source>%1, %2 ×</source>
        <extracomment>domain, times the use of an average expert</extracomment>
        <translation>%1, %2 ×</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: kept</source>
        <translation>Capa %1, experto %2: conservado</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: dropped</source>
        <translation>Capa %1, experto %2: descartado</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Puntuación</translation>
    </message>
    <message>
        <source>Routed</source>
        <translation>Enrutados</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%1 de %2 tokens</translation>
    </message>
    <message>
        <source>Caution</source>
        <translation>Cautela</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>muy pocos tokens para juzgar</translation>
    </message>
    <message>
        <source>Most used by</source>
        <translation>Más usado por</translation>
    </message>
    <message>
        <source>Exponents to %1, %2, %3</source>
        <translation>Exponentes a %1, %2, %3</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per token</source>
        <translation>
            <numerusform>%n experto por token</numerusform>
            <numerusform>%n expertos por token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 experts per token in the mean</source>
        <translation>%1 expertos por token de media</translation>
    </message>
    <message>
        <source>Experts per token as the model has them</source>
        <translation>Expertos por token como en el modelo</translation>
    </message>
    <message>
        <source>Fill layers up to one count</source>
        <translation>Completar las capas a un mismo número</translation>
    </message>
    <message>
        <source>Layers keep their own counts</source>
        <translation>Las capas conservan su número</translation>
    </message>
    <message>
        <source>Protect: %1, %2</source>
        <translation>Proteger: %1, %2</translation>
    </message>
    <message>
        <source>One device of %1</source>
        <translation>Un dispositivo de %1</translation>
    </message>
    <message>
        <source>Devices changed</source>
        <translation>Dispositivos cambiados</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s), %1 in all</source>
        <translation>
            <numerusform>%n dispositivo, %1 en total</numerusform>
            <numerusform>%n dispositivos, %1 en total</numerusform>
        </translation>
    </message>
    <message>
        <source>Skip experts of small weight: %1</source>
        <translation>Omitir expertos de poco peso: %1</translation>
    </message>
    <message>
        <source>Skip no experts</source>
        <translation>No omitir expertos</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerPage</name>
    <message>
        <source>Undo</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rehacer</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>Guardar plan</translation>
    </message>
    <message>
        <source>Validate…</source>
        <translation>Validar…</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Expertos</translation>
    </message>
    <message>
        <source>hatched: dropped · square: lock · ring: super expert</source>
        <translation>rayado: descartado · cuadrado: bloqueo · anillo: superexperto</translation>
    </message>
    <message>
        <source>Kept per layer</source>
        <translation>Conservados por capa</translation>
    </message>
    <message>
        <source>Experts, kept and dropped</source>
        <translation>Expertos, conservados y descartados</translation>
    </message>
    <message>
        <source>Gate weight kept per domain</source>
        <translation>Peso de enrutado conservado por dominio</translation>
    </message>
    <message>
        <source>Mean over layers of the share of routed gate weight that stays; tick: lowest layer; red line: floor, 95 % weighted, 80 % others. Association, not cause: validate before use.</source>
        <translation>Media sobre las capas de la parte del peso de enrutado que se queda; marca: capa más baja; línea roja: mínimo, 95&#xa0;% los ponderados, 80&#xa0;% los demás. Asociación, no causa: valide antes de usar.</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>Planes</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nuevo</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Renombrar…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Eliminar</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
    <message>
        <source>Removed, nearest the cut</source>
        <translation>Descartados, los más cercanos al corte</translation>
    </message>
    <message>
        <source>Removed experts nearest the cut</source>
        <translation>Expertos descartados más cercanos al corte</translation>
    </message>
    <message>
        <source>score, × layer mean</source>
        <translation>puntos, × media de capa</translation>
    </message>
    <message>
        <source>%1, × the layer’s mean · %2 · %3 tokens</source>
        <translation>%1, × la media de la capa · %2 · %3 tokens</translation>
    </message>
    <message>
        <source>Planner</source>
        <translation>Planificador</translation>
    </message>
    <message>
        <source>journal saved %1</source>
        <translation>diario guardado %1</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>hace falta un perfil</translation>
    </message>
    <message numerus="yes">
        <source>%n plan(s)</source>
        <translation>
            <numerusform>%n plan</numerusform>
            <numerusform>%n planes</numerusform>
        </translation>
    </message>
    <message>
        <source>Space keeps or drops · L locks · drag selects a block · U same count in every layer</source>
        <translation>Espacio conserva o descarta · L bloquea · arrastrar selecciona un bloque · U mismo número en cada capa</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Perfil nuevo…</translation>
    </message>
    <message>
        <source>Open a model and measure it; then choose here which experts stay.</source>
        <translation>Abra un modelo y mídalo; después elija aquí qué expertos se quedan.</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Abrir el ejemplo</translation>
    </message>
    <message>
        <source>Rename plan</source>
        <translation>Renombrar plan</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>%1, %2, %3. Validated.</source>
        <translation>%1, %2, %3. Validado.</translation>
    </message>
    <message>
        <source>%1, %2, %3. Predicted, not validated.</source>
        <translation>%1, %2, %3. Previsto, no validado.</translation>
    </message>
    <message>
        <source>of %1 budget, %2 free; whole model %3</source>
        <translation>de un presupuesto de %1, %2 libres; modelo entero %3</translation>
    </message>
    <message>
        <source>of %1 budget, %2 too much; whole model %3</source>
        <translation>de un presupuesto de %1, %2 de más; modelo entero %3</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>cabe</translation>
    </message>
    <message>
        <source>over</source>
        <translation>excede</translation>
    </message>
    <message>
        <source>experts kept</source>
        <translation>expertos conservados</translation>
    </message>
    <message>
        <source>other weights</source>
        <translation>otros pesos</translation>
    </message>
    <message>
        <source>cache</source>
        <translation>caché</translation>
    </message>
    <message>
        <source>workspace</source>
        <translation>búferes</translation>
    </message>
    <message>
        <source>budget</source>
        <translation>presupuesto</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: kept, %3</source>
        <translation>Capa %1, experto %2: conservado, %3</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: dropped, %3</source>
        <translation>Capa %1, experto %2: descartado, %3</translation>
    </message>
    <message>
        <source>The same count in every layer</source>
        <translation>El mismo número en cada capa</translation>
    </message>
    <message>
        <source>Save and validate the plan</source>
        <translation>Guardar y validar el plan</translation>
    </message>
    <message>
        <source>A plan needs to know which experts your texts use: measure the model on a few texts first. Or score the weights alone (Study &gt; Score the weights): a preview that knows no texts.</source>
        <translation>Un plan necesita saber qué expertos usan sus textos: mida primero el modelo con unos cuantos textos. O puntúe solo los pesos (Estudio &gt; Puntuar los pesos): una vista previa que no conoce textos.</translation>
    </message>
    <message>
        <source>journal not saved</source>
        <translation>diario no guardado</translation>
    </message>
    <message>
        <source>Work on “%1” of %2 was not saved. Last step: %3.</source>
        <translation>El trabajo en «%1» del %2 no se guardó. Último paso: %3.</translation>
    </message>
    <message>
        <source>Take it up</source>
        <translation>Retomarlo</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>Descartarlo</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>Empezar de nuevo</translation>
    </message>
    <message>
        <source>over on %1</source>
        <translation>excede en %1</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerRequest</name>
    <message>
        <source>Budget</source>
        <translation>Presupuesto</translation>
    </message>
    <message>
        <source>Device memory</source>
        <translation>Memoria objetivo</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Contexto</translation>
    </message>
    <message>
        <source>tok</source>
        <comment>unit: tokens, short</comment>
        <translation>tok</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>Secuencias</translation>
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
        <translation>Tipo de caché</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conservar</translation>
    </message>
    <message>
        <source>Experts kept per layer</source>
        <translation>Expertos conservados por capa</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Método</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Semilla</translation>
    </message>
    <message>
        <source>Allocator</source>
        <translation>Repartidor</translation>
    </message>
    <message>
        <source>Protect</source>
        <translation>Proteger</translation>
    </message>
    <message>
        <source>%1 of %2, %3</source>
        <translation>%1 de %2, %3</translation>
    </message>
    <message>
        <source>Never below top-k (%1)</source>
        <translation>Nunca menos que top-k (%1)</translation>
    </message>
    <message numerus="yes">
        <source>Super experts (%n found)</source>
        <translation>
            <numerusform>Superexpertos (%n hallado)</numerusform>
            <numerusform>Superexpertos (%n hallados)</numerusform>
        </translation>
    </message>
    <message>
        <source>My locks (%1)</source>
        <translation>Mis bloqueos (%1)</translation>
    </message>
    <message>
        <source>Counts differ between layers</source>
        <translation>Los números difieren entre capas</translation>
    </message>
    <message>
        <source>No engine loads that as it is. The keep list can still be saved and validated.</source>
        <translation>Ningún motor carga eso tal cual. La lista puede guardarse y validarse igualmente.</translation>
    </message>
    <message>
        <source>Make uniform</source>
        <translation>Hacer uniforme</translation>
    </message>
    <message numerus="yes">
        <source>%n kept expert(s) rest on few tokens</source>
        <translation>
            <numerusform>%n experto conservado se apoya en pocos tokens</numerusform>
            <numerusform>%n expertos conservados se apoyan en pocos tokens</numerusform>
        </translation>
    </message>
    <message>
        <source>A mean over fewer than %1 tokens may overrate them: rarely used experts with large outputs win.</source>
        <translation>Una media de menos de %1 tokens puede sobrestimarlos: ganan expertos poco usados con salidas grandes.</translation>
    </message>
    <message>
        <source>Use the shrunk mean</source>
        <translation>Usar la media contraída</translation>
    </message>
    <message>
        <source>a</source>
        <comment>exponent of the count</comment>
        <translation>a</translation>
    </message>
    <message>
        <source>Exponent of the number of tokens</source>
        <translation>Exponente del número de tokens</translation>
    </message>
    <message>
        <source>Exponents of gate weight and output norm</source>
        <translation>Exponentes del peso de enrutado y de la norma de salida</translation>
    </message>
    <message>
        <source>b %1, c %2</source>
        <comment>exponents of gate weight and output norm</comment>
        <translation>b %1, c %2</translation>
    </message>
    <message>
        <source>Fill up to one count</source>
        <translation>Completar a un número</translation>
    </message>
    <message>
        <source>Stock engines read one number of experts for all layers: layers with fewer get their next best</source>
        <translation>Los motores corrientes leen un número de expertos para todas las capas: las que tienen menos reciben los siguientes mejores</translation>
    </message>
    <message>
        <source>Least per layer</source>
        <translation>Mínimo por capa</translation>
    </message>
    <message>
        <source>Outliers in all layers</source>
        <translation>Atípicos de todas las capas</translation>
    </message>
    <message>
        <source>Experts with extraordinary outputs, in the last layers too</source>
        <translation>Expertos con salidas extraordinarias, también en las últimas capas</translation>
    </message>
    <message>
        <source>Every domain keeps</source>
        <translation>Cada dominio conserva</translation>
    </message>
    <message>
        <source>Per layer and domain, the fewest experts that carry this share of its gate weight stay</source>
        <translation>Por capa y dominio se quedan los menos expertos que reúnen esta parte de su peso de enrutado</translation>
    </message>
    <message>
        <source> %</source>
        <translation>&#xa0;%</translation>
    </message>
    <message>
        <source>Share of gate weight that every domain keeps</source>
        <translation>Parte del peso de enrutado que conserva cada dominio</translation>
    </message>
    <message>
        <source>Super experts (not measured)</source>
        <translation>Superexpertos (no medidos)</translation>
    </message>
    <message>
        <source>The sum of the devices below</source>
        <translation>La suma de los dispositivos de abajo</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerTokens</name>
    <message>
        <source>Skipping</source>
        <translation>Omitir</translation>
    </message>
    <message>
        <source>Fewer experts for every token than the model&apos;s own number: faster, and another loss. Engines read one number for all layers.</source>
        <translation>Menos expertos por token que los del modelo: más rápido, con otra pérdida. Los motores leen un número para todas las capas.</translation>
    </message>
    <message>
        <source>Experts per token</source>
        <translation>Expertos por token</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>none</source>
        <comment>no experts are skipped</comment>
        <translation>ninguno</translation>
    </message>
    <message>
        <source>Skipping (not measured)</source>
        <translation>Omitir (no medido)</translation>
    </message>
    <message>
        <source>Token by token, experts whose weight is small beside the token&apos;s largest are left out: this share of the tokens falls below each threshold. Stock engines give every token all its experts; an export writes the rule beside the model.</source>
        <translation>Token a token se omiten los expertos cuyo peso es pequeño frente al mayor del token: esta proporción de los tokens queda por debajo de cada umbral. Los motores corrientes dan a cada token todos sus expertos; una exportación escribe la regla junto al modelo.</translation>
    </message>
    <message>
        <source>Thresholds of this plan: %1 to %2 of the largest weight.</source>
        <translation>Umbrales de este plan: de %1 a %2 del mayor peso.</translation>
    </message>
</context>
<context>
    <name>espalier::views::ProfileDataModel</name>
    <message>
        <source>Add at least one file of your texts: .txt, or .jsonl with a text in every line.</source>
        <translation>Añada al menos un archivo con sus textos: .txt, o .jsonl con un texto en cada línea.</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Dominio</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Archivo</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
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
        <translation>Iniciar</translation>
    </message>
    <message>
        <source>New profile</source>
        <translation>Perfil nuevo</translation>
    </message>
    <message>
        <source>Measure what every expert does on your texts</source>
        <translation>Medir qué hace cada experto con sus textos</translation>
    </message>
    <message>
        <source>One domain is one kind of text: a language, a task, a customer. Files of the same domain count together. A few hundred thousand tokens per domain are plenty.</source>
        <translation>Un dominio es una clase de texto: un idioma, una tarea, un cliente. Los archivos del mismo dominio cuentan juntos. Unos cientos de miles de tokens por dominio bastan de sobra.</translation>
    </message>
    <message>
        <source>Files and their domains</source>
        <translation>Archivos y sus dominios</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>Añadir archivos…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todos</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Ninguno</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> tokens</translation>
    </message>
    <message>
        <source>all</source>
        <translation>todos</translation>
    </message>
    <message>
        <source>basic: counts, gates and norms only, a smaller study</source>
        <translation>básico: solo recuentos, pesos y normas; estudio más pequeño</translation>
    </message>
    <message>
        <source>Go on with the unfinished run of these settings</source>
        <translation>Continuar el perfil inacabado de estos ajustes</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Ventana</translation>
    </message>
    <message>
        <source>Most per domain</source>
        <translation>Máximo por dominio</translation>
    </message>
    <message>
        <source>Collect</source>
        <translation>Recoger</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Add texts</source>
        <translation>Añadir textos</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl);;All files (*)</source>
        <translation>Textos (*.txt *.jsonl);;Todos los archivos (*)</translation>
    </message>
    <message numerus="yes">
        <source>Profile %n domain(s)</source>
        <translation>
            <numerusform>Perfilar %n dominio</numerusform>
            <numerusform>Perfilar %n dominios</numerusform>
        </translation>
    </message>
    <message>
        <source>Counting tokens…</source>
        <translation>Contando tokens…</translation>
    </message>
    <message>
        <source>About %1 tokens by the size of the files; they are counted when the run begins.</source>
        <translation>Unos %1 tokens según el tamaño de los archivos; se cuentan al empezar.</translation>
    </message>
    <message>
        <source>%1 tokens in %2 windows; the study grows by about %3. %4</source>
        <translation>%1 tokens en %2 ventanas; el estudio crece unos %3. %4</translation>
    </message>
    <message>
        <source>About %1 at the speed of the last run.</source>
        <translation>Unos %1 a la velocidad del último perfil.</translation>
    </message>
    <message>
        <source>The run can be cancelled at any time and resumed later.</source>
        <translation>El perfil puede cancelarse en cualquier momento y reanudarse después.</translation>
    </message>
    <message>
        <source>usual: all scores but leave-one-out, pairs of experts</source>
        <translation>lo habitual: todas las puntuaciones salvo dejar uno fuera, pares de expertos</translation>
    </message>
    <message>
        <source>everything: also a sample through every expert, slower</source>
        <translation>todo: también una muestra por cada experto, más lento</translation>
    </message>
</context>
<context>
    <name>espalier::views::Rail</name>
    <message>
        <source>Pages</source>
        <translation>Páginas</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Trabajos</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>Sin modelo</translation>
    </message>
    <message>
        <source>open one, or the sample</source>
        <translation>abra uno, o el ejemplo</translation>
    </message>
    <message>
        <source>%1 × %2 experts, top-%3</source>
        <translation>%1 × %2 expertos, top-%3</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s), dense</source>
        <translation>
            <numerusform>%n capa, densa</numerusform>
            <numerusform>%n capas, densas</numerusform>
        </translation>
    </message>
    <message>
        <source>none running</source>
        <translation>ninguno en curso</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>cancelando…</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>faltan %1</translation>
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
        <translation>%1, no encontrado</translation>
    </message>
    <message>
        <source>today %1</source>
        <translation>hoy %1</translation>
    </message>
    <message>
        <source>%1 does not exist any more. Delete removes it from the list.</source>
        <translation>%1 ya no existe. Supr lo quita de la lista.</translation>
    </message>
    <message>
        <source>Study or model</source>
        <translation>Estudio o modelo</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>Abierto</translation>
    </message>
</context>
<context>
    <name>espalier::views::RoutedText</name>
    <message numerus="yes">
        <source>%1, document %2, part %3 (%n token(s))</source>
        <translation>
            <numerusform>%1, documento %2, parte %3 (%n token)</numerusform>
            <numerusform>%1, documento %2, parte %3 (%n tokens)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, document %2 (%n token(s))</source>
        <translation>
            <numerusform>%1, documento %2 (%n token)</numerusform>
            <numerusform>%1, documento %2 (%n tokens)</numerusform>
        </translation>
    </message>
    <message>
        <source>part of a character</source>
        <translation>parte de un carácter</translation>
    </message>
    <message>
        <source>position</source>
        <translation>posición</translation>
    </message>
    <message>
        <source>token</source>
        <translation>token</translation>
    </message>
    <message>
        <source>expert %1</source>
        <translation>experto %1</translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation>peso %1</translation>
    </message>
    <message>
        <source>Trace the texts…</source>
        <translation>Rastrear los textos…</translation>
    </message>
    <message>
        <source>Trace again…</source>
        <translation>Rastrear de nuevo…</translation>
    </message>
    <message>
        <source>Text, coloured by expert</source>
        <translation>Texto coloreado por experto</translation>
    </message>
    <message>
        <source>Traced text</source>
        <translation>Texto rastreado</translation>
    </message>
    <message>
        <source>Colour of the tokens</source>
        <translation>Color de los tokens</translation>
    </message>
    <message>
        <source>Expert that a token chose first</source>
        <translation>Experto que el token eligió primero</translation>
    </message>
    <message>
        <source>Weight given to the expert under the cursor</source>
        <translation>Peso dado al experto bajo el cursor</translation>
    </message>
    <message>
        <source>Most chosen experts of the text</source>
        <translation>Expertos más elegidos del texto</translation>
    </message>
    <message>
        <source>Open the model’s folder to trace its texts.</source>
        <translation>Abra la carpeta del modelo para rastrear textos.</translation>
    </message>
    <message>
        <source>expert %1, weight %2</source>
        <translation>experto %1, peso %2</translation>
    </message>
    <message>
        <source>The stronger the ground, the larger the weight given to expert %1; no ground: not chosen.</source>
        <translation>Cuanto más intenso el fondo, mayor el peso dado al experto %1; sin fondo: no elegido.</translation>
    </message>
    <message>
        <source>others: no ground</source>
        <translation>otros: sin fondo</translation>
    </message>
    <message>
        <source>Layer %1. Underlined: expert %2 is among the %3 that a token chose; %4 of %5 tokens. Association, not cause.</source>
        <translation>Capa %1. Subrayado: el experto %2 está entre los %3 que eligió el token; %4 de %5 tokens. Asociación, no causa.</translation>
    </message>
    <message>
        <source>Traced under the plan %1.</source>
        <translation>Rastreado bajo el plan %1.</translation>
    </message>
    <message>
        <source>No text was traced yet. A trace runs some hundred tokens of every domain through the model and remembers which experts each one chose. It holds the texts themselves and lies in a file of its own beside the study.</source>
        <translation>Aún no se rastreó ningún texto. Un rastreo pasa unos cientos de tokens de cada dominio por el modelo y registra qué expertos eligió cada uno. Contiene los textos mismos y está en un archivo propio junto al estudio.</translation>
    </message>
    <message>
        <source>Layer %1 was not traced.</source>
        <translation>La capa %1 no se rastreó.</translation>
    </message>
</context>
<context>
    <name>espalier::views::ShareCurve</name>
    <message>
        <source>Cumulative share of assignments</source>
        <translation>Cuota acumulada de asignaciones</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per layer hold %1 of A and %2 of B</source>
        <translation>
            <numerusform>%n experto por capa reúne %1 de A y %2 de B</numerusform>
            <numerusform>%n expertos por capa reúnen %1 de A y %2 de B</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per layer hold %1</source>
        <translation>
            <numerusform>%n experto por capa reúne %1</numerusform>
            <numerusform>%n expertos por capa reúnen %1</numerusform>
        </translation>
    </message>
    <message>
        <source>experts per layer, most used first</source>
        <translation>expertos por capa, primero los más usados</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>expertos</translation>
    </message>
</context>
<context>
    <name>espalier::views::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Atajos de teclado</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Teclas</translation>
    </message>
    <message>
        <source>Does</source>
        <translation>Hace</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Dónde</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Buscar</translation>
    </message>
    <message>
        <source>Find a shortcut</source>
        <translation>Buscar un atajo</translation>
    </message>
</context>
<context>
    <name>espalier::views::SliderScale</name>
    <message>
        <source>%1, least</source>
        <translation>%1, mínimo</translation>
    </message>
    <message>
        <source>fits up to %1</source>
        <translation>cabe hasta %1</translation>
    </message>
</context>
<context>
    <name>espalier::views::SmallMultiples</name>
    <message>
        <source>All domains, same scale</source>
        <translation>Todos los dominios, misma escala</translation>
    </message>
</context>
<context>
    <name>espalier::views::Snapshot</name>
    <message>
        <source>%1 was traced with another model (fingerprint %2). Trace the texts again.</source>
        <translation>%1 se rastreó con otro modelo (huella %2). Rastree los textos de nuevo.</translation>
    </message>
</context>
<context>
    <name>espalier::views::StackBar</name>
    <message>
        <source>Memory</source>
        <translation>Memoria</translation>
    </message>
    <message>
        <source>removed %1</source>
        <translation>quitado %1</translation>
    </message>
    <message>
        <source>over by %1</source>
        <translation>excede en %1</translation>
    </message>
    <message>
        <source>%1, estimate</source>
        <translation>%1, estimado</translation>
    </message>
</context>
<context>
    <name>espalier::views::StartMemory</name>
    <message>
        <source>Profile…</source>
        <translation>Perfilar…</translation>
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
        <translation>Contexto, tokens</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>Secuencias</translation>
    </message>
    <message>
        <source>Cache type</source>
        <translation>Tipo de caché</translation>
    </message>
    <message>
        <source>Memory by part</source>
        <translation>Memoria por partes</translation>
    </message>
    <message>
        <source>What fits this machine</source>
        <translation>Qué cabe en esta máquina</translation>
    </message>
    <message>
        <source>Counts of experts and whether they fit</source>
        <translation>Números de expertos y si caben</translation>
    </message>
    <message>
        <source>%1, %2 parameters, %3 used per token; %4</source>
        <translation>%1, %2 parámetros, %3 usados por token; %4</translation>
    </message>
    <message>
        <source>Needs %1 to run as it is</source>
        <translation>Necesita %1 para funcionar tal cual</translation>
    </message>
    <message>
        <source>Weights and cache are exact, read from headers and config.json. The workspace of %1 is an estimate.</source>
        <translation>Pesos y caché son exactos, leídos de las cabeceras y de config.json. Los búferes de %1 son una estimación.</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Expertos</translation>
    </message>
    <message>
        <source>%1 layers × %2 × %3</source>
        <translation>%1 capas × %2 × %3</translation>
    </message>
    <message>
        <source>Shared experts</source>
        <translation>Expertos compartidos</translation>
    </message>
    <message>
        <source>used by every token</source>
        <translation>usados por cada token</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>Atención</translation>
    </message>
    <message>
        <source>q, k, v, o</source>
        <translation>q, k, v, o</translation>
    </message>
    <message>
        <source>Embedding and head</source>
        <translation>Incrustación y cabeza</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>Routers, norms, other</source>
        <translation>Routers, normas, otros</translation>
    </message>
    <message>
        <source>everything else in the checkpoint</source>
        <translation>todo lo demás del checkpoint</translation>
    </message>
    <message>
        <source>Key-value cache</source>
        <translation>Caché KV</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>Búferes</translation>
    </message>
    <message>
        <source>estimate for the engine here</source>
        <translation>estimación para el motor de aquí</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>Suma</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Parte</translation>
    </message>
    <message>
        <source>How it adds up</source>
        <translation>De dónde sale</translation>
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
        <translation>excede en %1</translation>
    </message>
    <message>
        <source>tight, %1 left</source>
        <translation>justo, quedan %1</translation>
    </message>
    <message>
        <source>fits, %1 left</source>
        <translation>cabe, quedan %1</translation>
    </message>
    <message>
        <source>largest with margin</source>
        <translation>máx. con margen</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
    <message>
        <source>Kept per layer</source>
        <translation>Conservados por capa</translation>
    </message>
    <message>
        <source>% kept</source>
        <translation>% conservado</translation>
    </message>
    <message>
        <source>Needs, %1</source>
        <translation>Necesita, %1</translation>
    </message>
    <message>
        <source>RAM, %1</source>
        <translation>RAM, %1</translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens × %n sequence(s)</source>
        <translation>
            <numerusform>%1 tokens × %n secuencia</numerusform>
            <numerusform>%1 tokens × %n secuencias</numerusform>
        </translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>too large</source>
        <translation>demasiado grande</translation>
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
        <translation>Inicio</translation>
    </message>
    <message>
        <source>Open a checkpoint. Only headers are read until you run something.</source>
        <translation>Abra un checkpoint. Solo se leen las cabeceras hasta que ejecute algo.</translation>
    </message>
    <message>
        <source>No model is open. Here you will see what it needs to run, part by part, and how many experts fit this machine.</source>
        <translation>No hay ningún modelo abierto. Aquí verá qué necesita para funcionar, parte por parte, y cuántos expertos caben en esta máquina.</translation>
    </message>
    <message>
        <source>Open model…   Ctrl+O</source>
        <translation>Abrir modelo…   Ctrl+O</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Recientes</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Borrar</translation>
    </message>
    <message>
        <source>Recent models and studies</source>
        <translation>Modelos y estudios recientes</translation>
    </message>
    <message>
        <source>Nothing was opened yet.</source>
        <translation>Aún no se ha abierto nada.</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>Ejemplo</translation>
    </message>
    <message>
        <source>A small trained model of 6 layers with 32 experts, 22 MiB, with texts of 12 domains. Every page works with it, on a CPU, in some minutes.</source>
        <translation>Un pequeño modelo entrenado de 6 capas con 32 expertos, 22 MiB, con textos de 12 dominios. Todas las páginas funcionan con él, en una CPU, en unos minutos.</translation>
    </message>
    <message>
        <source>The sample was not found beside the program. Install the program, or set ESPALIER_RESOURCES to its resources folder.</source>
        <translation>No se encontró el ejemplo junto al programa. Instale el programa o ponga en ESPALIER_RESOURCES su carpeta de recursos.</translation>
    </message>
    <message>
        <source>Open sample</source>
        <translation>Abrir el ejemplo</translation>
    </message>
    <message>
        <source>nothing opened yet</source>
        <translation>nada abierto todavía</translation>
    </message>
    <message numerus="yes">
        <source>%n recent</source>
        <translation>
            <numerusform>%n reciente</numerusform>
            <numerusform>%n recientes</numerusform>
        </translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Abrir archivo…</translation>
    </message>
</context>
<context>
    <name>espalier::views::TableText</name>
    <message>
        <source>%1: tables are written as .csv, .tsv or .json</source>
        <translation>%1: las tablas se escriben como .csv, .tsv o .json</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Choose a folder you may write to.</source>
        <translation>No se pudo escribir %1: %2. Elija una carpeta en la que pueda escribir.</translation>
    </message>
</context>
<context>
    <name>espalier::views::Together</name>
    <message>
        <source>× expected</source>
        <translation>× esperado</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>experto</translation>
    </message>
    <message>
        <source>never together</source>
        <translation>nunca juntos</translation>
    </message>
</context>
<context>
    <name>espalier::views::UseScatter</name>
    <message>
        <source>Use of every expert against uniform use</source>
        <translation>Uso de cada experto frente al uso uniforme</translation>
    </message>
    <message>
        <source>Not known: token counts were not measured here.</source>
        <translation>No se sabe: aquí no se contaron tokens.</translation>
    </message>
    <message numerus="yes">
        <source>Of %n expert(s), %1 are used more than uniform use would have it and %2 less; %3 cannot be told apart, %4 have too few tokens to judge.</source>
        <translation>
            <numerusform>De %n experto, %1 se usan más de lo que daría un uso uniforme y %2 menos; %3 no se distinguen, %4 tienen muy pocos tokens para juzgar.</numerusform>
            <numerusform>De %n expertos, %1 se usan más de lo que daría un uso uniforme y %2 menos; %3 no se distinguen, %4 tienen muy pocos tokens para juzgar.</numerusform>
        </translation>
    </message>
    <message>
        <source>Expert %1: %2 %3, %4 tokens, %5</source>
        <translation>Experto %1: %2 %3, %4 tokens, %5</translation>
    </message>
    <message>
        <source>experts, most used first</source>
        <translation>expertos, los más usados primero</translation>
    </message>
    <message>
        <source>ratio to uniform</source>
        <translation>razón respecto a lo uniforme</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationForm</name>
    <message>
        <source>Start</source>
        <translation>Iniciar</translation>
    </message>
    <message>
        <source>Plans to compare with the base</source>
        <translation>Planes que comparar con la base</translation>
    </message>
    <message>
        <source>Texts and tasks, not used for the scores</source>
        <translation>Textos y tareas no usados para las puntuaciones</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>Añadir un archivo…</translation>
    </message>
    <message>
        <source>Items per task</source>
        <translation>Elementos por tarea</translation>
    </message>
    <message>
        <source>all</source>
        <translation>todos</translation>
    </message>
    <message>
        <source>Random controls</source>
        <translation>Controles aleatorios</translation>
    </message>
    <message>
        <source>Texts or tasks</source>
        <translation>Textos o tareas</translation>
    </message>
    <message>
        <source>Texts and tasks (*.jsonl *.txt)</source>
        <translation>Textos y tareas (*.jsonl *.txt)</translation>
    </message>
    <message>
        <source>%1, text and exact match</source>
        <translation>%1, texto y coincidencia exacta</translation>
    </message>
    <message>
        <source>%1, text</source>
        <translation>%1, texto</translation>
    </message>
    <message numerus="yes">
        <source>Validate %n plan(s)</source>
        <translation>
            <numerusform>Validar %n plan</numerusform>
            <numerusform>Validar %n planes</numerusform>
        </translation>
    </message>
    <message>
        <source>Hold to the gate</source>
        <translation>Aplicar la barrera</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationModel</name>
    <message numerus="yes">
        <source>%1 holds all %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 cumple en el único dominio para el que se hizo (%n).</numerusform>
            <numerusform>%1 cumple en los %n dominios para los que se hizo.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 breaks all %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 falla en el único dominio para el que se hizo (%n).</numerusform>
            <numerusform>%1 falla en los %n dominios para los que se hizo.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 breaks %2 of the %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 falla en %2 de %n dominio para el que se hizo.</numerusform>
            <numerusform>%1 falla en %2 de los %n dominios para los que se hizo.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %n other(s) it breaks %1.</source>
        <translation>
            <numerusform>De %n otro falla en %1.</numerusform>
            <numerusform>De otros %n falla en %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>Limits: KL %1 nats, or %2 of the items lost with p &lt; %3.</source>
        <translation>Límites: KL %1 nats, o %2 de los elementos perdidos con p &lt; %3.</translation>
    </message>
    <message>
        <source>exact, %</source>
        <translation>exacto, %</translation>
    </message>
    <message>
        <source>perplexity</source>
        <translation>perplejidad</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 a %2</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>falla</translation>
    </message>
    <message>
        <source>holds</source>
        <translation>cumple</translation>
    </message>
    <message>
        <source>Not in the calibration</source>
        <translation>Fuera de la calibración</translation>
    </message>
    <message>
        <source>99th percentile %1 nats; same first choice %2</source>
        <translation>percentil 99 %1 nats; misma primera elección %2</translation>
    </message>
    <message>
        <source>%1 items right before and wrong now, %2 the other way, of %3</source>
        <translation>%1 elementos bien antes y mal ahora, %2 al revés, de %3</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Dominio</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Medida</translation>
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
        <translation>Cambios − / +</translation>
    </message>
    <message>
        <source>p, paired</source>
        <translation>p, pareada</translation>
    </message>
    <message>
        <source>KL</source>
        <translation>KL</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Veredicto</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationPage</name>
    <message>
        <source>Validation</source>
        <translation>Validación</translation>
    </message>
    <message>
        <source>base and plans scored in the same run, on texts not used for the scores</source>
        <translation>base y planes evaluados en la misma pasada, con textos no usados para las puntuaciones</translation>
    </message>
    <message>
        <source>Nothing was compared yet. Choose plans and texts below: the page will show what each cut costs, domain by domain, beside the memory it needs.</source>
        <translation>Aún no se ha comparado nada. Elija planes y textos abajo: la página mostrará lo que cuesta cada corte, dominio por dominio, junto a la memoria que necesita.</translation>
    </message>
    <message>
        <source>New comparison</source>
        <translation>Comparación nueva</translation>
    </message>
    <message>
        <source>Memory against loss</source>
        <translation>Memoria frente a pérdida</translation>
    </message>
    <message>
        <source>mean KL of the domains each plan was made for</source>
        <translation>KL media de los dominios para los que se hizo cada plan</translation>
    </message>
    <message>
        <source>dotted: best plan up to each size · points at 1e-5 are at or below it</source>
        <translation>punteado: mejor plan hasta cada tamaño · los puntos en 1e-5 están en él o por debajo</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Plan against base, per domain</source>
        <translation>Plan frente a base, por dominio</translation>
    </message>
    <message>
        <source>lost: %1</source>
        <translation>perdido: %1</translation>
    </message>
    <message>
        <source>needs a plan</source>
        <translation>hace falta un plan</translation>
    </message>
    <message>
        <source>nothing compared yet</source>
        <translation>nada comparado todavía</translation>
    </message>
    <message numerus="yes">
        <source>%n plan(s) validated</source>
        <translation>
            <numerusform>%n plan validado</numerusform>
            <numerusform>%n planes validados</numerusform>
        </translation>
    </message>
    <message>
        <source>Left and Right step through the points</source>
        <translation>Izquierda y derecha recorren los puntos</translation>
    </message>
    <message>
        <source>A validation compares saved plans with the whole model. Make and save a plan first.</source>
        <translation>Una validación compara planes guardados con el modelo entero. Haga y guarde primero un plan.</translation>
    </message>
    <message>
        <source>Go to the planner</source>
        <translation>Ir al planificador</translation>
    </message>
    <message>
        <source>%1, %2, against base</source>
        <translation>%1, %2, frente a la base</translation>
    </message>
    <message numerus="yes">
        <source>up to %n item(s) per task, greedy · flips: right to wrong / wrong to right · McNemar, not corrected for several tasks</source>
        <translation>
            <numerusform>hasta %n elemento por tarea, voraz · cambios: de bien a mal / de mal a bien · McNemar, sin corrección por varias tareas</numerusform>
            <numerusform>hasta %n elementos por tarea, voraz · cambios: de bien a mal / de mal a bien · McNemar, sin corrección por varias tareas</numerusform>
        </translation>
    </message>
    <message>
        <source>texts only: no task was scored</source>
        <translation>solo textos: no se evaluó ninguna tarea</translation>
    </message>
    <message>
        <source>The plan was changed after this run: validate again.</source>
        <translation>El plan cambió después de esta medición: valide de nuevo.</translation>
    </message>
    <message>
        <source>%1 selected · %2 · KL %3 nats per token on its own domains</source>
        <translation>%1 seleccionado · %2 · KL %3 nats por token en sus propios dominios</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Resultados</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Respuestas</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>Barrera</translation>
    </message>
    <message>
        <source>Ctrl+Return asks base and plan</source>
        <translation>Ctrl+Intro pregunta a base y plan</translation>
    </message>
    <message>
        <source>F2 or typing edits a limit; an empty field is no limit</source>
        <translation>F2 o escribir edita un límite; vacío es sin límite</translation>
    </message>
    <message numerus="yes">
        <source>%n domain(s) outside the calibration: %1. Keep such texts away from this plan, or add them to the plan’s domains.</source>
        <translation>
            <numerusform>%n dominio fuera de la calibración: %1. No use el plan con esos textos o añádalos a sus dominios.</numerusform>
            <numerusform>%n dominios fuera de la calibración: %1. No use el plan con esos textos o añádalos a sus dominios.</numerusform>
        </translation>
    </message>
    <message>
        <source>Breaks</source>
        <translation>Falla</translation>
    </message>
    <message numerus="yes">
        <source>The gate is broken in %n place(s); the view Gate shows which.</source>
        <translation>
            <numerusform>La barrera se rompe en %n punto; la vista Barrera muestra cuál.</numerusform>
            <numerusform>La barrera se rompe en %n puntos; la vista Barrera muestra cuáles.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::WeightPreview</name>
    <message>
        <source>Table</source>
        <translation>Tabla</translation>
    </message>
    <message>
        <source>First look, from the weights alone</source>
        <translation>Primer vistazo, solo por los pesos</translation>
    </message>
    <message>
        <source>Score of the first look</source>
        <translation>Puntuación del primer vistazo</translation>
    </message>
    <message>
        <source>The same numbers as a table</source>
        <translation>Las mismas cifras en tabla</translation>
    </message>
    <message>
        <source>Experts, scored from the weights alone</source>
        <translation>Expertos, puntuados solo por los pesos</translation>
    </message>
    <message>
        <source>Scores from the weights as a table</source>
        <translation>Puntuaciones por los pesos en tabla</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: %3 %4, rank %5 of %6</source>
        <translation>Capa %1, experto %2: %3 %4, puesto %5 de %6</translation>
    </message>
    <message>
        <source>No text was run: this knows the weights, not your use. Bright experts stay first. Profile before you cut.</source>
        <translation>No se ejecutó ningún texto: se conocen los pesos, no su uso. Los expertos claros se quedan primero. Perfile antes de recortar.</translation>
    </message>
    <message>
        <source>The folder of this study&apos;s model is not known. Open the model itself once.</source>
        <translation>No se conoce la carpeta del modelo de este estudio. Abra una vez el propio modelo.</translation>
    </message>
    <message>
        <source>Waits for the job that runs now.</source>
        <translation>Espera al trabajo en curso.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Reading the experts, %1…</source>
        <translation>Leyendo los expertos, %1…</translation>
    </message>
    <message>
        <source>Reading the experts…</source>
        <translation>Leyendo los expertos…</translation>
    </message>
    <message>
        <source>One read of %1 of experts, about %2 on this machine. No texts are needed.</source>
        <translation>Una lectura de %1 de expertos, unos %2 en este equipo. No hacen falta textos.</translation>
    </message>
    <message>
        <source>Score the weights</source>
        <translation>Puntuar los pesos</translation>
    </message>
    <message>
        <source>The scores could not be computed. %1</source>
        <translation>No se pudieron calcular las puntuaciones. %1</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Cancelado.</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Measures which experts of a Mixture-of-Experts model serve your texts, and cuts the others.</source>
        <translation>Mide qué expertos de un modelo Mixture-of-Experts sirven a sus textos y poda los demás.</translation>
    </message>
    <message>
        <source>Model folder, .safetensors file or .espalier study.</source>
        <translation>Carpeta de modelo, archivo .safetensors o estudio .espalier.</translation>
    </message>
    <message>
        <source>Page to begin with: start, overview, compare, planner, validation, export.</source>
        <translation>Página inicial: start, overview, compare, planner, validation, export.</translation>
    </message>
    <message>
        <source>Colours: light, dark or system.</source>
        <translation>Colores: light (claro), dark (oscuro) o system (sistema).</translation>
    </message>
    <message>
        <source>Write the report of a study with --pdf and end; needs no display.</source>
        <translation>Escribir el informe de un estudio con --pdf y terminar; no necesita pantalla.</translation>
    </message>
    <message>
        <source>PDF that --report writes.</source>
        <translation>PDF que escribe --report.</translation>
    </message>
</context>
</TS>
