<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>DropTarget</name>
    <message>
        <source>One local folder or file at a time.</source>
        <translation>一次只能放入一个本地文件夹或文件。</translation>
    </message>
    <message>
        <source>%1 holds no config.json.</source>
        <translation>%1 中没有 config.json。</translation>
    </message>
    <message>
        <source>%1 is neither a model nor a study.</source>
        <translation>%1 既不是模型也不是研究文件。</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
</context>
<context>
    <name>HeatmapFigure</name>
    <message>
        <source>expert</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>dead: 0 tokens</source>
        <translation>闲置：0 个 token</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>token 太少</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>已剪除</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>super expert</source>
        <translation>超级专家</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
</context>
<context>
    <name>JobState</name>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled, partial work kept</source>
        <translation>已取消，保留已完成部分</translation>
    </message>
</context>
<context>
    <name>OverviewMap</name>
    <message>
        <source>ratio to uniform</source>
        <translation>与均匀分配之比</translation>
    </message>
    <message>
        <source>× uniform share</source>
        <translation>× 均匀份额</translation>
    </message>
    <message>
        <source>share of assignments</source>
        <translation>分配份额</translation>
    </message>
    <message>
        <source>% of the layer&apos;s assignments</source>
        <translation>占该层分配的 %</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Colour scale</source>
        <translation>色标</translation>
    </message>
    <message>
        <source>{}; x: no token, grey: not measured</source>
        <translation>{}；x：无 token，灰色：未测量</translation>
    </message>
    <message>
        <source>Memory against divergence</source>
        <translation>内存与散度</translation>
    </message>
    <message>
        <source>mean KL divergence from the whole model, nats per token</source>
        <translation>与完整模型的平均 KL 散度，nat/token</translation>
    </message>
    <message>
        <source>predicted memory, {}; weights of the whole model: {}</source>
        <translation>预计内存，{}；完整模型的权重：{}</translation>
    </message>
    <message>
        <source>The model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>{}: family {}, {} layers, {} of them with experts; {} experts per layer, {} chosen per token{}. {} parameters, {} of them used per token. Router: {}.</source>
        <translation>{}：系列 {}，{} 层，其中 {} 层有专家；每层 {} 个专家，每个 token 选 {} 个{}。{} 个参数，每个 token 使用其中 {} 个。路由器：{}。</translation>
    </message>
    <message>
        <source> beside {} shared</source>
        <translation>，另有 {} 个共享专家</translation>
    </message>
    <message>
        <source>Tensor bytes by part</source>
        <translation>各部分的张量字节数</translation>
    </message>
    <message>
        <source>part</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>{}: which experts serve which texts</source>
        <translation>{}：哪些专家服务于哪些文本</translation>
    </message>
    <message>
        <source>Study {}, fingerprint {}, written by Espalier {}</source>
        <translation>研究 {}，指纹 {}，由 Espalier {} 生成</translation>
    </message>
    <message>
        <source>routed experts</source>
        <translation>路由专家</translation>
    </message>
    <message>
        <source>shared experts</source>
        <translation>共享专家</translation>
    </message>
    <message>
        <source>router</source>
        <translation>路由器</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>total</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>Texts that were measured</source>
        <translation>已测量的文本</translation>
    </message>
    <message>
        <source>domain</source>
        <translation>领域</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>token</translation>
    </message>
    <message>
        <source>windows</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>data, SHA-256</source>
        <translation>数据，SHA-256</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} / {}</translation>
    </message>
    <message>
        <source>imported from {}</source>
        <translation>导入自 {}</translation>
    </message>
    <message>
        <source>{} tokens</source>
        <translation>{} 个 token</translation>
    </message>
    <message>
        <source>tokens not known</source>
        <translation>token 数未知</translation>
    </message>
    <message>
        <source>times the share of an even router</source>
        <translation>倍于均匀路由器的份额</translation>
    </message>
    <message>
        <source>{}: the {} experts with the largest {}</source>
        <translation>{}：{} 个“{}”最大的专家</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>tokens routed</source>
        <translation>路由到的 token</translation>
    </message>
    <message>
        <source>of the layer&apos;s tokens</source>
        <translation>占该层 token</translation>
    </message>
    <message>
        <source>(too few to judge)</source>
        <translation>（太少，无法判断）</translation>
    </message>
    <message>
        <source>{} to {}</source>
        <translation>{} 至 {}</translation>
    </message>
    <message>
        <source>{}: layers in numbers</source>
        <translation>{}：各层数据</translation>
    </message>
    <message>
        <source>entropy, of its maximum</source>
        <translation>熵，占最大值</translation>
    </message>
    <message>
        <source>effective experts</source>
        <translation>有效专家数</translation>
    </message>
    <message>
        <source>Gini</source>
        <translation>基尼</translation>
    </message>
    <message>
        <source>without a token</source>
        <translation>无 token</translation>
    </message>
    <message>
        <source>What the experts do</source>
        <translation>专家的作用</translation>
    </message>
    <message>
        <source>No text has been measured yet: `espalier profile` or the window&apos;s Profile does it.</source>
        <translation>尚未测量任何文本：用 `espalier profile` 或窗口中的剖析来完成。</translation>
    </message>
    <message>
        <source>{} has no map: {}</source>
        <translation>{} 没有图：{}</translation>
    </message>
    <message>
        <source>Maps of {}: {}. Rows are layers, columns experts; right of each map the entropy of the routing, the number of equally used experts that would be as spread, the Gini coefficient and the share of experts without a token. Counts are association, not cause: only a validation tells what a cut costs.</source>
        <translation>{} 的图：{}。行为层，列为专家；每幅图右侧为路由的熵、同等分散所需的均匀使用专家数、基尼系数以及无 token 专家的占比。计数只表示关联而非因果：裁剪的代价只有验证才能得知。</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>{} and {} more</source>
        <translation>{} 及另外 {} 个</translation>
    </message>
    <message>
        <source>{}: experts that stay</source>
        <translation>{}：保留的专家</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>ids</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>The study holds no plan.</source>
        <translation>该研究中没有方案。</translation>
    </message>
    <message>
        <source>Plans of the study. Memory is predicted: weights exactly, cache by formula, workspace estimated. Own gate weight: what the router gives to kept experts in the domains that a plan was made for, the least of them</source>
        <translation>该研究的方案。内存为预计值：权重精确，缓存按公式，工作区为估计。自身门控权重：在方案所针对的领域中路由器给予保留专家的权重，取其最小值</translation>
    </message>
    <message>
        <source>plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>score</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>allocator</source>
        <translation>分配器</translation>
    </message>
    <message>
        <source>protectors</source>
        <translation>保护</translation>
    </message>
    <message>
        <source>domains</source>
        <translation>领域</translation>
    </message>
    <message>
        <source>kept per layer</source>
        <translation>每层保留</translation>
    </message>
    <message>
        <source>per token</source>
        <translation>每 token</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>of the model</source>
        <translation>占模型</translation>
    </message>
    <message>
        <source>own gate weight</source>
        <translation>自身门控权重</translation>
    </message>
    <message>
        <source>made, UTC</source>
        <translation>创建时间，UTC</translation>
    </message>
    <message>
        <source>Plan {} is not shown: {}</source>
        <translation>未显示方案 {}：{}</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>不一</translation>
    </message>
    <message>
        <source>Share of the router&apos;s gate weight that the kept experts carry, and in the worst layer</source>
        <translation>保留专家所承载的路由器门控权重份额，以及最差一层的份额</translation>
    </message>
    <message>
        <source>planned for it</source>
        <translation>是否针对</translation>
    </message>
    <message>
        <source>worst layer</source>
        <translation>最差层</translation>
    </message>
    <message>
        <source>context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>began, UTC</source>
        <translation>开始时间，UTC</translation>
    </message>
    <message>
        <source>arithmetic</source>
        <translation>算术</translation>
    </message>
    <message>
        <source>statistics</source>
        <translation>统计量</translation>
    </message>
    <message>
        <source>program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Files that were read</source>
        <translation>已读取的文件</translation>
    </message>
    <message>
        <source>file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Exports</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预计</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>已校验</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Where this comes from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>fact</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>study</source>
        <translation>研究</translation>
    </message>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>fingerprint of the model</source>
        <translation>模型指纹</translation>
    </message>
    <message>
        <source>fingerprint of the tokenizer</source>
        <translation>分词器指纹</translation>
    </message>
    <message>
        <source>report written by</source>
        <translation>报告生成者</translation>
    </message>
    <message>
        <source>Run {}: {}</source>
        <translation>运行 {}：{}</translation>
    </message>
    <message>
        <source>Commands that repeat the work, from what the study has stored:</source>
        <translation>根据研究中保存的内容，可重复这些工作的命令：</translation>
    </message>
    <message>
        <source>{} step(s) have no command: imports, plans set by hand or brought from elsewhere, and steps of programs that did not store theirs.</source>
        <translation>{} 个步骤没有命令：导入、手工设置或外来的方案，以及未保存命令的程序步骤。</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>others: {}</source>
        <translation>其他：{}</translation>
    </message>
    <message>
        <source>{}; others: {}</source>
        <translation>{}；其他：{}</translation>
    </message>
    <message>
        <source>Plans that were validated</source>
        <translation>已验证的方案</translation>
    </message>
    <message>
        <source>memory, predicted</source>
        <translation>内存，预计</translation>
    </message>
    <message>
        <source>mean KL</source>
        <translation>平均 KL</translation>
    </message>
    <message>
        <source>over</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>不达标</translation>
    </message>
    <message>
        <source>measured, UTC</source>
        <translation>测量时间，UTC</translation>
    </message>
    <message>
        <source>{} (random)</source>
        <translation>{}（随机）</translation>
    </message>
    <message>
        <source>its own texts</source>
        <translation>自身文本</translation>
    </message>
    <message>
        <source>all texts</source>
        <translation>全部文本</translation>
    </message>
    <message>
        <source>{}: texts</source>
        <translation>{}：文本</translation>
    </message>
    <message>
        <source>perplexity, whole</source>
        <translation>困惑度，完整</translation>
    </message>
    <message>
        <source>cut</source>
        <translation>裁剪后</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>比值</translation>
    </message>
    <message>
        <source>KL mean</source>
        <translation>KL 均值</translation>
    </message>
    <message>
        <source>KL p99</source>
        <translation>KL p99</translation>
    </message>
    <message>
        <source>same first choice</source>
        <translation>首选一致</translation>
    </message>
    <message>
        <source>{}: tasks, exact match</source>
        <translation>{}：任务，精确匹配</translation>
    </message>
    <message>
        <source>task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>items</source>
        <translation>条目</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>完整</translation>
    </message>
    <message>
        <source>95 % (Wilson)</source>
        <translation>95 %（Wilson）</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>丢失</translation>
    </message>
    <message>
        <source>gained</source>
        <translation>获得</translation>
    </message>
    <message>
        <source>p (McNemar)</source>
        <translation>p（McNemar）</translation>
    </message>
    <message>
        <source>What the cuts cost</source>
        <translation>裁剪的代价</translation>
    </message>
    <message>
        <source>Nothing has been validated: what a plan costs in quality is not known.</source>
        <translation>尚未验证：方案在质量上的代价未知。</translation>
    </message>
    <message>
        <source>Predicted memory against the mean KL divergence of a plan&apos;s own texts, or of all texts where none of its own was measured. Hollow: random plans of the same size; a plan that is no better than they are has learnt nothing from the texts.</source>
        <translation>预计内存与方案自身文本的平均 KL 散度；若自身文本均未测量，则为全部文本。空心：同样大小的随机方案；不优于它们的方案没有从文本中学到任何东西。</translation>
    </message>
    <message>
        <source>A domain breaks above a mean KL of {} nats per token, or when a task loses more than {:.0f} % of its items with p &lt; {}. Others are domains that the plan was not made for.</source>
        <translation>当平均 KL 超过每 token {0} nat，或某任务以 p &lt; {2} 丢失超过 {1:.0f} % 的条目时，该领域不达标。其他指方案并非针对的领域。</translation>
    </message>
    <message>
        <source>entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <source>eff.</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>dead</source>
        <translation>死</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
