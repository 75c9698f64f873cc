/** API group and kind without a version, identifying a concept independent of the version that serves it. */
export interface GroupKind {
  /**
   * API group; empty for the core group.
   * @proto 1
   */
  group: string;
  /**
   * Kind name, in CamelCase.
   * @proto 2
   */
  kind: string;
}

/** API group and resource name without a version. */
export interface GroupResource {
  /**
   * API group; empty for the core group.
   * @proto 1
   */
  group: string;
  /**
   * Plural, lowercase resource name.
   * @proto 2
   */
  resource: string;
}

/** API group and version pair that identifies one API surface. */
export interface GroupVersion {
  /**
   * API group; empty for the core group.
   * @proto 1
   */
  group: string;
  /**
   * Version within the group, for example v1 or v1beta1.
   * @proto 2
   */
  version: string;
}

/** Fully qualified kind, consisting of group, version and kind. */
export interface GroupVersionKind {
  /**
   * API group; empty for the core group.
   * @proto 1
   */
  group: string;
  /**
   * Version within the group.
   * @proto 2
   */
  version: string;
  /**
   * Kind name, in CamelCase.
   * @proto 3
   */
  kind: string;
}

/** Fully qualified resource, consisting of group, version and resource name. */
export interface GroupVersionResource {
  /**
   * API group; empty for the core group.
   * @proto 1
   */
  group: string;
  /**
   * Version within the group.
   * @proto 2
   */
  version: string;
  /**
   * Plural, lowercase resource name.
   * @proto 3
   */
  resource: string;
}
