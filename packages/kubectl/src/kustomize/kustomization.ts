import { parseYaml } from "@kube-ts/std/yaml";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import type { FieldSpec } from "./field-path.ts";

export interface Selector {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

export interface Patch {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: Selector;
  readonly options?: { readonly allowNameChange?: boolean; readonly allowKindChange?: boolean };
}

export interface GeneratorOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly disableNameSuffixHash?: boolean;
  readonly immutable?: boolean;
}

/** Arguments of a generated config map or secret. */
export interface GeneratorArguments {
  readonly name?: string;
  readonly namespace?: string;
  readonly behavior?: string;
  readonly files?: readonly string[];
  readonly literals?: readonly string[];
  readonly env?: string;
  readonly envs?: readonly string[];
  readonly type?: string;
  readonly options?: GeneratorOptions;
}

export interface ImageChange {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly tagSuffix?: string;
  readonly digest?: string;
}

export interface LabelChange {
  readonly pairs?: Readonly<Record<string, string>>;
  readonly includeSelectors?: boolean;
  readonly includeTemplates?: boolean;
  readonly fields?: readonly FieldSpec[];
}

export interface FieldOptions {
  readonly delimiter?: string;
  readonly index?: number;
  readonly create?: boolean;
  readonly encoding?: string;
}

export interface ReplacementTarget {
  readonly select?: Selector;
  readonly reject?: readonly Selector[];
  readonly fieldPaths?: readonly string[];
  readonly options?: FieldOptions;
}

export interface Replacement {
  readonly path?: string;
  readonly source?: Selector & { readonly fieldPath?: string; readonly options?: FieldOptions };
  readonly sourceValue?: string;
  readonly targets?: readonly ReplacementTarget[];
}

export interface Variable {
  readonly name: string;
  readonly objref: {
    readonly apiVersion?: string;
    readonly group?: string;
    readonly version?: string;
    readonly kind?: string;
    readonly name?: string;
    readonly namespace?: string;
  };
  readonly fieldref?: { readonly fieldPath?: string; readonly fieldpath?: string };
}

export interface SortOptions {
  readonly order?: string;
  readonly legacySortOptions?: { readonly orderFirst?: readonly string[]; readonly orderLast?: readonly string[] };
}

/** A kustomization file; deprecated fields have been moved to those that replace them. */
export interface Kustomization {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly namespace?: string;
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly labels?: readonly LabelChange[];
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly patches?: readonly Patch[];
  readonly patchesStrategicMerge?: readonly string[];
  readonly patchesJson6902?: readonly Patch[];
  readonly images?: readonly ImageChange[];
  readonly replicas?: readonly { readonly name: string; readonly count: number }[];
  readonly replacements?: readonly Replacement[];
  readonly vars?: readonly Variable[];
  readonly configMapGenerator?: readonly GeneratorArguments[];
  readonly secretGenerator?: readonly GeneratorArguments[];
  readonly generatorOptions?: GeneratorOptions;
  readonly sortOptions?: SortOptions;
  readonly buildMetadata?: readonly string[];
}

type Shape = "text" | "texts" | "map" | "maps";

const fields: Readonly<Record<string, Shape>> = {
  apiVersion: "text",
  kind: "text",
  metadata: "map",
  openapi: "map",
  namePrefix: "text",
  nameSuffix: "text",
  namespace: "text",
  commonLabels: "map",
  commonAnnotations: "map",
  labels: "maps",
  resources: "texts",
  bases: "texts",
  components: "texts",
  crds: "texts",
  patches: "maps",
  patchesStrategicMerge: "texts",
  patchesJson6902: "maps",
  images: "maps",
  imageTags: "maps",
  replicas: "maps",
  replacements: "maps",
  vars: "maps",
  sortOptions: "map",
  configMapGenerator: "maps",
  secretGenerator: "maps",
  generatorOptions: "map",
  helmGlobals: "map",
  helmCharts: "maps",
  helmChartInflationGenerator: "maps",
  configurations: "texts",
  generators: "texts",
  transformers: "texts",
  validators: "texts",
  buildMetadata: "texts",
};

/** What this program does not do; saying so is better than leaving it out silently. */
const unsupported: Readonly<Record<string, string>> = {
  openapi: "schemas of its own",
  crds: "definitions that name references",
  helmGlobals: "Helm charts",
  helmCharts: "Helm charts",
  helmChartInflationGenerator: "Helm charts",
  configurations: "transformer configurations",
  generators: "generator plugins",
  transformers: "transformer plugins",
  validators: "validator plugins",
};

