import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { comparable } from "../harness/comparable-result.ts";
import { adminKubeconfig } from "../harness/kubeconfig.ts";
import { ours, upstream } from "../harness/kubectl.ts";
import { kubectlPair } from "../harness/kubectl-pair.ts";
import type { CommandResult } from "../harness/kubectl.ts";

const pair = kubectlPair(async ({ own, server: { directory } }) => {
  const testdata = join(import.meta.dirname, "..", "..", "packages", "kubectl", "testdata");
  cpSync(testdata, directory, { recursive: true });
  for (const [name, text] of Object.entries(manifests)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  await own.run(["apply", "-f", "more-kinds.yaml"]);
  await own.run(["apply", "-f", "hostile.json"]);
});

const escape = "\u001b[31mred\u001b[0m\rx";

const manifests: Readonly<Record<string, string>> = {
  "web.yaml": `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, selector: {matchLabels: {app: web}},
    template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: a}]}}}}`,
  "two.yaml": `{apiVersion: v1, kind: ConfigMap, metadata: {name: two-1}, data: {a: b}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: two-2}, data: {a: b}}
`,
  "config.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: applied}, data: {a: b}}",
  "pod.yaml": `apiVersion: v1
kind: Pod
metadata: {name: p, labels: {app: p}, annotations: {x: "y"}}
spec:
  automountServiceAccountToken: false
  initContainers: [{name: i, image: busybox}]
  containers: [{name: c, image: busybox, livenessProbe: {tcpSocket: {port: 80}}}, {name: d, image: busybox}]
`,
  "several/a.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: several-1}}",
  "several/broken.json": '{"apiVersion": "v1", "ind": "Pod", "metadata": {"name": "broken"}}',
  "several/more/unknown.yaml": "{apiVersion: nowhere/v1, kind: Nothing, metadata: {name: nothing}}",
  "several/z.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: several-2}}",
  "recorded.yaml": `{apiVersion: apps/v1, kind: Deployment, metadata: {name: recorded}, spec: {replicas: 0, selector: {matchLabels: {app: r}},
    template: {metadata: {labels: {app: r}}, spec: {containers: [{name: c, image: a}]}}}}`,
  "custom.yaml": "{env: [{name: Z, value: q}], securityContext: {runAsUser: 1000}}",
  kuberc: `apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
defaults: [{command: get, options: [{name: output, default: name}]}]
aliases: [{name: getn, command: get, prependArgs: [namespaces], options: [{name: output, default: yaml}]}]
`,
  "hostile.json": JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: [
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "hostile", annotations: { "a/b": escape }, uid: "u" },
        data: { text: escape },
      },
      {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: "hostile.1", namespace: "default" },
        involvedObject: { kind: "ConfigMap", name: "hostile", namespace: "default" },
        reason: escape,
        message: escape,
        type: "Normal",
        source: { component: escape },
        firstTimestamp: "2026-01-01T00:00:00Z",
        lastTimestamp: "2026-01-01T00:00:00Z",
        count: 1,
      },
    ],
  }),
};

