import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from "@kube-ts/api/admissionregistration/v1";
import {
  type FieldError,
  duplicateField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { dns1035LabelErrors, dns1123SubdomainErrors } from "@kube-ts/api/names";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { mutatingWebhookConfigurations, validatingWebhookConfigurations } from "@kube-ts/api/resource-types";
import { validateLabelSelector } from "@kube-ts/api/selectors";
import type { CompileExpression } from "../meta/compile-expression.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkChoice, checkTexts } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { type ResourceDefinition, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { reservedNameWarnings } from "./reserved-names.ts";
import { checkClientConfig, defaultClientConfig } from "./validate-client-config.ts";
import { checkMatchConditions } from "./validate-match-conditions.ts";
import { checkRule, defaultRules } from "./validate-rule.ts";

type Webhook = ValidatingWebhook | MutatingWebhook;
type Configuration = ValidatingWebhookConfiguration | MutatingWebhookConfiguration;

const webhooksPath = fieldPath("webhooks");
const reviewVersions = ["v1", "v1beta1"];
const sideEffects = ["None", "NoneOnDryRun"];
const maxTimeoutSeconds = 30;

export function mutatingWebhookConfigurationResource(
  compile: CompileExpression,
): ResourceDefinition<MutatingWebhookConfiguration> {
  return webhookConfigurationResource(mutatingWebhookConfigurations, "mutatingwebhookconfiguration", compile);
}

export function validatingWebhookConfigurationResource(
  compile: CompileExpression,
): ResourceDefinition<ValidatingWebhookConfiguration> {
  return webhookConfigurationResource(validatingWebhookConfigurations, "validatingwebhookconfiguration", compile);
}

function webhookConfigurationResource<T extends Configuration>(
  type: ResourceType<T>,
  singular: string,
  compile: CompileExpression,
): ResourceDefinition<T> {
  return defineResource<T>({
    type,
    singular,
    categories: ["api-extensions"],
    storagePrefix: type.plural,
    strategy: {
      defaults(configuration) {
        for (const webhook of configuration.webhooks ?? []) {
          defaultWebhook(webhook);
          if (type.plural === mutatingWebhookConfigurations.plural) {
            (webhook as MutatingWebhook).reinvocationPolicy ??= "Never";
          }
        }
      },
      prepareForCreate: startGeneration,
      prepareForUpdate(configuration, old) {
        countChange(configuration, configuration.webhooks, old.webhooks);
      },
      validateCreate: (configuration) => validateConfiguration(configuration, compile),
      validateUpdate: (configuration, old) => [
        ...validateObjectMetaUpdate(configuration.metadata, old.metadata),
        ...validateConfiguration(configuration, compile),
      ],
      warnings: reservedNameWarnings,
      allowUnconditionalUpdate: false,
    },
    columns: {
      definitions: [nameColumn, column("Webhooks", "integer", "How many webhooks are configured."), ageColumn],
      row: (configuration, nowMs) => ({
        cells: [nameCell(configuration), configuration.webhooks?.length ?? 0, ageCell(configuration, nowMs)],
      }),
    },
  });
}

function defaultWebhook(webhook: Webhook): void {
  webhook.failurePolicy ??= "Fail";
  webhook.matchPolicy ??= "Equivalent";
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= 10;
  defaultRules(webhook.rules);
  defaultClientConfig(webhook.clientConfig);
}

function validateConfiguration(configuration: Configuration, compile: CompileExpression): FieldError[] {
  const errors = validateObjectMeta(configuration.metadata, "Cluster", subdomainName);
  const names = new Set<string>();
  for (const [index, webhook] of (configuration.webhooks ?? []).entries()) {
    const path = webhooksPath.index(index);
    checkWebhook(webhook, path, errors);
    const context = { compile, hasParams: false };
    checkMatchConditions(webhook.matchConditions ?? [], context, path.child("matchConditions"), errors);
    checkReviewVersions(webhook.admissionReviewVersions, path.child("admissionReviewVersions"), errors);
    if (webhook.name !== "" && names.has(webhook.name)) {
      errors.push(duplicateField(path.child("name"), webhook.name));
    }
    names.add(webhook.name);
  }
  return errors;
}

function checkWebhook(webhook: Webhook, path: FieldPath, errors: FieldError[]): void {
  checkFullName(webhook.name, path.child("name"), errors);
  for (const [index, rule] of (webhook.rules ?? []).entries()) {
    checkRule(rule, path.child("rules").index(index), errors);
  }
  checkChoice(webhook.failurePolicy, ["Fail", "Ignore"], path.child("failurePolicy"), errors);
  checkChoice(webhook.matchPolicy, ["Equivalent", "Exact"], path.child("matchPolicy"), errors);
  const effectsPath = path.child("sideEffects");
  if (webhook.sideEffects === undefined) {
    errors.push(requiredField(effectsPath, `must specify one of ${sideEffects.join(", ")}`));
  } else if (!sideEffects.includes(webhook.sideEffects)) {
    errors.push(notSupportedField(effectsPath, webhook.sideEffects, sideEffects));
  }
  const timeout = webhook.timeoutSeconds;
  if (timeout !== undefined && (timeout > maxTimeoutSeconds || timeout < 1)) {
    const text = `the timeout value must be between 1 and ${maxTimeoutSeconds} seconds`;
    errors.push(invalidField(path.child("timeoutSeconds"), timeout, text));
  }
  errors.push(...validateLabelSelector(webhook.namespaceSelector, path.child("namespaceSelector")));
  errors.push(...validateLabelSelector(webhook.objectSelector, path.child("objectSelector")));
  if ("reinvocationPolicy" in webhook) {
    checkChoice(webhook.reinvocationPolicy, ["IfNeeded", "Never"], path.child("reinvocationPolicy"), errors);
  }
  checkClientConfig(webhook.clientConfig, path.child("clientConfig"), errors);
}

function checkFullName(name: string, path: FieldPath, errors: FieldError[]): void {
  const texts = dns1123SubdomainErrors(name);
  if (name === "") errors.push(requiredField(path, ""));
  else if (texts.length > 0) errors.push(invalidField(path, name, texts.join(",")));
  else if (name.split(".").length < 3) {
    errors.push(invalidField(path, name, "should be a domain with at least three segments separated by dots"));
  }
}

/** The versions of the review that a webhook understands; the server has to know one of them. */
function checkReviewVersions(versions: readonly string[], path: FieldPath, errors: FieldError[]): void {
  if (versions.length === 0) {
    errors.push(requiredField(path, `must specify one of ${reviewVersions.join(", ")}`));
    return;
  }
  const seen = new Set<string>();
  for (const [index, version] of versions.entries()) {
    if (seen.has(version)) {
      errors.push(invalidField(path.index(index), version, "duplicate version"));
      continue;
    }
    seen.add(version);
    checkTexts(dns1035LabelErrors(version), version, path.index(index), errors);
  }
  if (!reviewVersions.some((version) => seen.has(version))) {
    errors.push(invalidField(path, versions, `must include at least one of ${reviewVersions.join(", ")}`));
  }
}
