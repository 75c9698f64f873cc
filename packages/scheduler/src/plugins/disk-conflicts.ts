import type { Pod, Volume } from "@kube-ts/api/core/v1";

/** Whether the volume is of a kind that pods of one node may be unable to share. */
export function isExclusiveKind({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }: Volume): boolean {
  return Boolean(gcePersistentDisk ?? awsElasticBlockStore ?? rbd ?? iscsi);
}

/** Whether the pods want the same disk in a way in which a node cannot give it to both. */
export function wantSameDisk(a: Pod, b: Pod): boolean {
  const exclusive = (pod: Pod) => (pod.spec.volumes ?? []).filter(isExclusiveKind);
  const others = exclusive(b);
  return others.length > 0 && exclusive(a).some((one) => others.some((other) => conflict(one, other)));
}

function conflict(a: Volume, b: Volume): boolean {
  return sameGceDisk(a, b) || sameAwsDisk(a, b) || sameIscsiTarget(a, b) || sameRbdImage(a, b);
}

interface Mount {
  readonly readOnly?: boolean;
}

/** Readers do not disturb each other. */
const bothRead = (a: Mount, b: Mount): boolean => a.readOnly === true && b.readOnly === true;

function sameGceDisk({ gcePersistentDisk: a }: Volume, { gcePersistentDisk: b }: Volume): boolean {
  return a !== undefined && b !== undefined && a.pdName === b.pdName && !bothRead(a, b);
}

function sameAwsDisk({ awsElasticBlockStore: a }: Volume, { awsElasticBlockStore: b }: Volume): boolean {
  return a !== undefined && b !== undefined && a.volumeID === b.volumeID;
}

function sameIscsiTarget({ iscsi: a }: Volume, { iscsi: b }: Volume): boolean {
  return a !== undefined && b !== undefined && a.iqn === b.iqn && !bothRead(a, b);
}

function sameRbdImage({ rbd: a }: Volume, { rbd: b }: Volume): boolean {
  if (!a || !b || bothRead(a, b)) return false;
  const pool = (each: typeof a) => each.pool ?? "rbd";
  return a.image === b.image && pool(a) === pool(b) && a.monitors.some((monitor) => b.monitors.includes(monitor));
}
