export type Labels = Readonly<Record<string, string>>;

const none = Object.freeze(Object.create(null)) as Labels;

/** A copy of labels that inherits nothing: what a user names as a key is there only if the object has it. */
export function ownLabels(labels: Labels | undefined): Labels {
  return labels === undefined ? none : Object.assign(Object.create(null) as Record<string, string>, labels);
}
