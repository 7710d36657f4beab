import type { HostName, HostView, Observed, Registry, Resource, ResourceId, Stray } from '../core/index.js';

export interface PlanInput {
  readonly topology: string;
  readonly resources: readonly Resource[];
  readonly observed: Observed;
  /** For what was last applied to each host. */
  readonly views: readonly HostView[];
  readonly registry: Registry;
  readonly options?: PlanOptions;
}

export interface PlanOptions {
  /** Why a stray is to stay (a named volume without `-v`), or undefined where it goes. */
  readonly keep?: (stray: Stray) => string | undefined;
  /** The resource that a host itself is (a sandbox): what is on the host comes after it, and goes before it. */
  readonly hostResource?: ReadonlyMap<HostName, ResourceId>;
  /** Hosts that take along all that is on them when their own resource is deleted: no deletes are planned there then. */
  readonly goneHosts?: ReadonlySet<HostName>;
}
