import type { TypeMeta } from "../../meta/v1/object-meta.ts";
import type { RawExtension, Uid } from "../../meta/v1/primitives.ts";
import type { Status } from "../../meta/v1/status.ts";

/** What a conversion webhook is asked to do. */
export interface ConversionRequest {
  /**
   * Names this call; the response repeats it.
   * @proto 1
   */
  uid: Uid;
  /**
   * The `group/version` to convert the objects to.
   * @proto 2
   */
  desiredAPIVersion: string;
  /**
   * The custom resources to convert, of any version of their definition.
   * @proto 3
   * @listType atomic
   */
  objects: RawExtension[];
}

/** What a conversion webhook answers. */
export interface ConversionResponse {
  /**
   * The uid of the request.
   * @proto 1
   */
  uid: Uid;
  /**
   * The objects in the desired version, in the order of the request; empty when the conversion failed. Of the metadata,
   * only labels and annotations may differ.
   * @proto 2
   * @listType atomic
   */
  convertedObjects: RawExtension[];
  /**
   * Success or Failure; the message of a failure is shown to the client.
   * @proto 3
   */
  result: Status;
}

/**
 * A call of a conversion webhook and its answer.
 * @kind
 */
export interface ConversionReview extends TypeMeta {
  /**
   * What is asked; set on the way to the webhook.
   * @proto 1
   */
  request?: ConversionRequest;
  /**
   * What is answered; set on the way back.
   * @proto 2
   */
  response?: ConversionResponse;
}