/** Each is a script of commands, words in quotes with spaces in them; both programs run it from the same state. */
const scripts: readonly (readonly string[])[] = [
  [
    "create -f web.yaml",
    "autoscale deploy web --max=5",
    "autoscale deploy/web --max=5 --min=2 --cpu=70% --memory=200 --name=h2 -o yaml",
    "autoscale deploy web --max=5 --dry-run=client -o yaml --cpu=500 --memory=1Gi",
    "autoscale deploy web",
    "autoscale deploy web --max=1 --min=3",
    "autoscale deploy web --max=1 --cpu=x",
    "autoscale deploy web --max=5",
    "autoscale -f web.yaml --max=3 --name=h3 --save-config",
    "get hpa web h2 h3 -o yaml",
    "delete hpa web h2 h3",
    'expose deploy web --port=80 --overrides={"spec":{"type":"NodePort"}} --dry-run=client -o yaml',
    "expose deploy web --port=80 --overrides={} --override-type=foo",
    "wait --for=create configmap/nope --timeout=1s",
    "wait configmap/nope",
    "get deploy web -o kyaml",
    "diff -f web.yaml",
    "delete deploy web",
  ],
  [
    "create -f pod.yaml",
    "debug p --image=busybox -c first",
    "debug p --image=busybox",
    "debug p --image=busybox --target=c --profile=netadmin --env=A=B --image-pull-policy=Never -c second -- sh -c x",
    "debug p --image=busybox --arguments-only -c third --custom=custom.yaml -- a b",
    "debug p --image=busybox --profile=foo",
    "debug p",
    "debug",
    "debug p --copy-to=x",
    "debug p --copy-to=x --target=c --image=b",
    "debug p --replace --image=b",
    "debug p --image=b -t",
    "debug svc/kubernetes --image=b",
    "debug nope --image=b",
    "debug p --copy-to=c1 --set-image=*=new",
    "debug p --copy-to=c2 -c c --image=newi -- sleep 1d",
    "debug p --copy-to=c3 --image=newi --share-processes=false --keep-labels --keep-annotations --keep-liveness --same-node -c dbg",
    "debug p --copy-to=c4 --image=newi --profile=sysadmin --keep-init-containers=false -c dbg --env=X=Y",
    "debug p --copy-to=c5 --image=newi --profile=restricted -c dbg",
    "get pods p c1 c2 c3 c4 c5 -o json",
    "delete pods p c1 c2 c3 c4 c5 --force --grace-period=0",
  ],
  [
    'run x --image=a --overrides={"spec":{"containers":[{"name":"x","env":[{"name":"A","value":"B"}]}]}} --override-type=strategic --dry-run=client -o yaml',
    'run x --image=a --overrides={"spec":{"nope":true}} --dry-run=client -o yaml',
    "run x --image=a -l=a=b,c --dry-run=client",
    "run x --image=a --port=ab --dry-run=client",
    "run x --image=a:b:c --dry-run=client",
    "create cm d --from-literal=a=b --save-config --dry-run=client -o yaml",
    "create cm k --dry-run=client -o kyaml --from-literal=a10=1 --from-literal=a9=2 --from-literal=yes=no",
    "create cm k --dry-run=client -o yaml --from-literal=a10=1 --from-literal=a9=2 --from-literal=a_b=2 --from-literal=aB=3",
    "replace --raw /api/v1/namespaces/default/pods/x",
    "api-resources --namespaced=false --verbs=list -o json",
    "api-resources -o foo",
  ],
  [
    "create -f two.yaml",
    "label -f two.yaml a=b --local -o yaml",
    "label -f two.yaml a=b --overwrite -o name",
    "annotate -f two.yaml a=b --local -o json",
    "annotate -f two.yaml a=b --local --dry-run=server",
    "label cm --local a=b",
    'patch -f two.yaml -p {"data":{"z":"q"}} -o yaml',
    "get cm,svc two-1",
    "get cm,pdb two-1",
    "get ns,lease",
    "delete cm two-1 two-2",
  ],
  [
    "auth reconcile -f rbac.yaml --dry-run=client",
    "auth reconcile -f rbac.yaml --dry-run=server",
    "auth reconcile -f rbac.yaml",
    "auth reconcile -f rbac.yaml",
    "auth reconcile -f rbac-changed.yaml",
    "auth reconcile -f rbac-changed.yaml --remove-extra-permissions --remove-extra-subjects",
    "auth reconcile -f rbac-changed.yaml -o name",
    "get role,rolebinding -o yaml",
    "get clusterrole cr1 -o yaml",
    "delete clusterrole cr1",
    "delete clusterrolebinding crb1",
    "delete role r1",
    "delete rolebinding rb1",
    "auth reconcile",
  ],
  [
    "create -f config.yaml",
    "apply set-last-applied -f config.yaml",
    "apply set-last-applied -f config.yaml --create-annotation",
    "apply set-last-applied -f config.yaml --create-annotation",
    "apply view-last-applied cm applied",
    "apply set-last-applied -f web.yaml",
    "apply set-last-applied",
    "delete cm applied",
  ],
  [
    "apply -k replacements --dry-run=client",
    "apply -k plain --dry-run=client -o name",
    "apply -k plain -f web.yaml",
    "create -k plain -R",
    "delete -k nope",
    "kustomize a b",
  ],
  [
    "ing ing",
    "ing ing2",
    "ingressclass nginx",
    "hpa hpa",
    "sc sc",
    "sc sc2",
    "netpol np",
    "netpol np2",
    "csr csr",
    "ep ep",
    "csinode node1",
    "servicecidr scidr",
    "ipaddress 10.200.0.5",
    "vac vac",
    "runtimeclass rc",
    "crd widgets.example.com",
    "pdb pdb2",
    "pvc pvc2",
    "lease lease1",
    "validatingwebhookconfiguration vwc",
    "flowschema fs",
  ].map((resource) => `describe ${resource}`),
  [
    "get ns default --kuberc=kuberc",
    "getn default --kuberc=kuberc",
    "getn default --kuberc=kuberc -o name",
    "kuberc view --kuberc=kuberc",
    "get ns --kuberc=nope",
    "kuberc set",
    "kuberc set --section=defaults --command=get --option=a=b --kuberc=kuberc",
  ],
  [
    "create -f several -R",
    "get -f several -R",
    "label -f several -R a=b",
    "annotate -f several -R a=b",
    "describe -f several -R",
    "delete -f several -R",
    "apply -f several -R",
    "delete -f several -R --ignore-not-found",
    "create -f several/broken.json --validate=false",
  ],
  [
    "create -f recorded.yaml --record",
    "set image deploy/recorded c=b --record",
    "scale deploy/recorded --replicas=0 --record=true",
    "label deploy/recorded x=y --record",
    "annotate deploy/recorded x=y --record --overwrite",
    'patch deploy/recorded -p {"spec":{"paused":true}} --record',
    "get deploy/recorded -o yaml",
    "autoscale deploy/recorded --max=2 --cpu-percent=70 --record -o yaml --dry-run=client",
    "autoscale deploy/recorded --max=2 --cpu-percent=70 --cpu=50%",
    "autoscale -f several/a.yaml --max=2",
    "expose deploy/recorded --port=80 --record --cluster-ip=None -o yaml",
    'patch deploy/recorded -p {"spec":{"paused":true}} --dry-run=server',
    'patch deploy/recorded -p {"spec":{"paused":false}} --dry-run=server',
    "patch deploy/recorded --patch-file=nope",
    "patch deploy/recorded -p {",
    "replace -f recorded.yaml",
    "replace -f recorded.yaml --force",
    "label deploy recorded a=b c",
    "annotate deploy recorded a=b c",
    "annotate deploy -l a=b --all c=d",
    "delete --all deploy -l a=b",
    "create secret tls t --cert=config.yaml --key=config.yaml",
    "create cm twice --from-file=k=config.yaml --from-file=k=web.yaml",
    "get --raw nowhere",
    "expose -f web.yaml --port=1 --name=exposed --dry-run=client",
    "delete deploy,svc recorded",
  ],
  [
    "create -f recorded.yaml",
    "set resources deploy recorded --limits=cpu=1 --requests=cpu=2",
    "set image deploy --all *=x --selector=a=b",
    "set serviceaccount deploy recorded A_B",
    "describe deploy recorded",
    "delete deploy recorded",
    "create clusterrole urls --verb=get --non-resource-url=/b --non-resource-url=/a",
    "describe clusterrole urls",
    "delete clusterrole urls",
    "create role r --verb=approve,get --resource=pods --dry-run=client",
    "auth can-i get /logs/ --subresource=log",
    "get pods --cluster=nope",
    "config view --kubeconfig=/nope",
    "get pods --client-certificate=nope",
    "create job j --from=pod/none",
    "create token default --bound-object-kind=Foo --bound-object-name=x",
    "create cronjob untimed --image=a --schedule=@daily",
    "describe cronjob untimed",
    "delete cronjob untimed",
    "certificate deny csr",
    "cordon node1 --dry-run=server",
    "uncordon node1 --dry-run=client",
  ],
  [
    "create -f web.yaml",
    "set env deploy/web A=1 A-",
    "set env deploy/web",
    "set subject",
    "set",
    "rollout history deploy/web --revision=3",
    "rollout history svc/kubernetes",
    "rollout restart deploy -l app=zzz",
    "rollout status deploy -l app=zzz",
    "get deploy web -L app,nope",
    "get deploy web -o yaml=3",
    "get deploy web -o custom-columns-file=nope",
    "get deploy --subresource=scale",
    "get deploy,",
    "get deploy web -o go-template={{nope}}",
    "get svc kubernetes -o jsonpath={.nope} --allow-missing-template-keys=false",
    "get deploy --request-timeout=foo",
    "explain deploy.nope",
    "explain pods.spec.nope.x",
    "explain deploy --api-version=apps/v7",
    "label",
    "label deploy web a=b=c",
    "label deploy --all --list",
    "annotate deploy web a=b?c$d",
    "patch deploy web -p {} --local",
    "delete deploy --all --field-selector=metadata.name=zzz",
    "delete deploy web --now --force",
    "delete deploy web -i",
    "delete deploy web",
  ],
  [
    "create role r --verb=get --resource=nope.z",
    "config set-cluster a --insecure-skip-tls-verify --certificate-authority=x --kubeconfig=other",
    "config set-cluster a --certificate-authority=nope --embed-certs --kubeconfig=other",
    "config set-context --kubeconfig=other",
    "create clusterrole r --verb=list --non-resource-url=/a --dry-run=client",
    "create clusterrole r --verb=get --non-resource-url=a --dry-run=client",
    "create clusterrole r --verb=get --non-resource-url=/a*b --dry-run=client",
    "create clusterrole r --aggregation-rule=a=b --verb=get",
    "create cm c --from-literal=a/b=c",
    "create secret generic s --from-literal=a/b=c",
    "create secret tls s",
    "create secret docker-registry s --from-file=web.yaml --dry-run=client -o yaml",
    "create quota q --hard=cpu=x",
    "create quota q --hard=cpu=0.5 --dry-run=client -o yaml",
    "create token default --bound-object-name=x",
    "create -f web.yaml -l app=none",
    "create -f web.yaml -k plain",
    "create secret",
    "apply -f web.yaml --prune --all --prune-allowlist=foo",
    "auth",
    "auth can-i --list get",
    "explain nope",
    "events --for=nope/x",
    "taint",
    "top pod x -l a=b",
    "wait ns/default --for=condition=Foo --timeout=0",
    "expose svc kubernetes --port=80 --load-balancer-ip=1.1.1.1 --selector=a=b --dry-run=client -o yaml",
  ],
  [
    "create -f pod.yaml",
    "exec p -c c -- ls",
    "exec p",
    "exec -f two.yaml -- ls",
    "attach p -c c",
    "attach p -c nope",
    "attach pods p -c c -q",
    "attach a b c",
    "attach svc/kubernetes",
    "logs p -c c --since-time=foo",
    "logs svc/kubernetes",
    'patch pod p --subresource=status -p {"status":{"phase":"Running"}}',
    "port-forward p 80",
    "port-forward p x:80",
    "port-forward p x",
    "port-forward p 80:0",
    "port-forward svc/kubernetes 80",
    "port-forward p 80 --address=here",
    "delete pod p --force --grace-period=0",
  ],
  [
    "describe cm hostile",
    "get events",
    "events",
    "get events -o custom-columns=A:.message,B:.reason",
    "get cm hostile -o custom-columns=A:.data.text",
    `get cm ${escape}`,
    `get ${escape}`,
    `describe pods ${escape}`,
    `logs ${escape}`,
    `get cm -l a=${escape}`,
    `config use-context ${escape}`,
  ],
];

