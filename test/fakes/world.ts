import {
  emptyInventory,
  type EngineCall,
  type EngineResponse,
  type Host,
  type HostName,
  type HostView,
  type Link,
  OPERATOR,
  parseResourceId,
  type ResourceId,
  TopoError,
} from '../../src/core/index.js';
import { interpretScript } from './shell.js';
import type { Fields } from './specs.js';

/** A thing in the fake world. Without a mark it is foreign. */
export interface Thing {
  readonly id: ResourceId;
  readonly mark?: string;
  readonly fields: Fields;
}

/** One thing that was done to the world, in order. */
export interface Deed {
  readonly host: HostName;
  readonly id: ResourceId;
  readonly what: string;
}

/**
 * A plan for misfortune: the n-th deed (from 1) fails; or topo dies before or after it, and nothing is done any more; or the
 * connection breaks before or after it, and the next one holds.
 */
export interface Trouble {
  readonly at: number;
  readonly is: 'failure' | 'crash before' | 'crash after' | 'cut before' | 'cut after';
}

/** Several hosts in memory. A host in `cells` exists only while the cell of its name is up on the operator's machine. */
export class World {
  readonly history: Deed[] = [];
  readonly records = new Map<HostName, Readonly<Record<ResourceId, string>>>();
  #things = new Map<ResourceId, Thing>();
  #trouble: Trouble | undefined;
  #deeds = 0;
  #dead = false;
  readonly #cells: ReadonlySet<HostName>;

  constructor(cells: readonly HostName[] = []) {
    this.#cells = new Set(cells);
  }