</context>
<context>
    <name>espalier::studio::MainWindow</name>
    <message>
        <source>Loading</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
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
        <translation>在程序旁未找到示例。请将 ESPALIER_RESOURCES 设为其资源文件夹。</translation>
    </message>
    <message>
        <source>The folder of this study&apos;s model is not known. Open the model itself once, then it can be measured.</source>
        <translation>不知道此研究所属模型的文件夹。请先打开一次模型本身，之后即可测量。</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>请先打开模型。</translation>
    </message>
    <message>
        <source>The folder %1 for the study could not be made. Open the model with a study in a folder you may write to.</source>
        <translation>无法为研究创建文件夹 %1。请用您有写权限的文件夹中的研究打开模型。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>A job is running</source>
        <translation>有任务正在运行</translation>
    </message>
    <message>
        <source>Cancel it and close</source>
        <translation>取消任务并关闭</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>留下</translation>
    </message>
    <message>
        <source>Open model…</source>
        <translation>打开模型…</translation>
    </message>
    <message>
        <source>Open a model folder; only headers are read</source>
        <translation>打开模型文件夹；只读取文件头</translation>
    </message>
    <message>
        <source>Ctrl+Shift+O</source>
        <translation>Ctrl+Shift+O</translation>
    </message>
    <message>
        <source>Open sample</source>
        <translation>打开示例</translation>
    </message>
    <message>
        <source>Open the model that comes with the program</source>
        <translation>打开程序自带的模型</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>导出图形…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+E</source>
        <translation>Ctrl+Shift+E</translation>
    </message>
    <message>
        <source>Write the figure of this page as PNG, SVG or PDF</source>
        <translation>将本页图形写为 PNG、SVG 或 PDF</translation>
    </message>
    <message>
        <source>Export table…</source>
        <translation>导出表格…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+T</source>
        <translation>Ctrl+Shift+T</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>报告…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+R</source>
        <translation>Ctrl+Shift+R</translation>
    </message>
    <message>
        <source>Write the study as one web page or PDF: maps, plans, validations, commands</source>
        <translation>将研究写成一个网页或 PDF：图、方案、验证、命令</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>Copy as table</source>
        <translation>复制为表格</translation>
    </message>
    <message>
        <source>Copy what the page shows as tab separated values</source>
        <translation>将页面内容复制为制表符分隔的数值</translation>
    </message>
    <message>
        <source>Profile…</source>
        <translation>测量…</translation>
    </message>
    <message>
        <source>Ctrl+P</source>
        <translation>Ctrl+P</translation>
    </message>
    <message>
        <source>Measure what every expert does on your texts</source>
        <translation>测量每个专家在您的文本上做了什么</translation>
    </message>
    <message>
        <source>Read the study again</source>
        <translation>重新读取研究</translation>
    </message>
    <message>
        <source>Ctrl+R</source>
        <translation>Ctrl+R</translation>
    </message>
    <message>
        <source>Read measurements and plans from the study file</source>
        <translation>从研究文件重新读取测量和方案</translation>
    </message>
    <message>
        <source>New plan</source>
        <translation>新建方案</translation>
    </message>
    <message>
        <source>Begin a plan with the planner&apos;s defaults</source>
        <translation>用规划器的默认设置开始一个方案</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>保存方案</translation>
    </message>
    <message>
        <source>Save the plan in the study</source>
        <translation>将方案保存到研究中</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>取消正在运行的任务</translation>
    </message>
    <message>
        <source>What it has saved so far is kept</source>
        <translation>已保存的部分会保留</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>重置布局</translation>
    </message>
    <message>
        <source>Put the docks back in their places</source>
        <translation>将停靠面板放回原位</translation>
    </message>
    <message>
        <source>Next area</source>
        <translation>下一区域</translation>
    </message>
    <message>
        <source>Rail, page, jobs</source>
        <translation>侧栏、页面、任务</translation>
    </message>
    <message>
        <source>About Espalier</source>
        <translation>关于 Espalier</translation>
    </message>
    <message>
        <source>Version and licences</source>
        <translation>版本与许可证</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;Espalier Studio %1&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Measures which experts of a Mixture-of-Experts model serve which texts, cuts the others, and checks the cut.&lt;/p&gt;&lt;p&gt;The window is under GPL-3.0-or-later (it uses QCustomPlot), the core and the command line under Apache-2.0.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Espalier Studio %1&lt;/b&gt;&lt;/p&gt;&lt;p&gt;测量混合专家（Mixture-of-Experts）模型的哪些专家服务于哪些文本，剪去其余专家，并检验剪枝结果。&lt;/p&gt;&lt;p&gt;窗口程序采用 GPL-3.0-or-later（使用 QCustomPlot），核心与命令行采用 Apache-2.0。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>手册</translation>
    </message>
    <message>
        <source>Read the manual</source>
        <translation>阅读手册</translation>
    </message>
    <message>
        <source>Show the page “%1”</source>
        <translation>显示“%1”页面</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Take back the last step of the plan</source>
        <translation>撤回方案的上一步</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
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
        <translation>再次执行该步骤</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Show or hide the jobs</source>
        <translation>显示或隐藏任务</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>窗口颜色</translation>
    </message>
    <message>
        <source>&amp;Study</source>
        <translation>研究(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Plan</source>
        <translation>方案(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>任务(&amp;J)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>打开模型文件夹</translation>
    </message>
    <message>
        <source>Export figure</source>
        <translation>导出图形</translation>
    </message>
    <message>
        <source>Figures (*.png *.svg *.pdf)</source>
        <translation>图形 (*.png *.svg *.pdf)</translation>
    </message>
    <message>
        <source>Export table</source>
        <translation>导出表格</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language of the window; it opens anew at the same page</source>
        <translation>窗口语言；将在同一页面重新打开</translation>
    </message>
    <message>
        <source>A job is running: the language changes when the window is opened next.</source>
        <translation>有任务正在运行：语言将在下次打开窗口时更改。</translation>
    </message>
    <message>
        <source>Write report</source>
        <translation>写报告</translation>
    </message>
    <message>
        <source>Web page (*.html);;PDF (*.pdf)</source>
        <translation>网页 (*.html);;PDF (*.pdf)</translation>
    </message>
    <message>
        <source>There is no study yet. Profile the model first, then there is something to report.</source>
        <translation>还没有研究。请先测量模型，之后才有内容可报告。</translation>
    </message>
    <message>
        <source>Writing %1…</source>
        <translation>正在写入 %1…</translation>
    </message>
    <message>
        <source>Report written: %1</source>
        <translation>报告已写入：%1</translation>
    </message>
    <message>
        <source>Command palette…</source>
        <translation>命令面板…</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>Find an action, page, plan, domain, score or expert by typing</source>
        <translation>输入文字查找操作、页面、方案、领域、分数或专家</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Ctrl+/</source>
        <translation>Ctrl+/</translation>
    </message>
    <message>
        <source>All keys of the window and its pages</source>
        <translation>窗口及各页面的所有按键</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Open this plan in the planner</source>
        <translation>在规划器中打开此方案</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>领域</translation>
    </message>
    <message>
        <source>Show this domain in the overview</source>
        <translation>在概览中显示此领域</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>分数</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>第 %1 层，专家 %2</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>Show this expert in the overview</source>
        <translation>在概览中显示此专家</translation>
    </message>
    <message>
        <source>The study has no such expert</source>
        <translation>研究中没有这个专家</translation>
    </message>
    <message>
        <source>everywhere</source>
        <translation>所有位置</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>方向键</translation>
    </message>
    <message>
        <source>Move the cursor</source>
        <translation>移动光标</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Home、End</translation>
    </message>
    <message>
        <source>First and last expert</source>
        <translation>第一个和最后一个专家</translation>
    </message>
    <message>
        <source>Page Up, Page Down</source>
        <translation>Page Up、Page Down</translation>
    </message>
    <message>
        <source>Eight layers up and down</source>
        <translation>向上、向下八层</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Open what the cursor stands on</source>
        <translation>打开光标所在项</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Keep or drop the expert (planner)</source>
        <translation>保留或剪除专家（规划器）</translation>
    </message>
    <message>
        <source>L</source>
        <translation>L</translation>
    </message>
    <message>
        <source>Lock or unlock the expert (planner)</source>
        <translation>锁定或解锁专家（规划器）</translation>
    </message>
    <message>
        <source>maps</source>
        <translation>图</translation>
    </message>
    <message>
        <source>The plan has steps that are not saved. Save it and choose the language again; else it changes when the window is opened next.</source>
        <translation>方案有未保存的步骤。请先保存，再重新选择语言；否则语言将在下次打开窗口时更改。</translation>
    </message>
    <message>
        <source>Score the weights</source>
        <translation>给权重打分</translation>
    </message>
    <message>
        <source>Read every expert once and score it without texts, for a first look</source>
        <translation>逐个读取专家一次，不用文本打分，供初步查看</translation>
    </message>
    <message>
        <source>Import statistics…</source>
        <translation>导入统计…</translation>
    </message>
    <message>
        <source>Ctrl+I</source>
        <translation>Ctrl+I</translation>
    </message>
    <message>
        <source>Add what llama.cpp, vLLM, ESFT or a table of counts says about the experts</source>
        <translation>加入 llama.cpp、vLLM、ESFT 或计数表对专家的描述</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>导入 %1</translation>
    </message>
    <message>
        <source>Import statistics</source>
        <translation>导入统计</translation>
    </message>
    <message>
        <source>Importance matrices (*.gguf *.dat *.imatrix);;ESFT traces (expert_weights_*.txt);;Routed experts (*.npy *.npz);;Counts (*.csv *.json);;All files (*)</source>
        <translation>重要性矩阵 (*.gguf *.dat *.imatrix);;ESFT 跟踪 (expert_weights_*.txt);;路由到的专家 (*.npy *.npz);;计数 (*.csv *.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Name of the domain. Left empty, the file says it, or its name is taken.</source>
        <translation>领域名称。留空则取文件中的名称，或文件名。</translation>
    </message>
    <message>
        <source>Write the table of this page as CSV, TSV or JSON</source>
        <translation>将本页的表格写为 CSV、TSV 或 JSON</translation>
    </message>
    <message>
        <source>Trace texts…</source>
        <translation>追踪文本…</translation>
    </message>
    <message>
        <source>Remember which experts single tokens choose, to read texts coloured by expert</source>
        <translation>记录每个 token 选择了哪些专家，以便阅读按专家着色的文本</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>第一步</translation>
    </message>
    <message>
        <source>Show the steps from a model to a bundle under the rail</source>
        <translation>显示从模型到模型包的步骤</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.json)</source>
        <translation>表格 (*.csv *.tsv *.json)</translation>
    </message>
    <message>
        <source>Texts to trace</source>
        <translation>要追踪的文本</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl)</source>
        <translation>文本 (*.txt *.jsonl)</translation>
    </message>
    <message numerus="yes">
        <source>Trace %n text(s)</source>
        <translation>
            <numerusform>追踪 %n 个文本</numerusform>
        </translation>
    </message>
    <message>
        <source>“%1” is still running. It can go on without the window: the study will hold its result. Cancelled, what it has saved so far is kept.</source>
        <translation>“%1”仍在运行。它可以在没有窗口的情况下继续：结果会写入研究。若取消，已保存的内容会保留。</translation>
    </message>
    <message>
        <source>Close, let it go on</source>
        <translation>关闭并让其继续</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Open a .espalier study, or a model that is one .gguf file</source>
        <translation>打开 .espalier 研究，或单个 .gguf 文件的模型</translation>
    </message>
    <message>
        <source>Open a study or a model file</source>
        <translation>打开研究或模型文件</translation>
    </message>
    <message>
        <source>Studies and models (*.espalier *.gguf *.safetensors);;Studies (*.espalier);;All files (*)</source>
        <translation>研究和模型 (*.espalier *.gguf *.safetensors);;研究 (*.espalier);;所有文件 (*)</translation>
    </message>
    <message>
        <source>%1 is no longer there</source>
        <translation>%1 已不存在</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>清空列表</translation>
    </message>
    <message>
        <source>Forget what was open; no file is touched</source>
        <translation>忘记打开过的内容；不改动任何文件</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>What was open before</source>
        <translation>以前打开过的内容</translation>
    </message>
    <message>
        <source>Score weights on opening</source>
        <translation>打开时对权重评分</translation>
    </message>
    <message>
        <source>Begin a first look without texts by itself when a model with up to 4 GiB of experts is opened</source>
        <translation>打开专家不超过 4 GiB 的模型时，自动开始无文本的初步一览</translation>
    </message>
</context>
<context>
    <name>espalier::views::AnswersPanel</name>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>What the whole model and a plan answer to the same prompt, greedily. Words that only one of them says are marked. A few answers prove nothing: they show what a number means.</source>
        <translation>完整模型与方案对同一提示的回答（贪心生成）。只有一方说出的词会被标出。少数回答证明不了什么：它们只说明数字的含义。</translation>
    </message>
    <message>
        <source>Answers side by side</source>
        <translation>并排的回答</translation>
    </message>
    <message>
        <source>Ask base and plan</source>
        <translation>向基础模型和方案提问</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Example</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Most tokens</source>
        <translation>最多词元</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Answer of the base</source>
        <translation>基础模型的回答</translation>
    </message>
    <message>
        <source>Answer of %1</source>
        <translation>%1 的回答</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>期望</translation>
    </message>
    <message>
        <source>waiting…</source>
        <translation>等待中…</translation>
    </message>
    <message>
        <source>the same, word for word</source>
        <translation>逐词相同</translation>
    </message>
    <message numerus="yes">
        <source>%n place(s) differ</source>
        <translation>
            <numerusform>%n 处不同</numerusform>
        </translation>
    </message>
    <message>
        <source>Base</source>
        <translation>基础模型</translation>
    </message>
    <message>
        <source>Nothing was asked yet. Choose an example or type a prompt, then Ask (Ctrl+Return).</source>
        <translation>尚未提问。选择一个示例或输入提示，然后点“提问”（Ctrl+Return）。</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
</context>
<context>
    <name>espalier::views::Banner</name>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
</context>
<context>
    <name>espalier::views::BundleView</name>
    <message>
        <source>Model card</source>
        <translation>模型卡</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>配方</translation>
    </message>
    <message>
        <source>Bundle</source>
        <translation>模型包</translation>
    </message>
    <message>
        <source>Files of the bundle</source>
        <translation>模型包中的文件</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>README.md of the bundle: how it was made, what was measured, how to load it</source>
        <translation>模型包中的 README.md：如何制作、测量了什么、如何加载</translation>
    </message>
    <message>
        <source>recipe.json of the bundle: the plan and its provenance</source>
        <translation>模型包中的 recipe.json：方案及其来源</translation>
    </message>
    <message>
        <source>files, sizes and hashes after writing</source>
        <translation>写入后的文件、大小和哈希</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s), %1; tensors %2, predicted %3</source>
        <translation>
            <numerusform>%n 个文件，%1；张量 %2，预测 %3</numerusform>
        </translation>
    </message>
    <message>
        <source>written to %1, which is no longer there</source>
        <translation>已写入 %1，但该处已不存在</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 could not be read from %2.</source>
        <translation>无法从 %2 读取 %1。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>espalier::views::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Action, page, plan, domain, score, or an expert as L12 E5</source>
        <translation>操作、页面、方案、领域、分数，或专家如 L12 E5</translation>
    </message>
    <message>
        <source>What to find</source>
        <translation>要查找的内容</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>找到的内容</translation>
    </message>
    <message>
        <source>Up and Down choose · Return runs · Escape closes</source>
        <translation>上下键选择 · 回车执行 · Esc 关闭</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1，%2，%3</translation>
    </message>
</context>
<context>
    <name>espalier::views::ComparePage</name>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>two domains of one study</source>
        <translation>同一研究的两个领域</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>导出图形…</translation>
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
        <translation>互换</translation>
    </message>
    <message>
        <source>Exchange A and B (X)</source>
        <translation>互换 A 和 B（X）</translation>
    </message>
    <message>
        <source>hide what the interval does not separate from 0</source>
        <translation>隐藏区间无法与 0 区分的部分</translation>
    </message>
    <message>
        <source>Cumulative share of assignments</source>
        <translation>分配的累积份额</translation>
    </message>
    <message>
        <source>experts sorted per layer, mean of layers</source>
        <translation>各层内排序的专家，取各层平均</translation>
    </message>
    <message>
        <source>Likeness of domains</source>
        <translation>领域相似度</translation>
    </message>
    <message>
        <source>Largest differences</source>
        <translation>最大的差异</translation>
    </message>
    <message>
        <source>share of the layer’s assignments, %</source>
        <translation>占该层分配的份额，%</translation>
    </message>
    <message>
        <source>95 % per cell, tokens taken as independent, not corrected over cells</source>
        <translation>每格 95&#xa0;%，假定 token 相互独立，未对多格作校正</translation>
    </message>
    <message>
        <source>2 domains chosen</source>
        <translation>已选 2 个领域</translation>
    </message>
    <message>
        <source>choose two domains</source>
        <translation>请选择两个领域</translation>
    </message>
    <message>
        <source>needs a second domain</source>
        <translation>需要第二个领域</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>需要先测量</translation>
    </message>
    <message>
        <source>Arrows move · X swaps · Ctrl+C copies the map</source>
        <translation>方向键移动 · X 互换 · Ctrl+C 复制图</translation>
    </message>
    <message>
        <source>Comparing needs two measured domains. Measure the model on two kinds of text first.</source>
        <translation>比较需要两个已测量的领域。请先在两类文本上测量模型。</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>新建测量…</translation>
    </message>
    <message>
        <source>Jaccard of the top %1 by gate mass, mean of layers; chance %2</source>
        <translation>按门控质量取前 %1 个专家的 Jaccard 系数，各层平均；随机水平 %2</translation>
    </message>
    <message>
        <source>A and B are the same domain: there is nothing to tell apart.</source>
        <translation>A 与 B 是同一领域：没有可区分的内容。</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>experts differ (95 % interval)</source>
        <translation>个专家有差异（95&#xa0;% 区间）</translation>
    </message>
    <message>
        <source>of assignments move, mean of layers</source>
        <translation>的分配发生转移，各层平均</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 与 %2</translation>
    </message>
    <message>
        <source>tokens in A and B</source>
        <translation>A 与 B 的 token 数</translation>
    </message>
    <message>
        <source>points of the layer’s assignments</source>
        <translation>占该层分配的百分点</translation>
    </message>
    <message>
        <source>%1 minus %2</source>
        <translation>%1 减 %2</translation>
    </message>
    <message>
        <source>%1 · %2 · orange: A uses it more, blue: B does · prefill · rows sum to 0 · association, not cause</source>
        <translation>%1 · %2 · 橙色：A 用得更多，蓝色：B 用得更多 · 预填充 · 每行之和为 0 · 是关联，不是因果</translation>
    </message>
    <message>
        <source>L%1 E%2</source>
        <translation>L%1 E%2</translation>
    </message>
    <message>
        <source>cannot tell</source>
        <translation>无法判断</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>专家</translation>
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
        <translation>更常用于</translation>
    </message>
    <message>
        <source>Layer %1, expert %2
