/** Where a type's JSON has the fields of another type inline, while its protobuf message nests them. */
export interface EmbeddedMessage {
  readonly number: number;
  /** The id of the nested type. */
  readonly type: string;
}

const localReference: EmbeddedMessage = { number: 1, type: "core/v1.LocalObjectReference" };

/** By the id of the outer type. */
export const embeddedMessages: Readonly<Record<string, EmbeddedMessage>> = {
  "core/v1.ConfigMapEnvSource": localReference,
  "core/v1.ConfigMapKeySelector": localReference,
  "core/v1.ConfigMapProjection": localReference,
  "core/v1.ConfigMapVolumeSource": localReference,
  "core/v1.SecretEnvSource": localReference,
  "core/v1.SecretKeySelector": localReference,
  "core/v1.SecretProjection": localReference,
  "core/v1.EphemeralContainer": { number: 1, type: "core/v1.EphemeralContainerCommon" },
  "core/v1.PersistentVolumeSpec": { number: 2, type: "core/v1.PersistentVolumeSource" },
  "core/v1.Probe": { number: 1, type: "core/v1.ProbeHandler" },
  "core/v1.Volume": { number: 2, type: "core/v1.VolumeSource" },
};
