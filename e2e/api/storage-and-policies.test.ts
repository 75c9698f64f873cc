import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../harness/eventually.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Upstream's kubectl on the resources of storage, devices, flow control, admission and aggregation.

// Nobody takes the finalizers of claims away here, there being no controllers.
const unprotected = "--disable-admission-plugins=StorageObjectInUseProtection";
const kubectl = new KubectlOnServer(serverForTests({ extraArgs: [unprotected] }));

const storage = "storage.k8s.io/v1";
const devices = "resource.k8s.io/v1";
const admission = "admissionregistration.k8s.io/v1";

test("storage classes, and claims that get the default one", async () => {
  const isDefault = { "storageclass.kubernetes.io/is-default-class": "true" };
  await kubectl.create({
    apiVersion: storage,
    kind: "StorageClass",
    metadata: { name: "fast", annotations: isDefault },
    provisioner: "example.com/disk",
    allowVolumeExpansion: true,
    volumeBindingMode: "WaitForFirstConsumer",
  });
  assert.deepEqual(await kubectl.table("get sc -o wide"), [
    "NAME  PROVISIONER  RECLAIMPOLICY  VOLUMEBINDINGMODE  ALLOWVOLUMEEXPANSION  AGE",
    "fast (default)  example.com/disk  Delete  WaitForFirstConsumer  true  T",
  ]);
  await kubectl.exercise("sc", "fast", "allowedTopologies");
  const patch = '{"provisioner":"other"}';
  const changed = await kubectl.attempt(["patch", "sc", "fast", "-p", patch]);
  assert.match(changed.stderr, /provisioner: Forbidden: updates to provisioner are forbidden/);

  const resources = { requests: { storage: "1Gi" } };
  const metadata = { name: "data", namespace: "default" };
  const spec = { accessModes: ["ReadWriteOnce"], resources };
  await kubectl.create({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec });
  assert.equal(await kubectl.run("get pvc data -o jsonpath={.spec.storageClassName}"), "fast");
  const more = '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}';
  assert.match((await kubectl.attempt(["patch", "pvc", "data", "-p", more])).stderr, /forbidden: .*bound/i);
  await kubectl.run('patch pvc data --subresource=status --type=merge -p {"status":{"phase":"Bound"}}');
  await kubectl.run(`patch pvc data -p ${more}`);
  await kubectl.run("delete pvc data");
});

test("drivers, nodes, capacities, attachments and attribute classes", async () => {
  await kubectl.create({ apiVersion: storage, kind: "CSIDriver", metadata: { name: "disk" }, spec: {} });
  assert.deepEqual(await kubectl.table("get csidriver"), [
    "NAME  ATTACHREQUIRED  PODINFOONMOUNT  STORAGECAPACITY  TOKENREQUESTS  REQUIRESREPUBLISH  MODES  AGE",
    "disk  true  false  false  <unset>  false  Persistent  T",
  ]);
  await kubectl.exercise("csidriver", "disk", "spec.tokenRequests");

  const drivers = [{ name: "disk", nodeID: "n1", topologyKeys: ["zone"], allocatable: { count: 3 } }];
  await kubectl.create({ apiVersion: storage, kind: "CSINode", metadata: { name: "n1" }, spec: { drivers } });
  assert.deepEqual(await kubectl.table("get csinode"), ["NAME  DRIVERS  AGE", "n1  1  T"]);
  await kubectl.exercise("csinode", "n1", "spec.drivers.allocatable");

  await kubectl.create({
    apiVersion: storage,
    kind: "CSIStorageCapacity",
    metadata: { name: "room", namespace: "default" },
    storageClassName: "fast",
    capacity: "10Gi",
  });
  assert.deepEqual(await kubectl.table("get csistoragecapacity"), [
    "NAME  STORAGECLASSNAME  CAPACITY",
    "room  fast  10Gi",
  ]);
  await kubectl.exercise("csistoragecapacity", "room", "nodeTopology");

  const source = { persistentVolumeName: "pv1" };
  const spec = { attacher: "disk", nodeName: "n1", source };
  await kubectl.create({ apiVersion: storage, kind: "VolumeAttachment", metadata: { name: "a1" }, spec });
  assert.deepEqual(await kubectl.table("get volumeattachment"), [
    "NAME  ATTACHER  PV  NODE  ATTACHED  AGE",
    "a1  disk  pv1  n1  false  T",
  ]);
  await kubectl.exercise("volumeattachment", "a1", "spec.source");
  await kubectl.run('patch volumeattachment a1 --subresource=status --type=merge -p {"status":{"attached":true}}');
  assert.match((await kubectl.table("get volumeattachment a1"))[1] ?? "", / true {2}T$/);

  const parameters = { iops: "300" };
  const vac = { apiVersion: storage, kind: "VolumeAttributesClass", metadata: { name: "gold" } };
  await kubectl.create({ ...vac, driverName: "disk", parameters });
  assert.deepEqual(await kubectl.table("get vac"), ["NAME  DRIVERNAME  AGE", "gold  disk  T"]);
  await kubectl.exercise("vac", "gold", "parameters");
});

