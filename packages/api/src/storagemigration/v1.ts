import type { GroupResource } from "../meta/v1/group-version.ts";
import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";

/**
 * Type of a condition of a migration.
 * @knownValues Running, Succeeded, Failed
 */
export type MigrationConditionType = string;

/**
 * A migration of stored objects to the version in which the server now stores them.
 * @kind
 */
export interface StorageVersionMigration extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * What to migrate. Immutable.
   * @proto 2
   * @alwaysPresent
   */
  spec: StorageVersionMigrationSpec;
  /**
   * How far the migration is.
   * @proto 3
   * @alwaysPresent
   */
  status?: StorageVersionMigrationStatus;
}

/**
 * List of StorageVersionMigration objects.
 * @kind
 */
export interface StorageVersionMigrationList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The StorageVersionMigration objects.
   * @proto 2
   */
  items: StorageVersionMigration[];
}

/** What a migration is of. */
export interface StorageVersionMigrationSpec {
  /**
   * The resource whose objects are migrated.
   * @proto 1
   */
  resource: GroupResource;
}

/** State of a migration. */
export interface StorageVersionMigrationStatus {
  /**
   * Latest observations of the migration.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: Condition[];
  /**
   * Resource version up to which objects have to be migrated; that of a list made at the start.
   * @proto 2
   */
  resourceVersion?: string;
}