for (const script of scripts) {
  test(`ours and upstream's say the same: ${JSON.stringify(script.slice(0, 2).join("; "))}`, async () => {
    const expected: CommandResult[] = [];
    for (const line of script) expected.push(comparable(await pair.theirs.try(line.split(" "))));
    for (const [index, line] of script.entries()) {
      assert.deepEqual(comparable(await pair.own.try(line.split(" "))), expected[index], `kubectl ${line}`);
    }
  });
}

test("an object that was read can be put in its own place, and created again", async () => {
  await pair.own.run(["create", "configmap", "again", "--from-literal=a=b"]);
  for (const program of [pair.theirs, pair.own]) {
    const text = await program.run(["get", "cm", "again", "-o", "yaml"]);
    assert.equal(
      await program.run(["replace", "--force", "-f", "-"], text),
      'configmap "again" deleted from default namespace\nconfigmap/again replaced\n',
    );
    const other = text.replace("name: again", `name: again-${program === pair.own ? "own" : "theirs"}`);
    assert.match(await program.run(["create", "-f", "-"], other), /created/);
  }
  const lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "again" },
    spec: { holderIdentity: "a" },
  };
  await pair.own.run(["create", "-f", "-"], JSON.stringify(lease));
  for (const program of [pair.theirs, pair.own]) await program.run(["replace", "-f", "-"], JSON.stringify(lease));
  await pair.own.run(["delete", "cm", "again", "again-own", "again-theirs"]);
});