test("devices", async () => {
  await kubectl.create({ apiVersion: devices, kind: "DeviceClass", metadata: { name: "gpu" }, spec: {} });
  assert.deepEqual(await kubectl.table("get deviceclass"), ["NAME  AGE", "gpu  T"]);
  await kubectl.exercise("deviceclass", "gpu", "spec.selectors");
  const select = (expression: string) => ({ selectors: [{ cel: { expression } }] });
  const large = "device.capacity['gpu.example.com'].memory.compareTo(quantity('8Gi')) >= 0";
  const deviceClass = { apiVersion: devices, kind: "DeviceClass", metadata: { name: "large" } };
  await kubectl.create({ ...deviceClass, spec: select(large) });
  assert.match(
    await kubectl.refusal({ ...deviceClass, spec: select("device.driver") }),
    /spec\.selectors\[0\]\.cel\.expression: Invalid value: "device\.driver": must evaluate to bool/,
  );
  await kubectl.run("delete deviceclass large");

  const requests = [{ name: "one", exactly: { deviceClassName: "gpu" } }];
  const metadata = (name: string) => ({ name, namespace: "default" });
  const spec = { devices: { requests } };
  await kubectl.create({ apiVersion: devices, kind: "ResourceClaim", metadata: metadata("c"), spec });
  assert.deepEqual(await kubectl.table("get resourceclaim"), ["NAME  STATE  AGE", "c  pending  T"]);
  await kubectl.exercise("resourceclaim", "c", "spec.devices.requests.exactly");
  const exactly = await kubectl.json<{ spec: { devices: { requests: { exactly: object }[] } } }>("get resourceclaim c");
  assert.deepEqual(exactly.spec.devices.requests[0]?.exactly, {
    deviceClassName: "gpu",
    allocationMode: "ExactCount",
    count: 1,
  });

  const template = { apiVersion: devices, kind: "ResourceClaimTemplate", metadata: metadata("t"), spec: { spec } };
  await kubectl.create(template);
  assert.deepEqual(await kubectl.table("get resourceclaimtemplate"), ["NAME  AGE", "t  T"]);
  await kubectl.exercise("resourceclaimtemplate", "t", "spec.spec.devices");

  await kubectl.create({
    apiVersion: devices,
    kind: "ResourceSlice",
    metadata: { name: "s" },
    spec: {
      driver: "gpu.example.com",
      nodeName: "n1",
      pool: { name: "p", generation: 1, resourceSliceCount: 1 },
      devices: [{ name: "d0", attributes: { model: { string: "x" } }, capacity: { memory: { value: "8Gi" } } }],
    },
  });
  assert.deepEqual(await kubectl.table("get resourceslice"), [
    "NAME  NODE  DRIVER  POOL  AGE",
    "s  n1  gpu.example.com  p  T",
  ]);
  assert.match(
    await kubectl.run("get resourceslice --field-selector=spec.nodeName=n1 -o name"),
    /^resourceslice.*\/s\n$/,
  );
  assert.equal(await kubectl.run("get resourceslice --field-selector=spec.driver=other -o name"), "");
  await kubectl.exercise("resourceslice", "s", "spec.devices.attributes");
});

