import type { GroupResource } from "../meta/v1/group-version.ts";
import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";

/**
 * MigrationConditionType.
 * @knownValues Running, Succeeded, Failed
 */
export type MigrationConditionType = string;

/**
 * StorageVersionMigration.
 * @kind
 */
export interface StorageVersionMigration extends TypeMeta {
  /**
   * StorageVersionMigration.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * StorageVersionMigration.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: StorageVersionMigrationSpec;
  /**
   * StorageVersionMigration.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: StorageVersionMigrationStatus;
}

/**
 * StorageVersionMigrationList.
 * @kind
 */
export interface StorageVersionMigrationList extends TypeMeta {
  /**
   * StorageVersionMigrationList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * StorageVersionMigrationList.items.
   * @proto 2
   */
  items: StorageVersionMigration[];
}

/** StorageVersionMigrationSpec. */
export interface StorageVersionMigrationSpec {
  /**
   * StorageVersionMigrationSpec.resource.
   * @proto 1
   */
  resource: GroupResource;
}

/** StorageVersionMigrationStatus. */
export interface StorageVersionMigrationStatus {
  /**
   * StorageVersionMigrationStatus.conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: Condition[];
  /**
   * StorageVersionMigrationStatus.resourceVersion.
   * @proto 2
   */
  resourceVersion?: string;
}
