import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { cgroupPath, podCgroup, podUidOfDirectory, qosCgroup } from "../cgroups/cgroup-name.ts";
import { parseDockerName, dockerName } from "./docker/names.ts";
import { LineSplitter, parseLogLine } from "./docker/logs/json-log-line.ts";
import { formatImageReference, parseImageReference, repositoryOf } from "./image-reference.ts";
import { runtimeErrorCode } from "./runtime-error.ts";

const part = fc.stringMatching(/^[a-z0-9]{1,6}((\.|_|__|-{1,3})[a-z0-9]{1,4}){0,2}$/);
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const domain = fc.constantFrom(
  "docker.io",
  "localhost",
  "registry.example.com",
  "host:5000",
  "[::1]:5000",
  "UPPER",
  "10.0.0.1",
);
const tag = fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined });
const digest = fc.option(
  fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`),
  { nil: undefined },
);

suite("names of images", () => {
  test("are the same after they were written", () => {
    checkProperty(
      fc.property(domain, path, tag, digest, (host, name, label, hash) => {
        const written = `${host}/${name}${label === undefined ? "" : `:${label}`}${hash === undefined ? "" : `@${hash}`}`;
        const reference = parseImageReference(written);
        const expectedPath = host === "docker.io" && !name.includes("/") ? `library/${name}` : name;
        assert.deepEqual(reference, {
          domain: host,
          path: expectedPath,
          tag: label ?? (hash === undefined ? "latest" : undefined),
          digest: hash,
        });
        assert.deepEqual(parseImageReference(formatImageReference(reference)), reference);
        assert.ok(formatImageReference(reference).startsWith(repositoryOf(reference)));
      }),
      { share: 3 },
    );
  });

  test("without a domain are of the public registry", () => {
    checkProperty(
      fc.property(part, part, (user, name) => {
        if (/[.:]/.test(user) || user === "localhost") return;
        assert.equal(repositoryOf(parseImageReference(`${user}/${name}`)), `docker.io/${user}/${name}`);
      }),
    );
  });

  test("of any text are read as they were written, or refused", () => {
    const piece = fc.constantFrom(
      "a",
      "B",
      "/",
      ":",
      "@",
      "sha256:",
      ".",
      "-",
      "_",
      "latest",
      "[::1]",
      "5000",
      "0".repeat(64),
      " ",
      "é",
    );
    const any = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
      fc.string(),
    );
    checkProperty(
      fc.property(any, (text) => {
        try {
          const reference = parseImageReference(text);
          assert.deepEqual(parseImageReference(formatImageReference(reference)), reference);
          assert.doesNotMatch(text, /\s/);
        } catch (error) {
          assert.equal(runtimeErrorCode(error), "InvalidImageName", String(error));
        }
      }),
      { share: 10 },
    );
  });
});

suite("names of pods' cgroups and containers", () => {
  const uid = fc.uuid();
  const qos = fc.constantFrom("Guaranteed", "Burstable", "BestEffort");
  const driver = fc.constantFrom("cgroupfs", "systemd");

  test("tell the pod again, under either driver", () => {
    checkProperty(
      fc.property(qos, uid, driver, (quality, id, kind) => {
        const whole = cgroupPath(podCgroup(quality, id), kind);
        const directory = whole.slice(whole.lastIndexOf("/") + 1);
        assert.equal(podUidOfDirectory(directory, qosCgroup(quality), kind), id);
        assert.ok(whole.startsWith(`${cgroupPath(qosCgroup(quality), kind)}/`));
      }),
    );
  });

  test("of containers tell what they were made of, and no other name does", () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
    checkProperty(
      fc.property(label, label, label, uid, fc.nat(), (container, name, namespace, id, attempt) => {
        const pod = { name, namespace, uid: id };
        const written = dockerName(container, pod, attempt);
        assert.deepEqual(parseDockerName(written), { containerName: container, pod, attempt });
        assert.deepEqual(parseDockerName(`/${written}`), { containerName: container, pod, attempt });
        assert.equal(parseDockerName(`${written}_x`), undefined);
      }),
    );
    checkProperty(fc.property(fc.string(), (text) => assert.equal(parseDockerName(text), undefined)));
  });
});

suite("lines of logs", () => {
  test("are the same however they arrive in pieces", () => {
    const line = fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10)));
    checkProperty(
      fc.property(fc.array(line, { maxLength: 6 }), fc.array(fc.nat({ max: 9 }), { minLength: 1 }), (lines, sizes) => {
        const whole = Buffer.concat(lines.flatMap((each) => [each, Buffer.from("\n")]));
        const splitter = new LineSplitter();
        const found: Buffer[] = [];
        let at = 0;
        for (let index = 0; at < whole.length; index += 1) {
          const end = at + 1 + (sizes[index % sizes.length] ?? 0);
          found.push(...splitter.push(whole.subarray(at, end)));
          at = end;
        }
        assert.deepEqual(found, lines);
      }),
      { share: 2 },
    );
  });

  test("are records, or damaged", () => {
    const record = fc.record({ log: fc.string(), stream: fc.constantFrom("stdout", "stderr"), time: fc.string() });
    checkProperty(
      fc.property(record, fc.nat(), (written, cut) => {
        const bytes = Buffer.from(JSON.stringify(written));
        const read = parseLogLine(bytes);
        assert.deepEqual(
          { log: read?.content.toString(), stream: read?.stream, time: read?.timestamp },
          { ...written, log: Buffer.from(written.log).toString() },
        );
        assert.equal(parseLogLine(bytes.subarray(0, cut % bytes.length)), undefined);
      }),
    );
    checkProperty(fc.property(fc.jsonValue(), (value) => void parseLogLine(Buffer.from(JSON.stringify(value)))));
  });
});
