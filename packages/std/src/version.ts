/** The release whose API and behaviour the project follows, as every command reports it. */
export const kubernetesVersion = "v1.36.0";
