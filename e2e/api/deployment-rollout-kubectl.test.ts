import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment } from "@kube-ts/api/apps/v1";
import { comparable } from "../harness/comparable-result.ts";
import { kubectlPair } from "../harness/kubectl-pair.ts";
import type { CommandResult, Kubectl } from "../harness/kubectl.ts";

const pair = kubectlPair();

const labels = { app: "web" };
const revisionAnnotation = "deployment.kubernetes.io/revision";
const causeAnnotation = "kubernetes.io/change-cause";

const template = (image: string, hash?: string) => ({
  metadata: { labels: { ...labels, ...(hash && { "pod-template-hash": hash }) } },
  spec: { containers: [{ name: "c", image }] },
});

/** A deployment with three replica sets of which the last is the present one, as the controller leaves it. */
async function prepare(): Promise<void> {
  const annotations = { [revisionAnnotation]: "3", [causeAnnotation]: "now" };
  const selector = { matchLabels: labels };
  const metadata = { name: "web", labels, annotations };
  const spec = { replicas: 1, selector, template: template("v3") };
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec };
  await pair.own.run(["create", "-f", "-"], JSON.stringify(deployment));
  const { uid } = (await pair.own.json<Deployment>(["get", "deploy", "web"])).metadata;
  const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid, controller: true };
  for (const [index, image] of ["v1", "v2", "v3"].entries()) {
    const marks = {
      [revisionAnnotation]: String(index + 1),
      ...(index !== 1 && { [causeAnnotation]: index === 0 ? "first" : "now" }),
    };
    const hash = { ...labels, "pod-template-hash": image };
    const set = {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: `web-${image}`, labels: hash, annotations: marks, ownerReferences: [owner] },
      spec: { replicas: index === 2 ? 1 : 0, selector: { matchLabels: hash }, template: template(image, image) },
    };
    await pair.own.run(["create", "-f", "-"], JSON.stringify(set));
  }
}

const image = "get deploy web -o jsonpath={.spec.template.spec.containers[0].image}{.metadata.annotations}";

const scripts: readonly (readonly string[])[] = [
  [
    "rollout history deploy web",
    "rollout history deploy/web --revision=1",
    "rollout history deploy/web --revision=2",
    "rollout history deploy/web --revision=9",
    "rollout history deploy/web -o name",
    "rollout history deploy/web --revision=2 -o yaml",
    "describe deploy web",
  ],
  [
    "rollout undo deploy web --dry-run=client",
    "rollout undo deploy web --dry-run=server",
    "rollout undo deploy web --to-revision=3",
    "rollout undo deploy web --to-revision=7",
    "rollout undo deploy web --to-revision=1",
    image,
    "rollout undo deploy web --to-revision=2 -o name",
    image,
    "rollout pause deploy web",
    "rollout undo deploy web",
    "rollout undo deploy web --dry-run=client",
    "rollout restart deploy web",
    "rollout resume deploy web",
  ],
];

async function run(program: Kubectl, script: readonly string[]): Promise<CommandResult[]> {
  await prepare();
  try {
    const results: CommandResult[] = [];
    for (const line of script) results.push(comparable(await program.try(line.split(" "))));
    return results;
  } finally {
    await pair.own.run(["delete", "deploy,rs", "--all", "--wait=false"]);
  }
}

for (const script of scripts) {
  test(`ours and upstream's say the same of rollouts: ${script[0]}`, async () => {
    const expected = await run(pair.theirs, script);
    const actual = await run(pair.own, script);
    const byCommand = (results: readonly CommandResult[]) => script.map((line, index) => [line, results[index]]);
    assert.deepEqual(byCommand(actual), byCommand(expected));
  });
}
