import { type FieldError, duplicateField, invalidField, notSupportedField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { csiDrivers } from "@kube-ts/api/resource-types";
import type { CSIDriver, CSIDriverSpec, TokenRequest } from "@kube-ts/api/storage/v1";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkChoice, checkImmutable } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { type TableColumns, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const specPath = fieldPath("spec");
const groupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];
const lifecycleModes = ["Persistent", "Ephemeral"];
const minTokenSeconds = 600;
const maxTokenSeconds = 2 ** 32;
const minUpdatePeriodSeconds = 10;

const columns: TableColumns<CSIDriver> = {
  definitions: [
    nameColumn,
    column("AttachRequired", "boolean", "Whether volumes have to be attached before they are mounted."),
    column("PodInfoOnMount", "boolean", "Whether the driver is told about the pod."),
    column("StorageCapacity", "boolean", "Whether scheduling considers the capacity that the driver reports."),
    column("TokenRequests", "string", "Audiences of the service account tokens that the driver gets."),
    column("RequiresRepublish", "boolean", "Whether the driver is called again for mounted volumes."),
    column("Modes", "string", "Kinds of volumes that the driver supports."),
    ageColumn,
  ],
  row(driver, nowMs) {
    const { spec } = driver;
    return {
      cells: [
        nameCell(driver),
        spec.attachRequired ?? true,
        spec.podInfoOnMount ?? false,
        spec.storageCapacity ?? false,
        spec.tokenRequests?.map(({ audience }) => audience).join(",") ?? "<unset>",
        spec.requiresRepublish ?? false,
        spec.volumeLifecycleModes?.join(",") || "<none>",
        ageCell(driver, nowMs),
      ],
    };
  },
};

export const csiDriverResource = defineResource<CSIDriver>({
  type: csiDrivers,
  singular: "csidriver",
  storagePrefix: "csidrivers",
  strategy: {
    defaults: ({ spec }) => defaultSpec(spec),
    prepareForCreate(driver) {
      dropDisabledFields(driver.spec, undefined);
      startGeneration(driver);
    },
    prepareForUpdate(driver, old) {
      dropDisabledFields(driver.spec, old.spec);
      countChange(driver, driver.spec, old.spec);
    },
    validateCreate: validateCsiDriver,
    validateUpdate(driver, old) {
      const errors = [...validateCsiDriver(driver), ...validateObjectMetaUpdate(driver.metadata, old.metadata)];
      // Upstream misspells the first path.
      checkImmutable(driver.spec.attachRequired, old.spec.attachRequired, specPath.child("attachedRequired"), errors);
      const modesPath = specPath.child("volumeLifecycleModes");
      checkImmutable(driver.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes, modesPath, errors);
      return errors;
    },
    allowUnconditionalUpdate: false,
    returnsDeletedObject: true,
  },
  columns,
});

function defaultSpec(spec: CSIDriverSpec): void {
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= "ReadWriteOnceWithFSType";
  if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ["Persistent"];
  spec.requiresRepublish ??= false;
  spec.seLinuxMount ??= false;
}

/** Scheduling by the presence of drivers is an alpha feature. */
function dropDisabledFields(spec: CSIDriverSpec, old: CSIDriverSpec | undefined): void {
  if (old?.preventPodSchedulingIfMissing === undefined) delete spec.preventPodSchedulingIfMissing;
}

function validateCsiDriver({ metadata, spec }: CSIDriver): FieldError[] {
  const errors = validateObjectMeta(metadata, "Cluster", subdomainName);
  checkChoice(spec.fsGroupPolicy, groupPolicies, specPath.child("fsGroupPolicy"), errors);
  checkTokenRequests(spec.tokenRequests ?? [], specPath.child("tokenRequests"), errors);
  const modesPath = specPath.child("volumeLifecycleModes");
  for (const mode of spec.volumeLifecycleModes ?? []) {
    if (!lifecycleModes.includes(mode)) errors.push(notSupportedField(modesPath, mode, lifecycleModes));
  }
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < minUpdatePeriodSeconds) {
    const text = `must be greater than or equal to ${minUpdatePeriodSeconds} seconds`;
    errors.push(invalidField(specPath.child("nodeAllocatableUpdatePeriodSeconds"), period, text));
  }
  const inSecrets = spec.serviceAccountTokenInSecrets;
  if (inSecrets !== undefined && !spec.tokenRequests?.length) {
    const text = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
    errors.push(invalidField(specPath.child("serviceAccountTokenInSecrets"), inSecrets, text));
  }
  return errors;
}

function checkTokenRequests(requests: readonly TokenRequest[], path: FieldPath, errors: FieldError[]): void {
  const audiences = new Set<string>();
  for (const [index, { audience, expirationSeconds }] of requests.entries()) {
    if (audiences.has(audience)) {
      errors.push(duplicateField(path.index(index).child("audience"), audience));
      continue;
    }
    audiences.add(audience);
    if (expirationSeconds === undefined) continue;
    const secondsPath = path.index(index).child("expirationSeconds");
    if (expirationSeconds < minTokenSeconds) {
      errors.push(invalidField(secondsPath, expirationSeconds, "may not specify a duration less than 10 minutes"));
    }
    if (expirationSeconds > maxTokenSeconds) {
      const text = "may not specify a duration larger than 2^32 seconds";
      errors.push(invalidField(secondsPath, expirationSeconds, text));
    }
  }
}