A %3 %, B %4 %
difference %5 points %6</source>
        <translation>第 %1 层，专家 %2
A %3&#xa0;%，B %4&#xa0;%
相差 %5 个百分点 %6</translation>
    </message>
    <message>
        <source>Exchange the two domains</source>
        <translation>互换两个领域</translation>
    </message>
    <message>
        <source>Compare with another study</source>
        <translation>与另一个研究比较</translation>
    </message>
    <message>
        <source>Studies (*.espalier);;All files (*)</source>
        <translation>研究 (*.espalier);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Without %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>Other study…</source>
        <translation>其他研究…</translation>
    </message>
    <message>
        <source>Compare with what another study of this model measured</source>
        <translation>与该模型的另一个研究的测量结果比较</translation>
    </message>
    <message>
        <source>domains of this study and of %1</source>
        <translation>本研究与 %1 的领域</translation>
    </message>
    <message>
        <source>Only one domain was measured. Measure a second kind of text, or choose another study of the model, to compare it with.</source>
        <translation>只测量了一个领域。请测量第二类文本，或选择该模型的另一个研究来比较。</translation>
    </message>
</context>
<context>
    <name>espalier::views::CoveragePlot</name>
    <message>
        <source>Experts seen against tokens</source>
        <translation>已见专家与 token 数</translation>
    </message>
    <message>
        <source>Not known: token counts were not measured here.</source>
        <translation>未知：此处没有统计 token 数。</translation>
    </message>
    <message>
        <source>After all %1 tokens, %2 of %3 experts were chosen at least once and %4 at least %5 times.</source>
        <translation>在全部 %1 个 token 之后，%3 个专家中有 %2 个至少被选过一次，%4 个至少被选过 %5 次。</translation>
    </message>
    <message>
        <source>Half of them reach that after about %1 tokens.</source>
        <translation>约 %1 个 token 之后有一半专家达到这个次数。</translation>
    </message>
    <message>
        <source>%1 tokens: %2 experts chosen at least once, %3 at least %4 times</source>
        <translation>%1 个 token：%2 个专家至少被选一次，%3 个至少 %4 次</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个 token</translation>
    </message>
    <message>
        <source>tokens, drawn at random from those measured</source>
        <translation>token 数（从已测 token 中随机抽取）</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>专家数</translation>
    </message>
    <message>
        <source>—— chosen at least once</source>
        <translation>—— 至少被选一次</translation>
    </message>
    <message numerus="yes">
        <source>– – chosen at least %n time(s)</source>
        <translation>
            <numerusform>– – 至少被选 %n 次</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceBars</name>
    <message>
        <source>Memory by device</source>
        <translation>各设备内存</translation>
    </message>
    <message>
        <source>%1, %2: experts %3, other weights %4, cache %5, workspace %6, %7 of %8</source>
        <translation>%1，%2：专家 %3，其他权重 %4，缓存 %5，工作区 %6，共 %7 / %8</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceList</name>
    <message>
        <source>Add device</source>
        <translation>添加设备</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Whole layers go to several devices in order, as llama.cpp and vLLM split a model</source>
        <translation>整层按顺序分到多个设备，与 llama.cpp 和 vLLM 的切分方式相同</translation>
    </message>
    <message>
        <source>Take the chosen device off the list (Delete)</source>
        <translation>将所选设备移出列表（Delete）</translation>
    </message>
    <message>
        <source>The study does not say what each layer holds; all but the experts is taken as equal in all layers. Open the model for exact numbers.</source>
        <translation>研究未记录每层的内容；除专家外，其余部分视为各层相同。打开模型可得到精确数字。</translation>
    </message>
    <message>
        <source>The embedding is the head too and lies on the first and the last device.</source>
        <translation>嵌入兼作输出头，位于第一个和最后一个设备上。</translation>
    </message>
</context>
<context>
    <name>espalier::views::DeviceListModel</name>
    <message>
        <source>Device %1</source>
        <translation>设备 %1</translation>
    </message>
    <message>
        <source>no layer</source>
        <translation>无层</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>第 %1 层</translation>
    </message>
    <message>
        <source>layers %1 to %2</source>
        <translation>第 %1 至 %2 层</translation>
    </message>
    <message>
        <source>%1: needs %2 more</source>
        <translation>%1：还需 %2</translation>
    </message>
    <message>
        <source>%1: %2 free</source>
        <translation>%1：空闲 %2</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Needs</source>
        <translation>需要</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
</context>
<context>
    <name>espalier::views::DomainBars</name>
    <message>
        <source>Ratio to uniform by domain</source>
        <translation>各领域与均匀分配之比</translation>
    </message>
    <message>
        <source>uniform</source>
        <translation>均匀</translation>
    </message>
</context>
<context>
    <name>espalier::views::DropTarget</name>
    <message>
        <source>A wrong file never replaces the open one.</source>
        <translation>放错文件不会替换已打开的内容。</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message>
        <source>Drop a model folder, a .safetensors or .gguf file, or a .espalier study here</source>
        <translation>将模型文件夹、.safetensors 或 .gguf 文件、或 .espalier 研究拖到这里</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExpertCard</name>
    <message>
        <source>Choose an expert in the map, by click or arrow keys.</source>
        <translation>用鼠标或方向键在图中选择一个专家。</translation>
    </message>
    <message>
        <source>Ratio to uniform</source>
        <translation>与均匀分配之比</translation>
    </message>
    <message>
        <source>Share of assignments</source>
        <translation>分配份额</translation>
    </message>
    <message>
        <source>Routed tokens</source>
        <translation>路由到的 token</translation>
    </message>
    <message>
        <source>Mean gate weight</source>
        <translation>平均门控权重</translation>
    </message>
    <message>
        <source>REAP, mean</source>
        <translation>REAP，均值</translation>
    </message>
    <message>
        <source>REAP, summed</source>
        <translation>REAP，总和</translation>
    </message>
    <message>
        <source>Ratio by domain</source>
        <translation>各领域之比</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95&#xa0;% 区间</translation>
    </message>
    <message>
        <source>Chosen together with</source>
        <translation>常被一同选中</translation>
    </message>
    <message>
        <source>share of its tokens</source>
        <translation>占其 token 的份额</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>第 %1 层，专家 %2</translation>
    </message>
    <message>
        <source>Not known: no token chose it, or pairs were not collected.</source>
        <translation>未知：没有 token 选择它，或未收集专家对。</translation>
    </message>
    <message>
        <source>Tokens it takes</source>
        <translation>它处理的 token</translation>
    </message>
    <message>
        <source>Experts like it</source>
        <translation>相似的专家</translation>
    </message>
    <message>
        <source>Rank by score</source>
        <translation>按评分的名次</translation>
    </message>
    <message>
        <source>1 = first to keep</source>
        <translation>1 = 最先保留</translation>
    </message>
    <message>
        <source>Not traced. &lt;a href=&quot;trace&quot; style=&quot;color:%1&quot;&gt;Trace texts…&lt;/a&gt;</source>
        <translation>未追踪。&lt;a href=&quot;trace&quot; style=&quot;color:%1&quot;&gt;追踪文本…&lt;/a&gt;</translation>
    </message>
    <message>
        <source>Not traced.</source>
        <translation>未追踪。</translation>
    </message>
    <message>
        <source>%1 of %2 traced</source>
        <translation>追踪的 %2 个中有 %1 个</translation>
    </message>
    <message>
        <source>None of the traced tokens chose it.</source>
        <translation>追踪的 token 都没有选择它。</translation>
    </message>
    <message>
        <source>Largest weights:</source>
        <translation>最大的权重：</translation>
    </message>
    <message>
        <source>cosine of mean outputs</source>
        <translation>平均输出的余弦</translation>
    </message>
    <message>
        <source>correlation in the router</source>
        <translation>路由器中的相关</translation>
    </message>
    <message>
        <source>Not known: no token chose it, or outputs were not collected.</source>
        <translation>未知：没有 token 选择它，或没有收集输出。</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Not known yet.</source>
        <translation>尚未知道。</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportCheckModel</name>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>结果</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportPage</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>检查项</translation>
    </message>
    <message>
        <source>Empty folder for the bundle</source>
        <translation>用于模型包的空文件夹</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>The same from the command line</source>
        <translation>在命令行中完成同样的事</translation>
    </message>
    <message>
        <source>needs the model</source>
        <translation>需要模型</translation>
    </message>
    <message>
        <source>needs a plan</source>
        <translation>需要方案</translation>
    </message>
    <message numerus="yes">
        <source>%n bundle(s) written</source>
        <translation>
            <numerusform>已写入 %n 个模型包</numerusform>
        </translation>
    </message>
    <message>
        <source>not written</source>
        <translation>未写入</translation>
    </message>
    <message>
        <source>Writes to a temporary folder beside the target, renamed when verified · F5 checks again</source>
        <translation>先写入目标旁的临时文件夹，验证后再改名 · F5 重新检查</translation>
    </message>
    <message>
        <source>Only the study is open. Open the model&apos;s folder as well to write a cut model.</source>
        <translation>只打开了研究。要写出剪枝后的模型，请同时打开模型文件夹。</translation>
    </message>
    <message>
        <source>A bundle is the model without the experts a plan drops. Make and save a plan first.</source>
        <translation>模型包就是去掉方案所剪专家之后的模型。请先制定并保存一个方案。</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Go to the planner</source>
        <translation>前往规划器</translation>
    </message>
    <message>
        <source>Validated</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>not validated: the loss is unknown</source>
        <translation>未验证：损失未知</translation>
    </message>
    <message>
        <source>the plan was changed since: validate again</source>
        <translation>方案此后有改动：请重新验证</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n domain(s) break; named in the model card</source>
        <translation>
            <numerusform>%n 个领域中有 %1 个不达标；已写入模型卡</numerusform>
        </translation>
    </message>
    <message>
        <source>Model and plan</source>
        <translation>模型与方案</translation>
    </message>
    <message>
        <source>Reopen from disk, byte for byte</source>
        <translation>从磁盘重新打开，逐字节核对</translation>
    </message>
    <message>
        <source>after writing</source>
        <translation>写入之后</translation>
    </message>
    <message>
        <source>Logits equal the masked base</source>
        <translation>logits 与掩码后的基础模型一致</translation>
    </message>
    <message>
        <source>after writing, limit 1e-5</source>
        <translation>写入之后，限值 1e-5</translation>
    </message>
    <message>
        <source>Export is not possible: %1</source>
        <translation>无法导出：%1</translation>
    </message>
    <message>
        <source>%1 passed, %2 to judge, %3 after writing</source>
        <translation>%1 项通过，%2 项待判断，%3 项在写入之后</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>导出 %1</translation>
    </message>
    <message>
        <source>Written and verified: %1 of %2 checks passed</source>
        <translation>已写入并验证：%2 项检查中 %1 项通过</translation>
    </message>
    <message>
        <source>Check again what is known before writing</source>
        <translation>重新检查写入前已知的各项</translation>
    </message>
    <message>
        <source>Target engine</source>
        <translation>目标引擎</translation>
    </message>
    <message>
        <source>File for the keep list</source>
        <translation>保留列表的文件</translation>
    </message>
    <message>
        <source>Load it with %1</source>
        <translation>用 %1 加载</translation>
    </message>
    <message>
        <source>Command that loads it</source>
        <translation>加载命令</translation>
    </message>
    <message>
        <source>Save list</source>
        <translation>保存列表</translation>
    </message>
    <message>
        <source>exists and will be replaced</source>
        <translation>已存在，将被替换</translation>
    </message>
    <message>
        <source>%1 written</source>
        <translation>%1 已写入</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportTargetModel</name>
    <message>
        <source>Keep list only</source>
        <translation>仅保留列表</translation>
    </message>
    <message>
        <source>same count in every layer</source>
        <translation>每层数量相同</translation>
    </message>
    <message>
        <source>counts differ between layers</source>
        <translation>各层数量不同</translation>
    </message>
    <message>
        <source>counts may differ</source>
        <translation>数量可以不同</translation>
    </message>
    <message>
        <source>reads the files as they are</source>
        <translation>直接读取文件</translation>
    </message>
    <message>
        <source>converts to GGUF first</source>
        <translation>先转换为 GGUF</translation>
    </message>
    <message>
        <source>reads safetensors; this model is GGUF</source>
        <translation>读取 safetensors；此模型为 GGUF</translation>
    </message>
    <message>
        <source>computes this router</source>
        <translation>支持此路由器</translation>
    </message>
    <message>
        <source>needs trust_remote_code</source>
        <translation>需要 trust_remote_code</translation>
    </message>
    <message>
        <source>does not know this router</source>
        <translation>不认识此路由器</translation>
    </message>
    <message>
        <source>computes this router otherwise: other answers</source>
        <translation>以不同方式计算此路由器：回答不同</translation>
    </message>
    <message>
        <source>ranks router groups otherwise: other answers</source>
        <translation>以不同方式排列路由组：回答不同</translation>
    </message>
    <message>
        <source>bundles are tested with it</source>
        <translation>模型包用它测试过</translation>
    </message>
    <message>
        <source>not run in our tests</source>
        <translation>未在我们的测试中运行</translation>
    </message>
    <message>
        <source>accepts this plan</source>
        <translation>接受此方案</translation>
    </message>
    <message>
        <source>refuses: %1</source>
        <translation>拒绝：%1</translation>
    </message>
    <message>
        <source>accepts; %1</source>
        <translation>接受；%1</translation>
    </message>
    <message>
        <source>Counts per layer</source>
        <translation>每层数量</translation>
    </message>
    <message>
        <source>File format</source>
        <translation>文件格式</translation>
    </message>
    <message>
        <source>Router</source>
        <translation>路由器</translation>
    </message>
    <message>
        <source>Tested</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>same in all layers</source>
        <translation>各层相同</translation>
    </message>
    <message>
        <source>JSON, no weights</source>
        <translation>JSON，无权重</translation>
    </message>
    <message>
        <source>GGUF, converted</source>
        <translation>GGUF，转换后</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>已选</translation>
    </message>
    <message>
        <source>not chosen</source>
        <translation>未选</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Reads</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>This plan</source>
        <translation>此方案</translation>
    </message>
