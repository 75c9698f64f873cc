import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { containerErrors } from "./testing/pod-drafts.ts";

const volumes = [
  { name: "a" },
  { name: "b" },
  { name: "disk", persistentVolumeClaim: { claimName: "disk" } },
  { name: "image", image: { reference: "example.com/data:v1" } },
];

function refuses(what: string, fields: Draft, errors: readonly string[]): void {
  it(what, () => assert.deepEqual(containerErrors(fields, { volumes }), errors));
}

describe("the mounts of a container", () => {
  refuses(
    "may be several of one volume",
    {
      volumeMounts: [
        { name: "a", mountPath: "/a", subPath: "x/y", readOnly: true, recursiveReadOnly: "Enabled" },
        { name: "a", mountPath: "/b", subPathExpr: "$(NAME)", mountPropagation: "HostToContainer" },
      ],
    },
    [],
  );
  refuses("name a volume that there is", { volumeMounts: [{ name: "x", mountPath: "/x" }, { mountPath: "/y" }] }, [
    'volumeMounts[0].name: Not found: "x"',
    "volumeMounts[1].name: Required value",
    'volumeMounts[1].name: Not found: ""',
  ]);
  refuses(
    "have a path of their own",
    { volumeMounts: [{ name: "a", mountPath: "/a" }, { name: "b", mountPath: "/a" }, { name: "b" }] },
    ['volumeMounts[1].mountPath: Invalid value: "/a": must be unique', "volumeMounts[2].mountPath: Required value"],
  );
  refuses(
    "stay inside of the volume",
    {
      volumeMounts: [
        { name: "a", mountPath: "/a", subPath: "/x" },
        { name: "a", mountPath: "/b", subPath: "x/../../y" },
        { name: "a", mountPath: "/c", subPath: "x", subPathExpr: "../$(Y)" },
        { name: "image", mountPath: "/d", subPathExpr: "$(Y)" },
      ],
    },
    [
      'volumeMounts.subPath: Invalid value: "/x": must be a relative path',
      `volumeMounts.subPath: Invalid value: "x/../../y": must not contain '..'`,
      'volumeMounts[2].subPathExpr: Invalid value: "../$(Y)": subPathExpr and subPath are mutually exclusive',
      `volumeMounts.subPathExpr: Invalid value: "../$(Y)": must not contain '..'`,
      'volumeMounts[3].subPathExpr: Invalid value: "$(Y)": not allowed in image volume sources',
    ],
  );
  refuses(
    "propagate in a known way",
    {
      volumeMounts: [
        { name: "a", mountPath: "/a", mountPropagation: "Sideways" },
        { name: "b", mountPath: "/b", mountPropagation: "Bidirectional" },
      ],
    },
    [
      'volumeMounts.mountPropagation: Unsupported value: "Sideways": supported values: "Bidirectional", "HostToContainer", "None"',
      "volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers",
    ],
  );
  refuses(
    "propagate both ways from privileged containers",
    {
      securityContext: { privileged: true },
      volumeMounts: [{ name: "b", mountPath: "/b", mountPropagation: "Bidirectional" }],
    },
    [],
  );
  refuses(
    "are read-only all the way down when read-only at all",
    {
      volumeMounts: [
        { name: "a", mountPath: "/a", recursiveReadOnly: "Always" },
        { name: "a", mountPath: "/b", recursiveReadOnly: "Enabled" },
        {
          name: "a",
          mountPath: "/c",
          readOnly: true,
          recursiveReadOnly: "IfPossible",
          mountPropagation: "HostToContainer",
        },
      ],
    },
    [
      'volumeMounts.recursiveReadOnly: Unsupported value: "Always": supported values: "Disabled", "Enabled", "IfPossible"',
      "volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true",
      "volumeMounts.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified",
    ],
  );
});

describe("the devices of a container", () => {
  refuses("may be claims", { volumeDevices: [{ name: "disk", devicePath: "/dev/xvda" }] }, []);
  refuses(
    "are claims at paths of their own",
    {
      volumeDevices: [
        { name: "disk", devicePath: "/dev/a" },
        { name: "disk", devicePath: "/dev/a" },
        { name: "a", devicePath: "/dev/../b" },
        { name: "x" },
      ],
    },
    [
      'volumeDevices[1].name: Invalid value: "disk": must be unique',
      'volumeDevices[1].devicePath: Invalid value: "/dev/a": must be unique',
      'volumeDevices[2].name: Invalid value: "a": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      `volumeDevices[2].devicePath: Invalid value: "/dev/../b": can not contain backsteps ('..')`,
      'volumeDevices[3].name: Not found: "x"',
      "volumeDevices[3].devicePath: Required value",
    ],
  );
  refuses(
    "are not mounts too",
    { volumeMounts: [{ name: "disk", mountPath: "/d" }], volumeDevices: [{ name: "disk", devicePath: "/d" }] },
    [
      'volumeMounts[0].name: Invalid value: "disk": must not already exist in volumeDevices',
      'volumeMounts[0].mountPath: Invalid value: "/d": must not already exist as a path in volumeDevices',
      'volumeDevices[0].name: Invalid value: "disk": must not already exist in volumeMounts',
      'volumeDevices[0].devicePath: Invalid value: "/d": must not already exist as a path in volumeMounts',
    ],
  );
});
