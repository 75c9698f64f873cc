import type { ConfigKind } from "@kube-ts/std/config-file";
import {
  booleanField,
  type DecodedObject,
  durationField,
  type Decoded,
  integerField,
  jsonField,
  listField,
  numberField,
  objectField,
  stringField,
  wordField,
} from "@kube-ts/std/config-schema";
import { extenderField } from "./extender-config.ts";

const pluginSet = objectField({
  enabled: listField(objectField({ name: stringField(), weight: integerField() })),
  disabled: listField(objectField({ name: stringField(), weight: integerField() })),
});

/** The extension points of a profile, in the order in which a pod passes them. */
export const extensionPoints = [
  "preEnqueue",
  "queueSort",
  "preFilter",
  "filter",
  "postFilter",
  "preScore",
  "score",
  "reserve",
  "permit",
  "preBind",
  "bind",
  "postBind",
] as const;

export type ExtensionPointName = (typeof extensionPoints)[number];

const plugins = objectField({
  preEnqueue: pluginSet,
  queueSort: pluginSet,
  preFilter: pluginSet,
  filter: pluginSet,
  postFilter: pluginSet,
  preScore: pluginSet,
  score: pluginSet,
  reserve: pluginSet,
  permit: pluginSet,
  preBind: pluginSet,
  bind: pluginSet,
  postBind: pluginSet,
  multiPoint: pluginSet,
});

const profile = objectField({
  schedulerName: stringField(),
  percentageOfNodesToScore: integerField(),
  plugins,
  pluginConfig: listField(objectField({ name: stringField(), args: jsonField() })),
});

const fields = {
  parallelism: integerField(),
  leaderElection: objectField({
    leaderElect: booleanField(),
    leaseDuration: durationField(),
    renewDeadline: durationField(),
    retryPeriod: durationField(),
    resourceLock: wordField("leases"),
    resourceName: stringField(),
    resourceNamespace: stringField(),
  }),
  clientConnection: objectField({
    kubeconfig: stringField(),
    acceptContentTypes: stringField(),
    contentType: stringField(),
    qps: numberField(),
    burst: integerField(),
  }),
  enableProfiling: booleanField(),
  enableContentionProfiling: booleanField(),
  percentageOfNodesToScore: integerField(),
  podInitialBackoffSeconds: integerField(),
  podMaxBackoffSeconds: integerField(),
  delayCacheUntilActive: booleanField(),
  profiles: listField(profile),
  extenders: listField(extenderField),
};

/** KubeSchedulerConfiguration as it is written. */
export const schedulerConfigKind: ConfigKind<typeof fields> = {
  apiVersion: "kubescheduler.config.k8s.io/v1",
  kind: "KubeSchedulerConfiguration",
  fields,
};

export type SchedulerConfigFile = DecodedObject<typeof fields>;
export type ProfileFile = Decoded<typeof profile>;
export type PluginsFile = Decoded<typeof plugins>;
