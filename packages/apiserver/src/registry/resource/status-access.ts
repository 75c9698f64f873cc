import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, forbiddenField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { namespaceOf } from "@kube-ts/api/object";
import type { AllocatedDeviceStatus, AllocationResult, ResourceClaim } from "@kube-ts/api/resource/v1";
import { resourceClaims } from "@kube-ts/api/resource-types";
import type { AuthorizationAttributes, Authorizer } from "../../auth/authorizer.ts";
import { forbiddenRequest } from "../../auth/forbidden.ts";
import { splitServiceAccountUserName } from "../../auth/service-accounts/identity.ts";
import type { UserInfo } from "../../auth/user.ts";

const statusPath = fieldPath("status");
const nodeNameExtra = "authentication.kubernetes.io/node-name";

/** Who changes the status, and how: `update` or `patch`. */
export interface StatusWriter {
  readonly user: UserInfo;
  readonly verb: string;
  readonly authorizer: Authorizer;
}

/**
 * Beyond the right to write the status, it takes the right to bind claims to change what is allocated and for whom, and
 * the right to speak for a driver to change what the driver says of devices: on any node, or on the writer's own.
 */
export async function statusAccessErrors(
  claim: ResourceClaim,
  old: ResourceClaim,
  writer: StatusWriter,
  signal: AbortSignal,
): Promise<FieldError[]> {
  return [...(await bindingErrors(claim, old, writer, signal)), ...(await driverErrors(claim, old, writer, signal))];
}

async function bindingErrors(
  { status }: ResourceClaim,
  { status: old }: ResourceClaim,
  writer: StatusWriter,
  signal: AbortSignal,
): Promise<FieldError[]> {
  const isSame =
    semanticEqual(status?.allocation, old?.allocation) && semanticEqual(status?.reservedFor, old?.reservedFor);
  if (isSame) return [];
  const { verb } = writer;
  const refusal = await refusalOf(writer, { verb, subresource: "binding", namespace: "", name: "" }, signal);
  if (refusal === undefined) return [];
  const needed = `resource="resourceclaims/binding", verb="${verb}" permission`;
  return [
    forbiddenField(statusPath, `changing status.allocation or status.reservedFor requires ${needed}: ${refusal}`),
  ];
}

async function driverErrors(
  claim: ResourceClaim,
  old: ResourceClaim,
  writer: StatusWriter,
  signal: AbortSignal,
): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  const isOwnNode = isOnNodeOf(writer.user, claim.status?.allocation);
  const verbs = [...(isOwnNode ? ["associated-node:"] : []), "arbitrary-node:"].map((prefix) => prefix + writer.verb);
  for (const driver of changedDrivers(claim.status?.devices ?? [], old.status?.devices ?? [])) {
    const target = { subresource: "driver", namespace: namespaceOf(claim), name: driver };
    let first: string | undefined;
    let isAllowed = false;
    for (const verb of verbs) {
      const refusal = await refusalOf(writer, { ...target, verb }, signal);
      isAllowed ||= refusal === undefined;
      first ??= refusal;
      if (isAllowed) break;
    }
    if (isAllowed) continue;
    const needed = `resource="resourceclaims/driver", verb="[${verbs.join(" ")}]" permission`;
    errors.push(forbiddenField(statusPath.child("devices"), `changing status.devices requires ${needed}: ${first}`));
  }
  return errors;
}

/** The drivers whose devices were added, changed or removed, in order. */
function changedDrivers(devices: readonly AllocatedDeviceStatus[], old: readonly AllocatedDeviceStatus[]): string[] {
  const keyOf = ({ driver, pool, device, shareID }: AllocatedDeviceStatus) =>
    JSON.stringify([driver, pool, device, shareID ?? ""]);
  const before = new Map(old.map((status) => [keyOf(status), status]));
  const changed = new Set<string>();
  for (const status of devices) {
    const key = keyOf(status);
    if (!semanticEqual(status, before.get(key))) changed.add(status.driver);
    before.delete(key);
  }
  for (const { driver } of before.values()) changed.add(driver);
  return [...changed].sort();
}

/** Whether the user is a service account whose token is bound to the one node that the devices are on. */
function isOnNodeOf({ name, extra }: UserInfo, allocation: AllocationResult | undefined): boolean {
  const [nodeName, ...more] = extra[nodeNameExtra] ?? [];
  return (
    nodeName !== undefined &&
    more.length === 0 &&
    splitServiceAccountUserName(name) !== undefined &&
    nodeName === allocatedNode(allocation)
  );
}

function allocatedNode(allocation: AllocationResult | undefined): string | undefined {
  const [term, ...otherTerms] = allocation?.nodeSelector?.nodeSelectorTerms ?? [];
  const [field, ...otherFields] = term?.matchFields ?? [];
  if (!field || otherTerms.length > 0 || otherFields.length > 0 || term?.matchExpressions?.length) return undefined;
  const [value, ...otherValues] = field.values ?? [];
  const isName = field.key === "metadata.name" && field.operator === "In" && otherValues.length === 0;
  return isName && value !== "" ? value : undefined;
}

/** Why the writer may not do it; undefined when they may. */
async function refusalOf(
  { user, authorizer }: StatusWriter,
  target: { readonly verb: string; readonly subresource: string; readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { group, version, plural: resource } = resourceClaims;
  const attributes: AuthorizationAttributes = { kind: "resource", user, group, version, resource, ...target };
  const { decision, reason } = await authorizer.authorize(attributes, signal);
  return decision === "allow" ? undefined : forbiddenRequest(attributes, reason).message;
}
