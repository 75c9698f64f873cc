import assert from "node:assert/strict";
import { test } from "node:test";
import type { StatefulSet } from "@kube-ts/api/apps/v1";
import { sortKeys } from "@kube-ts/api/go-json";
import { comparable } from "../harness/comparable-result.ts";
import { kubectlPair } from "../harness/kubectl-pair.ts";
import type { CommandResult, Kubectl } from "../harness/kubectl.ts";

const pair = kubectlPair();

const labels = { app: "db" };

function template(image: string, annotations?: Readonly<Record<string, string>>) {
  const mount = { name: "data", mountPath: "/data" };
  return {
    metadata: { labels, ...(annotations && { annotations }) },
    spec: { containers: [{ name: "c", image, volumeMounts: [mount], ports: [{ containerPort: 80 }] }] },
  };
}

const set = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "db", labels, annotations: { "kubernetes.io/change-cause": "now" } },
  spec: {
    replicas: 3,
    serviceName: "peers",
    selector: { matchLabels: labels },
    template: template("v3"),
    volumeClaimTemplates: [
      {
        metadata: { name: "data", labels: { a: "b" } },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ],
  },
};

/** A set with three revisions of which the last is the present one, as the controller leaves it. */
async function prepare(): Promise<void> {
  await pair.own.run(["create", "-f", "-"], JSON.stringify(set));
  const { metadata, spec } = await pair.own.json<StatefulSet>(["get", "sts", "db"]);
  const owner = { apiVersion: "apps/v1", kind: "StatefulSet", name: "db", uid: metadata.uid, controller: true };
  for (const [index, image] of ["v1", "v2", "v3"].entries()) {
    const [container] = spec.template.spec?.containers ?? [];
    const past = { ...spec.template, spec: { ...spec.template.spec, containers: [{ ...container, image }] } };
    const revision = {
      apiVersion: "apps/v1",
      kind: "ControllerRevision",
      metadata: {
        name: `db-${image}`,
        labels,
        ownerReferences: [owner],
        ...(index === 0 && { annotations: { "kubernetes.io/change-cause": "first" } }),
      },
      data: sortKeys({ spec: { template: { ...past, $patch: "replace" } } }),
      revision: index + 1,
    };
    await pair.own.run(["create", "-f", "-"], JSON.stringify(revision));
  }
}

async function cleanUp(): Promise<void> {
  await pair.own.run(["delete", "sts,hpa,controllerrevisions,pods", "--all", "--wait=false"]);
}

const status = (counts: object) => `!status ${JSON.stringify({ observedGeneration: 9, replicas: 3, ...counts })}`;

