/** Operator relating a field to a set of values in a field selector: In, NotIn, Exists or DoesNotExist. */
export type FieldSelectorOperator = "In" | "NotIn" | "Exists" | "DoesNotExist";

/** One condition of a field selector, made of a field key, an operator and values. */
export interface FieldSelectorRequirement {
  /**
   * Field selector key that the requirement applies to, for example metadata.name.
   * @proto 1
   */
  key: string;
  /**
   * How the key relates to the values: In, NotIn, Exists or DoesNotExist. The set may grow in the future.
   * @proto 2
   */
  operator: FieldSelectorOperator;
  /**
   * String values compared with the field. Must be nonempty for In and NotIn, and empty for Exists and
   * DoesNotExist.
   * @proto 3
   * @listType atomic
   */
  values?: string[];
}

/**
 * Query over object labels; all matchLabels and matchExpressions must hold. An empty selector matches every
 * object and a null selector matches none.
 * @mapType atomic
 */
export interface LabelSelector {
  /**
   * Labels that must be present with exactly these values. Each pair is equivalent to an In expression with
   * a single value.
   * @proto 1
   */
  matchLabels?: Record<string, string>;
  /**
   * Label requirements that must all be satisfied.
   * @proto 2
   * @listType atomic
   */
  matchExpressions?: LabelSelectorRequirement[];
}

/** Operator relating a label to a set of values: In, NotIn, Exists or DoesNotExist. */
export type LabelSelectorOperator = "In" | "NotIn" | "Exists" | "DoesNotExist";

/** One condition of a label selector, made of a label key, an operator and values. */
export interface LabelSelectorRequirement {
  /**
   * Label key that the requirement applies to.
   * @proto 1
   */
  key: string;
  /**
   * How the label relates to the values: In, NotIn, Exists or DoesNotExist.
   * @proto 2
   */
  operator: LabelSelectorOperator;
  /**
   * Label values compared with the key. Must be nonempty for In and NotIn, and empty for Exists and
   * DoesNotExist.
   * @proto 3
   * @listType atomic
   */
  values?: string[];
}
