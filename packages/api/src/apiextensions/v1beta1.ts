import type { Int32, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
import type {
  ConversionStrategyType,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
  CustomResourceSubresources,
  CustomResourceValidation,
  ResourceScope,
  SelectableField,
  WebhookClientConfig,
} from "./v1.ts";
export type {
  ConditionStatus,
  ConversionRequest,
  ConversionResponse,
  ConversionReview,
  ConversionStrategyType,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionConditionType,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
  CustomResourceSubresourceScale,
  CustomResourceSubresourceStatus,
  CustomResourceSubresources,
  CustomResourceValidation,
  ExternalDocumentation,
  FieldValueErrorReason,
  JSONSchemaProps,
  JSONSchemaURL,
  ResourceScope,
  SelectableField,
  ServiceReference,
  ValidationRule,
  WebhookClientConfig,
} from "./v1.ts";

/** A column that `kubectl get` prints. */
export interface CustomResourceColumnDefinition {
  /**
   * The heading.
   * @proto 1
   */
  name: string;
  /**
   * The type of the cells: integer, number, string, boolean or date.
   * @proto 2
   */
  type: string;
  /**
   * A hint for printing: int32, int64, float, double, byte, date, date-time or password; `name` marks the main
   * identifier.
   * @proto 3
   */
  format?: string;
  /**
   * What the column shows.
   * @proto 4
   */
  description?: string;
  /**
   * Columns above 0 are shown in wide output only.
   * @proto 5
   */
  priority?: Int32;
  /**
   * JSONPath of the column's value in each object.
   * @proto 6
   */
  JSONPath: string;
}

/** How objects are converted between the versions of a definition. */
export interface CustomResourceConversion {
  /**
   * `None` changes apiVersion only, `Webhook` asks a server.
   * @proto 1
   */
  strategy: ConversionStrategyType;
  /**
   * How the webhook is called where the strategy is Webhook.
   * @proto 2
   */
  webhookClientConfig?: WebhookClientConfig;
  /**
   * Versions of ConversionReview that the webhook understands, the preferred first. Defaults to v1beta1.
   * @proto 3
   * @listType atomic
   */
  conversionReviewVersions?: string[];
}

/**
 * A resource type that the API server is to serve. Its name is `<names.plural>.<group>`.
 * @kind
 */
export interface CustomResourceDefinition extends TypeMeta {
  /**
   * Name, labels, annotations and other metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * What is to be served.
   * @proto 2
   */
  spec: CustomResourceDefinitionSpec;
  /**
   * What is served.
   * @proto 3
   * @alwaysPresent
   */
  status?: CustomResourceDefinitionStatus;
}

/**
 * A list of definitions.
 * @kind
 */
export interface CustomResourceDefinitionList extends TypeMeta {
  /**
   * Resource version and continuation of the list.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The definitions.
   * @proto 2
   */
  items: CustomResourceDefinition[];
}

/** What is to be served. */
export interface CustomResourceDefinitionSpec {
  /**
   * The API group.
   * @proto 1
   */
  group: string;
  /**
   * Name of the first version; versions has them all.
   * @proto 2
   */
  version?: string;
  /**
   * The names of the resource and its kind.
   * @proto 3
   */
  names: CustomResourceDefinitionNames;
  /**
   * Whether objects lie in namespaces.
   * @proto 4
   */
  scope: ResourceScope;
  /**
   * Schema of all versions, where none has one of its own.
   * @proto 5
   */
  validation?: CustomResourceValidation;
  /**
   * Subresources of all versions, where none has its own.
   * @proto 6
   */
  subresources?: CustomResourceSubresources;
  /**
   * The versions, one of which is stored. Discovery orders them by stability and age: v10, v2, v1, v1beta1,
   * other names.
   * @proto 7
   * @listType atomic
   */
  versions?: CustomResourceDefinitionVersion[];
  /**
   * Columns of all versions, where none has its own.
   * @proto 8
   * @listType atomic
   */
  additionalPrinterColumns?: CustomResourceColumnDefinition[];
  /**
   * Selectable fields of all versions, where none has its own.
   * @proto 11
   * @listType atomic
   */
  selectableFields?: SelectableField[];
  /**
   * How objects are converted between versions.
   * @proto 9
   */
  conversion?: CustomResourceConversion;
  /**
   * Keeps fields that are in no schema. Deprecated: must be false for new definitions; use
   * x-kubernetes-preserve-unknown-fields in the schema.
   * @proto 10
   */
  preserveUnknownFields?: boolean;
}

/** One version of the resource. */
export interface CustomResourceDefinitionVersion {
  /**
   * The name of the version, such as v1 or v2beta1.
   * @proto 1
   */
  name: string;
  /**
   * Whether the version is served.
   * @proto 2
   */
  served: boolean;
  /**
   * Whether objects are stored in this version; true for exactly one.
   * @proto 3
   */
  storage: boolean;
  /**
   * Whether clients of this version get a warning.
   * @proto 7
   */
  deprecated?: boolean;
  /**
   * The text of that warning; a standard one when absent.
   * @proto 8
   */
  deprecationWarning?: string;
  /**
   * What objects of this version look like.
   * @proto 4
   */
  schema?: CustomResourceValidation;
  /**
   * The subresources that objects of this version have.
   * @proto 5
   */
  subresources?: CustomResourceSubresources;
  /**
   * The columns after the name; the age when there are none.
   * @proto 6
   * @listType atomic
   */
  additionalPrinterColumns?: CustomResourceColumnDefinition[];
  /**
   * The fields besides name and namespace that field selectors may use; at most 8.
   * @proto 9
   * @listType atomic
   */
  selectableFields?: SelectableField[];
}