/** Scripts of commands; `!status` sets the status of the set, `!spec` its spec. Each begins with the prepared set. */
const scripts: readonly (readonly string[])[] = [
  [
    "get sts",
    "get statefulsets -o wide",
    "get sts db -o jsonpath={.spec.template.spec.containers[0].image}",
    "get controllerrevisions",
    "get controllerrevisions -o wide",
    "describe sts db",
    "describe sts",
    status({ readyReplicas: 2, availableReplicas: 1, currentReplicas: 2, updatedReplicas: 1 }),
    "get sts",
    "describe sts db",
    '!spec {"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}',
    "describe sts db",
    "rollout status sts db",
  ],
  [
    "rollout history sts",
    "rollout history sts db",
    "rollout history sts/db --revision=1",
    "rollout history sts/db --revision=3",
    "rollout history sts/db --revision=9",
    "rollout history sts/db --revision=-1",
    "rollout history sts/db -o name",
    "rollout history sts/db -o yaml",
    "rollout history sts/db --revision=2 -o yaml",
    "rollout history sts/db --revision=2 -o jsonpath={.spec.template.spec.containers[0].image}",
    "rollout history sts/none",
    "rollout history sts db none",
    "rollout history",
  ],
  [
    "rollout undo sts db --dry-run=client",
    "rollout undo sts db --dry-run=server",
    "rollout undo sts db --to-revision=1 --dry-run=client",
    "rollout undo sts db --to-revision=3",
    "rollout undo sts db --to-revision=7",
    "rollout undo sts db --to-revision=-1",
    "rollout undo sts db",
    "get sts db -o jsonpath={.spec.template.spec.containers[0].image}{.metadata.annotations}",
    "rollout undo sts/db --to-revision=1 -o name",
    "get sts db -o jsonpath={.spec.template.spec.containers[0].image}{.metadata.annotations}",
    "rollout undo sts none",
    "rollout undo sts",
    "rollout undo",
    "rollout status",
    "rollout restart",
    "rollout pause",
  ],
  [
    "rollout status sts db --watch=false",
    status({ readyReplicas: 1 }),
    "rollout status sts db --watch=false",
    status({ readyReplicas: 3, currentRevision: "db-v2", updateRevision: "db-v3", updatedReplicas: 1 }),
    "rollout status sts db --watch=false",
    "rollout status sts db --timeout=1s",
    status({
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: "db-v3",
      updateRevision: "db-v3",
    }),
    "rollout status sts db",
    "rollout status sts",
    "rollout status sts db --revision=2",
    '!spec {"updateStrategy":{"rollingUpdate":{"partition":1}}}',
    "rollout status sts db",
    status({ readyReplicas: 3, updatedReplicas: 1 }),
    "rollout status sts db --watch=false",
    "rollout status sts none",
  ],
  [
    "rollout restart sts db",
    '!spec {"template":{"metadata":{"annotations":null}}}',
    "rollout restart sts",
    '!spec {"template":{"metadata":{"annotations":null}}}',
    "rollout restart sts -l app=db",
    '!spec {"template":{"metadata":{"annotations":null}}}',
    "rollout restart sts db -o name",
    "rollout pause sts db",
    "rollout resume sts db",
    "rollout restart sts none",
    "set image sts/db c=v9",
    "set resources sts db --limits=cpu=1",
    "set env sts/db A=B",
    "set serviceaccount sts db default",
    "get sts db -o jsonpath={.spec.template}",
    'patch sts db -p {"spec":{"serviceName":"other"}}',
  ],
  [
    "scale sts db --replicas=5",
    "scale --replicas=4 sts/db",
    "scale sts db --replicas=3 --current-replicas=9",
    "scale sts db --replicas=3 --current-replicas=4",
    "scale sts --all --replicas=2",
    "scale sts -l app=db --replicas=1 -o name",
    "scale sts db --replicas=1 --dry-run=client",
    "scale sts db",
    "scale sts none --replicas=1",
    "get sts db -o jsonpath={.spec.replicas}",
    "get --raw /apis/apps/v1/namespaces/default/statefulsets/db/scale?none=X",
    "autoscale sts db --max=3",
    "get hpa",
    "expose sts db --port=80",
    "delete sts db --cascade=orphan --wait=false",
    "delete sts db --dry-run=client",
  ],
];

async function run(program: Kubectl, script: readonly string[]): Promise<CommandResult[]> {
  await prepare();
  try {
    const results: CommandResult[] = [];
    for (const line of script) {
      const [word = "", ...rest] = line.split(" ");
      if (word.startsWith("!")) await change(word.slice(1), rest.join(" "));
      else results.push(comparable(await program.try(line.split(" "))));
    }
    return results;
  } finally {
    await cleanUp();
  }
}

async function change(field: string, value: string): Promise<void> {
  const patch = `{"${field}":${value}}`;
  const subresource = field === "status" ? ["--subresource=status"] : [];
  await pair.own.run(["patch", "sts", "db", "--type=merge", "-p", patch, ...subresource]);
}

for (const script of scripts) {
  test(`ours and upstream's say the same of stateful sets: ${script[0]}`, async () => {
    const expected = await run(pair.theirs, script);
    const actual = await run(pair.own, script);
    const commands = script.filter((line) => !line.startsWith("!"));
    const byCommand = (results: readonly CommandResult[]) => commands.map((line, index) => [line, results[index]]);
    assert.deepEqual(byCommand(actual), byCommand(expected));
  });
}
