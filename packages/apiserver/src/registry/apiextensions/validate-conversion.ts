import type { CustomResourceConversion, CustomResourceDefinition } from "@kube-ts/api/apiextensions/v1";
import { type FieldError, forbiddenField, invalidField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { dns1035LabelErrors } from "@kube-ts/api/names";
import { checkClientConfig } from "../admissionregistration/validate-client-config.ts";
import { checkRequiredChoice } from "../meta/validate-fields.ts";
import { caBundleErrors } from "./ca-bundle.ts";
import { isConditionTrue } from "./conditions.ts";

/** The versions of ConversionReview that are known; this server speaks v1. */
const reviewVersions = ["v1", "v1beta1"];

export interface ConversionTolerance {
  /** Whether none of the versions of ConversionReview need be known. */
  readonly unknownReviewVersions: boolean;
  readonly invalidCaBundle: boolean;
}

/** What an update of a definition may leave as it is. */
export function conversionTolerance(old: CustomResourceDefinition | undefined): ConversionTolerance {
  if (!old) return { unknownReviewVersions: false, invalidCaBundle: true };
  const { webhook } = old.spec.conversion ?? {};
  const known = webhook?.conversionReviewVersions ?? [];
  const caBundle = webhook?.clientConfig?.caBundle;
  return {
    unknownReviewVersions: known.length > 0 && !known.some((version) => reviewVersions.includes(version)),
    invalidCaBundle:
      !isConditionTrue(old, "Established") ||
      (Boolean(caBundle) && caBundleErrors(caBundle ?? "", fieldPath("caBundle")).length > 0),
  };
}

export function checkConversion(
  conversion: CustomResourceConversion,
  tolerance: ConversionTolerance,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { strategy, webhook } = conversion;
  checkRequiredChoice(strategy, ["None", "Webhook"], path.child("strategy"), errors);
  const configPath = path.child("webhookClientConfig");
  const versionsPath = path.child("conversionReviewVersions");
  if (strategy !== "Webhook") {
    const detail = "should not be set when strategy is not set to Webhook";
    if (webhook?.clientConfig) errors.push(forbiddenField(configPath, detail));
    if (webhook?.conversionReviewVersions?.length) errors.push(forbiddenField(versionsPath, detail));
    return;
  }
  const config = webhook?.clientConfig;
  if (!config) errors.push(requiredField(configPath, "required when strategy is set to Webhook"));
  else {
    checkClientConfig(config, configPath, errors);
    if (config.caBundle && !tolerance.invalidCaBundle) {
      errors.push(...caBundleErrors(config.caBundle, configPath.child("caBundle")));
    }
  }
  checkReviewVersions(webhook?.conversionReviewVersions ?? [], tolerance, versionsPath, errors);
}

function checkReviewVersions(
  versions: readonly string[],
  tolerance: ConversionTolerance,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (versions.length === 0) {
    errors.push(requiredField(path));
    return;
  }
  for (const [index, version] of versions.entries()) {
    if (versions.indexOf(version) < index) errors.push(invalidField(path.index(index), version, "duplicate version"));
    else for (const text of dns1035LabelErrors(version)) errors.push(invalidField(path.index(index), version, text));
  }
  if (!tolerance.unknownReviewVersions && !versions.some((version) => reviewVersions.includes(version))) {
    errors.push(invalidField(path, versions, `must include at least one of ${reviewVersions.join(", ")}`));
  }
}
