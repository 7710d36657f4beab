/** What switches whose ports are devices have in common. */
export interface PortedSwitch {
  /** The subnets of its ports, at most one per family. */
  readonly subnets: readonly string[];
  readonly ranges: readonly string[];
  readonly gateways: readonly string[];
  readonly mtu?: number;
}