</context>
<context>
    <name>espalier::views::ExportTexts</name>
    <message>
        <source>Target folder is empty</source>
        <translation>目标文件夹为空</translation>
    </message>
    <message>
        <source>Same count in every layer</source>
        <translation>各层数量相同</translation>
    </message>
    <message>
        <source>Plan belongs to the model</source>
        <translation>方案属于此模型</translation>
    </message>
    <message>
        <source>Disk space</source>
        <translation>磁盘空间</translation>
    </message>
    <message>
        <source>does not exist yet</source>
        <translation>尚不存在</translation>
    </message>
    <message>
        <source>exists and is empty</source>
        <translation>存在且为空</translation>
    </message>
    <message>
        <source>is there already and is not an empty folder</source>
        <translation>已存在且不是空文件夹</translation>
    </message>
    <message>
        <source>the plan belongs to model %1, this is %2</source>
        <translation>方案属于模型 %1，此模型为 %2</translation>
    </message>
    <message>
        <source>needs %1, %2 are free</source>
        <translation>需要 %1，可用 %2</translation>
    </message>
    <message>
        <source>the plan has %1 layers, the model %2 with experts</source>
        <translation>方案有 %1 层，模型有 %2 个专家层</translation>
    </message>
    <message>
        <source>the plan keeps %1 to %2 experts, but the configuration has one count for all layers</source>
        <translation>方案保留 %1 至 %2 个专家，但配置对所有层只有一个数量</translation>
    </message>
    <message>
        <source>the plan gives tokens different numbers of experts in different layers, but the configuration has one number for all</source>
        <translation>方案在不同层给词元不同的专家数，但配置只有一个数量</translation>
    </message>
    <message>
        <source>this architecture&apos;s router always chooses the same number of experts</source>
        <translation>此架构的路由器总是选择相同数量的专家</translation>
    </message>
    <message>
        <source>%1 experts are kept but every token needs %2</source>
        <translation>保留 %1 个专家，但每个词元需要 %2 个</translation>
    </message>
    <message>
        <source>%1 in every layer, top-%2</source>
        <translation>每层 %1 个，top-%2</translation>
    </message>
    <message>
        <source>%1 files match</source>
        <translation>%1 个文件匹配</translation>
    </message>
    <message>
        <source>%1 layers, experts 0 to %2 in each, router rows to match</source>
        <translation>%1 层，每层专家 0 至 %2，路由器行相符</translation>
    </message>
    <message>
        <source>top-%1 of %2</source>
        <translation>%2 中的 top-%1</translation>
    </message>
    <message>
        <source>%1 of %2 groups, %3 experts in each</source>
        <translation>%2 组中的 %1 组，每组 %3 个专家</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>all are there</source>
        <translation>全部存在</translation>
    </message>
    <message>
        <source>the same in every expert of a layer</source>
        <translation>同层各专家一致</translation>
    </message>
    <message>
        <source>%1 file, %2 tensor bytes</source>
        <translation>%1 个文件，张量 %2 字节</translation>
    </message>
    <message>
        <source>%1 files, %2 tensor bytes</source>
        <translation>%1 个文件，张量 %2 字节</translation>
    </message>
    <message>
        <source>%1 tensors, each with its place</source>
        <translation>%1 个张量，各就其位</translation>
    </message>
    <message>
        <source>%1 tensors, %2 bytes</source>
        <translation>%1 个张量，%2 字节</translation>
    </message>
    <message>
        <source>%1 tensors</source>
        <translation>%1 个张量</translation>
    </message>
    <message>
        <source>its plan keeps as many experts as the model has</source>
        <translation>其方案保留的专家数与模型一致</translation>
    </message>
    <message>
        <source>%1 keys, the number of experts changed</source>
        <translation>%1 个键，专家数已更改</translation>
    </message>
    <message>
        <source>layer %1 keeps %2 to %3 experts of the router&apos;s %4 groups; every group must keep the same number, nearest are %5 per layer</source>
        <translation>第 %1 层在路由器的 %4 个组中保留 %2 至 %3 个专家；每组须保留相同数量，最接近的是每层 %5</translation>
    </message>
    <message>
        <source>largest difference %1, limit %2, %3 sequences of %4 tokens</source>
        <translation>最大差异 %1，上限 %2，%3 条各 %4 词元的序列</translation>
    </message>
    <message>
        <source>Checksums</source>
        <translation>校验和</translation>
    </message>
    <message>
        <source>Headers, names and shapes</source>
        <translation>文件头、名称与形状</translation>
    </message>
    <message>
        <source>Experts per token</source>
        <translation>每词元专家数</translation>
    </message>
    <message>
        <source>Keys with the expert count</source>
        <translation>专家数的键</translation>
    </message>
    <message>
        <source>Router groups</source>
        <translation>路由组</translation>
    </message>
    <message>
        <source>Experts named in config.json</source>
        <translation>config.json 中提到的专家</translation>
    </message>
    <message>
        <source>Parts of every expert</source>
        <translation>每个专家的组成</translation>
    </message>
    <message>
        <source>Index and metadata</source>
        <translation>索引与元数据</translation>
    </message>
    <message>
        <source>Blocks for further tokens</source>
        <translation>后续词元的块</translation>
    </message>
    <message>
        <source>No stray tensors</source>
        <translation>无多余张量</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>配方</translation>
    </message>
    <message>
        <source>Bytes equal the source</source>
        <translation>字节与来源一致</translation>
    </message>
    <message>
        <source>Metadata equal the source</source>
        <translation>元数据与来源一致</translation>
    </message>
    <message>
        <source>Logits equal the masked base</source>
        <translation>logits 与屏蔽后的原模型相同</translation>
    </message>
</context>
<context>
    <name>espalier::views::FigureFile</name>
    <message>
        <source>%1: figures are written as .png, .svg or .pdf</source>
        <translation>%1：图形只能写为 .png、.svg 或 .pdf</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Choose a folder you may write to.</source>
        <translation>无法写入 %1：%2。请选择一个可以写入的文件夹。</translation>
    </message>
</context>
<context>
    <name>espalier::views::GateModel</name>
    <message>
        <source>perplexity over the base’s, at most</source>
        <translation>困惑度与基础模型之比，至多</translation>
    </message>
    <message>
        <source>mean KL, at most</source>
        <translation>平均 KL，至多</translation>
    </message>
    <message>
        <source>99th percentile of KL, at most</source>
        <translation>KL 的第 99 百分位，至多</translation>
    </message>
    <message>
        <source>same first choice, at least</source>
        <translation>首选一致，至少</translation>
    </message>
    <message>
        <source>exact match, at least</source>
        <translation>完全匹配，至少</translation>
    </message>
    <message>
        <source>loss of exact match, at most</source>
        <translation>完全匹配损失，至多</translation>
    </message>
    <message>
        <source>p of the change, at least</source>
        <translation>变化的 p 值，至少</translation>
    </message>
    <message>
        <source>every other task</source>
        <translation>其他所有任务</translation>
    </message>
    <message>
        <source>every other text</source>
        <translation>其他所有文本</translation>
    </message>
    <message>
        <source>✓ holds</source>
        <translation>✓ 满足</translation>
    </message>
    <message>
        <source>✕ broken</source>
        <translation>✕ 超限</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
    <message>
        <source>Type a number; an empty field is no limit</source>
        <translation>输入数字；留空即无限制</translation>
    </message>
    <message>
        <source>the worst of those without limits of their own</source>
        <translation>无自身限制者中最差的</translation>
    </message>
    <message>
        <source>Domain or task</source>
        <translation>领域或任务</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>限值</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>测得</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
</context>
<context>
    <name>espalier::views::GatePanel</name>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Limits that a cut must keep: type them into the column Limit. They are held against what was measured last, at once; saved as a file, they make the check in CI fail.</source>
        <translation>剪裁必须遵守的限值：在“限值”列中输入。它们立即与最近的测量比较；保存为文件后，可让 CI 中的检查失败。</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Usual limits</source>
        <translation>常用限值</translation>
    </message>
    <message>
        <source>Those by which this page says “breaks”</source>
        <translation>本页判定“不达标”所用的限值</translation>
    </message>
    <message>
        <source>No limits</source>
        <translation>无限值</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Limits of the gate</source>
        <translation>门限列表</translation>
    </message>
    <message>
        <source>The same in CI</source>
        <translation>在 CI 中等同于</translation>
    </message>
    <message>
        <source>Open a gate file</source>
        <translation>打开门限文件</translation>
    </message>
    <message>
        <source>Gates (*.json)</source>
        <translation>门限 (*.json)</translation>
    </message>
    <message>
        <source>Save the gate</source>
        <translation>保存门限</translation>
    </message>
    <message>
        <source>No limits yet: type some into the table, or begin with the usual ones.</source>
        <translation>尚无限值：在表中输入，或从常用限值开始。</translation>
    </message>
    <message numerus="yes">
        <source>%n limit(s); no plan was compared yet.</source>
        <translation>
            <numerusform>%n 个限值；尚未比较任何方案。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>✕ %1 breaks %2 of %n limit(s).</source>
        <translation>
            <numerusform>✕ %1 超出 %n 个限值中的 %2 个。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>✓ %1 breaks none of %n limit(s).</source>
        <translation>
            <numerusform>✓ %1 满足全部 %n 个限值。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For %n of them nothing was measured: the check would fail.</source>
        <translation>
            <numerusform>其中 %n 个没有测量：检查会失败。</numerusform>
        </translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>%1, changed since</source>
        <translation>%1，此后已更改</translation>
    </message>
</context>
<context>
    <name>espalier::views::GuideBar</name>
    <message>
        <source>Guide</source>
        <translation>引导</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>第一步</translation>
    </message>
    <message>
        <source>Close the guide</source>
        <translation>关闭引导</translation>
    </message>
    <message>
        <source>Close the guide; Help &gt; First steps brings it back</source>
        <translation>关闭引导；帮助 &gt; 第一步 可再次显示</translation>
    </message>
    <message>
        <source>Open a model folder, or the sample that comes with the program</source>
        <translation>打开模型文件夹，或随程序提供的示例</translation>
    </message>
    <message>
        <source>Measure on your own texts which experts do the work</source>
        <translation>用你自己的文本测量哪些专家在工作</translation>
    </message>
    <message>
        <source>Look at the map of experts: who serves which texts</source>
        <translation>查看专家图：谁服务哪些文本</translation>
    </message>
    <message>
        <source>Choose what stays, against the memory you have; then save the plan</source>
        <translation>按现有内存选择保留什么，然后保存方案</translation>
    </message>
    <message>
        <source>Compare the plan with the whole model on texts that were not used for it</source>
        <translation>在未用过的文本上把方案与完整模型比较</translation>
    </message>
    <message>
        <source>Write the smaller model, checked byte by byte</source>
        <translation>写出较小的模型，逐字节校验</translation>
    </message>
    <message>
        <source>All steps are done.</source>
        <translation>所有步骤已完成。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>See</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Validate</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>%1, done</source>
        <translation>%1，已完成</translation>
    </message>
    <message>
        <source>%1, next</source>
        <translation>%1，下一步</translation>
    </message>
</context>
<context>
    <name>espalier::views::Job</name>
    <message>
        <source>The engine program %1 could not be started: %2. Build the target espalier, or set ESPALIER_CLI to its path.</source>
        <translation>引擎程序 %1 无法启动：%2。请构建目标 espalier，或将 ESPALIER_CLI 设为其路径。</translation>
    </message>
    <message>
        <source>The engine program espalier was not found beside the studio or in PATH. Build the target espalier, or set ESPALIER_CLI to its path.</source>
        <translation>在 Studio 旁和 PATH 中都未找到引擎程序 espalier。请构建目标 espalier，或将 ESPALIER_CLI 设为其路径。</translation>
    </message>
    <message>
        <source>Engine %1, process %2</source>
        <translation>引擎 %1，进程 %2</translation>
    </message>
    <message>
        <source>was ended by signal %1</source>
        <translation>被信号 %1 终止</translation>
    </message>
    <message>
        <source>ended with code %1</source>
        <translation>以代码 %1 结束</translation>
    </message>
    <message>
        <source>before it began to work</source>
        <translation>在开始工作之前</translation>
    </message>
    <message>
        <source>during “%1”</source>
        <translation>在“%1”期间</translation>
    </message>
    <message>
        <source>The engine %1 %2, without a result. The window and the open study are unchanged; everything the engine had saved is kept. Start it again, with Resume for a profile.</source>
        <translation>引擎%2%1，没有结果。窗口和打开的研究没有变化；引擎已保存的一切都保留。请重新启动；测量可用“继续”。</translation>
    </message>
</context>
<context>
    <name>espalier::views::JobsModel</name>
    <message>
        <source>%1 %2/s</source>
        <translation>%1 %2/秒</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>速率</translation>
    </message>
    <message>
        <source>Left, or taken</source>
        <translation>剩余或用时</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
</context>
<context>
    <name>espalier::views::JobsPane</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Log of the job</source>
        <translation>任务日志</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerCounts</name>
    <message>
        <source>Experts kept per layer</source>
        <translation>每层保留的专家</translation>
    </message>
    <message>
        <source>%1 in all</source>
        <translation>共 %1</translation>
    </message>
    <message>
        <source>%1 of %2 experts stay. Click to set the count.</source>
        <translation>%2 个专家中保留 %1 个。点击可设定数量。</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerStrip</name>
    <message>
        <source>Concentration per layer</source>
        <translation>各层的集中程度</translation>
    </message>
    <message>
        <source>Layer %1: not measured</source>
        <translation>第 %1 层：未测量</translation>
    </message>
    <message numerus="yes">
        <source>Layer %1: entropy %2 of its maximum, as spread as %3 equally used experts, Gini %4, %n dead expert(s)</source>
        <translation>
            <numerusform>第 %1 层：熵为其最大值的 %2，分散程度相当于 %3 个均匀使用的专家，基尼系数 %4，%n 个闲置专家</numerusform>
        </translation>
    </message>
    <message>
        <source>Entropy, %</source>
        <translation>熵，%</translation>
    </message>
    <message>
        <source>Eff.</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>Gini</source>
        <translation>基尼</translation>
    </message>
    <message>
        <source>Dead</source>
        <translation>闲置</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerTables</name>
    <message>
        <source>used more</source>
        <translation>使用较多</translation>
    </message>
    <message>
        <source>used less</source>
        <translation>使用较少</translation>
    </message>
    <message>
        <source>not told apart from uniform</source>
        <translation>与均匀使用无法区分</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>token 太少，无法判断</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>rank</source>
        <translation>名次</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>token</translation>
    </message>
    <message>
        <source>ratio to uniform</source>
        <translation>与均匀分配之比</translation>
    </message>
    <message>
        <source>± 95 %</source>
        <translation>± 95 %</translation>
    </message>
    <message>
        <source>half of the 95 % interval</source>
        <translation>95 % 区间的一半</translation>
    </message>
    <message>
        <source>against uniform</source>
        <translation>与均匀相比</translation>
    </message>
    <message>
        <source>experts chosen at least once</source>
        <translation>至少被选一次的专家</translation>
    </message>
    <message numerus="yes">
        <source>experts chosen at least %n time(s)</source>
        <translation>
            <numerusform>至少被选 %n 次的专家</numerusform>
        </translation>
    </message>
    <message>
        <source>and expert</source>
        <translation>与专家</translation>
    </message>
    <message>
        <source>tokens with both</source>
        <translation>同时选择的 token</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>期望</translation>
    </message>
    <message>
        <source>Tokens that the two experts’ own use leads to expect</source>
        <translation>由两个专家各自的使用量推出的期望 token 数</translation>
    </message>
    <message>
        <source>ratio to expected</source>
        <translation>与期望之比</translation>
    </message>
