import type { ParamKind, ParamRef } from "@kube-ts/api/admissionregistration/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { selectorOf } from "@kube-ts/api/selectors";
import type { KindName, ParamResource, ServedForms } from "../matching/served-forms.ts";

/** A policy or binding is such that no parameters can be found for it. */
export class ConfigurationError extends Error {}

/** The kind of the parameters of a policy. Throws `ConfigurationError` when the server does not have it. */
export function paramResource(paramKind: ParamKind, forms: ServedForms): ParamResource {
  const kind = kindOf(paramKind);
  const found = forms.params(kind);
  if (found) return found;
  const name = `${kind.group}/${kind.version}, Kind=${kind.kind}`;
  throw new ConfigurationError(`failed to find resource referenced by paramKind: '${name}'`);
}

function kindOf({ apiVersion = "", kind = "" }: ParamKind): KindName {
  const slash = apiVersion.indexOf("/");
  return { group: slash < 0 ? "" : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1), kind };
}

/**
 * The objects that a policy is evaluated with, once for each; null for once without any. Throws `ConfigurationError`
 * when the binding asks for what cannot be, or for parameters that are not there and have to be.
 */
export function collectParams(
  resource: ParamResource | undefined,
  ref: ParamRef | undefined,
  requestNamespace: string,
): readonly (KubeObject | null)[] {
  if (!resource || !ref) return [null];
  const namespace = namespaceOf(resource, ref, requestNamespace);
  const params = find(resource, ref, namespace);
  if (params.length === 0 && ref.parameterNotFoundAction === "Deny") {
    throw new ConfigurationError("no params found for policy binding with `Deny` parameterNotFoundAction");
  }
  return params;
}

function namespaceOf({ namespaced }: ParamResource, ref: ParamRef, requestNamespace: string): string {
  if (!namespaced) {
    if (!ref.namespace) return "";
    throw new ConfigurationError("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
  }
  const namespace = ref.namespace || requestNamespace;
  if (namespace !== "") return namespace;
  throw new ConfigurationError(
    "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources",
  );
}

function find(resource: ParamResource, { name, selector }: ParamRef, namespace: string): readonly KubeObject[] {
  if (name) {
    if (selector) throw new ConfigurationError("paramRef.name and paramRef.selector are mutually exclusive");
    const param = resource.get(namespace, name);
    return param ? [param] : [];
  }
  if (!selector) throw new ConfigurationError("one of name or selector must be provided");
  const wanted = selectorOf(selector);
  return resource.list(namespace).filter(({ metadata }) => wanted.matches(metadata.labels));
}
