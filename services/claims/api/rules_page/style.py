"""The style of the page of all rules: readable on a phone, in the dark and on paper."""

STYLE = """:root {
  color-scheme: light dark;
  --ground: #fbfaf7; --card: #ffffff; --ink: #1d2424; --soft: #5a6666; --line: #dfe3df; --link: #0b5f5a;
  --block: #a3261c; --hold: #6b3fa0; --warn: #8a5a00; --info: #2c5f8a; --off: #5a6666; --mark: #fff3c9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12181a; --card: #1a2224; --ink: #e6ebea; --soft: #a3b0af; --line: #2d383a; --link: #6fd0c6;
    --block: #ff9a8d; --hold: #c9a7f5; --warn: #f0c36a; --info: #93c4ee; --off: #a3b0af; --mark: #3b3417;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 6rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 52rem; padding: 0 1.25rem 4rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px;
}
header { padding: 2rem 0 .5rem; }
.brand { margin: 0; font-weight: 650; letter-spacing: .02em; }
.brand a { text-decoration: none; }
h1 { margin: .25rem 0 .5rem; font-size: clamp(1.9rem, 6vw, 2.6rem); line-height: 1.15; letter-spacing: -.015em; }
.lead { margin: 0; max-width: 38rem; color: var(--soft); font-size: 1.1rem; }
.search {
  position: sticky; top: 0; z-index: 1; display: grid; grid-template-columns: 1fr 9rem 12rem auto; gap: .6rem;
  align-items: end; padding: .9rem 0; background: var(--ground); border-bottom: 1px solid var(--line);
}
label span { display: block; margin-bottom: .2rem; color: var(--soft); font-size: .8rem; }
input, select, button { width: 100%; height: 2.75rem; padding: 0 .7rem; border-radius: .5rem; font: inherit; }
input, select { border: 1px solid var(--line); background: var(--card); color: var(--ink); }
button { border: 0; background: var(--link); color: var(--ground); font-weight: 600; cursor: pointer; }
.legend, nav ul, .programs { display: flex; flex-wrap: wrap; gap: .4rem 1.1rem; margin: 1rem 0; padding: 0;
  list-style: none; }
.legend { color: var(--soft); font-size: .92rem; }
.found { margin: 1.2rem 0; padding: .7rem 1rem; border-radius: .5rem; background: var(--mark); }
nav ul { gap: .4rem; }
nav a { display: inline-block; padding: .3rem .7rem; border: 1px solid var(--line); border-radius: 99rem;
  background: var(--card); text-decoration: none; font-size: .92rem; }
nav span { color: var(--soft); }
h2 { margin: 2.6rem 0 .8rem; font-size: 1.35rem; }
article { margin: 0 0 .9rem; padding: 1.1rem 1.25rem; border: 1px solid var(--line); border-radius: .75rem;
  background: var(--card); }
article:target { border-color: var(--link); box-shadow: 0 0 0 3px var(--mark); }
h3 { margin: 0; font-size: 1.1rem; line-height: 1.35; }
.code { margin: .15rem 0 .7rem; font-size: .9rem; }
.code a { color: var(--soft); text-decoration: none; }
.code a:hover { text-decoration: underline; }
p { margin: .5rem 0; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: 9rem 1fr; gap: .45rem 1rem; margin: .9rem 0 0; padding-top: .8rem;
  border-top: 1px solid var(--line); font-size: .95rem; }
dt { color: var(--soft); }
dd { margin: 0; }
.programs { margin: 0; gap: .3rem .9rem; }
.sources { margin: 0; padding: 0; list-style: none; }
.sources li + li { margin-top: .35rem; }
.sources b { font-weight: 600; }
.sources b::after { content: ": "; }
.sources span, .sources em { color: var(--soft); }
.badge { display: inline-block; padding: 0 .5rem; border: 1px solid currentColor; border-radius: 99rem;
  font-size: .78rem; font-weight: 650; line-height: 1.5; vertical-align: .08em; }
.block { color: var(--block); } .hold { color: var(--hold); } .warn { color: var(--warn); }
.info { color: var(--info); } .off { color: var(--off); }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); }
@media (max-width: 40rem) {
  .search { position: static; grid-template-columns: 1fr 1fr; }
  .words, button { grid-column: 1 / -1; }
  html { scroll-padding-top: 1rem; }
  dl { grid-template-columns: 1fr; gap: .1rem; }
  dd { margin-bottom: .5rem; }
  article { padding: 1rem; }
}
@media print { .search, nav, footer { display: none; } article { break-inside: avoid; } }
"""
