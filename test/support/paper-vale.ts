import type { World } from '../../src/app/world.js';
import { shortMark } from '../../src/core/index.js';
import type {
  Action,
  HostName,
  HostView,
  Inventory,
  Link,
  NetmapModule,
  Resource,
  Step,
  ValeInventory,
  ValePort,
  ValeRecord,
} from '../../src/core/index.js';
import type { PlugSpec } from '../../src/kinds/index.js';
import { asApplied } from '../fakes/applied.js';
import { changed } from '../fakes/scene.js';
import { netmap } from '../fakes/vale/inventory.js';
import {
  attach,
  detach,
  emptyNamespace,
  Fault,
  listed,
  type Listed,
  type Namespace,
} from '../fakes/vale/kernel.js';

/** topo died in the middle of a plan. */
export class Died extends Error {}

/**
 * Hosts in this process, one of them with netmap by its emulated kernel. What is VALE's is carried out command by command, as the
 * scripts on a host do it; all else as a whole. Throws a `Fault` where anything is done that a kernel with netmap does not survive.
 */
export class PaperVale {
  /** How many commands may still be given before topo dies. */
  left = Infinity;
  /** All that was given. */
  readonly sent: string[] = [];
  private readonly module: NetmapModule;
  private space: Namespace;
  private records = new Map<string, ValeRecord>();
  private nextIndex = 100;
  private world: World;
  private readonly host: HostName;

  /** `host` has netmap. */
  constructor(fresh: World, host: HostName, module: Partial<NetmapModule> = {}) {
    this.host = host;
    this.module = netmap(module).module;
    this.space = emptyNamespace(this.module.maxBridges);
    this.world = changed(fresh, view => ({
      ...view,
      facts: { ...view.facts, tools: { ...view.facts.tools, ethtool: '/sbin/ethtool' } },
    }));
  }

  /** Others that are as these are now. */
  copy(): PaperVale {
    const copy = new PaperVale(this.world, this.host, this.module);
    copy.space = structuredClone(this.space);
    copy.records = new Map(this.records);
    copy.nextIndex = this.nextIndex;
    return copy;
  }

  /** The hosts as topo reads them. */
  look(): World {
    const { ctl } = netmap();
    const records = [...this.records.values()];
    const vale: ValeInventory = { ctl, ports: this.ports(), records, module: this.module };
    return changed(this.world, view =>
      view.host === this.host ? { ...view, inventory: { ...view.inventory, vale } } : view,
    );
  }

  /** The devices that give on all frames. */
  promiscuous(): readonly string[] {
    return this.links().flatMap(l => (l.promiscuous ? [l.name] : []));
  }

  /** What is attached, as vale-ctl lists it, without the indices; sorted. */
  names(): readonly string[] {
    return this.list()
      .map(p => `${p.of}:${p.name}`)
      .sort();
  }

  /** Somebody attaches a device, by `switch:device`. Throws what the kernel says. */
  attach(name: string, withHost = false): void {
    attach(this.space, name, withHost, this.machine());
  }

  /** A container and all of its devices go, without topo, and the kernel lets that wait; it has started again with none of them. */
  kill(container: string): void {
    this.change(this.host, inventory => withoutDevices(inventory, container));
  }

  /** `wanted`: what the plan was made for. */
  carryOut(topology: string, action: Action, wanted: readonly Resource[]): void {
    if (action.kind === 'vale_port') for (const step of action.steps) this.step(step);
    else this.tell(`${action.verb} ${action.resource}`, () => this.whole(topology, action, wanted));
  }

  private step(step: Step): void {
    if (step.via === 'exec') return this.tell(step.label ?? step.argv.join(' '), () => undefined);
    if (step.via !== 'script') throw new Error(`VALE has no use for ${step.via}`);
    const [first = '', ...args] = step.args.map(String);
    if (step.name === 'vale-attach') this.attachAsScript(args);
    else if (step.name === 'vale-detach') this.detachAsScript(args[0]!);
    else if (/^device-(take|release)$/.test(step.name))
      this.tell(`${step.name} ${first}`, () => this.setPromiscuous(first, step.name === 'device-take'));
    else throw new Error(`VALE has no use for ${step.name}`);
  }

