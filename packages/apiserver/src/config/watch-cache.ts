import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";

/** What is kept in memory of what is stored. */
export const watchCacheFlags = defineFlags({
  "watch-cache": {
    type: "boolean",
    default: true,
    description: "must be true: every read is answered from the watch caches",
  },
  "default-watch-cache-size": {
    type: "integer",
    default: 100,
    description:
      "least number of events that each cache keeps for watches to resume from; more are kept when many come",
  },
  "watch-cache-sizes": {
    type: "stringList",
    default: [],
    description: "the same for single resources, as resource[.group]#size",
  },
});

export interface WatchCacheConfig {
  readonly defaultSize: number;
  /** By `resource` or `resource.group`. */
  readonly sizes: Readonly<Record<string, number>>;
}

type Values = FlagValues<typeof watchCacheFlags>;

/** Throws a FlagError. */
export function watchCacheConfig(values: Values): WatchCacheConfig {
  const defaultSize = values["default-watch-cache-size"];
  if (!values["watch-cache"]) throw alwaysOn("watch-cache", "--watch-cache=false");
  if (defaultSize < 0) {
    throw new FlagError("default-watch-cache-size", "--default-watch-cache-size invalid, must be >= 0");
  }
  if (defaultSize === 0) throw alwaysOn("default-watch-cache-size", "--default-watch-cache-size=0");
  return { defaultSize, sizes: Object.fromEntries(values["watch-cache-sizes"].map(sizeOf)) };
}

/** The size of a resource's cache. */
export function watchCacheSize({ defaultSize, sizes }: WatchCacheConfig, group: string, plural: string): number {
  const name = group === "" ? plural : `${plural}.${group}`;
  return (Object.hasOwn(sizes, name) ? sizes[name] : undefined) ?? defaultSize;
}

function sizeOf(text: string): [resource: string, size: number] {
  const flag = "watch-cache-sizes";
  const [resource = "", size, ...more] = text.split("#");
  if (size === undefined || more.length > 0) throw new FlagError(flag, `invalid value of watch cache size: ${text}`);
  if (!/^[+-]?\d+$/.test(size)) throw new FlagError(flag, `invalid size of watch cache size: ${text}`);
  if (Number(size) < 0) throw new FlagError(flag, `watch cache size cannot be negative: ${text}`);
  if (Number(size) === 0) throw alwaysOn(flag, `--${flag}=${text}`);
  return [resource, Number(size)];
}

function alwaysOn(flag: string, given: string): FlagError {
  return new FlagError(
    flag,
    `${given} cannot be honoured: this server answers every read from its watch caches, which cannot be turned off`,
  );
}
