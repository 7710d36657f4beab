/** How a container's own VPP is told of its ports. */
export interface UserspaceDeclaration {
  /** By its vppctl, or by the files that the Userspace CNI's vpp-app takes. */
  readonly configure: 'vppctl' | 'userspace-cni';
  /** Whether it may be of another version than the host's. */
  readonly allowVersionMismatch: boolean;
}

/** Memory that two VPPs share in place of a wire. */
export type SharedMedium = 'memif' | 'vhost-user';

/** Whether a medium is memory that two VPPs share. */
export function isShared(via: string | undefined): via is SharedMedium {
  return via === 'memif' || via === 'vhost-user';
}