test("the system's flow schemas and priority levels", async () => {
  const schemas = await kubectl.run("get flowschemas -o jsonpath={.items[*].metadata.name}");
  assert.equal(schemas.split(" ").length, 13);
  const [header, probes] = await eventually(
    "the server has said whether the level is there",
    () => kubectl.table("get flowschema probes"),
    ([, row]) => row?.endsWith("?") === false,
  );
  assert.equal(header, "NAME  PRIORITYLEVEL  MATCHINGPRECEDENCE  DISTINGUISHERMETHOD  AGE  MISSINGPL");
  assert.equal(probes, "probes  exempt  2  <none>  T  False");
  const priorityLevelConfiguration = { name: "none" };
  await kubectl.create({
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "FlowSchema",
    metadata: { name: "lost" },
    spec: { priorityLevelConfiguration, matchingPrecedence: 9000 },
  });
  await eventually(
    "it says that the level is missing",
    () => kubectl.table("get flowschema lost"),
    ([, row]) => row === "lost  none  9000  <none>  T  True",
  );
  await kubectl.run("delete flowschema lost");
  assert.deepEqual(await kubectl.table("get prioritylevelconfiguration"), [
    "NAME  TYPE  NOMINALCONCURRENCYSHARES  QUEUES  HANDSIZE  QUEUELENGTHLIMIT  AGE",
    "catch-all  Limited  5  <none>  <none>  <none>  T",
    "exempt  Exempt  <none>  <none>  <none>  <none>  T",
    "global-default  Limited  20  128  6  50  T",
    "leader-election  Limited  10  16  4  50  T",
    "node-high  Limited  40  64  6  50  T",
    "system  Limited  30  64  6  50  T",
    "workload-high  Limited  40  128  6  50  T",
    "workload-low  Limited  100  128  6  50  T",
  ]);
  await kubectl.exercise("flowschema", "global-default", "spec.rules.subjects");
  await kubectl.exercise("prioritylevelconfiguration", "system", "spec.limited.limitResponse");
  const shares = '{"spec":{"limited":{"nominalConcurrencyShares":6}}}';
  const fixed = await kubectl.attempt([
    "patch",
    "prioritylevelconfiguration",
    "catch-all",
    "--type=merge",
    "-p",
    shares,
  ]);
  assert.match(fixed.stderr, /spec of 'catch-all' must equal the fixed value/);
});

