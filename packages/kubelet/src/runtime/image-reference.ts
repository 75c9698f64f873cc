import { RuntimeError } from "./runtime-error.ts";

/** An image name with its defaults filled in. */
export interface ImageReference {
  /** Registry host with its port, `docker.io` by default. */
  readonly domain: string;
  /** Repository path, as `library/busybox`. */
  readonly path: string;
  /** Present unless there is a digest only; `latest` by default. */
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

const domainPattern =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const pathPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^[\w][\w.-]{0,127}$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const imageIdPattern = /^(?:sha256:)?[0-9a-f]{64}$/;
const maxNameLength = 255;

/** Parses what users write: `busybox`, `host:5000/a/b:tag`, `name@sha256:…`. Throws with code InvalidImageName. */
export function parseImageReference(text: string): ImageReference {
  const fail = (why: string): never => {
    throw new RuntimeError("InvalidImageName", `couldn't parse image name "${text}": ${why}`);
  };
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  const { domain, path } = splitDomain(hasTag ? named.slice(0, colon) : named);
  if (imageIdPattern.test(text) && !text.includes(":")) {
    return fail(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  if (path !== path.toLowerCase() && pathPattern.test(path.toLowerCase())) {
    return fail(`invalid reference format: repository name (${path}) must be lowercase`);
  }
  if (
    !domainPattern.test(domain) ||
    !pathPattern.test(path) ||
    (tag !== undefined && !tagPattern.test(tag)) ||
    (digest !== undefined && !digestPattern.test(digest))
  ) {
    return fail("invalid reference format");
  }
  if (domain.length + path.length + 1 > maxNameLength) {
    return fail(`repository name must not be more than ${maxNameLength} characters`);
  }
  return { domain, path, tag: tag ?? (digest === undefined ? "latest" : undefined), digest };
}

/** The whole name: domain, path, tag and digest. */
export function formatImageReference(reference: ImageReference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${repositoryOf(reference)}${tag}${digest}`;
}

/** Domain and path, by which credentials are chosen. */
export function repositoryOf(reference: ImageReference): string {
  return `${reference.domain}/${reference.path}`;
}

/** Whether the text is a whole image id rather than a name. */
export function isImageId(text: string): boolean {
  return imageIdPattern.test(text);
}

/** The first part is a domain if it could not be a Docker Hub user: it has a dot, a colon or capitals, or is localhost. */
function splitDomain(name: string): { readonly domain: string; readonly path: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isDomain = /[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first;
  const domain = isDomain ? first : "docker.io";
  const path = isDomain ? name.slice(slash + 1) : name;
  if (domain !== "docker.io" && domain !== "index.docker.io") return { domain, path };
  return { domain: "docker.io", path: path.includes("/") ? path : `library/${path}` };
}
