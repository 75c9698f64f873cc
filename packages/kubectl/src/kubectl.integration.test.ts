import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { adminKubeconfig } from "../../../e2e/harness/kubeconfig.ts";
import { ours, upstream } from "../../../e2e/harness/kubectl.ts";
import type { CommandResult, Kubectl, KubectlPlace } from "../../../e2e/harness/kubectl.ts";
import { serverForTests } from "../../../e2e/harness/server-for-tests.ts";

let place: KubectlPlace;
let own: Kubectl;
let theirs: Kubectl;
let directory: string;

const server = serverForTests({
  prepare: async () => {
    directory = server.directory;
    place = { kubeconfig: adminKubeconfig(server), home: directory, directory };
    own = ours(place);
    theirs = upstream(place);
    for (const [name, text] of Object.entries(manifests)) writeFileSync(join(directory, name), text);
    await own.try(["create", "serviceaccount", "default"]);
    await own.run(["apply", "-f", join(import.meta.dirname, "..", "testdata", "one-of-each.yaml")]);
  },
});

const manifests: Readonly<Record<string, string>> = {
  "objects.yaml": `apiVersion: v1
kind: Pod
metadata: {name: p1, labels: {app: a}}
spec:
  containers: [{name: c, image: busybox, env: [{name: A, value: "yes"}]}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cm1}
data: {a: "1", text: "several\\nlines\\n"}
`,
  "web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: c, image: a}]
`,
  "web-changed.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: c, image: b, env: [{name: X, value: "1"}]}]
`,
  "list.json": JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMapList",
    items: [{ metadata: { name: "listed" } }, { metadata: { name: "listed-2" } }],
  }).repeat(2),
  "bad.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: bad}