test("webhooks and policy bindings", async () => {
  const clientConfig = { service: { name: "hook", namespace: "default", path: "/check" } };
  const rules = [{ apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"] }];
  const hook = { name: "a.example.com", clientConfig, rules, sideEffects: "None", admissionReviewVersions: ["v1"] };
  for (const [kind, plural] of [
    ["ValidatingWebhookConfiguration", "validatingwebhookconfigurations"],
    ["MutatingWebhookConfiguration", "mutatingwebhookconfigurations"],
  ] as const) {
    await kubectl.create({ apiVersion: admission, kind, metadata: { name: "hooks" }, webhooks: [hook] });
    assert.deepEqual(await kubectl.table(`get ${plural}`), ["NAME  WEBHOOKS  AGE", "hooks  1  T"]);
    await kubectl.exercise(plural, "hooks", "webhooks.rules");
    await kubectl.run(`delete ${plural} hooks`);
  }
  const validating = { policyName: "p", validationActions: ["Deny"] };
  const bindingOf = (kind: string, spec: object) => ({ apiVersion: admission, kind, metadata: { name: "b" }, spec });
  await kubectl.create(bindingOf("ValidatingAdmissionPolicyBinding", validating));
  assert.deepEqual(await kubectl.table("get validatingadmissionpolicybinding"), [
    "NAME  POLICYNAME  PARAMREF  AGE",
    "b  p  <unset>  T",
  ]);
  await kubectl.exercise("validatingadmissionpolicybinding", "b", "spec.matchResources");
  await kubectl.create(bindingOf("MutatingAdmissionPolicyBinding", { policyName: "p" }));
  assert.deepEqual(await kubectl.table("get mutatingadmissionpolicybinding"), [
    "NAME  POLICYNAME  PARAMREF  AGE",
    "b  p  <unset>  T",
  ]);
  await kubectl.exercise("mutatingadmissionpolicybinding", "b", "spec.paramRef");
});

test("admission policies, whose expressions have to compile", async () => {
  const resourceRules = [
    { apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["deployments"] },
  ];
  const shared = {
    matchConstraints: { resourceRules },
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    variables: [{ name: "replicas", expression: "object.spec.replicas" }],
    matchConditions: [{ name: "people", expression: "!request.userInfo.username.startsWith('system:')" }],
  };
  const validating = {
    ...shared,
    validations: [
      {
        expression: "variables.replicas <= int(params.data['max'])",
        messageExpression: "'at most ' + params.data['max']",
      },
    ],
  };
  const policy = (kind: string, spec: object) => ({ apiVersion: admission, kind, metadata: { name: "limit" }, spec });
  await kubectl.create(policy("ValidatingAdmissionPolicy", validating));
  assert.deepEqual(await kubectl.table("get validatingadmissionpolicy"), [
    "NAME  VALIDATIONS  PARAMKIND  AGE",
    "limit  1  v1/ConfigMap  T",
  ]);
  await kubectl.exercise("validatingadmissionpolicy", "limit", "spec.validations");
  const expression = "Object{spec: Object.spec{replicas: int(params.data['max'])}}";
  const mutations = [{ patchType: "ApplyConfiguration", applyConfiguration: { expression } }];
  const mutating = { ...shared, reinvocationPolicy: "Never", mutations };
  await kubectl.create(policy("MutatingAdmissionPolicy", mutating));
  assert.deepEqual(await kubectl.table("get mutatingadmissionpolicy"), [
    "NAME  MUTATIONS  PARAMKIND  AGE",
    "limit  1  v1/ConfigMap  T",
  ]);
  await kubectl.exercise("mutatingadmissionpolicy", "limit", "spec.mutations");
  const broken = policy("ValidatingAdmissionPolicy", { ...shared, validations: [{ expression: "variables.none" }] });
  assert.match(
    await kubectl.refusal(broken),
    /spec\.validations\[0\]\.expression: Invalid value: "variables\.none": compilation failed: ERROR: <input>:1:10: undefined field 'none'/,
  );
});

test("API services", async () => {
  assert.deepEqual(await kubectl.table("get apiservice v1.apps v2.autoscaling"), [
    "NAME  SERVICE  AVAILABLE  AGE",
    "v1.apps  Local  True  T",
    "v2.autoscaling  Local  True  T",
  ]);
  const spec = { group: "x.example.com", version: "v1", groupPriorityMinimum: 10, versionPriority: 5 };
  const service = { name: "api", namespace: "default" };
  const object = {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1.x.example.com" },
  };
  assert.match(
    await kubectl.refusal({ ...object, metadata: { name: "v2.x.example.com" }, spec: { ...spec, service } }),
    /metadata\.name: Invalid value: "v2\.x\.example\.com": must be `spec\.version\+"\."\+spec\.group`: "v1\.x\.example\.com"/,
  );
  await kubectl.create({ ...object, spec: { ...spec, service, insecureSkipTLSVerify: true } });
  assert.deepEqual((await kubectl.table("get apiservice v1.x.example.com"))[0], "NAME  SERVICE  AVAILABLE  AGE");
  await kubectl.exercise("apiservice", "v1.x.example.com", "spec.service");
  await kubectl.run("delete apiservice v1.x.example.com");
});
