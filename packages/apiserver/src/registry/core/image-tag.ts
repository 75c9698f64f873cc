const domain = String.raw`(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?`;
const part = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;
const referencePattern = new RegExp(
  String.raw`^(?:${domain}/)?${part}(?:/${part})*(?::([\w][\w.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
);
const identifierPattern = /^[a-f0-9]{64}$/;
const maxReferenceLength = 1024;

/** Whether an image may change under its name, so that it has to be pulled each time: its tag is `latest` or implied. */
export function isLatestImage(image: string): boolean {
  if (image.length > maxReferenceLength || identifierPattern.test(image)) return false;
  const match = referencePattern.exec(image);
  if (!match) return false;
  const [, tag, digest] = match;
  return tag === "latest" || (tag === undefined && digest === undefined);
}