</context>
<context>
    <name>espalier::views::LayerView</name>
    <message>
        <source>Pairs were not collected for these texts. A profile that collects everything counts them.</source>
        <translation>这些文本没有收集专家对。收集全部统计的测量会统计它们。</translation>
    </message>
    <message>
        <source>bars: 95 % of a share, tokens taken as independent, not corrected for the number of experts · dashed: uniform use · cross: too few tokens · association, not cause</source>
        <translation>竖线：占比的 95 % 区间，视 token 为独立，未按专家数校正 · 虚线：均匀使用 · 叉：token 太少 · 相关而非因果</translation>
    </message>
    <message>
        <source>Experts seen against tokens</source>
        <translation>已见专家与 token 数</translation>
    </message>
    <message>
        <source>expected for tokens drawn one by one; texts come in windows, so real texts need more</source>
        <translation>按逐个抽取 token 的期望；文本以窗口出现，真实文本需要更多</translation>
    </message>
    <message>
        <source>Chosen together</source>
        <translation>一同被选</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Experts seen</source>
        <translation>已见专家</translation>
    </message>
    <message>
        <source>The layer as a table</source>
        <translation>以表格显示该层</translation>
    </message>
    <message>
        <source>Use of the experts of layer %1</source>
        <translation>第 %1 层专家的使用</translation>
    </message>
    <message>
        <source>No pair of experts is chosen more often than their own use explains.</source>
        <translation>没有专家对被选的次数超过各自使用量所能解释的。</translation>
    </message>
    <message>
        <source>Most above what their own use explains: %1</source>
        <translation>超出各自使用量所能解释最多的：%1</translation>
    </message>
    <message>
        <source>Pairs of experts chosen by one token</source>
        <translation>由同一 token 选择的专家对</translation>
    </message>
    <message>
        <source>1 = as often as the two experts&apos; own use explains · × never together · cut corner: under %1 pairs expected, too few to judge</source>
        <translation>1 = 与两个专家各自的使用量相符 · × 从不一同 · 切角：期望少于 %1 对，无法判断</translation>
    </message>
    <message>
        <source>Experts %1 and %2</source>
        <translation>专家 %1 与 %2</translation>
    </message>
    <message>
        <source>Expert %1 with itself</source>
        <translation>专家 %1 与自身</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
    <message>
        <source>%1 of what their own use explains</source>
        <translation>各自使用量所能解释的 %1</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>token 太少，无法判断</translation>
    </message>
    <message numerus="yes">
        <source>The %n pair(s) furthest above what their own use explains. The map and its copy hold all of them.</source>
        <translation>
            <numerusform>超出各自使用量所能解释最多的 %n 对。图及其复制内容包含全部。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::LikenessMatrix</name>
    <message>
        <source>Likeness of domains</source>
        <translation>领域相似度</translation>
    </message>
    <message>
        <source>%1 and %2: %3</source>
        <translation>%1 与 %2：%3</translation>
    </message>
</context>
<context>
    <name>espalier::views::ManualDialog</name>
    <message>
        <source>Manual</source>
        <translation>手册</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Planner</source>
        <translation>规划器</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Concepts</source>
        <translation>概念</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>命令行</translation>
    </message>
    <message>
        <source>From elsewhere</source>
        <translation>来自其他程序</translation>
    </message>
    <message>
        <source>File formats</source>
        <translation>文件格式</translation>
    </message>
    <message>
        <source>Troubleshooting</source>
        <translation>疑难解答</translation>
    </message>
    <message>
        <source>Pages of the manual</source>
        <translation>手册页面</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Carving</source>
        <translation>切分为专家</translation>
    </message>
    <message>
        <source>GPU and MPI</source>
        <translation>GPU 与 MPI</translation>
    </message>
    <message>
        <source>Merging</source>
        <translation>合并</translation>
    </message>
</context>
<context>
    <name>espalier::views::MapTableModel</name>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
    <message>
        <source>dead: no token</source>
        <translation>闲置：没有 token</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>token 太少</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>± 95 %</source>
        <translation>± 95&#xa0;%</translation>
    </message>
    <message>
        <source>Rank in layer</source>
        <translation>层内排名</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
</context>
<context>
    <name>espalier::views::MethodTexts</name>
    <message>
        <source>Frequency</source>
        <translation>频率</translation>
    </message>
    <message>
        <source>how often the router picks the expert</source>
        <translation>路由器选中该专家的次数</translation>
    </message>
    <message>
        <source>Gate mass</source>
        <translation>门控质量</translation>
    </message>
    <message>
        <source>Σ gate weight over routed tokens, per layer</source>
        <translation>路由到的 token 的门控权重之和，按层</translation>
    </message>
    <message>
        <source>SEER, hard</source>
        <translation>SEER，硬</translation>
    </message>
    <message>
        <source>share of tokens that pick the expert</source>
        <translation>选择该专家的 token 份额</translation>
    </message>
    <message>
        <source>SEER, soft</source>
        <translation>SEER，软</translation>
    </message>
    <message>
        <source>router probability summed over all tokens</source>
        <translation>所有 token 的路由概率之和</translation>
    </message>
    <message>
        <source>REAP, mean</source>
        <translation>REAP，均值</translation>
    </message>
    <message>
        <source>mean of gate × ‖output‖ over routed tokens</source>
        <translation>路由到的 token 上 门控 × ‖输出‖ 的均值</translation>
    </message>
    <message>
        <source>REAP, summed</source>
        <translation>REAP，总和</translation>
    </message>
    <message>
        <source>Σ gate × ‖output‖ over routed tokens, per layer</source>
        <translation>路由到的 token 上 门控 × ‖输出‖ 之和，按层</translation>
    </message>
    <message>
        <source>REAP, shrunk mean</source>
        <translation>REAP，收缩均值</translation>
    </message>
    <message>
        <source>REAP’s mean, drawn towards the layer’s mean where few tokens were seen</source>
        <translation>REAP 的均值；token 少时向该层均值收缩</translation>
    </message>
    <message>
        <source>REAP, lower bound</source>
        <translation>REAP，下界</translation>
    </message>
    <message>
        <source>what REAP’s mean is at least, with 97.5 % confidence: few tokens count little</source>
        <translation>以 97.5&#xa0;% 置信度，REAP 均值至少有多大：token 少则作用小</translation>
    </message>
    <message>
        <source>MAN, mean output norm</source>
        <translation>MAN，平均输出范数</translation>
    </message>
    <message>
        <source>mean of ‖output‖ over routed tokens</source>
        <translation>路由到的 token 上 ‖输出‖ 的均值</translation>
    </message>
    <message>
        <source>MSAN, mean squared norm</source>
        <translation>MSAN，平均平方范数</translation>
    </message>
    <message>
        <source>mean of ‖output‖² over routed tokens</source>
        <translation>路由到的 token 上 ‖输出‖² 的均值</translation>
    </message>
    <message>
        <source>Unified, n^a · mean of g^b ‖f‖^c</source>
        <translation>统一式，n^a · g^b ‖f‖^c 的均值</translation>
    </message>
    <message>
        <source>the family of REAP, MAN and frequency; REAP by default</source>
        <translation>REAP、MAN 和频率所属的一族；默认为 REAP</translation>
    </message>
    <message>
        <source>EASY-EP</source>
        <translation>EASY-EP</translation>
    </message>
    <message>
        <source>Σ gate × ‖output‖, weighted by how far the layer turns the token</source>
        <translation>门控 × ‖输出‖ 之和，按该层使 token 转动的程度加权</translation>
    </message>
    <message>
        <source>TCESS</source>
        <translation>TCESS</translation>
    </message>
    <message>
        <source>router logits of the tokens that rank the expert first</source>
        <translation>将该专家排在首位的 token 的路由 logits</translation>
    </message>
    <message>
        <source>PEU</source>
        <translation>PEU</translation>
    </message>
    <message>
        <source>how often the expert passes the domain’s probability threshold</source>
        <translation>该专家超过领域概率阈值的次数</translation>
    </message>
    <message>
        <source>SHAPE, coalitions</source>
        <translation>SHAPE，联盟</translation>
    </message>
    <message>
        <source>tokens of the sets of experts that only work with this one</source>
        <translation>只有该专家在场才起作用的专家组合的 token</translation>
    </message>
    <message>
        <source>AIMER, without texts</source>
        <translation>AIMER，不用文本</translation>
    </message>
    <message>
        <source>how far the expert’s weights are from all being one size</source>
        <translation>该专家的权重与“大小全都相同”相差多远</translation>
    </message>
    <message>
        <source>STUN, without texts</source>
        <translation>STUN，不用文本</translation>
    </message>
    <message>
        <source>how far the expert’s router row is from those that stay</source>
        <translation>该专家的路由行与留下的专家相距多远</translation>
    </message>
    <message>
        <source>Random, as a control</source>
        <translation>随机，作对照</translation>
    </message>
    <message>
        <source>drawn by the seed: what a plan without knowledge gives</source>
        <translation>由种子抽取：毫无依据的方案会得到的结果</translation>
    </message>
    <message>
        <source>Inner energy, mean</source>
        <translation>内部能量，均值</translation>
    </message>
    <message>
        <source>mean squared norm inside the expert, from llama.cpp’s importance matrix</source>
        <translation>专家内部的平均平方范数，取自 llama.cpp 的重要性矩阵</translation>
    </message>
    <message>
        <source>Inner energy, summed</source>
        <translation>内部能量，总和</translation>
    </message>
    <message>
        <source>Σ squared norm inside the expert, from llama.cpp’s importance matrix</source>
        <translation>专家内部平方范数之和，取自 llama.cpp 的重要性矩阵</translation>
    </message>
    <message>
        <source>uniform, same count in every layer</source>
        <translation>均匀，各层数量相同</translation>
    </message>
    <message>
        <source>every engine loads it</source>
        <translation>所有引擎都能加载</translation>
    </message>
    <message>
        <source>global, one ranking over all layers</source>
        <translation>全局，所有层统一排名</translation>
    </message>
    <message>
        <source>counts differ between layers</source>
        <translation>各层数量不同</translation>
    </message>
    <message>
        <source>coverage, same share of score in every layer</source>
        <translation>覆盖，各层保留相同的分数份额</translation>
    </message>
    <message>
        <source>knapsack, least predicted loss</source>
        <translation>背包，预计损失最小</translation>
    </message>
    <message>
        <source>Never below top-k</source>
        <translation>绝不少于 top-k</translation>
    </message>
    <message>
        <source>Super experts</source>
        <translation>超级专家</translation>
    </message>
    <message>
        <source>Outliers</source>
        <translation>离群值</translation>
    </message>
    <message>
        <source>A floor for every domain</source>
        <translation>每个领域的下限</translation>
    </message>
    <message>
        <source>Leave one out, measured</source>
        <translation>逐一剔除，实测</translation>
    </message>
    <message>
        <source>what the layer’s output loses without the expert</source>
        <translation>缺少该专家时该层输出的损失</translation>
    </message>
</context>
<context>
    <name>espalier::views::OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>The same numbers as a table (T)</source>
        <translation>以表格显示相同数字（T）</translation>
    </message>
    <message>
        <source>Export figure…</source>
        <translation>导出图形…</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>领域</translation>
    </message>
    <message>
        <source>minus</source>
        <translation>减</translation>
    </message>
    <message>
        <source>Shows the difference to another domain</source>
        <translation>显示与另一领域的差异</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>标度</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>线性</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Flag below</source>
        <translation>标记低于</translation>
    </message>
    <message>
        <source>An expert seen by fewer tokens is marked: a mean over so few says little</source>
        <translation>经过的 token 更少的专家会被标记：样本太少，均值说明不了什么</translation>
    </message>
    <message>
        <source>All domains, same scale</source>
        <translation>所有领域，同一标度</translation>
    </message>
    <message>
        <source>The map as a table</source>
        <translation>以表格显示的图</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>需要先测量</translation>
    </message>
    <message numerus="yes">
        <source>%n domain(s)</source>
        <translation>
            <numerusform>%n 个领域</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was measured yet. A profile runs your texts through the model once and shows here which experts they use.</source>
        <translation>尚未测量。测量会让您的文本在模型中运行一遍，并在此显示它们用到哪些专家。</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>新建测量…</translation>
    </message>
    <message>
        <source>Open a model, measure it on your texts, and see here what every expert does.</source>
        <translation>打开模型，在您的文本上测量，就能在这里看到每个专家做了什么。</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>打开示例</translation>
    </message>
    <message>
        <source>all domains</source>
        <translation>所有领域</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n 个 token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 minus %2</source>
        <translation>%1 减 %2</translation>
    </message>
    <message>
        <source>%1: %2 tokens in %3 windows</source>
        <translation>%1：%2 个 token，%3 个窗口</translation>
    </message>
    <message>
        <source>tile height is layer %1 to %2, width is expert 0 to %3</source>
        <translation>小图高为第 %1 至 %2 层，宽为专家 0 至 %3</translation>
    </message>
    <message>
        <source>%1, %2 tokens in %3 windows</source>
        <translation>%1，%2 个 token，%3 个窗口</translation>
    </message>
    <message>
        <source>tokens measured</source>
        <translation>已测量的 token</translation>
    </message>
    <message>
        <source>windows</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>median tokens per expert</source>
        <translation>每个专家的 token 中位数</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>token 太少，无法判断</translation>
    </message>
    <message>
        <source>dead in every domain</source>
        <translation>在所有领域都闲置</translation>
    </message>
    <message>
        <source>dead in this domain</source>
        <translation>在此领域闲置</translation>
    </message>
    <message>
        <source>token counts</source>
        <translation>token 计数</translation>
    </message>
    <message>
        <source>gate weights</source>
        <translation>门控权重</translation>
    </message>
    <message>
        <source>expert outputs</source>
        <translation>专家输出</translation>
    </message>
    <message>
        <source>probabilities</source>
        <translation>概率</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n 层</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 was imported from %2</source>
        <translation>%1 导入自 %2</translation>
    </message>
    <message>
        <source>%1; not known: %2</source>
        <translation>%1；未知：%2</translation>
    </message>
    <message>
        <source>%1 (fingerprint %2…)</source>
        <translation>%1（指纹 %2…）</translation>
    </message>
    <message>
        <source>%1 tokens, prefill</source>
        <translation>%1 个 token，预填充</translation>
    </message>
    <message>
        <source>orange: %1 uses it more, blue: %2 does</source>
        <translation>橙色：%1 用得更多，蓝色：%2 用得更多</translation>
    </message>
    <message>
        <source>counts of top-%1 choices: association, not cause</source>
        <translation>top-%1 选择的计数：是关联，不是因果</translation>
    </message>
    <message>
        <source>Layer %1, expert %2</source>
        <translation>第 %1 层，专家 %2</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
    <message>
        <source>%1 tokens and %2 tokens</source>
        <translation>%1 个 token 与 %2 个 token</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%2 个 token 中的 %1 个</translation>
    </message>
    <message>
        <source>dead: no token chose it</source>
        <translation>闲置：没有 token 选择它</translation>
    </message>
    <message>
        <source>rank %1 of %2 in its layer by %3, %4</source>
        <translation>在该层按%3排第 %1（共 %2），%4</translation>
    </message>
    <message numerus="yes">
        <source>Under %n token(s): its means may mislead.</source>
        <translation>
            <numerusform>不足 %n 个 token：其均值可能误导。</numerusform>
        </translation>
    </message>
    <message>
        <source>Previous domain</source>
        <translation>上一个领域</translation>
    </message>
    <message>
        <source>Next domain</source>
        <translation>下一个领域</translation>
    </message>
    <message>
        <source>All domains</source>
        <translation>所有领域</translation>
    </message>
    <message>
        <source>Domain %1</source>
        <translation>领域 %1</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>图</translation>
    </message>
    <message>
        <source>Layers by experts</source>
        <translation>层 × 专家</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>One layer at a glance (Y)</source>
        <translation>一层概览 (Y)</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Texts coloured by the expert that tokens chose (X)</source>
        <translation>按 token 所选专家着色的文本 (X)</translation>
    </message>
    <message>
        <source>Picture or table</source>
        <translation>图或表格</translation>
    </message>
    <message>
        <source>One layer at a glance</source>
        <translation>一层概览</translation>
    </message>
    <message>
        <source>Texts coloured by expert</source>
        <translation>按专家着色的文本</translation>
    </message>
    <message>
        <source>Arrows move · [ ] domain · T table · Y layer · X text · Ctrl+C copy</source>
        <translation>方向键移动 · [ ] 领域 · T 表格 · Y 层 · X 文本 · Ctrl+C 复制</translation>
    </message>
