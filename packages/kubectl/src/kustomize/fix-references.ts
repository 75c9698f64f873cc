import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import type { JsonObject } from "../session/api.ts";
import { isClusterScoped } from "./cluster-scoped.ts";
import { changeField } from "./field-path.ts";
import {
  effectiveNamespace,
  idText,
  type KindSelector,
  type KustomizeResource,
  selectsKind,
} from "./kustomize-resource.ts";
import { nameReferences } from "./name-references.ts";

/** Makes everything that names another resource use the name that one has now. Throws a CommandError where several are meant. */
export function fixReferences(resources: readonly KustomizeResource[]): void {
  for (const referrer of resources) {
    for (const { fields, ...kind } of nameReferences) {
      for (const field of fields) {
        changeField(referrer.object, referrer.id, field, (value) =>
          renamed(value, { referrer, kind, path: field.path, resources }),
        );
      }
    }
  }
}

interface Reference {
  readonly referrer: KustomizeResource;
  readonly kind: KindSelector;
  readonly path: string;
  readonly resources: readonly KustomizeResource[];
}

function renamed(value: unknown, reference: Reference): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, reference));
  if (isRecord(value)) return renamedObject(value, reference);
  if (typeof value !== "string") return value;
  return select(value, reference.resources, reference)?.id.name ?? value;
}

/** A reference with a namespace of its own, such as that of a binding to a service account. */
function renamedObject(value: JsonObject, reference: Reference): JsonObject {
  const { name, namespace } = value;
  if (typeof name !== "string") return value;
  const among = typeof namespace === "string" ? inNamespace(reference.resources, namespace) : reference.resources;
  const found = select(name, among, reference)?.id;
  if (!found) return value;
  return { ...value, name: found.name, ...(found.namespace !== "" && { namespace: found.namespace }) };
}

function inNamespace(resources: readonly KustomizeResource[], namespace: string): readonly KustomizeResource[] {
  const originally = resources.filter(({ originalId }) => effectiveNamespace(originalId) === namespace);
  return originally.length > 0 ? originally : resources.filter(({ id }) => effectiveNamespace(id) === namespace);
}

/** The resource that a name means: one that had this name before, of the right kind, that the referrer may reach. */
function select(
  name: string,
  among: readonly KustomizeResource[],
  { referrer, kind, path }: Reference,
): KustomizeResource | undefined {
  const roleRef = path.endsWith("roleRef/name") ? referrer.object["roleRef"] : undefined;
  const role = isRecord(roleRef) ? { group: String(roleRef["apiGroup"]), kind: String(roleRef["kind"]) } : undefined;
  const candidates = among.filter(
    (each) =>
      each.previousIds.some((id) => id.name === name) &&
      each.previousIds.some((id) => selectsKind(kind, id)) &&
      (!role || each.previousIds.some((id) => selectsKind(role, id))) &&
      mayReach(referrer, each),
  );
  if (candidates.length <= 1) return candidates[0];
  const related = candidates.filter((each) => sameAffixes(each, referrer));
  const [first] = related;
  if (!first || related.length === 1) return first;
  if (related.every(({ id }) => id.name === first.id.name)) return first;
  throw new CommandError(
    `updating name reference in '${path}' field of '${idText(referrer.id)}': found multiple possible referrals: ${related.map(({ id }) => idText(id)).join(", ")}`,
  );
}

function mayReach(referrer: KustomizeResource, target: KustomizeResource): boolean {
  if (isClusterScoped(referrer.id) || isClusterScoped(target.id) || target.id.kind === "ServiceAccount") return true;
  return effectiveNamespace(referrer.id) === effectiveNamespace(target.id);
}

/** Whether both came through the same kustomizations, as far as the shorter way goes. */
function sameAffixes(a: KustomizeResource, b: KustomizeResource): boolean {
  const sameEnd = (left: readonly string[], right: readonly string[]) => {
    const length = Math.min(left.length, right.length);
    return length === 0 || left.slice(-length).join("\0") === right.slice(-length).join("\0");
  };
  return sameEnd(a.prefixes, b.prefixes) && sameEnd(a.suffixes, b.suffixes);
}
