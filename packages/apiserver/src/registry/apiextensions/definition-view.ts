import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  CustomResourceValidation,
  SelectableField,
} from "@kube-ts/api/apiextensions/v1";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { semanticEqual } from "@kube-ts/api/deep-equal";

/** A part of one version, or of all versions where they have it in common, with the path that messages give it. */
export interface VersionPart<T> {
  readonly value: T;
  readonly path: FieldPath;
  /** The version; undefined where the part is common to all. */
  readonly version: CustomResourceDefinitionVersion | undefined;
}

/**
 * The parts of a definition's versions as upstream checks them: what is the same in all versions stands once, above
 * the versions.
 */
export interface DefinitionView {
  readonly schemas: readonly VersionPart<CustomResourceValidation>[];
  readonly subresources: readonly VersionPart<CustomResourceSubresources>[];
  readonly columns: readonly VersionPart<readonly CustomResourceColumnDefinition[]>[];
  readonly selectableFields: readonly VersionPart<readonly SelectableField[]>[];
}

const specPath = fieldPath("spec");

export function viewDefinition({ versions = [] }: CustomResourceDefinitionSpec): DefinitionView {
  return {
    schemas: partsOf(versions, "validation", "schema", ({ schema }) => schema),
    subresources: partsOf(versions, "subresources", "subresources", ({ subresources }) => subresources),
    columns: partsOf(versions, "additionalPrinterColumns", "additionalPrinterColumns", (version) =>
      unlessEmpty(version.additionalPrinterColumns),
    ),
    selectableFields: partsOf(versions, "selectableFields", "selectableFields", (version) =>
      unlessEmpty(version.selectableFields),
    ),
  };
}

function unlessEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length ? list : undefined;
}

function partsOf<T>(
  versions: readonly CustomResourceDefinitionVersion[],
  commonName: string,
  name: string,
  part: (version: CustomResourceDefinitionVersion) => T | undefined,
): VersionPart<T>[] {
  const values = versions.map(part);
  const [first] = values;
  if (first !== undefined && values.every((value) => value !== undefined && semanticEqual(value, first))) {
    return [{ value: first, path: specPath.child(commonName), version: undefined }];
  }
  return versions.flatMap((version, index): VersionPart<T>[] => {
    const value = values[index];
    return value === undefined ? [] : [{ value, path: specPath.child("versions").index(index).child(name), version }];
  });
}
