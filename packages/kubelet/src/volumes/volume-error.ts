/** Why a volume cannot be given to a pod; the message is what users see. */
export class VolumeError extends Error {
  override readonly name = "VolumeError";
  readonly volume: string;

  constructor(volume: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.volume = volume;
  }
}
