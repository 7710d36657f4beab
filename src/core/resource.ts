import type { Step } from './call.js';
import type { Claim } from './claim.js';
import type { Diagnostic } from './diagnostic.js';
import type { Inventory, InventoryPart } from './inventory.js';
import type { HostName, ResourceId } from './names.js';

/** One thing that should exist on one host, fully decided: nothing optional is left in `spec`. */
export interface Resource<Spec = unknown> {
  readonly id: ResourceId;
  readonly kind: string;
  readonly host: HostName;
  readonly name: string;
  /** What a plan's tree hangs it under on its host. */
  readonly group: Group;
  /** The link of the file that it is there for, by its name. */
  readonly link?: string;
  /** The short mark, derived from topology and id. */
  readonly mark: string;
  readonly spec: Spec;
  /** The files that it was declared in, for those who look at it on its host: another path makes no other thing. */
  readonly files?: readonly string[];
}

/** `{ is: 'stack', name: 'shop' }`, `{ is: 'switch', name: 'overlay' }`, or the host itself. */
export interface Group {
  readonly is: 'host' | 'stack' | 'switch';
  readonly name: string;
}

export interface Dependency {
  readonly on: ResourceId;
  readonly because: string;
}

/** What `read` is asked for: the wanted resources of its kind on one host; everything else bearing our mark is a stray. */
export interface Scope<Spec> {
  readonly topology: string;
  readonly host: HostName;
  readonly wanted: readonly Resource<Spec>[];
  /** All that is wanted on that host, of every kind. Absent: not told. */
  readonly all?: ReadonlySet<ResourceId>;
}

/**
 * Something that was found on a host. `ours`: it bears our mark, wanted or stray. `foreign`: something unmarked
 * holds the name of a wanted resource, `holder` says what. `unknown`: it could not be read, which is not absence.
 */
export type Found<State> =
  | { readonly is: 'ours'; readonly id: ResourceId; readonly state: State; readonly group?: Group }
  /** `adoptable`: docker compose made it for the same, so it can be taken over. */
  | {
      readonly is: 'foreign';
      readonly id: ResourceId;
      readonly holder: string;
      readonly adoptable?: true;
    }
  | { readonly is: 'unknown'; readonly id: ResourceId; readonly why: Diagnostic };

/** What is to be done about something that docker compose made for the same; other ways follow. */
export const ADOPT_HINT = 'docker compose made it for the same project: --adopt takes it over as it is; or ';

/** The observation of one resource id on one host, after all kinds were read. */
export type Observation<State = unknown> =
  | { readonly is: 'absent' }
  | { readonly is: 'present'; readonly state: State; readonly group?: Group }
  | { readonly is: 'foreign'; readonly holder: string; readonly adoptable?: true }
  | { readonly is: 'unknown'; readonly why: Diagnostic };

/** One field that is not as wanted. `replace` where no update in place exists for it. Values are for people: never secrets. */
export interface Difference {
  readonly field: string;
  readonly have: string;
  readonly want: string;
  readonly replace?: true;
  /** It is another because what it follows moved on: no drift. */
  readonly follows?: true;
  /** It is somebody else's, and is to be ours: nothing is done to it for that. */
  readonly adopt?: true;
}

/** `adopt`: becomes ours as it is. `run`: something is waited for, or done, that leaves nothing of its own behind. */
export type Verb = 'create' | 'adopt' | 'update' | 'replace' | 'delete' | 'run';

export type Change<Spec, State> =
  /** `was`: what an action of its own removed for it before. */
  | { readonly verb: 'create'; readonly want: Resource<Spec>; readonly was?: State }
  | {
      readonly verb: 'update' | 'replace';
      readonly want: Resource<Spec>;
      readonly have: State;
      readonly differences: readonly Difference[];
    }
  /** `again`: it is made again by a later action, so what it hands on stays. */
  | {
      readonly verb: 'delete';
      readonly id: ResourceId;
      readonly have: State;
      readonly again?: Resource<Spec>;
    };

/**
 * A part of the way that frames take: a wire of a link, with devices at its ends; how a switch passes frames on its host; what joins a switch
 * with its other hosts; a device of the host as a port.
 */
export type Carries = 'wire' | 'switch' | 'trunk' | 'port';

/** All that the engine knows of a kind of resource. Pure: decides and describes, never does. */
export interface ResourceKind<Spec, State> {
  readonly name: string;
  /** The field's word for one of these, for people: `VXLAN device`, `container`. */
  readonly noun: string;
  /** Kinds that must exist first. Orders deletes of strays, which have no spec. */
  readonly after: readonly string[];
  /** What such a resource is of the way that frames take: they are sent along it once it was changed. Absent: nothing by itself. */
  readonly carries?: Carries;
  /** The program that holds such a resource, and loses it when it ends; a name for people. */
  readonly heldBy?: string;
  /**
   * Such a resource is nothing that stays, but something that happens between resources of the kind `between`: after some of them are
   * made, and before others. `for-others`: only for the sake of what comes after it, where that starts something.
   */
  readonly runs?: { readonly between: string; readonly when: 'always' | 'for-others' };
  /** Whether carrying the change out starts something, and so waits for what `runs` before it; by default it does. */
  starts?(change: Change<Spec, State>): boolean;
  /** What a stray is known by to those that depend on it, and what it depends on: these go first. */
  leans?(have: State): { readonly key: string; readonly on: readonly string[] };
  /**
   * What such a resource is to be follows from how the kinds it comes after turn out: while any of those changes it is put off
   * to the next reading. A few words, to follow "once": `the addresses of the containers are known`.
   */
  readonly derived?: string;
  /**
   * What it depends on must not go, or be changed, beneath it. So where it is made anew, what is there goes by an action of its own,
   * before anything of the kinds that it comes after.
   */
  readonly goesFirst?: true;
  /** The parts of an inventory that `read` needs: where one was not read, what was recorded of this kind and is not seen is unknown, not absent. */
  readonly reads?: readonly InventoryPart[];
  dependsOn(resource: Resource<Spec>): readonly Dependency[];
  /** The wanted ones by id and the strays by mark; what it does not return is absent. Returned in a stable order. */
  read(inventory: Inventory, scope: Scope<Spec>): readonly Found<State>[];
  /** `[]` means in sync; forgives what kernel or engine round or add. */
  diff(want: Spec, have: State): readonly Difference[];
  /** What remains of `have` once the given resources are gone (their replacement takes it along); undefined: nothing remains. */
  without?(have: State, want: Resource<Spec>, gone: ReadonlySet<ResourceId>): State | undefined;
  /** What such a resource is to have that nothing else on its host can have at the same time. */
  claims?(want: Resource<Spec>): readonly Claim[];
  /** The same of what is there: a claim that it holds and is not to have is free once the change is carried out. */
  holds?(have: State): readonly Claim[];
  /**
   * For two that exchange what they hold, neither of which can come first: lets go, in place, of what an update gives up. `left` is
   * what is there then, for the update to go on from. A kind whose claims change by updates must have it.
   */
  letGo?(want: Resource<Spec>, have: State): { readonly steps: readonly Step[]; readonly left: State };
  /** What to run. Each step can be run again after a crash anywhere. */
  steps(change: Change<Spec, State>): readonly Step[];
  /** Whether carrying the change out can lose something a user would miss (data, a running process). */
  destructive?(change: Change<Spec, State>): boolean;
}