/** What a kubectl says that edits with the editor. */
async function edit(make: typeof ours, editor: string, line: string): Promise<CommandResult> {
  const { directory } = pair.server;
  const environment = { KUBE_EDITOR: editor };
  const program = make({ kubeconfig: adminKubeconfig(pair.server), home: directory, directory, environment });
  return comparable(await program.try(line.split(" ")));
}

test("lines of an edited file end as they do on Windows when that is asked for", async () => {
  await pair.own.run(["create", "-f", "config.yaml", "--save-config"]);
  for (const line of [
    "edit cm/applied --windows-line-endings",
    "edit cm/applied --windows-line-endings=false",
    "edit cm/applied --windows-line-endings -o json",
    "apply edit-last-applied cm/applied --windows-line-endings",
  ]) {
    const shown = await edit(ours, "cat -A", line);
    assert.deepEqual(shown, await edit(upstream, "cat -A", line), line);
    assert.equal(shown.stdout.includes("^M$\n"), !line.includes("=false"), line);
  }
  // Upstream's has the flag here too, and does nothing with it.
  assert.match((await edit(ours, "cat -A", "create -f two.yaml --edit --windows-line-endings")).stdout, /\^M\$\n/);
  const changes = ["sed -i 's/a: b/a: c/'", "sed -i 's/a: c/a: d/'"];
  for (const [index, make] of [ours, upstream].entries()) {
    const { code, stdout } = await edit(make, changes[index] ?? "", "edit cm/applied --windows-line-endings");
    assert.deepEqual([code, stdout], [0, "configmap/applied edited\n"]);
  }
  assert.equal(await pair.own.run(["get", "cm", "applied", "-o", "jsonpath={.data.a}"]), "d");
  await pair.own.run(["delete", "cm", "applied"]);
});

test("several objects are edited as one list", async () => {
  await pair.own.run(["create", "configmap", "edited-1", "--from-literal=a=before"]);
  await pair.own.run(["create", "configmap", "edited-2", "--from-literal=a=before"]);
  const line = "edit cm edited-1 edited-2";
  assert.deepEqual(await edit(ours, "cat", line), await edit(upstream, "cat", line));
  assert.deepEqual(
    await edit(upstream, "sed -i s/before/after/", line),
    await edit(ours, "sed -i s/after/again/", line),
  );
  assert.equal(
    await pair.own.run(["get", "cm", "edited-1", "edited-2", "-o", "jsonpath={.items[*].data.a}"]),
    "again again",
  );
  await pair.own.run(["delete", "cm", "edited-1", "edited-2"]);
});

test("nothing that comes from objects or arguments reaches the terminal as an escape sequence", async () => {
  for (const line of ["describe cm hostile", "get events", "events", `get cm ${escape}`, `get ${escape}`]) {
    const { stdout, stderr } = await pair.own.try(line.split(" "));
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    assert.doesNotMatch(stdout + stderr, /[\u001b\r]/, line);
  }
});
