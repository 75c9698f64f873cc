import { type FieldError, forbiddenField, invalidField, requiredField, tooLongField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors, dns1123SubdomainErrors, regexError } from "@kube-ts/api/names";
import type { IngressClass, IngressClassParametersReference } from "@kube-ts/api/networking/v1";
import { ingressClasses } from "@kube-ts/api/resource-types";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkChoice, checkImmutable, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { checkKindAndName } from "./validate-reference.ts";

const controllerPath = fieldPath("spec", "controller");
const parametersPath = fieldPath("spec", "parameters");
const maxControllerLength = 250;
const pathPattern = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const pathRegExp = new RegExp(`^${pathPattern}$`);

export const ingressClassResource = defineResource<IngressClass>({
  type: ingressClasses,
  singular: "ingressclass",
  storagePrefix: "ingressclasses",
  strategy: {
    defaults({ spec }) {
      dropZeroFields(spec, ["controller"]);
      if (spec.parameters) spec.parameters.scope ??= "Cluster";
    },
    prepareForCreate: startGeneration,
    prepareForUpdate(ingressClass, old) {
      countChange(ingressClass, ingressClass.spec, old.spec);
    },
    validateCreate: validateIngressClass,
    validateUpdate(ingressClass, old) {
      const errors = validateObjectMetaUpdate(ingressClass.metadata, old.metadata);
      checkImmutable(ingressClass.spec.controller ?? "", old.spec.controller ?? "", controllerPath, errors);
      errors.push(...validateIngressClass(ingressClass));
      return errors;
    },
  },
  columns: {
    definitions: [
      nameColumn,
      column("Controller", "string", "Controller that carries out ingresses of the class."),
      column("Parameters", "string", "Object with further settings for the controller."),
      ageColumn,
    ],
    row: (ingressClass, nowMs) => ({
      cells: [
        nameCell(ingressClass),
        ingressClass.spec.controller ?? "",
        parametersText(ingressClass.spec.parameters),
        ageCell(ingressClass, nowMs),
      ],
    }),
  },
});

function parametersText(parameters: IngressClassParametersReference | undefined): string {
  if (!parameters) return "<none>";
  const { apiGroup, kind, name } = parameters;
  return `${apiGroup === undefined ? kind : `${kind}.${apiGroup}`}/${name}`;
}

function validateIngressClass(ingressClass: IngressClass): FieldError[] {
  const errors = validateObjectMeta(ingressClass.metadata, "Cluster", subdomainName);
  const { controller, parameters } = ingressClass.spec;
  if (isBlank(controller)) {
    errors.push(requiredField(controllerPath, ""));
  } else {
    if (Buffer.byteLength(controller) > maxControllerLength) {
      errors.push(tooLongField(controllerPath, maxControllerLength));
    }
    checkDomainPrefixedPath(controller, controllerPath, errors);
  }
  if (parameters) checkParameters(parameters, parametersPath, errors);
  return errors;
}

/** A domain, a slash and a path, such as `example.com/ingress`. */
function checkDomainPrefixedPath(value: string, path: FieldPath, errors: FieldError[]): void {
  const slash = value.indexOf("/");
  const [domain, rest] = slash < 0 ? ["", ""] : [value.slice(0, slash), value.slice(slash + 1)];
  if (domain === "" || rest === "") {
    errors.push(invalidField(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")'));
    return;
  }
  checkTexts(dns1123SubdomainErrors(domain), domain, path, errors);
  if (!pathRegExp.test(rest)) errors.push(invalidField(path, rest, regexError("Invalid path", pathPattern)));
}

function checkParameters(parameters: IngressClassParametersReference, path: FieldPath, errors: FieldError[]): void {
  checkKindAndName(parameters, path, errors);
  const { scope, namespace } = parameters;
  const namespacePath = path.child("namespace");
  if (scope === undefined) {
    errors.push(requiredField(path.child("scope"), ""));
    return;
  }
  checkChoice(scope, ["Cluster", "Namespace"], path.child("scope"), errors);
  if (scope === "Namespace") {
    if (namespace === undefined) {
      errors.push(requiredField(namespacePath, "`parameters.scope` is set to 'Namespace'"));
    } else {
      checkTexts(dns1123LabelErrors(namespace), namespace, namespacePath, errors);
    }
  } else if (scope === "Cluster" && namespace !== undefined) {
    errors.push(forbiddenField(namespacePath, "`parameters.scope` is set to 'Cluster'"));
  }
}
