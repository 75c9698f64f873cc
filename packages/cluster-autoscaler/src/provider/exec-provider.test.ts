import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { loadProviderConfig } from "../config/provider-config.ts";
import { ExecProvider } from "./exec-provider.ts";
import { ProviderError } from "./node-group-provider.ts";
import { parseGroups } from "./provider-answer.ts";

const never = new AbortController().signal;
let directory: string;

before(() => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-exec-provider-"));
});
after(() => rmSync(directory, { recursive: true, force: true }));

function providerOf(script: string): ExecProvider {
  const path = join(directory, "provider");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  const timeouts = { listMs: 5_000, increaseMs: 5_000, removeMs: 5_000 };
  return new ExecProvider({ command: [path, "--site=x"], environment: { OUT: join(directory, "out") }, timeouts });
}

const said = () => readFileSync(join(directory, "out"), "utf8");

describe("the exec provider", () => {
  it("lists groups with their machines", async () => {
    const provider = providerOf(`cat <<'X'
{"groups":[{"name":"a","minSize":1,"maxSize":3,"machines":[{"id":"x://m1","nodeName":"m1"},{"id":"m2","state":"Failed","error":{"class":"OutOfResources","message":"no power"}}],
"template":{"labels":{"l":"v"},"taints":[{"key":"t","effect":"NoSchedule"}],"capacity":{"cpu":"2"}}}]}
X`);
    assert.deepEqual(await provider.list(never), [
      {
        name: "a",
        minSize: 1,
        maxSize: 3,
        machines: [
          { id: "x://m1", nodeName: "m1", state: "Running", error: undefined },
          { id: "m2", nodeName: undefined, state: "Failed", error: { class: "OutOfResources", message: "no power" } },
        ],
        template: {
          labels: { l: "v" },
          taints: [{ key: "t", effect: "NoSchedule" }],
          capacity: { cpu: "2" },
          allocatable: { cpu: "2" },
        },
      },
    ]);
  });

  it("hands requests over as arguments, environment and input", async () => {
    const provider = providerOf('{ echo "$@"; echo "$NODE_GROUP|$COUNT|$MACHINES"; cat; } > "$OUT"');
    await provider.increase("a", 2, never);
    assert.equal(said(), '--site=x increase\na|2|\n{"group":"a","count":2}');
    const machine = { id: "x://m1", nodeName: "m1", state: "Running", error: undefined } as const;
    await provider.remove("a", [machine, { ...machine, id: "m2", nodeName: undefined }], never);
    assert.equal(
      said(),
      '--site=x delete\na||x://m1\nm2\n{"group":"a","machines":[{"id":"x://m1","nodeName":"m1"},{"id":"m2"}]}',
    );
  });

  it("tells a lack of machines from other failures", async () => {
    const failing = (code: number) => providerOf(`echo because >&2; exit ${code}`).increase("a", 1, never);
    await assert.rejects(
      failing(3),
      (error: unknown) => error instanceof ProviderError && error.class === "OutOfResources",
    );
    await assert.rejects(
      failing(1),
      (error: unknown) => error instanceof ProviderError && error.class === "Other" && /because/.test(error.message),
    );
  });

  const bad: [string, RegExp][] = [
    ["oops", /is not JSON/],
    ["[]", /must be an object/],
    ["{}", /groups: Required value/],
    ['{"groups":[{"maxSize":1}]}', /groups\[0\]\.name: Required value/],
    ['{"groups":[{"name":"a"}]}', /groups\[0\]\.maxSize: Required value/],
    ['{"groups":[{"name":"a","minSize":2,"maxSize":1}]}', /0 <= minSize <= maxSize/],
    ['{"groups":[{"name":"a","maxSize":1,"size":1}]}', /unknown field "groups\[0\]\.size"/],
    [
      '{"groups":[{"name":"a","maxSize":1,"machines":[{"state":"Off","id":"x"}]}]}',
      /machines\[0\]\.state: Unsupported value: "Off"/,
    ],
    ['{"groups":[{"name":"a","maxSize":1,"machines":[{}]}]}', /machines\[0\]\.id: Required value/],
    ['{"groups":[{"name":"a","maxSize":1},{"name":"a","maxSize":1}]}', /Duplicate value: "a"/],
    ['{"groups":[{"name":"a","maxSize":2,"machines":[{"id":"x"},{"id":"x"}]}]}', /Duplicate value: "x"/],
    [
      '{"groups":[{"name":"a","maxSize":1,"template":{"capacity":{"cpu":"lots"}}}]}',
      /capacity\[cpu\]: Invalid value: "lots"/,
    ],
  ];
  for (const [answer, problem] of bad) {
    it(`refuses ${answer}`, () => assert.throws(() => parseGroups(answer), problem));
  }
});

describe("the provider's configuration", () => {
  const loadText = (text: string) => {
    const path = join(directory, "config.yaml");
    writeFileSync(path, `apiVersion: deploy.kube-ts.io/v1\nkind: NodeGroupProvider\n${text}`);
    return loadProviderConfig(path);
  };

  it("has defaults", async () => {
    assert.deepEqual(await loadText("command: [/bin/x, --now]\ntimeouts: {increase: 1h}\n"), {
      command: ["/bin/x", "--now"],
      environment: {},
      timeouts: { listMs: 30_000, increaseMs: 3_600_000, removeMs: 300_000 },
    });
  });

  it("is refused when it cannot work", async () => {
    await assert.rejects(loadText("command: [x]\n"), /must be an absolute path/);
    await assert.rejects(loadText("command: [/x]\ntimeouts: {list: 0s}\n"), /timeouts\.list: .*greater than 0/);
    await assert.rejects(loadText("program: /x\n"), /unknown field "program"/);
  });
});
