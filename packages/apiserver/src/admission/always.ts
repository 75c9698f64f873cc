import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden } from "./forbidden.ts";

/** Lets everything through, and stands here because upstream's servers know its name. */
export class AlwaysAdmit implements AdmissionPlugin {
  readonly name = "AlwaysAdmit";

  handles(_operation: AdmissionOperation): boolean {
    return false;
  }
}

/** Refuses every write, for tests of what happens then. */
export class AlwaysDeny implements AdmissionPlugin {
  readonly name = "AlwaysDeny";

  handles(_operation: AdmissionOperation): boolean {
    return true;
  }

  admit(attributes: AdmissionAttributes): void {
    this.validate(attributes);
  }

  validate(attributes: AdmissionAttributes): void {
    throw admissionForbidden(attributes, "admission control is denying all modifications");
  }
}
