import type { CertificateSigningRequest, CertificateSigningRequestCondition } from "@kube-ts/api/certificates/v1";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { type TableColumns, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { humanDuration } from "../table/human-duration.ts";
import { validateRequestCreate, validateRequestUpdate } from "./validate-certificate-signing-request.ts";

const requestColumns: TableColumns<CertificateSigningRequest> = {
  definitions: [
    nameColumn,
    ageColumn,
    column("SignerName", "string", "Signer that is asked."),
    column("Requestor", "string", "User who made the request."),
    column("RequestedDuration", "string", "Validity that is asked for."),
    column("Condition", "string", "What became of the request."),
  ],
  row(request, nowMs) {
    const { signerName, username, expirationSeconds } = request.spec;
    return {
      cells: [
        nameCell(request),
        ageCell(request, nowMs),
        signerName || "<none>",
        username ?? "",
        expirationSeconds === undefined ? "<none>" : humanDuration(expirationSeconds * 1000),
        conditionText(request),
      ],
    };
  },
};

/** Requests for certificates. They are approved through `approval` and answered through `status`. */
export const certificateSigningRequestResource = defineResource<CertificateSigningRequest>({
  type: certificateSigningRequests,
  singular: "certificatesigningrequest",
  shortNames: ["csr"],
  storagePrefix: "certificatesigningrequests",
  strategy: {
    defaults({ spec, status }) {
      dropZeroFields(spec, ["username", "uid"]);
      if (status) dropZeroFields(status, ["certificate"]);
    },
    prepareForCreate(request, { user }) {
      const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...asked } = request.spec;
      request.spec = {
        ...asked,
        ...(user.name !== "" && { username: user.name }),
        ...(user.uid !== "" && { uid: user.uid }),
        ...(user.groups.length > 0 && { groups: [...user.groups] }),
        ...(Object.keys(user.extra).length > 0 && { extra: structuredClone(user.extra) as Record<string, string[]> }),
      };
      request.status = {};
    },
    prepareForUpdate(request, old) {
      request.spec = old.spec;
      request.status = old.status ?? {};
    },
    validateCreate: validateRequestCreate,
    validateUpdate: (request, old) => validateRequestUpdate(request, old, "spec"),
  },
  status: {
    prepareForUpdate(request, old, { nowMs }) {
      request.spec = old.spec;
      for (const type of ["Approved", "Denied"]) keepConditions(request, old, type);
      fillTimes(request, old, nowMs);
    },
    validateUpdate: (request, old) => validateRequestUpdate(request, old, "status"),
  },
  parts: {
    approval: {
      prepareForUpdate(request, old, { nowMs }) {
        fillTimes(request, old, nowMs);
        const conditions = request.status?.conditions;
        request.spec = old.spec;
        request.status = { ...old.status };
        if (conditions) request.status.conditions = conditions;
        else delete request.status.conditions;
      },
      validateUpdate: (request, old) => validateRequestUpdate(request, old, "approval"),
    },
  },
  columns: requestColumns,
  selectableFields: { "spec.signerName": (request) => request.spec.signerName },
});

/** Approvals are not changed by whoever writes the status; where some were added or removed, validation says so. */
function keepConditions(request: CertificateSigningRequest, old: CertificateSigningRequest, type: string): void {
  const conditions = request.status?.conditions ?? [];
  const before = (old.status?.conditions ?? []).filter((condition) => condition.type === type);
  const places = [...conditions.keys()].filter((index) => conditions[index]?.type === type);
  if (places.length !== before.length) return;
  for (const [at, place] of places.entries()) conditions[place] = before[at] as CertificateSigningRequestCondition;
}

/** Times that a writer leaves out are now, or when the condition was last given this status. */
function fillTimes(request: CertificateSigningRequest, old: CertificateSigningRequest, nowMs: number): void {
  const now = formatTime(nowMs);
  for (const condition of request.status?.conditions ?? []) {
    condition.lastUpdateTime ??= now;
    const before = old.status?.conditions?.find(
      ({ type, status, lastTransitionTime }) =>
        type === condition.type && status === condition.status && Boolean(lastTransitionTime),
    );
    condition.lastTransitionTime ??= before?.lastTransitionTime ?? now;
  }
}

function conditionText({ status }: CertificateSigningRequest): string {
  const has = (type: string) => status?.conditions?.some((condition) => condition.type === type) ?? false;
  const verdict = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  return `${verdict}${has("Failed") ? ",Failed" : ""}${status?.certificate ? ",Issued" : ""}`;
}