dat: {}
`,
};

/** Ages go on while two programs run one after the other; so does the padding after them. */
function comparable({ code, stdout, stderr }: CommandResult): CommandResult {
  const steady = (text: string) =>
    text
      .replace(/\b\d+[smhdy](?:\d+[smhdy])?\b/g, "AGE")
      .replace(/ {2,}/g, "  ")
      .replace(
        /(uid: |resourceVersion: |creationTimestamp: |"uid": |"resourceVersion": |"creationTimestamp": |time: )"?[^",\n]+"?/g,
        "$1X",
      );
  return { code, stdout: steady(stdout), stderr: steady(stderr) };
}

/** What `testdata/one-of-each.yaml` has, in the namespace dd where there is one. */
const describedResources = [
  "ns/dd",
  "sa/sa",
  "quota",
  "limits",
  "cm/cm",
  "secret/sec",
  "pvc/pvc",
  "pv/pv",
  "pv/pv2",
  "job/job",
  "job/job2",
  "cj/cj",
  "sts/ss",
  "ds/ds",
  "rs/rs",
  "rc/rc",
  "deploy/dep",
  "svc",
  "svc/svc",
  "endpointslice",
  "lease/l",
  "pdb",
  "pc/pc",
  "role/r",
  "clusterrole/cr",
  "rolebinding/rb",
  "no/node1",
  "po/p1",
  "po/p2",
  "podtemplate/pt",
  "controllerrevision/crev",
  "event",
];

/** Each line is a script of commands; both programs run it from the same state. */
const scripts: readonly (readonly string[])[] = [
  [
    "get ns",
    "get ns default -o yaml",
    "get ns -o name",
    "get ns,svc",
    "get ns,svc -A -o wide",
    "get svc kubernetes -o wide --show-labels",
  ],
  [
    "get",
    "get foo",
    "get pods x",
    "get pods",
    "get pods -A",
    "get pods -o foo",
    "get pods --foo",
    "getx",
    "get pod/x svc",
    "get pods.apps",
  ],
  [
    "get ns default kube-system -o json",
    "get clusterroles,clusterrolebindings -o yaml",
    "get ns default nope --ignore-not-found",
    "get deploy x -n missing",
  ],
  [
    "get ns -o jsonpath={.items[*].metadata.name}",
    "get ns -o jsonpath={range.items[*]}{.metadata.name}{end}",
    "get ns -o custom-columns=N:.metadata.name,X:.spec.nope",
  ],
  [
    "get ns -o go-template={{range.items}}{{.metadata.name}}{{.status.phase}}{{end}}",
    "get ns --sort-by=.metadata.name --no-headers",
    "get --raw /version",
  ],
  [
    "create -f objects.yaml",
    "create -f objects.yaml",
    "get pod,cm",
    "get cm cm1 -o yaml",
    "delete -f objects.yaml",
    "delete -f objects.yaml",
  ],
  [
    "create -f bad.yaml",
    "create -f nope.yaml",
    "create -f bad.yaml --validate=warn",
    "delete cm bad",
    "create",
    "create foo",
  ],
  [
    "create deployment d --image=a --replicas=3 --port=80 --dry-run=client -o yaml",
    "create deployment d --image=a --dry-run=client -o json",
    "create deployment d",
  ],
  [
    "create secret generic s --from-literal=a=b --append-hash --dry-run=client -o yaml",
    "create cm c --from-literal=a=b --append-hash --dry-run=client -o yaml",
  ],
  [
    "create svc nodeport s --tcp=80:8080 --node-port=30001 --dry-run=client -o yaml",
    "create role r --verb=get --resource=pods,deployments.apps --dry-run=client -o yaml",
    "create ns Bad_Name",
  ],
  [
    "apply -f web.yaml",
    "apply -f web.yaml",
    "apply -f web-changed.yaml",
    "get deploy web -o jsonpath={.spec.template}",
    "apply -f web.yaml -o name",
    "apply -f web.yaml --dry-run=server",
    "delete deploy web",
  ],
  [
    "create -f web.yaml",
    "apply -f web-changed.yaml",
    "scale deploy web --replicas=5",
    "scale deploy web --replicas=1 --current-replicas=9",
    "label deploy web a=b",
    "label deploy web a=c",
    "label deploy web a-",
    "annotate deploy web a=b",
    "delete deploy web",
  ],
  [
    "create -f web.yaml",
    "rollout restart deploy/web",
    "rollout pause deploy web",
    "rollout pause deploy web",
    "rollout resume deploy web",
    "rollout history deploy web",
    "rollout foo",
    "delete deploy/web",
  ],
  [
    "create -f web.yaml",
    'patch deploy web -p {"spec":{"replicas":7}}',
    'patch deploy web -p {"spec":{"replicas":7}}',
    'patch deploy web --type=json -p [{"op":"remove","path":"/spec/nope"}]',
    "set image deploy web c=z",
    "get deploy web -o yaml",
    "delete deploy web",
  ],
  [
    "create -f web.yaml",
    "expose deploy web --port=80 --dry-run=client -o yaml",
    "expose deploy web",
    "wait deploy web --for=condition=Available --timeout=1s",
    "wait deploy web --for=jsonpath={.spec.replicas}=2",
    "delete deploy web",
  ],
  [
    "run x --image=a --env=A=B --restart=Never --dry-run=client -o yaml -- sh",
    "run x",
    "run x --image=a --dry-run=server",
    "logs nope",
    "exec nope -- date",
    "exec nope date",
  ],
  [
    "describe ns default",
    "describe svc kubernetes",
    "describe clusterrole system:node",
    "describe pods nope",
    "describe",
  ],
  [
    "api-resources",
    "api-versions",
    "api-resources -o wide",
    "cluster-info",
    "auth can-i get pods",
    "auth whoami",
    "explain pod.spec.restartPolicy",
    "explain deploy.spec.strategy --recursive",
  ],
  [
    "create -f web.yaml",
    "set env deploy/web A=1 B=2",
    "set env deploy/web --list",
    "set env deploy/web A-",
    "set env deploy/web B=3 --overwrite=false",
    "set image -f web.yaml c=q --local -o name",
    "set image deploy/web x=q",
    "set resources deploy web --limits=cpu=1,memory=1Gi",
    "set serviceaccount deploy web sa",
    "set env deploy/web 1X=2",
    "apply -f web.yaml --prune",
    "apply -f web.yaml --prune --all -l a=b",
    "apply -f web.yaml --force --server-side",
    "apply -f web.yaml --subresource=status",
    "logs deploy/web --pod-running-timeout=1s",
    "exec deploy/web --pod-running-timeout=1s -- date",
    "delete deploy web",
  ],
  [
    "apply -f web.yaml",
    "apply -f web-changed.yaml --server-side",
    "get deploy web -o yaml --show-managed-fields",
    "apply -f web.yaml --server-side -o yaml --show-managed-fields",
    "apply -f web.yaml --server-side --dry-run=server",
    "apply -f web-changed.yaml",
    "apply -f web.yaml --server-side --field-manager=other",
    "apply -f web.yaml --server-side --field-manager=other --force-conflicts",
    "get deploy web -o yaml --show-managed-fields",
    "delete deploy web",
  ],
  [
    "create -f web.yaml",
    "replace -f web.yaml --grace-period=1",
    "replace -f web.yaml --timeout=1s",
    "replace -f web.yaml --force --dry-run=client",
    "replace -f web.yaml --force --dry-run=server",
    "replace -f web.yaml --dry-run=client",
    "replace -f web-changed.yaml",
    "replace -f web.yaml --force --grace-period=0",
    "replace -f web.yaml --force --timeout=10s -o name",
    "replace -f web.yaml --force --cascade=foo",
    "replace",
    "delete deploy web",
    "replace -f web.yaml",
  ],
  [
    "create -f web.yaml",
    "apply view-last-applied deploy/web",
    "apply view-last-applied deploy/web -o foo",
    "apply view-last-applied -f web.yaml",
    "apply view-last-applied deploy",
    "apply view-last-applied deploy --all",
    "apply view-last-applied deploy -l a=nothing",
    "apply view-last-applied deploy/nope",
    "apply view-last-applied deploy web nope",
    "apply view-last-applied",
    "apply -f web.yaml",
    "apply view-last-applied deploy/web",
    "apply view-last-applied deploy/web -o json",
    "apply view-last-applied -f web.yaml -o foo",
    'annotate deploy web --overwrite kubectl.kubernetes.io/last-applied-configuration={"b":1e2,"a":[],"c":"\\u003c"}',
    "apply view-last-applied deploy/web",
    "apply view-last-applied deploy/web -o json",
    "delete deploy web",
  ],
  [
    "create -f list.json --validate=false",
    "create -f list.json --dry-run=client --validate=false -o name",
    "delete cm listed listed-2",
    "create -f web.yaml,objects.yaml --dry-run=client",
    "delete -f nope.yaml",
  ],
  [
    "taint node node1 k=v:NoSchedule",
    "taint node node1 k=w:NoSchedule",
    "taint node node1 k=w:NoSchedule --overwrite",
    "taint node node1 k=v:NoSchedule k-",
    "taint node node1 k-",
    "taint node node1 k-",
    "taint node node1 k=v:Foo",
    "taint node -l no=such k=v:NoSchedule",
    "get node node1 -o jsonpath={.spec.taints}",
    "drain node1",
    "drain node1 --force --dry-run=client",
    "drain",
    "events -n dd",
    "events -n nowhere",
    "events --types=foo",
    "plugin list",
    "diff",
    "completion foo",
  ],
  describedResources.map((resource) => `describe -n dd ${resource}`),
  [
    "config view",
    "config get-contexts",
    "config current-context",
    "config use-context nope",
    "get ns --context=nope",
    "get ns --as=someone",
  ],
];

for (const script of scripts) {
  test(`ours and upstream's say the same: ${script.slice(0, 2).join("; ")}`, async () => {
    const expected: CommandResult[] = [];
    for (const line of script) expected.push(comparable(await theirs.try(line.split(" "))));
    for (const [index, line] of script.entries()) {
      const result = comparable(await own.try(line.split(" ")));
      assert.deepEqual(result, expected[index], `kubectl ${line}`);
    }
  });
}

