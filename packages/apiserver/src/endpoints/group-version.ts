/** A group of resources in one of its versions; the core group has no name. */
export interface GroupVersionName {
  readonly group: string;
  readonly version: string;
}

/** Below which path the resources of a group-version are: `/api/v1`, `/apis/GROUP/VERSION`. */
export function groupVersionPath({ group, version }: GroupVersionName): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}
