import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { identityHeaders, RequestLog } from "./request-log.ts";

const request = {
  method: "POST",
  url: "https://host/api",
  headers: { accept: "application/json", authorization: "Bearer secret-token" },
  body: "x".repeat(1_030),
};
const response = { status: "200 OK", headers: { date: "now" }, elapsedMs: 12.7 };

/** What a level shows, without the time. */
function logged(verbosity: number): string {
  let text = "";
  const log = new RequestLog({ verbosity, write: (line) => (text += line), clock: new FakeClock(), pid: 42 });
  log.request(request);
  log.response(request, response);
  log.responseBody("a\nb");
  return text.replace(/I\d{4} \d\d:\d\d:\d\d\.\d{6} {6}42 request-log\.ts:1\] /g, "");
}

const body = `"Request Body" body="${"x".repeat(1_024)} [truncated 6 chars]"\n`;
const sent = `"Request" verb="POST" url="https://host/api" headers=<\n\tAccept: application/json\n\tAuthorization: Bearer <masked>\n >\n`;

for (const [verbosity, expected] of [
  [5, ""],
  [6, '"Response" verb="POST" url="https://host/api" status="200 OK" milliseconds=12\n'],
  [7, `${sent}"Response" status="200 OK" milliseconds=12\n`],
  [
    8,
    `${body}${sent}"Response" status="200 OK" headers=<\n\tDate: now\n > milliseconds=12\n"Response Body" body=<\n\ta\n\tb\n >\n`,
  ],
] as const) {
  test(`level ${verbosity} shows what it should`, () => {
    assert.equal(logged(verbosity), expected);
  });
}

test("the highest levels show a command and whole bodies, but no credentials", () => {
  const text = logged(10);
  assert.ok(text.includes("x".repeat(1_030)));
  assert.ok(text.includes(`curl -v -XPOST  -H "Accept: application/json" -H "Authorization: Bearer <masked>"`));
  assert.ok(!text.includes("secret-token"));
});

test("the client's own headers are shown without their secrets", () => {
  const config = { server: "https://host", namespace: "default", tls: {} };
  const basic = identityHeaders({ ...config, auth: { kind: "basic", username: "u", password: "p" } }, "agent");
  assert.deepEqual(basic, { "user-agent": "agent", authorization: "Basic <masked>" });
  const exec = identityHeaders({ ...config, auth: { kind: "token", token: "t" }, impersonate: { user: "x" } }, "agent");
  assert.deepEqual(exec, { "user-agent": "agent", authorization: "Bearer <masked>", "impersonate-user": "x" });
});
