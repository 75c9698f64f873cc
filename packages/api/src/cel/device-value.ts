import { Quantity } from "../quantity.ts";
import { CelQuantity } from "./library/quantities.ts";
import { CelSemver } from "./library/semvers.ts";
import { ArrayList, CelMap, EntryMap, type Value } from "./values.ts";

/** One attribute of a device: exactly one field is set. */
export interface DeviceAttributeData {
  readonly int?: number | bigint;
  readonly bool?: boolean;
  readonly string?: string;
  readonly version?: string;
  readonly ints?: readonly (number | bigint)[];
  readonly bools?: readonly boolean[];
  readonly strings?: readonly string[];
  readonly versions?: readonly string[];
}

export interface DeviceData {
  readonly driver: string;
  /** Names are `domain/id`, or `id` in the domain of the driver. */
  readonly attributes?: Readonly<Record<string, DeviceAttributeData>>;
  /** Quantities by name. */
  readonly capacity?: Readonly<Record<string, string>>;
  readonly allowMultipleAllocations?: boolean;
}

/** A map of domains, in which a domain that is not there has an empty map. */
class DomainMap extends CelMap {
  readonly #domains: EntryMap;

  constructor(domains: EntryMap) {
    super();
    this.#domains = domains;
  }

  override get size(): number {
    return this.#domains.size;
  }

  override get(key: Value): Value | undefined {
    return this.#domains.get(key) ?? EntryMap.of([]);
  }

  override has(key: Value): boolean {
    return this.#domains.has(key);
  }

  override keys(): Value[] {
    return this.#domains.keys();
  }
}

/** The value of `device`. Throws `QuantityError` or `CelEvaluationError` for data that the API would refuse. */
export function deviceValue(device: DeviceData): CelMap {
  const { driver, attributes = {}, capacity = {} } = device;
  return EntryMap.of([
    ["driver", driver],
    ["attributes", byDomain(driver, attributes, attributeValue)],
    ["capacity", byDomain(driver, capacity, (text) => new CelQuantity(Quantity.parse(text)))],
    ["allowMultipleAllocations", device.allowMultipleAllocations ?? false],
  ]);
}

function byDomain<T>(driver: string, entries: Readonly<Record<string, T>>, toValue: (data: T) => Value): DomainMap {
  const domains = new Map<string, [Value, Value][]>();
  for (const [name, data] of Object.entries(entries)) {
    const slash = name.indexOf("/");
    const domain = slash < 0 ? driver : name.slice(0, slash);
    const values = domains.get(domain) ?? [];
    values.push([name.slice(slash + 1), toValue(data)]);
    domains.set(domain, values);
  }
  return new DomainMap(EntryMap.of(Array.from(domains, ([domain, values]) => [domain, EntryMap.of(values)] as const)));
}

function attributeValue(data: DeviceAttributeData): Value {
  if (data.int !== undefined) return BigInt(data.int);
  if (data.bool !== undefined) return data.bool;
  if (data.string !== undefined) return data.string;
  if (data.version !== undefined) return CelSemver.parse(data.version);
  if (data.ints !== undefined) return new ArrayList(data.ints.map(BigInt));
  if (data.bools !== undefined) return new ArrayList(data.bools);
  if (data.strings !== undefined) return new ArrayList(data.strings);
  return new ArrayList((data.versions ?? []).map((version) => CelSemver.parse(version)));
}