test("a watch prints what happens as it happens", async () => {
  const child = own.start(["get", "cm", "-w", "-o", "name", "--output-watch-events=false"]);
  let seen = "";
  const found = Promise.withResolvers<void>();
  child.stdout.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    if (seen.includes("configmap/watched\n")) found.resolve();
  });
  child.on("exit", () => found.reject(new Error(`the watch ended; it had printed ${JSON.stringify(seen)}`)));
  const late = setTimeout(() => found.reject(new Error(`the watch printed ${JSON.stringify(seen)}`)), 30_000);
  try {
    await own.try(["create", "configmap", "watched"]);
    await found.promise;
  } finally {
    clearTimeout(late);
    child.removeAllListeners("exit");
    child.kill("SIGINT");
    await own.try(["delete", "configmap", "watched"]);
  }
});

test("an edit changes the object, and one without changes says so", async () => {
  const editor = join(directory, "editor");
  writeFileSync(editor, "#!/bin/sh\nsed -i 's/^  a: .*/  a: changed/' \"$1\"\n", { mode: 0o755 });
  await own.try(["create", "configmap", "edited", "--from-literal=a=b"]);
  const edit = async () => {
    const editing = ours({ ...place, environment: { KUBE_EDITOR: editor } });
    const { stdout, stderr } = await editing.try(["edit", "configmap", "edited"]);
    return stdout + stderr;
  };
  assert.equal(await edit(), "configmap/edited edited\n");
  assert.equal((await own.try(["get", "configmap", "edited", "-o", "jsonpath={.data.a}"])).stdout, "changed");
  assert.equal(await edit(), "Edit cancelled, no changes made.\n");
  await own.try(["delete", "configmap", "edited"]);
  assert.equal(existsSync(join(directory, "edit.yaml")), false);
});

