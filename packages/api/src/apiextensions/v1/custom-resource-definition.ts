import type { JSONSchemaProps } from "./json-schema.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Bytes, Int32, Int64, Time } from "../../meta/v1/primitives.ts";

/** Whether a condition holds. */
export type ConditionStatus = "True" | "False" | "Unknown";

/** How objects of one version become objects of another. */
export type ConversionStrategyType = "None" | "Webhook";

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
   * A hint for printing: int32, int64, float, double, byte, date, date-time or password; `name` marks the main identifier.
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
   * A simple JSONPath, such as `.spec.replicas`, that finds the cell in an object.
   * @proto 6
   */
  jsonPath: string;
}

/** How objects are converted between the versions of a definition. */
export interface CustomResourceConversion {
  /**
   * `None` changes apiVersion only, `Webhook` asks a server.
   * @proto 1
   */
  strategy: ConversionStrategyType;
  /**
   * The server to ask; required with the Webhook strategy.
   * @proto 2
   */
  webhook?: WebhookConversion;
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

/** One aspect of the state of a definition. */
export interface CustomResourceDefinitionCondition {
  /**
   * The aspect.
   * @proto 1
   */
  type: CustomResourceDefinitionConditionType;
  /**
   * Whether it holds.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * When the status last changed.
   * @proto 3
   */
  lastTransitionTime?: Time | null;
  /**
   * Why, in one word for programs.
   * @proto 4
   */
  reason?: string;
  /**
   * Why, for people.
   * @proto 5
   */
  message?: string;
  /**
   * The generation of the definition that the condition speaks of.
   * @proto 6
   */
  observedGeneration?: Int64;
}

/**
 * The aspects of a definition that conditions speak of.
 * @knownValues Established, NamesAccepted, NonStructuralSchema, Terminating, KubernetesAPIApprovalPolicyConformant, StorageMigrating
 */
export type CustomResourceDefinitionConditionType = string;

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

/** The names under which a resource is served. */
export interface CustomResourceDefinitionNames {
  /**
   * The name in URLs: `/apis/<group>/<version>/.../<plural>`. Lowercase.
   * @proto 1
   */
  plural: string;
  /**
   * The name of one object on the command line; the kind in lowercase when absent.
   * @proto 2
   */
  singular?: string;
  /**
   * Abbreviations for the command line. Lowercase.
   * @proto 3
   * @listType atomic
   */
  shortNames?: string[];
  /**
   * The kind of the objects, in CamelCase and the singular.
   * @proto 4
   */
  kind: string;
  /**
   * The kind of lists; `<kind>List` when absent.
   * @proto 5
   */
  listKind?: string;
  /**
   * Groups of resources that include this one, such as `all`.
   * @proto 6
   * @listType atomic
   */
  categories?: string[];
}

/** What is to be served. */
export interface CustomResourceDefinitionSpec {
  /**
   * The API group.
   * @proto 1
   */
  group: string;
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
   * The versions, one of which is stored. Discovery orders them by stability and age: v10, v2, v1, v1beta1, other names.
   * @proto 7
   * @listType atomic
   */
  versions: CustomResourceDefinitionVersion[];
  /**
   * How objects are converted between versions.
   * @proto 9
   */
  conversion?: CustomResourceConversion;
  /**
   * Keeps fields that are in no schema. Deprecated: must be false for new definitions; use x-kubernetes-preserve-unknown-fields in the schema.
   * @proto 10
   */
  preserveUnknownFields?: boolean;
}

/** What is served. */
export interface CustomResourceDefinitionStatus {
  /**
   * The state of the definition, aspect by aspect.
   * @proto 1
   * @listType map
   * @listMapKey type
   */
  conditions?: CustomResourceDefinitionCondition[] | null;
  /**
   * The names that are served; others may belong to another definition.
   * @proto 2
   * @alwaysPresent
   */
  acceptedNames?: CustomResourceDefinitionNames;
  /**
   * Every version that objects were ever stored in. Remove one once all objects have been rewritten; the spec must list what is here.
   * @proto 3
   * @listType atomic
   */
  storedVersions?: string[] | null;
  /**
   * The generation of the definition that this status speaks of.
   * @proto 4
   */
  observedGeneration?: Int64;
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

/** How the scale subresource finds its values in the object. */
export interface CustomResourceSubresourceScale {
  /**
   * The path below `.spec` of the wanted number of replicas, without array notation.
   * @proto 1
   */
  specReplicasPath: string;
  /**
   * The path below `.status` of the number of replicas, without array notation; an absent value counts as 0.
   * @proto 2
   */
  statusReplicasPath: string;
  /**
   * The path below `.spec` or `.status` of the label selector as text; horizontal pod autoscalers need it.
   * @proto 3
   */
  labelSelectorPath?: string;
}

/** The status subresource: then `/status` writes only the status, and other requests ignore it. */
export interface CustomResourceSubresourceStatus {}

/** The subresources of a resource. */
export interface CustomResourceSubresources {
  /**
   * Separates writes of the status from those of the rest.
   * @proto 1
   */
  status?: CustomResourceSubresourceStatus;
  /**
   * Serves the number of replicas as an autoscaling/v1 Scale.
   * @proto 2
   */
  scale?: CustomResourceSubresourceScale;
}

/** What objects look like. */
export interface CustomResourceValidation {
  /**
   * The schema by which objects are validated, pruned and defaulted.
   * @proto 1
   */
  openAPIV3Schema?: JSONSchemaProps;
}

/** Whether objects lie in namespaces. */
export type ResourceScope = "Cluster" | "Namespaced";

/** A field that field selectors may use. */
export interface SelectableField {
  /**
   * A simple JSONPath without arrays to a string, boolean or integer of the schema, such as `.spec.color`.
   * @proto 1
   */
  jsonPath: string;
}

/** A service of this cluster. */
export interface ServiceReference {
  /**
   * The namespace of the service.
   * @proto 1
   */
  namespace: string;
  /**
   * The name of the service.
   * @proto 2
   */
  name: string;
  /**
   * The path of the URL to call.
   * @proto 3
   */
  path?: string;
  /**
   * The port of the service; 443 when absent.
   * @proto 4
   */
  port?: Int32;
}

/** How a webhook is reached: by URL or by service, not both. */
export interface WebhookClientConfig {
  /**
   * An https URL with host and path; it may not hold user, query or fragment.
   * @proto 3
   */
  url?: string;
  /**
   * The service that answers.
   * @proto 1
   */
  service?: ServiceReference;
  /**
   * Certificates in PEM form that the webhook's own is verified with; those of the system when absent.
   * @proto 2
   */
  caBundle?: Bytes;
}

/** A conversion webhook. */
export interface WebhookConversion {
  /**
   * How it is reached.
   * @proto 2
   */
  clientConfig?: WebhookClientConfig;
  /**
   * The versions of ConversionReview that it understands, the preferred one first.
   * @proto 3
   * @listType atomic
   */
  conversionReviewVersions: string[];
}