  private setPromiscuous(device: string, isOn: boolean): void {
    const set = ({ promiscuous: _, ...link }: Link): Link => ({
      ...link,
      ...(isOn && { promiscuous: true }),
    });
    this.change(this.host, inventory => ({
      ...inventory,
      links: inventory.links.map(l => (l.name === device ? set(l) : l)),
      taken: isOn ? [device] : [],
    }));
  }

  private attachAsScript([how = '', port = '', note = '']: readonly string[]): void {
    const [on = '', device = ''] = port.split(':');
    const link = this.links().find(l => l.name === device);
    if (!link) throw new Error(`there is no ${device}`);
    const [driver, ...id] = note.split(' ');
    if (driver !== 'generic' && driver !== 'native') throw new Error(note);
    const record = { switch: on, device, index: link.index, driver, id: id.join(' ') } as const;
    if (this.names().includes(port)) {
      const was = this.records.get(port);
      if (!was) throw new Error(`${port} is attached already, and not by this topology`);
      const shape = this.names().includes(`${port}^`) ? '-h' : '-a';
      if (JSON.stringify(was) === JSON.stringify(record) && shape === how) return;
      this.tell(`-d ${port}`, () => detach(this.space, port));
    }
    this.tell(`write down ${port}`, () => this.records.set(port, record));
    this.tell(`${how} ${port}`, () => this.attach(port, how === '-h'));
  }

  private detachAsScript(port: string): void {
    if (this.names().includes(port)) this.tell(`-d ${port}`, () => detach(this.space, port));
    this.tell(`forget ${port}`, () => this.records.delete(port));
  }

  private tell(command: string, does: () => unknown): void {
    if (this.left-- <= 0) throw new Died();
    this.sent.push(command);
    does();
  }

  private whole(topology: string, action: Action, wanted: readonly Resource[]): void {
    const { verb, host, resource: id } = action;
    const mark = shortMark(topology, id);
    const want = wanted.find(r => r.id === id);
    switch (verb) {
      case 'create':
        return this.make(topology, want!);
      case 'delete':
        return this.change(host, inventory => this.without(inventory, action, mark));
      default:
        return this.change(host, inventory => this.withMtu(inventory, action, mark, want!));
    }
  }

  private make(topology: string, resource: Resource): void {
    const made = asApplied(topology, [resource], [...this.world.views.values()]);
    const views = new Map(made.map(view => [view.host, view]));
    this.world = changed(this.world, ({ host }) => views.get(host)!);
    this.change(resource.host, ({ links, ...inventory }) => ({
      ...inventory,
      namespaces: inventory.containers.map(
        ({ id, name }) => inventory.namespaces.find(n => n.containers.includes(id)) ?? namespaceOf(id, name),
      ),
      links: links.map(l => (l.index === UNNUMBERED ? { ...l, index: this.nextIndex++ } : l)),
    }));
  }

  private without(inventory: Inventory, { kind, steps }: Action, mark: string): Inventory {
    if (kind === 'container') {
      const step = steps.find(s => s.via === 'docker' && s.method === 'DELETE');
      const path = step?.via === 'docker' ? step.path : '';
      const gone = inventory.containers.find(c => path.includes(`/${c.id}`) || path.includes(`/${c.name}`))!;
      const { namespaces, ...left } = withoutDevices(inventory, gone.name);
      const containers = inventory.containers.filter(c => c !== gone);
      const others = namespaces.filter(n => !n.containers.includes(gone.id));
      return this.unattached({ ...left, containers, namespaces: others }, inventory);
    }
    if (RULES.includes(kind)) return withoutRules(inventory, mark);
    if (!DEVICES.includes(kind)) throw new Error(`nobody knows how ${kind} goes`);
    const others = (links: readonly Link[]): readonly Link[] => links.filter(l => !isMarked(l, mark));
    const namespaces = inventory.namespaces.map(n => ({ ...n, links: others(n.links) }));
    return this.unattached({ ...inventory, namespaces, links: others(inventory.links) }, inventory);
  }

