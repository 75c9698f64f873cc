import assert from "node:assert/strict";
import { test } from "node:test";
import { GoTemplate } from "./go-template.ts";

const object = {
  name: "web",
  replicas: 3,
  big: 1_500_000,
  labels: { b: "2", a: "1" },
  items: [{ n: "x" }, { n: "y" }],
  data: "aGk=",
  none: null,
};

const cases: readonly (readonly [string, string])[] = [
  ["{{.name}} {{.replicas}} {{.big}}", "web 3 1.5e+06"],
  ["{{.labels}} {{.items}}", "map[a:1 b:2] [map[n:x] map[n:y]]"],
  ["{{.nope}} {{.nope.deeper}}", "<no value> <no value>"],
  ["{{if .labels}}yes{{else}}no{{end}}{{if not .empty}}!{{end}}", "yes!"],
  ["{{if eq .replicas 1.0}}one{{else if gt .replicas 2.0}}many{{end}}", "many"],
  ["{{range .items}}{{.n}},{{end}}{{range .nothing}}{{else}}none{{end}}", "x,y,none"],
  ["{{range $i, $e := .items}}{{$i}}={{$e.n}} {{end}}", "0=x 1=y "],
  ["{{range $k, $v := .labels}}{{$k}}{{$v}}{{end}}", "a1b2"],
  ["{{with .labels}}{{.a}}{{end}}{{with .nothing}}{{else}}-{{end}}", "1-"],
  ['{{$x := .name}}{{$x}}{{$x = "new"}}{{$x}}', "webnew"],
  ['{{index .labels "a"}} {{(index .items 1).n}} {{len .items}}', "1 y 2"],
  ['{{printf "%s|%-5s|%q|%v" .name "ab" .name .labels}}', 'web|ab   |"web"|map[a:1 b:2]'],
  ['{{.data | base64decode}} {{.name | len}} {{.name | printf "%s!"}}', "hi 3 web!"],
  ["{{and .name .nope}} {{or .nope .name}}", "<no value> web"],
  ["a {{- .name -}} b {{/* comment */}}c", "awebb c"],
  ['{{define "t"}}<{{.}}>{{end}}{{template "t" .name}}', "<web>"],
  ['{{range .items}}{{if eq .n "y"}}{{break}}{{end}}{{.n}}{{end}}', "x"],
  ['{{ne .name "x"}} {{`raw`}} {{html "<a>"}}', "true raw &lt;a&gt;"],
];

for (const [template, text] of cases) {
  test(`${template} prints what Go prints`, () => {
    assert.equal(new GoTemplate(template, { allowMissingKeys: true }).format(object), text);
  });
}

for (const template of [
  "{{.x",
  "{{if .x}}",
  "{{end}}",
  "{{nope .x}}",
  "{{.none.x}}",
  "{{$y}}",
  '{{index .items "a"}}',
]) {
  test(`${template} is refused`, () => {
    assert.throws(() => new GoTemplate(template, { allowMissingKeys: true }).format(object));
  });
}