  /** All things, by id. */
  get things(): ReadonlyMap<ResourceId, Thing> {
    return new Map([...this.#things].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** A copy that goes its own way, without trouble and without a past. */
  copy(): World {
    const world = new World([...this.#cells]);
    world.#things = new Map(this.#things);
    for (const [host, specs] of this.records) world.records.set(host, specs);
    return world;
  }

  /** Changes the world behind topo's back. */
  place(thing: Thing): void {
    this.#things.set(thing.id, thing);
  }

  remove(id: ResourceId): void {
    this.#things.delete(id);
    const { host, kind, name } = parseResourceId(id)!;
    if (kind === 'cell') this.#keep(thing => parseResourceId(thing.id)!.host !== name);
    if (kind === 'base') {
      for (const t of this.#on(host, 'part')) if (t.fields.base === name) this.remove(t.id);
      for (const t of this.#on(host, 'box'))
        this.#set(
          t,
          'bases',
          (t.fields.bases as readonly string[]).filter(b => b !== name),
        );
    }
    if (kind === 'part') {
      const forget = (members: Fields): Fields =>
        Object.fromEntries(Object.entries(members).filter(([key]) => key !== name));
      for (const t of this.#on(host, 'set')) this.#set(t, 'members', forget(t.fields.members as Fields));
    }
  }

  /** From now on, counted from the next deed. */
  expect(trouble: Trouble | undefined): void {
    [this.#trouble, this.#deeds, this.#dead] = [trouble, 0, false];
  }

  view(host: HostName, topology = 'fake'): HostView {
    const specs = this.records.get(host);
    const applied = specs && { format: 1 as const, topology, specs, hosts: {}, key: '', bootId: '' };
    const links = [...this.things.values()].filter(t => parseResourceId(t.id)!.host === host).map(linkOf);
    return { host, facts: FACTS, inventory: { ...emptyInventory(), links, applied } };
  }

  host(name: HostName): Host {
    const unused = (): never => {
      throw new Error('the fake world has no such thing');
    };
    return {
      name,
      described: `fake ${name}`,
      exec: async (_argv, options) => {
        await Promise.resolve();
        this.#reach(name);
        return interpretScript(options?.stdin ?? '', (argv, stdin) => this.#command(name, argv, stdin));
      },
      engine: async call => {
        await Promise.resolve();
        this.#reach(name);
        return this.#engine(name, call);
      },
      start: unused,
      engineStream: unused,
      engineUpgrade: unused,
      copy: unused,
      build: unused,
      registryDigest: unused,
      stream: unused,
      trips: { exec: 0, engine: 0 },
      closed: new AbortController().signal,
      close: () => Promise.resolve(),
    };
  }

  #reach(host: HostName): void {
    const up = !this.#cells.has(host) || this.#things.has(`${OPERATOR}/cell/${host}`);
    if (this.#dead || !up)
      throw new TopoError(`${host} can't be reached`, {
        code: 'host.unreachable',
        who: 'host',
        hint: 'is it on?',
      });
  }

  /** Counts a deed, lets the expected trouble happen, and otherwise does it. `effect` says what is wrong, if anything is. */
  #deed(deed: Deed, effect: () => string | undefined): string | undefined {
    this.#deeds++;
    const trouble = this.#deeds === this.#trouble?.at ? this.#trouble.is : undefined;
    if (trouble === 'crash before') this.#die();
    if (trouble === 'cut before') cut();
    if (trouble === 'failure') return 'planned failure';
    this.history.push(deed);
    const there = this.#things.get(deed.id);
    const wrong = there && there.mark === undefined ? `${deed.id} is foreign` : effect();
    if (trouble === 'crash after') this.#die();
    if (trouble === 'cut after') cut();
    return wrong;
  }

  #die(): never {
    this.#dead = true;
    cut();
  }

  #command(
    host: HostName,
    [, verb, , id]: readonly string[],
    stdin: string,
  ): { code: number; stderr: string } {
    const wrong = this.#deed({ host, id: id!, what: verb! }, () => {
      if (verb === 'del') return void this.remove(id!);
      const thing = { id: id!, ...(JSON.parse(stdin) as { mark: string; fields: Fields }) };
      const refusal = this.#refuses(thing);
      if (refusal === undefined) this.place(thing);
      return refusal;
    });
    return wrong === undefined ? { code: 0, stderr: '' } : { code: 2, stderr: `world: ${wrong}\n` };
  }

  /** What a kernel would say: no fixed field changes, nothing stands on nothing, no subnet is used twice. */
  #refuses({ id, fields }: Thing): string | undefined {
    const { host, kind, name } = parseResourceId(id)!;
    const has = (of: string, which: string): boolean => this.#things.has(`${host}/${of}/${which}`);
    const there = this.#things.get(id)?.fields;
    const fixed = { base: ['subnet'], part: ['base', 'shape'], cell: ['engine'] }[kind] ?? [];
    const moved = there && fixed.find(field => there[field] !== fields[field]);
    if (moved !== undefined) return `${moved} of ${id} can't be changed`;
    if (kind === 'part' && !has('base', String(fields.base))) return `${id} has no base`;
    const missing =
      kind === 'set' ? Object.keys(fields.members as Fields).find(member => !has('part', member)) : undefined;
    if (missing !== undefined) return `${id} has no ${missing}`;
    const clash =
      kind === 'base' && this.#on(host, 'base').some(t => t.fields.subnet === fields.subnet && t.id !== id);
    return clash ? `the subnet of ${name} is taken` : undefined;
  }

  #engine(host: HostName, call: EngineCall): EngineResponse {
    const [, , encoded, verb = 'delete'] = call.path.split('/');
    const id = decodeURIComponent(encoded!);
    const body = (call.body ?? {}) as Fields;
    let status = 204;
    const wrong = this.#deed({ host, id, what: verb }, () => {
      const box = this.#things.get(id);
      if (verb === 'create') return box ? `${id} exists` : void this.place(newBox(id, body));
      if (!box) return void (status = 404);
      if (verb === 'delete') return void this.remove(id);
      if (verb === 'limit') return void this.#set(box, 'limit', body.limit);
      if (verb === 'port') return this.#publish(host, box, body.port);
      const others = (box.fields.bases as readonly string[]).filter(name => name !== body.base);
      if (verb === 'connect' && !this.#things.has(`${host}/base/${String(body.base)}`))
        return `no base ${String(body.base)}`;
      return void this.#set(box, 'bases', verb === 'connect' ? [...others, body.base] : others);
    });
    return wrong === undefined ? { status, body: '' } : { status: 500, body: { message: wrong } };
  }

  #publish(host: HostName, box: Thing, port: unknown): string | undefined {
    const holder = this.#on(host, 'box').find(t => t.id !== box.id && t.fields.port === port);
    if (port !== null && holder) return `port ${String(port)} is taken by ${holder.id}`;
    return void this.#set(box, 'port', port);
  }

  #on(host: HostName, kind: string): readonly Thing[] {
    return [...this.#things.values()].filter(t => t.id.startsWith(`${host}/${kind}/`));
  }

  #set(thing: Thing, field: string, value: unknown): void {
    this.place({
      ...thing,
      fields: { ...thing.fields, [field]: Array.isArray(value) ? [...value].sort() : value },
    });
  }

  #keep(keep: (thing: Thing) => boolean): void {
    this.#things = new Map([...this.#things].filter(([, thing]) => keep(thing)));
  }
}

function cut(): never {
  throw new TopoError('the connection is lost', { code: 'host.lost', who: 'host', hint: 'run it again' });
}

function newBox(id: ResourceId, { mark, image }: Fields): Thing {
  return { id, mark: mark as string, fields: { image, limit: 0, bases: [], port: null } };
}

/** The fake world shows its things as links, `data` holding the fields. */
function linkOf(thing: Thing): Link {
  const { kind, name } = parseResourceId(thing.id)!;
  const alias = thing.mark === undefined ? '' : `${thing.mark} ${thing.id}`;
  return {
    name,
    index: 0,
    kind,
    alias,
    mac: '',
    mtu: 1500,
    up: true,
    group: 'default',
    data: thing.fields,
    addresses: [],
  };
}

const FACTS: HostView['facts'] = {
  hostname: 'fake',
  kernel: '6.1',
  arch: 'x86_64',
  bootId: 'boot',
  netns: '1',
  tools: {},
  engine: { is: 'missing', why: 'fake', hint: '' },
};