test("an edit before a creation changes what is created", async () => {
  const editor = join(directory, "create-editor");
  writeFileSync(editor, "#!/bin/sh\nsed -i 's/a: .*/a: changed/' \"$1\"\n", { mode: 0o755 });
  const manifest = join(directory, "to-edit.yaml");
  writeFileSync(manifest, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made}\ndata: {a: b}\n");
  const editing = ours({ ...place, environment: { KUBE_EDITOR: editor } });
  assert.equal(await editing.run(["create", "-f", manifest, "--edit"]), "configmap/made created\n");
  assert.equal(await own.run(["get", "configmap", "made", "-o", "jsonpath={.data.a}"]), "changed");
  await own.run(["delete", "configmap", "made"]);
});

test("apply --prune deletes what was applied before and is no longer there", async () => {
  const one = (name: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "pruned", labels: { set: "x" } },
  });
  const file = join(directory, "pruned.json");
  await own.try(["create", "namespace", "pruned"]);
  writeFileSync(file, [one("a"), one("b")].map((object) => JSON.stringify(object)).join("\n"));
  await own.try(["apply", "-f", file]);
  await own.try(["create", "configmap", "by-hand", "-n", "pruned"]);
  writeFileSync(file, JSON.stringify(one("a")));
  const { stdout } = await own.try([
    "apply",
    "-f",
    file,
    "--prune",
    "-l",
    "set=x",
    "--prune-allowlist=core/v1/ConfigMap",
  ]);
  assert.equal(stdout, "configmap/a unchanged\nconfigmap/b pruned\n");
  const left = await own.try(["get", "configmap", "-n", "pruned", "-o", "name"]);
  assert.equal(left.stdout, "configmap/a\nconfigmap/by-hand\n");
});

test("apply --force replaces what cannot be changed", async () => {
  const file = join(directory, "forced.json");
  const claim = (labels: object) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "forced" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } },
    },
  });
  writeFileSync(file, JSON.stringify(claim({ a: "1" })));
  await own.try(["apply", "-f", file]);
  writeFileSync(file, JSON.stringify(claim({ a: "2" })));
  assert.equal((await own.try(["apply", "-f", file])).code, 1);
  assert.deepEqual(await own.try(["apply", "-f", file, "--force"]), {
    code: 0,
    stdout: "deployment.apps/forced configured\n",
    stderr: "",
  });
  const { stdout } = await own.try(["get", "deploy", "forced", "-o", "jsonpath={.spec.selector.matchLabels.a}"]);
  assert.equal(stdout, "2");
  await own.try(["delete", "deploy", "forced"]);
});

test("-v shows requests, and what the server has is remembered", async () => {
  const cache = join(directory, "remembered");
  const first = await own.try(["get", "cm", "-v=6", `--cache-dir=${cache}`, "--token=secret"]);
  assert.match(first.stderr, /"Response" verb="GET" url="https:\/\/[^"]*\/apis" status="200 OK" milliseconds=\d+\n/);
  const second = await own.try(["get", "cm", "-v=7", `--cache-dir=${cache}`, "--token=secret"]);
  assert.doesNotMatch(second.stderr, /\/apis"/);
  assert.match(second.stderr, /Authorization: Bearer <masked>/);
  assert.doesNotMatch(second.stderr, /secret/);
});
