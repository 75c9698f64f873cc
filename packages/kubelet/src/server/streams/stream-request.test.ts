import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestError } from "../pod-source.ts";
import { requestTarget } from "@kube-ts/std/request-target";
import { parseStreamRequest } from "./stream-request.ts";

function parse(url: string) {
  return parseStreamRequest(requestTarget({ url }));
}

test("requests for streams are read", () => {
  assert.deepEqual(parse("/exec/ns/pod/c?command=sh&command=-c%20x&input=1&output=1&error=1&tty=1"), {
    kind: "exec",
    pod: { namespace: "ns", name: "pod", uid: undefined },
    container: "c",
    command: ["sh", "-c x"],
    selection: { stdin: true, stdout: true, stderr: false, tty: true },
  });
  assert.deepEqual(parse("/attach/ns/pod/uid/c?output=1"), {
    kind: "attach",
    pod: { namespace: "ns", name: "pod", uid: "uid" },
    container: "c",
    selection: { stdin: false, stdout: true, stderr: false, tty: false },
  });
  assert.deepEqual(parse("/portForward/ns/pod?port=80&port=443,8080"), {
    kind: "portForward",
    pod: { namespace: "ns", name: "pod", uid: undefined },
    ports: [80, 443, 8080],
  });
});

test("other paths are none", () => {
  for (const url of ["/pods", "/exec", "/exec/ns/pod", "/portForward/ns", "/portForward/ns/p/u/x", "/x/exec/ns/p/c"]) {
    assert.equal(parse(url), undefined, url);
  }
});

test("wrong requests are refused", () => {
  const wrong = [
    "/exec/ns/pod/c?output=1",
    "/exec/ns/pod/c?command=sh",
    "/attach/ns/pod/c",
    "/portForward/ns/pod?port=0",
    "/portForward/ns/pod?port=70000",
  ];
  for (const url of wrong) {
    assert.throws(
      () => parse(url),
      (error: unknown) => error instanceof RequestError && error.statusCode === 400,
      url,
    );
  }
});
