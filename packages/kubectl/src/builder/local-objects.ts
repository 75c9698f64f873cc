import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import type { Session } from "../session/session.ts";
import { type ManifestFlags, readManifests } from "./manifests.ts";
import { type LocatedObject, metadataOf, nameOf, namespaceOf } from "./object-reference.ts";

/** The objects of files, for commands that work without a server. Throws a CommandError. */
export async function localObjects(
  session: Session,
  flags: ManifestFlags,
  broken?: unknown[],
): Promise<LocatedObject[]> {
  if (flags.filename.length === 0 && flags.kustomize === "") {
    throw new CommandError(
      "you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'",
    );
  }
  const manifests = await readManifests(session, flags, broken);
  return manifests.map(({ object, source }) => {
    const apiVersion = String(object["apiVersion"]);
    const slash = apiVersion.indexOf("/");
    const kind = String(object["kind"]);
    const resource = {
      group: slash < 0 ? "" : apiVersion.slice(0, slash),
      version: apiVersion.slice(slash + 1),
      plural: `${kind.toLowerCase()}s`,
      singular: kind.toLowerCase(),
      kind,
      namespaced: true,
      shortNames: [],
      categories: [],
      verbs: [],
      subresources: [],
    };
    const named = isRecord(object["metadata"]) ? object : { ...object, metadata: metadataOf(object) };
    return { resource, namespace: namespaceOf(object), name: nameOf(object), object: named, source };
  });
}