</context>
<context>
    <name>espalier::views::Page</name>
    <message>
        <source>%1: this page has no figure</source>
        <translation>%1：此页没有图形</translation>
    </message>
    <message>
        <source>%1: this page has no table</source>
        <translation>%1：此页没有表格</translation>
    </message>
</context>
<context>
    <name>espalier::views::ParetoPlot</name>
    <message>
        <source>Memory against loss</source>
        <translation>内存与损失</translation>
    </message>
    <message>
        <source>device memory, %1</source>
        <translation>设备内存，%1</translation>
    </message>
    <message>
        <source>KL from base, nats per token</source>
        <translation>与基础模型的 KL，nat / token</translation>
    </message>
    <message>
        <source>random control</source>
        <translation>随机对照</translation>
    </message>
    <message>
        <source>budget %1</source>
        <translation>预算 %1</translation>
    </message>
    <message>
        <source>%1: %2, KL %3</source>
        <translation>%1：%2，KL %3</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlacementNote</name>
    <message>
        <source>Copy command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Save placement…</source>
        <translation>保存放置方案…</translation>
    </message>
    <message>
        <source>Place, don’t prune</source>
        <translation>放置而不剪枝</translation>
    </message>
    <message>
        <source>The value of llama.cpp’s --override-tensor as a text file</source>
        <translation>llama.cpp 的 --override-tensor 值，存为文本文件</translation>
    </message>
    <message>
        <source>Save placement</source>
        <translation>保存放置方案</translation>
    </message>
    <message>
        <source>This plan keeps every expert: nothing has to leave the device.</source>
        <translation>此方案保留所有专家：无需移出设备。</translation>
    </message>
    <message>
        <source>If the machine has %1 of RAM to spare, keep every expert: within the memory of this plan’s experts llama.cpp holds those of %2 of %3 layers on the device (%4) and computes the others from RAM. Slower, but no quality is lost.</source>
        <translation>若机器有 %1 空闲内存，可保留所有专家：在此方案专家所占的内存内，llama.cpp 将 %3 层中 %2 层的专家放在设备上（%4），其余在内存中计算。较慢，但质量无损。</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanCutModel</name>
    <message>
        <source>set by hand</source>
        <translation>手动设定</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>token 太少</translation>
    </message>
    <message>
        <source>low score</source>
        <translation>分数低</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanDomainModel</name>
    <message>
        <source>The statistics of %1 hold no gate weights: what a plan keeps of them is not known.</source>
        <translation>%1 的统计中没有门控权重：方案保留了多少无从得知。</translation>
    </message>
    <message>
        <source>%1 of the gate weight of %2 goes to experts that stay; in its worst layer %3. Floor %4.</source>
        <translation>%2 的门控权重中 %1 落在保留的专家上；最差的一层为 %3。下限 %4。</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>holds</source>
        <translation>达标</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>不达标</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>领域</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Gate weight, predicted</source>
        <translation>保留的门控权重，预计</translation>
    </message>
    <message>
        <source>Kept, %</source>
        <translation>保留，%</translation>
    </message>
    <message>
        <source>Lowest</source>
        <translation>最低</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanEditor</name>
    <message>
        <source>Layer %1 keeps %2 experts and the router chooses %2 per token. Keep another one first.</source>
        <translation>第 %1 层保留 %2 个专家，而路由器为每个 token 选 %2 个。请先多保留一个。</translation>
    </message>
    <message>
        <source>Every token takes one expert: there is none to leave out.</source>
        <translation>每个 token 只用一个专家：没有可略去的。</translation>
    </message>
    <message>
        <source>The profile of %1 does not say how small a token’s later weights are. Measure it again with all usual statistics.</source>
        <translation>%1 的测量没有说明一个 token 后面的权重有多小。请用全部常用统计量重新测量。</translation>
    </message>
    <message>
        <source>Only a profile on texts says how small a token’s later weights are.</source>
        <translation>只有用文本测量才能知道一个 token 后面的权重有多小。</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanHistory</name>
    <message>
        <source>saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanListModel</name>
    <message>
        <source>changed</source>
        <translation>已更改</translation>
    </message>
    <message>
        <source>validated</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预计</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlanTexts</name>
    <message>
        <source>Budget to %1</source>
        <translation>预算改为 %1</translation>
    </message>
    <message>
        <source>Rename to %1</source>
        <translation>重命名为 %1</translation>
    </message>
    <message>
        <source>Method to %1</source>
        <translation>方法改为%1</translation>
    </message>
    <message>
        <source>Seed to %1</source>
        <translation>种子改为 %1</translation>
    </message>
    <message>
        <source>Same count in every layer</source>
        <translation>各层数量相同</translation>
    </message>
    <message>
        <source>Allocator to %1</source>
        <translation>分配器改为%1</translation>
    </message>
    <message>
        <source>Weight %1 %2 to %3</source>
        <translation>%1 的权重由 %2 改为 %3</translation>
    </message>
    <message>
        <source>Protect: %1</source>
        <translation>保护：%1</translation>
    </message>
    <message>
        <source>No longer protect: %1</source>
        <translation>不再保护：%1</translation>
    </message>
    <message>
        <source>Use my locks</source>
        <translation>使用我的锁定</translation>
    </message>
    <message>
        <source>Ignore my locks</source>
        <translation>忽略我的锁定</translation>
    </message>
    <message>
        <source>Lock %1 as kept</source>
        <translation>将 %1 锁定为保留</translation>
    </message>
    <message>
        <source>Lock %1 as dropped</source>
        <translation>将 %1 锁定为剪除</translation>
    </message>
    <message>
        <source>Unlock %1</source>
        <translation>解锁 %1</translation>
    </message>
    <message>
        <source>Context to %1 tokens</source>
        <translation>上下文改为 %1 个 token</translation>
    </message>
    <message>
        <source>Sequences to %1</source>
        <translation>序列数改为 %1</translation>
    </message>
    <message numerus="yes">
        <source>Cache to %n byte(s) per value</source>
        <translation>
            <numerusform>缓存改为每个值 %n 字节</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep %1 to %2 per layer</source>
        <translation>每层保留 %1 至 %2 个</translation>
    </message>
    <message>
        <source>Keep %1 per layer</source>
        <translation>每层保留 %1 个</translation>
    </message>
    <message>
        <source>Counts per layer by hand</source>
        <translation>手动设定各层数量</translation>
    </message>
    <message>
        <source>Keep %1</source>
        <translation>保留 %1</translation>
    </message>
    <message>
        <source>Drop %1</source>
        <translation>剪除 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) by hand</source>
        <translation>
            <numerusform>手动更改 %n 个专家</numerusform>
        </translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>set by hand</source>
        <translation>手动设定</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>protected: super expert</source>
        <translation>受保护：超级专家</translation>
    </message>
    <message>
        <source>rank %1, layer keeps %2</source>
        <translation>排名 %1，该层保留 %2 个</translation>
    </message>
    <message>
        <source>%1, %2 ×</source>
        <extracomment>domain, times the use of an average expert</extracomment>
        <translation>%1，%2 ×</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: kept</source>
        <translation>第 %1 层，专家 %2：保留</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: dropped</source>
        <translation>第 %1 层，专家 %2：剪除</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>分数</translation>
    </message>
    <message>
        <source>Routed</source>
        <translation>路由数</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%2 个 token 中的 %1 个</translation>
    </message>
    <message>
        <source>Caution</source>
        <translation>注意</translation>
    </message>
    <message>
        <source>too few tokens to judge</source>
        <translation>token 太少，无法判断</translation>
    </message>
    <message>
        <source>Most used by</source>
        <translation>最常用于</translation>
    </message>
    <message>
        <source>Exponents to %1, %2, %3</source>
        <translation>指数改为 %1、%2、%3</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per token</source>
        <translation>
            <numerusform>每个 token %n 个专家</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 experts per token in the mean</source>
        <translation>每个 token 平均 %1 个专家</translation>
    </message>
    <message>
        <source>Experts per token as the model has them</source>
        <translation>每个 token 的专家数与模型相同</translation>
    </message>
    <message>
        <source>Fill layers up to one count</source>
        <translation>将各层补齐到同一数量</translation>
    </message>
    <message>
        <source>Layers keep their own counts</source>
        <translation>各层保留各自的数量</translation>
    </message>
    <message>
        <source>Protect: %1, %2</source>
        <translation>保护：%1，%2</translation>
    </message>
    <message>
        <source>One device of %1</source>
        <translation>一个设备，%1</translation>
    </message>
    <message>
        <source>Devices changed</source>
        <translation>设备已更改</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s), %1 in all</source>
        <translation>
            <numerusform>%n 个设备，共 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Skip experts of small weight: %1</source>
        <translation>跳过小权重专家：%1</translation>
    </message>
    <message>
        <source>Skip no experts</source>
        <translation>不跳过专家</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerPage</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>保存方案</translation>
    </message>
    <message>
        <source>Validate…</source>
        <translation>验证…</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>hatched: dropped · square: lock · ring: super expert</source>
        <translation>阴影线：剪除 · 方块：锁定 · 圆环：超级专家</translation>
    </message>
    <message>
        <source>Kept per layer</source>
        <translation>每层保留</translation>
    </message>
    <message>
        <source>Experts, kept and dropped</source>
        <translation>专家，保留与剪除</translation>
    </message>
    <message>
        <source>Gate weight kept per domain</source>
        <translation>各领域保留的门控权重</translation>
    </message>
    <message>
        <source>Mean over layers of the share of routed gate weight that stays; tick: lowest layer; red line: floor, 95 % weighted, 80 % others. Association, not cause: validate before use.</source>
        <translation>保留下来的路由门控权重份额，取各层平均；刻度：最低的层；红线：下限，加权领域 95&#xa0;%，其他 80&#xa0;%。是关联，不是因果：使用前请验证。</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Removed, nearest the cut</source>
        <translation>已剪除，离界线最近</translation>
    </message>
    <message>
        <source>Removed experts nearest the cut</source>
        <translation>离界线最近的已剪除专家</translation>
    </message>
    <message>
        <source>score, × layer mean</source>
        <translation>分数，× 层均值</translation>
    </message>
    <message>
        <source>%1, × the layer’s mean · %2 · %3 tokens</source>
        <translation>%1，× 层均值 · %2 · %3 个 token</translation>
    </message>
    <message>
        <source>Planner</source>
        <translation>规划器</translation>
    </message>
    <message>
        <source>journal saved %1</source>
        <translation>日志已于 %1 保存</translation>
    </message>
    <message>
        <source>needs a profile</source>
        <translation>需要先测量</translation>
    </message>
    <message numerus="yes">
        <source>%n plan(s)</source>
        <translation>
            <numerusform>%n 个方案</numerusform>
        </translation>
    </message>
    <message>
        <source>Space keeps or drops · L locks · drag selects a block · U same count in every layer</source>
        <translation>空格保留或剪除 · L 锁定 · 拖动选择一块 · U 各层数量相同</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>新建测量…</translation>
    </message>
    <message>
        <source>Open a model and measure it; then choose here which experts stay.</source>
        <translation>打开并测量模型，然后在这里选择保留哪些专家。</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>打开示例</translation>
    </message>
    <message>
        <source>Rename plan</source>
        <translation>重命名方案</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>%1, %2, %3. Validated.</source>
        <translation>%1，%2，%3。已验证。</translation>
    </message>
    <message>
        <source>%1, %2, %3. Predicted, not validated.</source>
        <translation>%1，%2，%3。预计，未验证。</translation>
    </message>
    <message>
        <source>of %1 budget, %2 free; whole model %3</source>
        <translation>预算 %1，剩余 %2；完整模型 %3</translation>
    </message>
    <message>
        <source>of %1 budget, %2 too much; whole model %3</source>
        <translation>预算 %1，超出 %2；完整模型 %3</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>放得下</translation>
    </message>
    <message>
        <source>over</source>
        <translation>超出</translation>
    </message>
    <message>
        <source>experts kept</source>
        <translation>保留的专家</translation>
    </message>
    <message>
        <source>other weights</source>
        <translation>其他权重</translation>
    </message>
    <message>
        <source>cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>workspace</source>
        <translation>工作区</translation>
    </message>
    <message>
        <source>budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: kept, %3</source>
        <translation>第 %1 层，专家 %2：保留，%3</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: dropped, %3</source>
        <translation>第 %1 层，专家 %2：剪除，%3</translation>
    </message>
    <message>
        <source>The same count in every layer</source>
        <translation>各层数量相同</translation>
    </message>
    <message>
        <source>Save and validate the plan</source>
        <translation>保存并验证方案</translation>
    </message>
    <message>
        <source>A plan needs to know which experts your texts use: measure the model on a few texts first. Or score the weights alone (Study &gt; Score the weights): a preview that knows no texts.</source>
        <translation>制定方案需要知道您的文本用到哪些专家：请先在一些文本上测量模型。或只给权重打分（研究 &gt; 给权重打分）：不了解文本的预览。</translation>
    </message>
    <message>
        <source>journal not saved</source>
        <translation>日志未保存</translation>
    </message>
    <message>
        <source>Work on “%1” of %2 was not saved. Last step: %3.</source>
        <translation>%2 对“%1”的工作未保存。最后一步：%3。</translation>
    </message>
    <message>
        <source>Take it up</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>over on %1</source>
        <translation>%1 超出</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerRequest</name>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Device memory</source>
        <translation>设备内存</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>tok</source>
        <comment>unit: tokens, short</comment>
        <translation>tok</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>16 bit</source>
        <translation>16 位</translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>32 bit</source>
        <translation>32 位</translation>
    </message>
    <message>
        <source>Cache type</source>
        <translation>缓存类型</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Experts kept per layer</source>
        <translation>每层保留的专家</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Allocator</source>
        <translation>分配器</translation>
    </message>
    <message>
        <source>Protect</source>
        <translation>保护</translation>
    </message>
    <message>
        <source>%1 of %2, %3</source>
        <translation>%1 / %2，%3</translation>
    </message>
    <message>
        <source>Never below top-k (%1)</source>
        <translation>绝不少于 top-k（%1）</translation>
    </message>
    <message numerus="yes">
        <source>Super experts (%n found)</source>
        <translation>
            <numerusform>超级专家（找到 %n 个）</numerusform>
        </translation>
    </message>
    <message>
        <source>My locks (%1)</source>
        <translation>我的锁定（%1）</translation>
    </message>
    <message>
        <source>Counts differ between layers</source>
        <translation>各层数量不同</translation>
    </message>
    <message>
        <source>No engine loads that as it is. The keep list can still be saved and validated.</source>
        <translation>没有引擎能直接加载。保留列表仍可保存和验证。</translation>
    </message>
    <message>
        <source>Make uniform</source>
        <translation>改为均匀</translation>
    </message>
    <message numerus="yes">
        <source>%n kept expert(s) rest on few tokens</source>
        <translation>
            <numerusform>%n 个保留的专家只依据很少的 token</numerusform>
        </translation>
    </message>
    <message>
        <source>A mean over fewer than %1 tokens may overrate them: rarely used experts with large outputs win.</source>
        <translation>少于 %1 个 token 的均值可能高估它们：很少使用但输出大的专家会胜出。</translation>
    </message>
    <message>
        <source>Use the shrunk mean</source>
        <translation>使用收缩均值</translation>
    </message>
    <message>
        <source>a</source>
        <comment>exponent of the count</comment>
        <translation>a</translation>
    </message>
    <message>
        <source>Exponent of the number of tokens</source>
        <translation>token 数的指数</translation>
    </message>
    <message>
        <source>Exponents of gate weight and output norm</source>
        <translation>门控权重与输出范数的指数</translation>
    </message>
    <message>
        <source>b %1, c %2</source>
        <comment>exponents of gate weight and output norm</comment>
        <translation>b %1，c %2</translation>
    </message>
    <message>
        <source>Fill up to one count</source>
        <translation>补齐到同一数量</translation>
    </message>
    <message>
        <source>Stock engines read one number of experts for all layers: layers with fewer get their next best</source>
        <translation>通用引擎对所有层只读取一个专家数：较少的层补入其次优专家</translation>
    </message>
    <message>
        <source>Least per layer</source>
        <translation>每层至少</translation>
    </message>
    <message>
        <source>Outliers in all layers</source>
        <translation>所有层的离群值</translation>
    </message>
    <message>
        <source>Experts with extraordinary outputs, in the last layers too</source>
        <translation>输出异常的专家，包括最后几层</translation>
    </message>
    <message>
        <source>Every domain keeps</source>
        <translation>每个领域保留</translation>
    </message>
    <message>
        <source>Per layer and domain, the fewest experts that carry this share of its gate weight stay</source>
        <translation>对每层每个领域，保留承担该份额门控权重的最少专家</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Share of gate weight that every domain keeps</source>
        <translation>每个领域保留的门控权重份额</translation>
    </message>
    <message>
        <source>Super experts (not measured)</source>
        <translation>超级专家（未测量）</translation>
    </message>
    <message>
        <source>The sum of the devices below</source>
        <translation>下列设备之和</translation>
    </message>
