import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { suite, test } from "node:test";
import { HtmlLinks } from "./html-links.ts";

const rules = { prefix: "/p", hosts: new Set(["self:80"]) };

async function rewrite(chunks: readonly (string | Buffer)[]): Promise<Buffer> {
  return buffer(Readable.from(chunks.map((chunk) => Buffer.from(chunk as string))).pipe(new HtmlLinks(rules)));
}

const cases: [string, string, string][] = [
  ["links", '<a href="/x">', '<a href="/p/x">'],
  ["single quotes and spaces", "<A  Class=b HREF = '/x' >", "<A  Class=b HREF = '/p/x' >"],
  ["values without quotes", "<img src=/x.png alt=y>", "<img src=/p/x.png alt=y>"],
  ["several attributes", '<img src="/a" longdesc="/b" title="/c">', '<img src="/p/a" longdesc="/p/b" title="/c">'],
  ["closed elements", '<link href="/x"/>', '<link href="/p/x"/>'],
  ["forms and frames", '<form action="/a"><iframe src="/b">', '<form action="/p/a"><iframe src="/p/b">'],
  ["absolute links to itself", '<a href="http://self:80/x">', '<a href="/p/x">'],
  [
    "nobody else's",
    '<a href="http://other/x"><a href="rel"><b href="/x">',
    '<a href="http://other/x"><a href="rel"><b href="/x">',
  ],
  [
    "what looks like tags in values",
    '<a title="<a href=\'/x\'>" href="/y">',
    '<a title="<a href=\'/x\'>" href="/p/y">',
  ],
  ["nothing in comments", '<!-- <a href="/x"> --><a href="/y">', '<!-- <a href="/x"> --><a href="/p/y">'],
  [
    "nothing in scripts",
    '<script src="/s">"<a href=\'/x\'>"</script><a href="/y">',
    '<script src="/p/s">"<a href=\'/x\'>"</script><a href="/p/y">',
  ],
  ["nothing in texts", 'a < b && c > d href="/x"', 'a < b && c > d href="/x"'],
  ["unfinished tags", '<a href="/x"', '<a href="/x"'],
  ["an empty document", "", ""],
];

suite("HTML", () => {
  for (const [what, document, expected] of cases) {
    test(`has its links rewritten: ${what}`, async () => {
      assert.equal((await rewrite([document])).toString(), expected);
      assert.equal((await rewrite([...document])).toString(), expected, "byte by byte");
    });
  }

  test("keeps bytes of any encoding", async () => {
    const bytes = Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xfe, 0x00, 0xe4, 0xf6]);
    assert.deepEqual(await rewrite([bytes]), bytes);
    assert.equal((await rewrite(['<a title="ü日" href="/x">'])).toString(), '<a title="ü日" href="/p/x">');
  });

  test("does not hold more than a tag", async () => {
    const endless = `<a href="${"x".repeat(100_000)}`;
    const links = new HtmlLinks(rules);
    let out = 0;
    links.on("data", (chunk: Buffer) => (out += chunk.length));
    for (let at = 0; at < endless.length; at += 1000) links.write(endless.slice(at, at + 1000));
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(endless.length - out < 20_000, `${out} of ${endless.length}`);
  });
});