  /** A kernel hangs where an attached device goes. */
  private unattached(after: Inventory, before: Inventory): Inventory {
    const left = new Set(after.links.map(l => l.index));
    const gone = before.links.filter(l => !left.has(l.index));
    const hung = gone.find(l => this.list().some(p => p.device === l.index));
    if (hung) throw new Fault(`${hung.name} goes while it is attached: the kernel waits for ever`);
    return after;
  }

  private withMtu(inventory: Inventory, action: Action, mark: string, want: Resource): Inventory {
    const fields = action.differences.map(d => d.field);
    if (!DEVICES.includes(action.kind) || fields.some(f => !f.endsWith('mtu')))
      throw new Error(`nobody knows how to change ${fields.join(', ')} of ${action.resource}`);
    const native = this.list().filter(p => p.driver === 'native');
    const own = want.spec as Pick<PlugSpec, 'device' | 'mtu'>;
    const { plugs = [own] } = want.spec as { readonly plugs?: readonly PlugSpec[] };
    const set = (link: Link): Link => {
      const plug = isMarked(link, mark) && plugs.find(p => p.device === link.name);
      if (!plug) return link;
      if (native.some(p => p.device === link.index)) throw new Fault(`another MTU of ${link.name}: an oops`);
      return { ...link, mtu: plug.mtu };
    };
    const namespaces = inventory.namespaces.map(n => ({ ...n, links: n.links.map(set) }));
    return { ...inventory, namespaces, links: inventory.links.map(set) };
  }

  private change(host: HostName, to: (inventory: Inventory) => Inventory): void {
    this.world = changed(this.world, view =>
      view.host === host ? { ...view, inventory: to(view.inventory) } : view,
    );
  }

  private view(): HostView {
    return this.world.views.get(this.host)!;
  }

  private links(): readonly Link[] {
    return this.view().inventory.links;
  }

  private list(): readonly Listed[] {
    return listed(this.space);
  }

  private ports(): readonly ValePort[] {
    const names = new Set(this.names());
    const own = this.list().filter(p => p.device !== undefined);
    return own.map(({ of, name }) => ({ switch: of, device: name, hostStack: names.has(`${of}:${name}^`) }));
  }

  private machine(): Parameters<typeof attach>[3] {
    const { holders: native, genericRingSize: slots, ...module } = this.module;
    const attached = this.ports().length;
    const devices = this.links().map(l => ({ ...l, altnames: [], isTaken: l.master !== undefined }));
    return { ...module, native, slots, attached, devices };
  }
}

/** The index that fakes of devices have unless they are given one. */
const UNNUMBERED = 3;

/** Kinds that are nothing but devices. */
const DEVICES = ['bridge', 'tunnel', 'veth'];
const RULES = ['accept', 'guard'];

function withoutRules(inventory: Inventory, mark: string): Inventory {
  const { nft, iptables } = inventory;
  const without = (family: 4 | 6): Inventory['iptables'][4] =>
    Object.fromEntries(
      Object.entries(iptables[family] ?? {}).map(([table, chains]) => [
        table,
        Object.fromEntries(
          Object.entries(chains).map(([name, chain]) => [
            name,
            { ...chain, rules: chain.rules.filter(rule => !rule.includes(`"${mark}"`)) },
          ]),
        ),
      ]),
    );
  return {
    ...inventory,
    nft: nft.filter(table => !JSON.stringify(table).includes(mark)),
    iptables: { 4: without(4), 6: without(6) },
  };
}

function isMarked({ alias }: Link, mark: string): boolean {
  return alias.startsWith(`${mark} `);
}

function namespaceOf(id: string, name: string): Inventory['namespaces'][number] {
  return { path: `/ns/${name}`, containers: [id], links: [], routes: [] };
}

/** A pair of devices goes with either of its ends. */
function withoutDevices(inventory: Inventory, container: string): Inventory {
  const { id } = inventory.containers.find(c => c.name === container)!;
  const gone = inventory.namespaces.find(n => n.containers.includes(id));
  const pairs = new Set(gone?.links.map(l => l.alias));
  return {
    ...inventory,
    links: inventory.links.filter(l => !pairs.has(l.alias)),
    namespaces: inventory.namespaces.map(n => (n === gone ? namespaceOf(id, container) : n)),
  };
}