</context>
<context>
    <name>espalier::views::PlannerTokens</name>
    <message>
        <source>Skipping</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Fewer experts for every token than the model&apos;s own number: faster, and another loss. Engines read one number for all layers.</source>
        <translation>每个 token 使用的专家少于模型自身的数量：更快，但另有损失。引擎对所有层只读取一个数。</translation>
    </message>
    <message>
        <source>Experts per token</source>
        <translation>每 token 专家</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>none</source>
        <comment>no experts are skipped</comment>
        <translation>无</translation>
    </message>
    <message>
        <source>Skipping (not measured)</source>
        <translation>跳过（未测量）</translation>
    </message>
    <message>
        <source>Token by token, experts whose weight is small beside the token&apos;s largest are left out: this share of the tokens falls below each threshold. Stock engines give every token all its experts; an export writes the rule beside the model.</source>
        <translation>逐个 token 地略去权重远小于该 token 最大权重的专家：这一比例的 token 低于每个阈值。普通引擎给每个 token 全部专家；导出时会把规则写在模型旁边。</translation>
    </message>
    <message>
        <source>Thresholds of this plan: %1 to %2 of the largest weight.</source>
        <translation>此方案的阈值：最大权重的 %1 到 %2。</translation>
    </message>
</context>
<context>
    <name>espalier::views::ProfileDataModel</name>
    <message>
        <source>Add at least one file of your texts: .txt, or .jsonl with a text in every line.</source>
        <translation>请至少添加一个文本文件：.txt，或每行含一段文本的 .jsonl。</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>领域</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token</translation>
    </message>
</context>
<context>
    <name>espalier::views::ProfileDialog</name>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>New profile</source>
        <translation>新建测量</translation>
    </message>
    <message>
        <source>Measure what every expert does on your texts</source>
        <translation>测量每个专家在您的文本上做了什么</translation>
    </message>
    <message>
        <source>One domain is one kind of text: a language, a task, a customer. Files of the same domain count together. A few hundred thousand tokens per domain are plenty.</source>
        <translation>一个领域就是一类文本：一种语言、一项任务、一位客户。同一领域的文件合并计算。每个领域几十万个 token 已很充足。</translation>
    </message>
    <message>
        <source>Files and their domains</source>
        <translation>文件及其领域</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> 个 token</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>basic: counts, gates and norms only, a smaller study</source>
        <translation>基本：只含计数、门控和范数，研究文件更小</translation>
    </message>
    <message>
        <source>Go on with the unfinished run of these settings</source>
        <translation>继续这些设置下未完成的测量</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Most per domain</source>
        <translation>每个领域最多</translation>
    </message>
    <message>
        <source>Collect</source>
        <translation>收集</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Add texts</source>
        <translation>添加文本</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl);;All files (*)</source>
        <translation>文本 (*.txt *.jsonl);;所有文件 (*)</translation>
    </message>
    <message numerus="yes">
        <source>Profile %n domain(s)</source>
        <translation>
            <numerusform>测量 %n 个领域</numerusform>
        </translation>
    </message>
    <message>
        <source>Counting tokens…</source>
        <translation>正在统计 token…</translation>
    </message>
    <message>
        <source>About %1 tokens by the size of the files; they are counted when the run begins.</source>
        <translation>按文件大小估计约 %1 个 token；开始时会准确统计。</translation>
    </message>
    <message>
        <source>%1 tokens in %2 windows; the study grows by about %3. %4</source>
        <translation>%1 个 token，%2 个窗口；研究文件约增大 %3。%4</translation>
    </message>
    <message>
        <source>About %1 at the speed of the last run.</source>
        <translation>按上次的速度约需 %1。</translation>
    </message>
    <message>
        <source>The run can be cancelled at any time and resumed later.</source>
        <translation>测量可随时取消，之后继续。</translation>
    </message>
    <message>
        <source>usual: all scores but leave-one-out, pairs of experts</source>
        <translation>常用：除逐一剔除外的全部评分，以及专家对</translation>
    </message>
    <message>
        <source>everything: also a sample through every expert, slower</source>
        <translation>全部：另取样本通过每个专家，较慢</translation>
    </message>
</context>
<context>
    <name>espalier::views::Rail</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>open one, or the sample</source>
        <translation>打开一个，或打开示例</translation>
    </message>
    <message>
        <source>%1 × %2 experts, top-%3</source>
        <translation>%1 × %2 个专家，top-%3</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s), dense</source>
        <translation>
            <numerusform>%n 层，稠密</numerusform>
        </translation>
    </message>
    <message>
        <source>none running</source>
        <translation>无运行任务</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
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
        <translation>%1，未找到</translation>
    </message>
    <message>
        <source>today %1</source>
        <translation>今天 %1</translation>
    </message>
    <message>
        <source>%1 does not exist any more. Delete removes it from the list.</source>
        <translation>%1 已不存在。按 Delete 可将其从列表移除。</translation>
    </message>
    <message>
        <source>Study or model</source>
        <translation>研究或模型</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>打开时间</translation>
    </message>
</context>
<context>
    <name>espalier::views::RoutedText</name>
    <message numerus="yes">
        <source>%1, document %2, part %3 (%n token(s))</source>
        <translation>
            <numerusform>%1，文档 %2，第 %3 部分（%n 个 token）</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, document %2 (%n token(s))</source>
        <translation>
            <numerusform>%1，文档 %2（%n 个 token）</numerusform>
        </translation>
    </message>
    <message>
        <source>part of a character</source>
        <translation>字符的一部分</translation>
    </message>
    <message>
        <source>position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>token</source>
        <translation>token</translation>
    </message>
    <message>
        <source>expert %1</source>
        <translation>专家 %1</translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation>权重 %1</translation>
    </message>
    <message>
        <source>Trace the texts…</source>
        <translation>追踪这些文本…</translation>
    </message>
    <message>
        <source>Trace again…</source>
        <translation>重新追踪…</translation>
    </message>
    <message>
        <source>Text, coloured by expert</source>
        <translation>按专家着色的文本</translation>
    </message>
    <message>
        <source>Traced text</source>
        <translation>已追踪的文本</translation>
    </message>
    <message>
        <source>Colour of the tokens</source>
        <translation>token 的颜色</translation>
    </message>
    <message>
        <source>Expert that a token chose first</source>
        <translation>token 首选的专家</translation>
    </message>
    <message>
        <source>Weight given to the expert under the cursor</source>
        <translation>给予光标处专家的权重</translation>
    </message>
    <message>
        <source>Most chosen experts of the text</source>
        <translation>文本中被选最多的专家</translation>
    </message>
    <message>
        <source>Open the model’s folder to trace its texts.</source>
        <translation>请打开模型文件夹以追踪文本。</translation>
    </message>
    <message>
        <source>expert %1, weight %2</source>
        <translation>专家 %1，权重 %2</translation>
    </message>
    <message>
        <source>The stronger the ground, the larger the weight given to expert %1; no ground: not chosen.</source>
        <translation>底色越深，给予专家 %1 的权重越大；无底色：未选择。</translation>
    </message>
    <message>
        <source>others: no ground</source>
        <translation>其他：无底色</translation>
    </message>
    <message>
        <source>Layer %1. Underlined: expert %2 is among the %3 that a token chose; %4 of %5 tokens. Association, not cause.</source>
        <translation>第 %1 层。下划线：专家 %2 在 token 所选的 %3 个之中；%5 个 token 中有 %4 个。相关而非因果。</translation>
    </message>
    <message>
        <source>Traced under the plan %1.</source>
        <translation>在方案 %1 下追踪。</translation>
    </message>
    <message>
        <source>No text was traced yet. A trace runs some hundred tokens of every domain through the model and remembers which experts each one chose. It holds the texts themselves and lies in a file of its own beside the study.</source>
        <translation>尚未追踪任何文本。追踪会让每个领域的数百个 token 通过模型，并记录每个 token 选择了哪些专家。结果包含文本本身，存放在研究文件旁的单独文件中。</translation>
    </message>
    <message>
        <source>Layer %1 was not traced.</source>
        <translation>第 %1 层未追踪。</translation>
    </message>
</context>
<context>
    <name>espalier::views::ShareCurve</name>
    <message>
        <source>Cumulative share of assignments</source>
        <translation>分配的累积份额</translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per layer hold %1 of A and %2 of B</source>
        <translation>
            <numerusform>每层 %n 个专家占 A 的 %1、B 的 %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n expert(s) per layer hold %1</source>
        <translation>
            <numerusform>每层 %n 个专家占 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>experts per layer, most used first</source>
        <translation>每层的专家，最常用的在前</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>专家</translation>
    </message>
</context>
<context>
    <name>espalier::views::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Does</source>
        <translation>作用</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Find a shortcut</source>
        <translation>查找快捷键</translation>
    </message>
</context>
<context>
    <name>espalier::views::SliderScale</name>
    <message>
        <source>%1, least</source>
        <translation>%1，最少</translation>
    </message>
    <message>
        <source>fits up to %1</source>
        <translation>最多放得下 %1</translation>
    </message>
</context>
<context>
    <name>espalier::views::SmallMultiples</name>
    <message>
        <source>All domains, same scale</source>
        <translation>所有领域，同一标度</translation>
    </message>
</context>
<context>
    <name>espalier::views::Snapshot</name>
    <message>
        <source>%1 was traced with another model (fingerprint %2). Trace the texts again.</source>
        <translation>%1 是用另一个模型追踪的（指纹 %2）。请重新追踪文本。</translation>
    </message>
</context>
<context>
    <name>espalier::views::StackBar</name>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>removed %1</source>
        <translation>去掉 %1</translation>
    </message>
    <message>
        <source>over by %1</source>
        <translation>超出 %1</translation>
    </message>
    <message>
        <source>%1, estimate</source>
        <translation>%1，估计</translation>
    </message>
