import { type FlagValues, defineFlags } from "@kube-ts/std/flags";
import type { AdmissionFlags } from "../admission/chain.ts";

/** What is changed or refused before it is stored. */
export const admissionFlags = defineFlags({
  "enable-admission-plugins": {
    type: "stringList",
    default: [],
    description: "admission plugins to turn on besides those that are on by default",
  },
  "disable-admission-plugins": {
    type: "stringList",
    default: [],
    description: "admission plugins to turn off although they are on by default",
  },
});

export type AdmissionConfig = AdmissionFlags;

export function admissionConfig(values: FlagValues<typeof admissionFlags>): AdmissionConfig {
  return { enable: values["enable-admission-plugins"], disable: values["disable-admission-plugins"] };
}
