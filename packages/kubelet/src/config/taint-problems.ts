import { labelValueErrors, qualifiedNameErrors } from "@kube-ts/api/names";
import type { KubeletConfiguration } from "./configuration-fields.ts";

export const taintEffects: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** What is wrong with the taints that the node is to register with. */
export function taintProblems(taints: KubeletConfiguration["registerWithTaints"] = []): readonly string[] {
  return taints.flatMap(({ key = "", value = "", effect = "" }, index) => {
    const at = `registerWithTaints[${index}]`;
    const invalid = (field: string, text: string, errors: readonly string[]) =>
      errors.map((error) => `${at}.${field}: Invalid value: ${JSON.stringify(text)}: ${error}`);
    return [
      ...invalid("key", key, qualifiedNameErrors(key)),
      ...invalid("value", value, labelValueErrors(value)),
      ...(taintEffects.includes(effect)
        ? []
        : [`${at}.effect: Unsupported value: ${JSON.stringify(effect)}: supported values: ${taintEffects.join(", ")}`]),
    ];
  });
}
