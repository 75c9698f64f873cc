/** Where a type's JSON has the fields of another type inline, while its protobuf message nests them. */
export interface EmbeddedMessage {
  readonly number: number;
  /** The name of the nested type, of the same group version. */
  readonly type: string;
}

const localReference: EmbeddedMessage = { number: 1, type: "LocalObjectReference" };
const ingressRule: EmbeddedMessage = { number: 2, type: "IngressRuleValue" };

/** By folder of the group and name of the outer type; the same in all versions. */
export const embeddedMessages: Readonly<Record<string, EmbeddedMessage>> = {
  "admissionregistration.NamedRuleWithOperations": { number: 2, type: "RuleWithOperations" },
  "admissionregistration.RuleWithOperations": { number: 2, type: "Rule" },
  "core.ConfigMapEnvSource": localReference,
  "core.ConfigMapKeySelector": localReference,
  "core.ConfigMapProjection": localReference,
  "core.ConfigMapVolumeSource": localReference,
  "core.SecretEnvSource": localReference,
  "core.SecretKeySelector": localReference,
  "core.SecretProjection": localReference,
  "core.EphemeralContainer": { number: 1, type: "EphemeralContainerCommon" },
  "core.PersistentVolumeSpec": { number: 2, type: "PersistentVolumeSource" },
  "core.Probe": { number: 1, type: "ProbeHandler" },
  "core.Volume": { number: 2, type: "VolumeSource" },
  "extensions.IngressRule": ingressRule,
  "networking.IngressRule": ingressRule,
  "resource.DeviceAllocationConfiguration": { number: 3, type: "DeviceConfiguration" },
  "resource.DeviceClaimConfiguration": { number: 2, type: "DeviceConfiguration" },
  "resource.DeviceClassConfiguration": { number: 1, type: "DeviceConfiguration" },
};
