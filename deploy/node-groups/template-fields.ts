import { type Decoded, listField, mapField, objectField, stringField, wordField } from "@kube-ts/std/config-schema";

/** What a group's nodes are like, as configuration files tell it. */
export const templateField = objectField({
  labels: mapField(stringField()),
  taints: listField(
    objectField({
      key: stringField(),
      value: stringField(),
      effect: wordField("NoSchedule", "PreferNoSchedule", "NoExecute"),
    }),
  ),
  capacity: mapField(stringField()),
  allocatable: mapField(stringField()),
});

export type Template = Decoded<typeof templateField>;
