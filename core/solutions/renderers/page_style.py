"""The style of the HTML page: like a sheet of paper, narrow screens and printers included."""

STYLE = """
body { margin: 0; background: #eef1f4; color: #1a1a1a;
  font: 16px/1.5 "Latin Modern Roman", "STIX Two Text", Georgia, "DejaVu Serif", serif }
main { max-width: 880px; margin: 24px auto; padding: 24px 48px 48px; background: #fff;
  box-shadow: 0 1px 6px #0003 }
h1 { font-size: 1.7em; line-height: 1.2; margin: .6em 0 }
h2 { font-size: 1.25em; margin: 1.6em 0 .6em; padding-bottom: .2em;
  border-bottom: 1px solid #cfd6de }
h3 { font-size: 1.08em; margin: 1.3em 0 .4em }
p { margin: .5em 0 }
math { font-size: 1.06em }
.nn-wide math { font-size:
  clamp(8px, calc((min(100vw, 880px) - 180px) / var(--digits) * 2), 1.06em) }
figure { margin: 1em 0; text-align: center; overflow-x: auto }
figure svg { max-width: 100%; height: auto; min-width: 360px }
figcaption { color: #55606c; font-size: .9em }
.nn-given { display: flex; flex-wrap: wrap; gap: 14px 34px; align-items: center; margin: 1em 0 }
.nn-given > span, .nn-lines { max-width: 100%; overflow-x: auto; line-height: 2 }
.nn-given > span > span, .nn-lines span span { display: inline-block; max-width: 100% }
.nn-lines span span { padding: 3px 0 }
.nn-lines { display: grid; grid-template-columns: max-content 1fr; column-gap: .3em;
  align-items: baseline; padding: 4px 0 }
.nn-step { display: flex; gap: 14px; margin: 1em 0; break-inside: avoid }
.nn-step > div { flex: 1; min-width: 0; padding: 2px 0 }
.nn-step p { color: #55606c; font-size: .92em; margin: .2em 0 0 }
.nn-number { color: #33526e; min-width: 2.4em; padding-top: 2px }
mtd { math-style: normal }
mtable.matrix { border: solid currentColor; border-width: 0 1.3px; border-radius: .7em;
  margin: 0 .15em; padding: .1em .15em }
mtable.matrix mtd { padding: .12em .4em }
mtable.tall mtd { padding: .4em }
mtable.numbers mtd { text-align: -webkit-right }
table { border-collapse: collapse; margin: 1em 0 }
th, td { text-align: left; padding: .3em 1em .3em 0; border-bottom: 1px solid #cfd6de }
a { color: #33526e }
@media (max-width: 640px) {
  main { margin: 0; padding: 8px 16px 32px; box-shadow: none }
  .nn-step { display: block }
  .nn-lines { display: block; padding-left: 1em; text-indent: -1em }
  .nn-lines span { text-indent: 0 }
  .nn-wide math { font-size: clamp(7px, calc((100vw - 44px) / var(--digits) * 2), 1.06em) }
}
hr.nn-page { border: 0; border-top: 1px dashed #9aa5b1; margin: 2.5em 0 }
@media print { hr.nn-page { border: 0; margin: 0; break-after: page } }
@media print { body { background: #fff } main { box-shadow: none; margin: 0; max-width: none } }
"""
