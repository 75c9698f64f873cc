import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { podBench, podDraft, specErrors } from "./testing/pod-drafts.ts";

function volumes(what: string, list: readonly Draft[], errors: readonly string[]): void {
  it(what, () => assert.deepEqual(specErrors({ volumes: list, serviceAccountName: "default" }), errors));
}

describe("the volumes of a pod", () => {
  volumes(
    "may be of all kinds",
    [
      { name: "empty", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
      { name: "host", hostPath: { path: "/var/log", type: "Directory" } },
      { name: "secret", secret: { secretName: "s", items: [{ key: "a", path: "b/c", mode: 0o400 }] } },
      { name: "config", configMap: { name: "c", optional: true } },
      { name: "claim", persistentVolumeClaim: { claimName: "data" } },
      { name: "nfs", nfs: { server: "s", path: "/" } },
      { name: "csi", csi: { driver: "disk.example.com" } },
      { name: "image", image: { reference: "example.com/data:v1" } },
      {
        name: "new",
        ephemeral: {
          volumeClaimTemplate: {
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        },
      },
    ],
    [],
  );
  volumes("have a name", [{ emptyDir: {} }], ["spec.volumes[0].name: Required value"]);
  volumes(
    "have a label for a name",
    [{ name: "a.b", emptyDir: {} }],
    ['spec.volumes[0].name: Invalid value: "a.b": must not contain dots'],
  );
  volumes("have names of their own", [{ name: "a" }, { name: "a" }], ['spec.volumes[1].name: Duplicate value: "a"']);
  volumes(
    "have one source each",
    [{ name: "a", emptyDir: {}, hostPath: { path: "/" }, secret: { secretName: "s" } }],
    [
      "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
      "spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type",
    ],
  );
  volumes(
    "say where they are on the host",
    [
      { name: "a", hostPath: { path: "" } },
      { name: "b", hostPath: { path: "/a/../b", type: "Pipe" } },
    ],
    [
      "spec.volumes[0].hostPath.path: Required value",
      `spec.volumes[1].hostPath.path: Invalid value: "/a/../b": must not contain '..'`,
      'spec.volumes[1].hostPath.type: Unsupported value: "Pipe": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  );
  volumes(
    "have no negative size",
    [{ name: "a", emptyDir: { sizeLimit: "-1" } }],
    ["spec.volumes[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity"],
  );
  volumes(
    "name what they show",
    [
      { name: "a", secret: {} },
      { name: "b", configMap: {} },
      { name: "c", persistentVolumeClaim: {} },
      { name: "d", image: { pullPolicy: "Sometimes" } },
      { name: "e", nfs: { server: "", path: "a" } },
    ],
    [
      "spec.volumes[0].secret.secretName: Required value",
      "spec.volumes[1].configMap.name: Required value",
      "spec.volumes[2].persistentVolumeClaim.claimName: Required value",
      "spec.volumes[3].image.reference: Required value",
      'spec.volumes[3].image.pullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
      "spec.volumes[4].nfs.server: Required value",
      'spec.volumes[4].nfs.path: Invalid value: "a": must be an absolute path',
    ],
  );
  volumes(
    "have files with right names and modes",
    [
      { name: "a", secret: { secretName: "s", defaultMode: 512, items: [{ key: "", path: "/a", mode: -1 }] } },
      {
        name: "b",
        configMap: {
          name: "c",
          items: [
            { key: "k", path: "a/../../b" },
            { key: "k", path: "..data" },
          ],
        },
      },
    ],
    [
      "spec.volumes[0].secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive",
      "spec.volumes[0].secret.items[0].key: Required value",
      'spec.volumes[0].secret.items[0].path: Invalid value: "/a": must be a relative path',
      "spec.volumes[0].secret.items[0].mode: Invalid value: -1: must be a number between 0 and 0777 (octal), both inclusive",
      `spec.volumes[1].configMap.items[0].path: Invalid value: "a/../../b": must not contain '..'`,
      `spec.volumes[1].configMap.items[1].path: Invalid value: "..data": must not start with '..'`,
    ],
  );
  volumes(
    "show fields of the pod",
    [
      {
        name: "a",
        downwardAPI: {
          items: [
            { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
            { path: "none" },
            { path: "node", fieldRef: { fieldPath: "spec.nodeName" } },
            { path: "limit", resourceFieldRef: { resource: "limits.cpu" } },
            {
              path: "",
              fieldRef: { fieldPath: "metadata.name" },
              resourceFieldRef: { resource: "limits.cpu", containerName: "c" },
            },
          ],
        },
      },
    ],
    [
      "spec.volumes[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required",
      'spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"',
      "spec.volumes[0].downwardAPI.resourceFieldRef.containerName: Required value",
      "spec.volumes[0].downwardAPI.path: Required value",
      'spec.volumes[0].downwardAPI: Invalid value: "resource": fieldRef and resourceFieldRef can not be specified simultaneously',
    ],
  );
  volumes(
    "of templates have a right claim",
    [
      { name: "a", ephemeral: {} },
      { name: "b", ephemeral: { volumeClaimTemplate: { metadata: { name: "x" }, spec: {} } } },
    ],
    [
      "spec.volumes[0].ephemeral.volumeClaimTemplate: Required value",
      "spec.volumes[1].ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set",
      "spec.volumes[1].ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required",
      "spec.volumes[1].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value",
    ],
  );
  volumes(
    "do not take a claim that is made for another",
    [
      {
        name: "data",
        ephemeral: {
          volumeClaimTemplate: {
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        },
      },
      { name: "b", persistentVolumeClaim: { claimName: "web-data" } },
    ],
    [
      'spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "web-data": must not reference a PVC that gets created for an ephemeral volume',
    ],
  );
  volumes(
    "name their driver",
    [
      { name: "a", csi: { driver: "" } },
      { name: "b", csi: { driver: "a_b", nodePublishSecretRef: {} } },
    ],
    [
      "spec.volumes[0].csi.driver: Required value",
      `spec.volumes[0].csi.driver: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      `spec.volumes[1].csi.driver: Invalid value: "a_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      "spec.volumes[1].csi.nodePublishSecretRef.name: Required value",
    ],
  );
  volumes(
    "of other systems say what they need",
    [
      { name: "a", gcePersistentDisk: { pdName: "", partition: 256 } },
      { name: "b", awsElasticBlockStore: { volumeID: "" } },
      { name: "c", iscsi: { targetPortal: "", iqn: "bad", lun: 256, chapAuthSession: true } },
      { name: "d", glusterfs: { endpoints: "", path: "" } },
      { name: "e", rbd: { monitors: [], image: "" } },
      { name: "f", cephfs: { monitors: [] } },
      { name: "g", fc: {} },
      { name: "h", flocker: {} },
      { name: "i", azureFile: {} },
      { name: "j", azureDisk: { diskName: "d", diskURI: "x" } },
      { name: "k", quobyte: { registry: "a", volume: "" } },
      { name: "l", flexVolume: { driver: "", options: { "kubernetes.io/x": "y" } } },
      { name: "m", cinder: { volumeID: "", secretRef: {} } },
      { name: "n", storageos: { volumeName: "A" } },
      { name: "o", scaleIO: { gateway: "", system: "", secretRef: {} } },
      { name: "p", gitRepo: { repository: "", directory: "../x" } },
      { name: "q", vsphereVolume: {} },
      { name: "r", photonPersistentDisk: {} },
      { name: "s", portworxVolume: {} },
    ],
    [
      "spec.volumes[0].persistentDisk.pdName: Required value",
      "spec.volumes[0].persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive",
      "spec.volumes[1].awsElasticBlockStore.volumeID: Required value",
      "spec.volumes[2].iscsi.targetPortal: Required value",
      'spec.volumes[2].iscsi.iqn: Invalid value: "bad": must be valid format starting with iqn, eui, or naa',
      "spec.volumes[2].iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive",
      "spec.volumes[2].iscsi.secretRef: Required value",
      "spec.volumes[3].glusterfs.endpoints: Required value",
      "spec.volumes[3].glusterfs.path: Required value",
      "spec.volumes[4].rbd.monitors: Required value",
      "spec.volumes[4].rbd.image: Required value",
      "spec.volumes[5].cephfs.monitors: Required value",
      "spec.volumes[6].fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both",
      "spec.volumes[7].flocker: Required value: one of datasetName and datasetUUID is required",
      "spec.volumes[8].azureFile.secretName: Required value",
      "spec.volumes[8].azureFile.shareName: Required value",
      'spec.volumes[9].azureDisk.diskURI: Unsupported value: "x": supported values: "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"',
      'spec.volumes[10].quobyte.registry: Invalid value: "a": must be a host:port pair or multiple pairs separated by commas',
      "spec.volumes[10].quobyte.volume: Required value",
      "spec.volumes[11].flexVolume.driver: Required value",
      'spec.volumes[11].flexVolume.options[kubernetes.io/x]: Invalid value: "kubernetes.io/x": kubernetes.io and k8s.io namespaces are reserved',
      "spec.volumes[12].cinder.volumeID: Required value",
      "spec.volumes[12].cinder.secretRef.name: Required value",
      `spec.volumes[13].storageos.volumeName: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      "spec.volumes[14].scaleIO.gateway: Required value",
      "spec.volumes[14].scaleIO.system: Required value",
      "spec.volumes[14].scaleIO.volumeName: Required value",
      "spec.volumes[15].gitRepo.repository: Required value",
      `spec.volumes[15].gitRepo.directory: Invalid value: "../x": must not contain '..'`,
      "spec.volumes[16].vsphereVolume.volumePath: Required value",
      "spec.volumes[17].photonPersistentDisk.pdID: Required value",
      "spec.volumes[18].portworxVolume.volumeID: Required value",
    ],
  );
});

describe("projected volumes", () => {
  function sources(what: string, list: readonly Draft[], errors: readonly string[]): void {
    volumes(what, [{ name: "a", projected: { sources: list } }], errors);
  }

  sources(
    "may put several sources together",
    [
      { serviceAccountToken: { path: "token" } },
      { configMap: { name: "c", items: [{ key: "k", path: "k" }] } },
      { downwardAPI: { items: [{ path: "ns", fieldRef: { fieldPath: "metadata.namespace" } }] } },
      { secret: { name: "s" } },
      { clusterTrustBundle: { name: "example.com:signer:x", path: "bundle" } },
    ],
    [],
  );
  sources(
    "have no two files of one name",
    [
      { configMap: { name: "c", items: [{ key: "k", path: "k" }] } },
      { secret: { name: "s", items: [{ key: "k", path: "k" }] } },
    ],
    ['spec.volumes[0].projected: Invalid value: "s": conflicting duplicate paths'],
  );
  sources(
    "have one source at a place",
    [{ configMap: { name: "c" }, secret: { name: "s" } }],
    ["spec.volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type per source"],
  );
  sources(
    "have tokens of some life",
    [
      { serviceAccountToken: { path: "a", expirationSeconds: 599 } },
      { serviceAccountToken: { path: "", expirationSeconds: 4294967297 } },
    ],
    [
      "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes",
      "spec.volumes[0].projected.sources[1].serviceAccountToken.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds",
      "spec.volumes[0].projected.path: Required value",
    ],
  );
  sources(
    "name what they show",
    [{ configMap: {} }, { secret: {} }],
    [
      "spec.volumes[0].projected.sources[0].configMap.name: Required value",
      "spec.volumes[0].projected.sources[1].secret.name: Required value",
    ],
  );
  sources(
    "have right bundles",
    [
      { clusterTrustBundle: { path: "a" } },
      { clusterTrustBundle: { name: "", signerName: "s", path: "b" } },
      { clusterTrustBundle: { signerName: "", path: "c" } },
      { clusterTrustBundle: { name: "n", labelSelector: {}, path: "" } },
    ],
    [
      "spec.volumes[0].projected.sources[0].clusterTrustBundle: Required value: either name or signerName must be specified",
      'spec.volumes[0].projected.sources[1].clusterTrustBundle: Invalid value: {"name":"","signerName":"s","path":"b"}: only one of name and signerName may be used',
      "spec.volumes[0].projected.sources[2].clusterTrustBundle.signerName: Required value: must be a valid signer name",
      "spec.volumes[0].projected.sources[3].clusterTrustBundle.labelSelector: Invalid value: {}: labelSelector must be unset if name is specified",
      "spec.volumes[0].projected.sources[3].clusterTrustBundle.path: Required value",
    ],
  );

  it("have tokens of a service account only", () => {
    const draft = podDraft({
      volumes: [{ name: "a", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }],
    });
    assert.deepEqual(podBench.createErrors(draft), [
      "spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set",
    ]);
  });
});
