import type { AdmissionChain } from "../admission/admission.ts";
import type { Authorizer } from "../auth/authorizer.ts";
import type { Exchange } from "./exchange.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ObjectView } from "./object-view.ts";
import type { ResourceRequest } from "./request-info.ts";
import type { ServedResource } from "./served-resource.ts";

/** A resource request with everything that answering it takes. */
export interface ResourceContext {
  readonly exchange: Exchange;
  readonly info: ResourceRequest;
  readonly resource: ServedResource;
  readonly form: AcceptedForm;
  readonly view: ObjectView;
  readonly admission: AdmissionChain;
  /** Asked when a request turns out to do more than its verb says; absent where everything is allowed. */
  readonly authorizer?: Authorizer | undefined;
}