const deprecated: Readonly<Record<string, string>> = {
  bases: "resources",
  imageTags: "images",
  patchesJson6902: "patches",
  patchesStrategicMerge: "patches",
  vars: "replacements",
};
const editFix = "Run 'kustomize edit fix' to update your Kustomization automatically.";

export interface ReadKustomization {
  readonly kustomization: Kustomization;
  /** What to tell the user about deprecated fields. */
  readonly warnings: readonly string[];
}

/** Reads a kustomization file of a directory. Throws a CommandError. */
export function parseKustomization(text: string, directory: string): ReadKustomization {
  const document = parseDocument(text);
  checkFields(document);
  const warnings = Object.entries(deprecated)
    .filter(([field]) => document[field] !== undefined && document[field] !== null)
    .map(([field, instead]) => {
      const hint = field === "vars" ? `[EXPERIMENTAL] ${editFix}` : editFix;
      return `# Warning: '${field}' is deprecated. Please use '${instead}' instead. ${hint}`;
    })
    .concat(labelsWarning(document));
  const meaningful = Object.keys(document).filter((field) => !["apiVersion", "kind", "metadata"].includes(field));
  if (meaningful.length === 0) throw new CommandError("kustomization.yaml is empty");
  checkKind(document, directory);
  const { bases, imageTags, ...rest } = document;
  const joined = (first: unknown, second: unknown) => [
    ...(Array.isArray(first) ? first : []),
    ...(Array.isArray(second) ? second : []),
  ];
  const kustomization = {
    ...rest,
    resources: joined(rest["resources"], bases),
    images: joined(rest["images"], imageTags),
  } as unknown as Kustomization;
  return { kustomization, warnings };
}

function labelsWarning(document: Readonly<Record<string, unknown>>): string[] {
  if (document["commonLabels"] === undefined || document["commonLabels"] === null) return [];
  return [`# Warning: 'commonLabels' is deprecated. Please use 'labels' instead. ${editFix}`];
}

function parseDocument(text: string): Readonly<Record<string, unknown>> {
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`invalid Kustomization: ${reason}`, { cause: error });
  }
  if (document === null || document === undefined) return {};
  if (isRecord(document)) return document;
  throw new CommandError(
    `invalid Kustomization: json: cannot unmarshal ${Array.isArray(document) ? "array" : typeof document} into Go value of type types.Kustomization`,
  );
}

function checkFields(document: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(document)) {
    const shape = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!shape) throw new CommandError(`invalid Kustomization: json: unknown field ${JSON.stringify(name)}`);
    if (value === null) continue;
    if (!hasShape(value, shape)) {
      throw new CommandError(
        `invalid Kustomization: json: cannot unmarshal ${jsonType(value)} into Go struct field Kustomization.${name} of type ${goTypes[shape]}`,
      );
    }
    const what = Object.hasOwn(unsupported, name) ? unsupported[name] : undefined;
    const empty = Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
    if (what !== undefined && !empty) {
      throw new CommandError(`the kustomization field ${JSON.stringify(name)} is not supported: ${what}`);
    }
  }
}

const goTypes: Readonly<Record<Shape, string>> = {
  text: "string",
  texts: "[]string",
  map: "map[string]string",
  maps: "[]map[string]string",
};

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function hasShape(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case "text":
      return typeof value === "string";
    case "texts":
      return Array.isArray(value) && value.every((each) => typeof each === "string");
    case "map":
      return isRecord(value);
    case "maps":
      return Array.isArray(value) && value.every((each) => isRecord(each));
  }
}

function checkKind({ kind, apiVersion }: Readonly<Record<string, unknown>>, directory: string): void {
  const problems: string[] = [];
  if (kind !== undefined && kind !== "" && kind !== "Kustomization" && kind !== "Component") {
    problems.push("kind should be Kustomization or Component");
  }
  const required = kind === "Component" ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1";
  if (apiVersion !== undefined && apiVersion !== "" && apiVersion !== required) {
    problems.push(`apiVersion for ${String(kind ?? "Kustomization")} should be ${required}`);
  }
  if (problems.length > 0) {
    throw new CommandError(`Failed to read kustomization file under ${directory}:\n${problems.join("\n")}`);
  }
}
