# Figures of the paper by number: `snakemake fig4` draws figure 4 and runs only what it shows.
#
# IN: results/tables/{table}/{dataset}/{recipe}/{fraction}.tsv, the tables of single runs
# OUT: results/figures/{figure}.pdf, .png and .tsv, the source data


rule fig2:
    "Agreement with measurements by size of the training set."
    input:
        **SHOWN["fig2"],
        code=code("fig2"),
    output:
        **figure("fig2", "Figures of the paper", "Figure 2"),
    log:
        "<logs>/figures/fig2.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
    script:
        "../workflow_scripts/fig2.py"


rule fig3:
    "Distance to the oracle ensemble under shift, and a toy of one-dimensional functions."
    input:
        **SHOWN["fig3"],
        toy="<results>/tables/toy.tsv",
        code=code("fig3"),
    output:
        **figure("fig3", "Figures of the paper", "Figure 3"),
    log:
        "<logs>/figures/fig3.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
        oracle=config["shift"]["oracle"],
    script:
        "../workflow_scripts/fig3.py"


rule fig4:
    "Attribution maps, and their agreement with the ensemble's and between members."
    input:
        **SHOWN["fig4"],
        code=code("fig4"),
    output:
        **figure("fig4", "Figures of the paper", "Figure 4"),
    log:
        "<logs>/figures/fig4.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
        regions=REGIONS,
    script:
        "../workflow_scripts/fig4.py"


rule fig5:
    "Agreement of uncertainties, and intervals by method."
    input:
        **SHOWN["fig5"],
        code=code("fig5"),
    output:
        **figure("fig5", "Figures of the paper", "Figure 5"),
    log:
        "<logs>/figures/fig5.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
        methods=METHODS,
        level=config["calibration"]["level"],
    script:
        "../workflow_scripts/fig5.py"


rule fig6:
    "Effects of variants in K562: agreement, by certainty, and maps."
    input:
        **SHOWN["fig6"],
        code=code("fig6"),
    output:
        **figure("fig6", "Figures of the paper", "Figure 6"),
    log:
        "<logs>/figures/fig6.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
        ranking=RANKING,
    script:
        "../workflow_scripts/fig6.py"


rule supp1:
    "Profiles of ATAC-seq: agreement, attribution, intervals."
    input:
        **SHOWN["supp1"],
        code=code("supp1"),
    output:
        **figure("supp1", "Figures of the paper", "Supplementary Figure 1"),
    log:
        "<logs>/figures/supp1.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
        methods=METHODS,
        level=config["calibration"]["level"],
    script:
        "../workflow_scripts/supp1.py"


rule supp2:
    "Agreement by size of the training set, with EvoAug and without."
    input:
        **SHOWN["supp2"],
        code=code("supp2"),
    output:
        **figure("supp2", "Figures of the paper", "Supplementary Figure 2"),
    log:
        "<logs>/figures/supp2.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
    script:
        "../workflow_scripts/supp2.py"


rule supp3:
    "Agreement by number of teachers."
    input:
        **SHOWN["supp3"],
        code=code("supp3"),
    output:
        **figure("supp3", "Figures of the paper", "Supplementary Figure 3"),
    log:
        "<logs>/figures/supp3.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
        teachers=SIZED,
    script:
        "../workflow_scripts/supp3.py"


rule supp4:
    "Distributions of predictions under shift."
    input:
        **SHOWN["supp4"],
        code=code("supp4"),
    output:
        **figure("supp4", "Figures of the paper", "Supplementary Figure 4"),
    log:
        "<logs>/figures/supp4.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
    script:
        "../workflow_scripts/supp4.py"


rule supp5:
    "Agreement of students with dynamic augmentations."
    input:
        **SHOWN["supp5"],
        code=code("supp5"),
    output:
        **figure("supp5", "Figures of the paper", "Supplementary Figure 5"),
    log:
        "<logs>/figures/supp5.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
    script:
        "../workflow_scripts/supp5.py"


rule supp6:
    "Attribution: distance to the ensemble's map and spread, further heads and methods."
    input:
        **SHOWN["supp6"],
        code=code("supp6"),
    output:
        **figure("supp6", "Figures of the paper", "Supplementary Figure 6"),
    log:
        "<logs>/figures/supp6.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
    script:
        "../workflow_scripts/supp6.py"


rule supp7:
    "Spread of attribution maps that are normalised by their magnitude."
    input:
        **SHOWN["supp7"],
        code=code("supp7"),
    output:
        **figure("supp7", "Figures of the paper", "Supplementary Figure 7"),
    log:
        "<logs>/figures/supp7.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
    script:
        "../workflow_scripts/supp7.py"


rule supp8:
    "Agreement of uncertainties, and intervals by method: further heads and data."
    input:
        **SHOWN["supp8"],
        code=code("supp8"),
    output:
        **figure("supp8", "Figures of the paper", "Supplementary Figure 8"),
    log:
        "<logs>/figures/supp8.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
        methods=METHODS,
        level=config["calibration"]["level"],
    script:
        "../workflow_scripts/supp8.py"


rule supp9:
    "Predictions of a student against measurements and its teachers' spread."
    input:
        **SHOWN["supp9"],
        code=code("supp9"),
    output:
        **figure("supp9", "Figures of the paper", "Supplementary Figure 9"),
    log:
        "<logs>/figures/supp9.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
    script:
        "../workflow_scripts/supp9.py"


rule supp10:
    "Epistemic heads that learn a standard deviation or a log-variance."
    input:
        **SHOWN["supp10"],
        code=code("supp10"),
    output:
        **figure("supp10", "Figures of the paper", "Supplementary Figure 10"),
    log:
        "<logs>/figures/supp10.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
    script:
        "../workflow_scripts/supp10.py"


rule supp11:
    "Students of teachers with replicates' noise or a heteroscedastic loss."
    input:
        **SHOWN["supp11"],
        code=code("supp11"),
    output:
        **figure("supp11", "Figures of the paper", "Supplementary Figure 11"),
    log:
        "<logs>/figures/supp11.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
    script:
        "../workflow_scripts/supp11.py"


rule supp12:
    "Intervals by method after conformal calibration."
    input:
        **SHOWN["supp12"],
        code=code("supp12"),
    output:
        **figure("supp12", "Figures of the paper", "Supplementary Figure 12"),
    log:
        "<logs>/figures/supp12.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
        methods=METHODS,
        level=config["calibration"]["level"],
    script:
        "../workflow_scripts/supp12.py"


rule supp13:
    "Effects of variants in HepG2: agreement."
    input:
        **SHOWN["supp13"],
        code=code("supp13"),
    output:
        **figure("supp13", "Figures of the paper", "Supplementary Figure 13"),
    log:
        "<logs>/figures/supp13.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
    script:
        "../workflow_scripts/supp13.py"


rule supp14:
    "Effects of variants in K562 with their uncertainties."
    input:
        **SHOWN["supp14"],
        code=code("supp14"),
    output:
        **figure("supp14", "Figures of the paper", "Supplementary Figure 14"),
    log:
        "<logs>/figures/supp14.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
        ranking=RANKING,
    script:
        "../workflow_scripts/supp14.py"


rule supp15:
    "Effects of variants in HepG2, by certainty."
    input:
        **SHOWN["supp15"],
        code=code("supp15"),
    output:
        **figure("supp15", "Figures of the paper", "Supplementary Figure 15"),
    log:
        "<logs>/figures/supp15.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        names=NAMES,
        paper=PAPER,
        ranking=RANKING,
    script:
        "../workflow_scripts/supp15.py"
