import {
  type FieldError,
  duplicateField,
  aggregateFieldErrors,
  invalidField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors, dns1123SubdomainErrors } from "@kube-ts/api/names";
import { listField, objectField, stringField } from "@kube-ts/std/config-schema";
import type { PluginConfigKind } from "../plugin-configuration.ts";
import { type LevelVersion, parseLevel, parseVersion, unknownLevelText, unknownVersionText } from "./level-version.ts";
import { type Mode, type PodSecurityPolicy, modes } from "./namespace-policy.ts";

/** What holds where namespaces say nothing, and who is exempt. */
export interface PodSecurityConfiguration {
  readonly defaults: PodSecurityPolicy;
  readonly exemptions: {
    readonly namespaces: ReadonlySet<string>;
    readonly usernames: ReadonlySet<string>;
    readonly runtimeClasses: ReadonlySet<string>;
  };
}

const unrestricted: LevelVersion = { level: "privileged", version: "latest" };

export const defaultPodSecurity: PodSecurityConfiguration = {
  defaults: { enforce: unrestricted, audit: unrestricted, warn: unrestricted },
  exemptions: { namespaces: new Set(), usernames: new Set(), runtimeClasses: new Set() },
};

const fields = {
  defaults: objectField({
    enforce: stringField(),
    "enforce-version": stringField(),
    audit: stringField(),
    "audit-version": stringField(),
    warn: stringField(),
    "warn-version": stringField(),
  }),
  exemptions: objectField({
    usernames: listField(stringField()),
    namespaces: listField(stringField()),
    runtimeClasses: listField(stringField()),
  }),
};

/** `PodSecurityConfiguration`. Throws an Error that lists everything that is wrong with its values. */
export const podSecurityKind: PluginConfigKind<PodSecurityConfiguration> = {
  kind: "PodSecurityConfiguration",
  apiVersions: ["v1", "v1beta1", "v1alpha1"].map((version) => `pod-security.admission.config.k8s.io/${version}`),
  schema: objectField(fields),
  build: (decoded) => {
    const { defaults = {}, exemptions = {} } = decoded as Decoded;
    const errors: FieldError[] = [];
    const policies = modes.map((mode) => [mode, levelVersion(defaults, mode, errors)] as const);
    const names = (field: keyof typeof exemptions, check: (name: string) => readonly string[]) =>
      uniqueNames(exemptions[field] ?? [], fieldPath("exemptions", field), check, errors);
    const built = {
      defaults: Object.fromEntries(policies) as PodSecurityPolicy,
      exemptions: {
        namespaces: names("namespaces", dns1123LabelErrors),
        runtimeClasses: names("runtimeClasses", dns1123SubdomainErrors),
        usernames: names("usernames", () => []),
      },
    };
    if (errors.length > 0) throw new Error(aggregateFieldErrors(errors));
    return built;
  },
};

interface Decoded {
  readonly defaults?: Readonly<Record<string, string | undefined>>;
  readonly exemptions?: {
    readonly usernames?: readonly string[];
    readonly namespaces?: readonly string[];
    readonly runtimeClasses?: readonly string[];
  };
}

function levelVersion(defaults: NonNullable<Decoded["defaults"]>, mode: Mode, errors: FieldError[]): LevelVersion {
  const levelText = defaults[mode] || "privileged";
  const versionText = defaults[`${mode}-version`] || "latest";
  const level = parseLevel(levelText);
  const version = parseVersion(versionText);
  if (level === undefined) errors.push(invalidField(fieldPath("defaults", mode), levelText, unknownLevelText));
  if (version === undefined) {
    errors.push(invalidField(fieldPath("defaults", `${mode}-version`), versionText, unknownVersionText));
  }
  return { level: level ?? "restricted", version: version ?? "latest" };
}

function uniqueNames(
  names: readonly string[],
  path: FieldPath,
  check: (name: string) => readonly string[],
  errors: FieldError[],
): Set<string> {
  const unique = new Set<string>();
  for (const [index, name] of names.entries()) {
    const problems = check(name);
    if (name === "") errors.push(requiredField(path.index(index)));
    else if (problems.length > 0) errors.push(invalidField(path.index(index), name, problems.join(", ")));
    else if (unique.has(name)) errors.push(duplicateField(path.index(index), name));
    else unique.add(name);
  }
  return unique;
}