</context>
<context>
    <name>espalier::views::StartMemory</name>
    <message>
        <source>Profile…</source>
        <translation>测量…</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>Context, tokens</source>
        <translation>上下文，token</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Cache type</source>
        <translation>缓存类型</translation>
    </message>
    <message>
        <source>Memory by part</source>
        <translation>各部分内存</translation>
    </message>
    <message>
        <source>What fits this machine</source>
        <translation>这台机器放得下什么</translation>
    </message>
    <message>
        <source>Counts of experts and whether they fit</source>
        <translation>专家数量及是否放得下</translation>
    </message>
    <message>
        <source>%1, %2 parameters, %3 used per token; %4</source>
        <translation>%1，%2 参数，每个 token 使用 %3；%4</translation>
    </message>
    <message>
        <source>Needs %1 to run as it is</source>
        <translation>按原样运行需要 %1</translation>
    </message>
    <message>
        <source>Weights and cache are exact, read from headers and config.json. The workspace of %1 is an estimate.</source>
        <translation>权重和缓存是精确值，读自文件头和 config.json。%1 的工作区是估计值。</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>%1 layers × %2 × %3</source>
        <translation>%1 层 × %2 × %3</translation>
    </message>
    <message>
        <source>Shared experts</source>
        <translation>共享专家</translation>
    </message>
    <message>
        <source>used by every token</source>
        <translation>每个 token 都使用</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>q, k, v, o</source>
        <translation>q、k、v、o</translation>
    </message>
    <message>
        <source>Embedding and head</source>
        <translation>嵌入与输出头</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>Routers, norms, other</source>
        <translation>路由器、归一化及其他</translation>
    </message>
    <message>
        <source>everything else in the checkpoint</source>
        <translation>检查点中的其余部分</translation>
    </message>
    <message>
        <source>Key-value cache</source>
        <translation>键值缓存</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>工作区</translation>
    </message>
    <message>
        <source>estimate for the engine here</source>
        <translation>本机引擎的估计值</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>How it adds up</source>
        <translation>计算方式</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>over by %1</source>
        <translation>超出 %1</translation>
    </message>
    <message>
        <source>tight, %1 left</source>
        <translation>勉强，剩余 %1</translation>
    </message>
    <message>
        <source>fits, %1 left</source>
        <translation>放得下，剩余 %1</translation>
    </message>
    <message>
        <source>largest with margin</source>
        <translation>留有余量的最大值</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Kept per layer</source>
        <translation>每层保留</translation>
    </message>
    <message>
        <source>% kept</source>
        <translation>保留 %</translation>
    </message>
    <message>
        <source>Needs, %1</source>
        <translation>需要，%1</translation>
    </message>
    <message>
        <source>RAM, %1</source>
        <translation>内存，%1</translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens × %n sequence(s)</source>
        <translation>
            <numerusform>%1 个 token × %n 个序列</numerusform>
        </translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>too large</source>
        <translation>太大</translation>
    </message>
    <message>
        <source>GPU, %1</source>
        <translation>GPU，%1</translation>
    </message>
    <message>
        <source>%1 GPUs, %2</source>
        <translation>%1 个 GPU，%2</translation>
    </message>
</context>
<context>
    <name>espalier::views::StartPage</name>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Open a checkpoint. Only headers are read until you run something.</source>
        <translation>打开检查点。在您运行任务之前只读取文件头。</translation>
    </message>
    <message>
        <source>No model is open. Here you will see what it needs to run, part by part, and how many experts fit this machine.</source>
        <translation>没有打开模型。这里将逐项显示运行它需要什么，以及这台机器放得下多少专家。</translation>
    </message>
    <message>
        <source>Open model…   Ctrl+O</source>
        <translation>打开模型…   Ctrl+O</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Recent models and studies</source>
        <translation>最近的模型和研究</translation>
    </message>
    <message>
        <source>Nothing was opened yet.</source>
        <translation>还没有打开过任何内容。</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>A small trained model of 6 layers with 32 experts, 22 MiB, with texts of 12 domains. Every page works with it, on a CPU, in some minutes.</source>
        <translation>一个训练好的小模型，6 层，每层 32 个专家，22 MiB，附带 12 个领域的文本。所有页面都可用它在 CPU 上几分钟内完成。</translation>
    </message>
    <message>
        <source>The sample was not found beside the program. Install the program, or set ESPALIER_RESOURCES to its resources folder.</source>
        <translation>在程序旁未找到示例。请安装程序，或将 ESPALIER_RESOURCES 设为其资源文件夹。</translation>
    </message>
    <message>
        <source>Open sample</source>
        <translation>打开示例</translation>
    </message>
    <message>
        <source>nothing opened yet</source>
        <translation>尚未打开任何内容</translation>
    </message>
    <message numerus="yes">
        <source>%n recent</source>
        <translation>
            <numerusform>%n 个最近项目</numerusform>
        </translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>打开文件…</translation>
    </message>
</context>
<context>
    <name>espalier::views::TableText</name>
    <message>
        <source>%1: tables are written as .csv, .tsv or .json</source>
        <translation>%1：表格写为 .csv、.tsv 或 .json</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Choose a folder you may write to.</source>
        <translation>无法写入 %1：%2。请选择一个可以写入的文件夹。</translation>
    </message>
</context>
<context>
    <name>espalier::views::Together</name>
    <message>
        <source>× expected</source>
        <translation>× 期望</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>never together</source>
        <translation>从不一同</translation>
    </message>
</context>
<context>
    <name>espalier::views::UseScatter</name>
    <message>
        <source>Use of every expert against uniform use</source>
        <translation>每个专家的使用与均匀使用相比</translation>
    </message>
    <message>
        <source>Not known: token counts were not measured here.</source>
        <translation>未知：此处没有统计 token 数。</translation>
    </message>
    <message numerus="yes">
        <source>Of %n expert(s), %1 are used more than uniform use would have it and %2 less; %3 cannot be told apart, %4 have too few tokens to judge.</source>
        <translation>
            <numerusform>%n 个专家中，%1 个的使用多于均匀使用，%2 个少于均匀使用；%3 个无法区分，%4 个 token 太少、无法判断。</numerusform>
        </translation>
    </message>
    <message>
        <source>Expert %1: %2 %3, %4 tokens, %5</source>
        <translation>专家 %1：%2 %3，%4 个 token，%5</translation>
    </message>
    <message>
        <source>experts, most used first</source>
        <translation>专家（使用最多的在前）</translation>
    </message>
    <message>
        <source>ratio to uniform</source>
        <translation>与均匀分配之比</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationForm</name>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Plans to compare with the base</source>
        <translation>要与基础模型比较的方案</translation>
    </message>
    <message>
        <source>Texts and tasks, not used for the scores</source>
        <translation>未用于打分的文本和任务</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Items per task</source>
        <translation>每个任务的条目数</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Random controls</source>
        <translation>随机对照</translation>
    </message>
    <message>
        <source>Texts or tasks</source>
        <translation>文本或任务</translation>
    </message>
    <message>
        <source>Texts and tasks (*.jsonl *.txt)</source>
        <translation>文本和任务 (*.jsonl *.txt)</translation>
    </message>
    <message>
        <source>%1, text and exact match</source>
        <translation>%1，文本与精确匹配</translation>
    </message>
    <message>
        <source>%1, text</source>
        <translation>%1，文本</translation>
    </message>
    <message numerus="yes">
        <source>Validate %n plan(s)</source>
        <translation>
            <numerusform>验证 %n 个方案</numerusform>
        </translation>
    </message>
    <message>
        <source>Hold to the gate</source>
        <translation>按门限检查</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationModel</name>
    <message numerus="yes">
        <source>%1 holds all %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 在其面向的全部 %n 个领域达标。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 breaks all %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 在其面向的全部 %n 个领域不达标。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 breaks %2 of the %n domain(s) it was made for.</source>
        <translation>
            <numerusform>%1 在其面向的 %n 个领域中有 %2 个不达标。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %n other(s) it breaks %1.</source>
        <translation>
            <numerusform>在另外 %n 个领域中有 %1 个不达标。</numerusform>
        </translation>
    </message>
    <message>
        <source>Limits: KL %1 nats, or %2 of the items lost with p &lt; %3.</source>
        <translation>限值：KL %1 nat，或丢失 %2 的条目且 p &lt; %3。</translation>
    </message>
    <message>
        <source>exact, %</source>
        <translation>精确，%</translation>
    </message>
    <message>
        <source>perplexity</source>
        <translation>困惑度</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>breaks</source>
        <translation>不达标</translation>
    </message>
    <message>
        <source>holds</source>
        <translation>达标</translation>
    </message>
    <message>
        <source>Not in the calibration</source>
        <translation>不在校准中</translation>
    </message>
    <message>
        <source>99th percentile %1 nats; same first choice %2</source>
        <translation>第 99 百分位 %1 nat；首选相同 %2</translation>
    </message>
    <message>
        <source>%1 items right before and wrong now, %2 the other way, of %3</source>
        <translation>共 %3 条，%1 条由对变错，%2 条由错变对</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>领域</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>基础</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95&#xa0;%</translation>
    </message>
    <message>
        <source>Flips − / +</source>
        <translation>翻转 − / +</translation>
    </message>
    <message>
        <source>p, paired</source>
        <translation>p，配对</translation>
    </message>
    <message>
        <source>KL</source>
        <translation>KL</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
</context>
<context>
    <name>espalier::views::ValidationPage</name>
    <message>
        <source>Validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>base and plans scored in the same run, on texts not used for the scores</source>
        <translation>基础模型与方案在同一次运行中评分，所用文本未用于打分</translation>
    </message>
    <message>
        <source>Nothing was compared yet. Choose plans and texts below: the page will show what each cut costs, domain by domain, beside the memory it needs.</source>
        <translation>尚未比较。请在下方选择方案和文本：页面将逐个领域显示每次剪枝的代价，以及所需内存。</translation>
    </message>
    <message>
        <source>New comparison</source>
        <translation>新建比较</translation>
    </message>
    <message>
        <source>Memory against loss</source>
        <translation>内存与损失</translation>
    </message>
    <message>
        <source>mean KL of the domains each plan was made for</source>
        <translation>各方案所面向领域的平均 KL</translation>
    </message>
    <message>
        <source>dotted: best plan up to each size · points at 1e-5 are at or below it</source>
        <translation>虚线：各大小以内的最佳方案 · 位于 1e-5 的点等于或低于该值</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Plan against base, per domain</source>
        <translation>方案与基础模型，按领域</translation>
    </message>
    <message>
        <source>lost: %1</source>
        <translation>丢失：%1</translation>
    </message>
    <message>
        <source>needs a plan</source>
        <translation>需要方案</translation>
    </message>
    <message>
        <source>nothing compared yet</source>
        <translation>尚未比较</translation>
    </message>
    <message numerus="yes">
        <source>%n plan(s) validated</source>
        <translation>
            <numerusform>已验证 %n 个方案</numerusform>
        </translation>
    </message>
    <message>
        <source>Left and Right step through the points</source>
        <translation>左右键逐点移动</translation>
    </message>
    <message>
        <source>A validation compares saved plans with the whole model. Make and save a plan first.</source>
        <translation>验证将已保存的方案与完整模型比较。请先制定并保存一个方案。</translation>
    </message>
    <message>
        <source>Go to the planner</source>
        <translation>前往规划器</translation>
    </message>
    <message>
        <source>%1, %2, against base</source>
        <translation>%1，%2，与基础模型相比</translation>
    </message>
    <message numerus="yes">
        <source>up to %n item(s) per task, greedy · flips: right to wrong / wrong to right · McNemar, not corrected for several tasks</source>
        <translation>
            <numerusform>每个任务最多 %n 条，贪心解码 · 翻转：对变错 / 错变对 · McNemar，未对多任务作校正</numerusform>
        </translation>
    </message>
    <message>
        <source>texts only: no task was scored</source>
        <translation>仅文本：未对任务评分</translation>
    </message>
    <message>
        <source>The plan was changed after this run: validate again.</source>
        <translation>方案在此次运行后有改动：请重新验证。</translation>
    </message>
    <message>
        <source>%1 selected · %2 · KL %3 nats per token on its own domains</source>
        <translation>已选 %1 · %2 · 在其自身领域上 KL %3 nat / token</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>门限</translation>
    </message>
    <message>
        <source>Ctrl+Return asks base and plan</source>
        <translation>Ctrl+Return 向基础模型和方案提问</translation>
    </message>
    <message>
        <source>F2 or typing edits a limit; an empty field is no limit</source>
        <translation>F2 或直接输入可编辑限值；留空即无限制</translation>
    </message>
    <message numerus="yes">
        <source>%n domain(s) outside the calibration: %1. Keep such texts away from this plan, or add them to the plan’s domains.</source>
        <translation>
            <numerusform>校准之外有 %n 个领域：%1。不要将此类文本用于此方案，或把它们加入方案的领域。</numerusform>
        </translation>
    </message>
    <message>
        <source>Breaks</source>
        <translation>不达标</translation>
    </message>
    <message numerus="yes">
        <source>The gate is broken in %n place(s); the view Gate shows which.</source>
        <translation>
            <numerusform>门限在 %n 处被突破；“门限”视图会显示是哪些。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>espalier::views::WeightPreview</name>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>First look, from the weights alone</source>
        <translation>初步一览，仅凭权重</translation>
    </message>
    <message>
        <source>Score of the first look</source>
        <translation>初步一览的评分</translation>
    </message>
    <message>
        <source>The same numbers as a table</source>
        <translation>以表格显示相同数据</translation>
    </message>
    <message>
        <source>Experts, scored from the weights alone</source>
        <translation>仅凭权重评分的专家</translation>
    </message>
    <message>
        <source>Scores from the weights as a table</source>
        <translation>权重评分表</translation>
    </message>
    <message>
        <source>Layer %1, expert %2: %3 %4, rank %5 of %6</source>
        <translation>第 %1 层，专家 %2：%3 %4，排名 %5/%6</translation>
    </message>
    <message>
        <source>No text was run: this knows the weights, not your use. Bright experts stay first. Profile before you cut.</source>
        <translation>未运行任何文本：只知权重，不知您的用途。亮色专家优先保留。裁剪前请先剖析。</translation>
    </message>
    <message>
        <source>The folder of this study&apos;s model is not known. Open the model itself once.</source>
        <translation>不知道该研究的模型所在文件夹。请打开一次模型本身。</translation>
    </message>
    <message>
        <source>Waits for the job that runs now.</source>
        <translation>等待当前任务。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Reading the experts, %1…</source>
        <translation>正在读取专家，%1…</translation>
    </message>
    <message>
        <source>Reading the experts…</source>
        <translation>正在读取专家…</translation>
    </message>
    <message>
        <source>One read of %1 of experts, about %2 on this machine. No texts are needed.</source>
        <translation>读取一遍 %1 的专家，在此机器上约需 %2。无需文本。</translation>
    </message>
    <message>
        <source>Score the weights</source>
        <translation>对权重评分</translation>
    </message>
    <message>
        <source>The scores could not be computed. %1</source>
        <translation>无法计算评分。%1</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Measures which experts of a Mixture-of-Experts model serve your texts, and cuts the others.</source>
        <translation>测量混合专家模型的哪些专家服务于您的文本，并剪去其余专家。</translation>
    </message>
    <message>
        <source>Model folder, .safetensors file or .espalier study.</source>
        <translation>模型文件夹、.safetensors 文件或 .espalier 研究文件。</translation>
    </message>
    <message>
        <source>Page to begin with: start, overview, compare, planner, validation, export.</source>
        <translation>起始页面：start、overview、compare、planner、validation、export。</translation>
    </message>
    <message>
        <source>Colours: light, dark or system.</source>
        <translation>颜色：light（浅色）、dark（深色）或 system（系统）。</translation>
    </message>
    <message>
        <source>Write the report of a study with --pdf and end; needs no display.</source>
        <translation>用 --pdf 写出研究的报告后结束；不需要显示器。</translation>
    </message>
    <message>
        <source>PDF that --report writes.</source>
        <translation>--report 写出的 PDF。</translation>
    </message>
</context>
</TS>
