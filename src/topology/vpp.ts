import { z } from 'zod';
import type { DocPath, VppDeclaration, VppHost } from '../core/index.js';
import { closed, complain, isMap, key, lazily, text } from './blocks.js';
import { interfaceAddress, perFamily } from './phrases.js';
import { expandPorted, portedKeys, switchOn } from './switch-common.js';

type VppInput = z.input<ReturnType<typeof vppSchema>>;
type VppHostInput = Pick<VppInput, 'bvi' | 'uplink'>;

/** A bridge domain of VPP, on one host or several. */
export const vppSchema = lazily(() =>
  switchOn(z.literal('vpp'), {
    host: key(z.string(), 'The host it is on.'),
    hosts: key(
      z.union([z.array(z.string()).min(1), z.record(z.string(), z.union([z.null(), closed(vppHostKeys())]))]),
      'The hosts it is on; as a map, with keys for each.',
    ),
    ...portedKeys(),
    ...vppHostKeys(),
    tunnel: key(
      z.enum(['vxlan', 'uplink']),
      'What joins its hosts; by default uplink where every host has one, else vxlan.',
    ),
    vni: key(z.int().min(1).max(0xffffff), 'The VXLAN network identifier; by default allotted.'),
    bridge_domain: key(z.int().min(1).max(0xffffff), 'The id of the bridge domain; by default allotted.'),
    learn: key(
      z.boolean(),
      'Whether it learns addresses; without that it knows those of the file, and floods the rest.',
      true,
    ),
    arp_term: key(
      z.boolean(),
      'Whether it answers ARP and neighbour solicitations itself, for the addresses that the file gives.',
      false,
    ),
  }).superRefine(checkHosts, { when: ({ value }) => isMap(value) }),
);

/** Keys that it has for each of its hosts. */
function vppHostKeys() {
  return {
    bvi: key(
      perFamily(interfaceAddress()),
      "The address of VPP's own interface in the domain, one per family: the gateway of its ports.",
    ),
    uplink: key(interfaceName(), 'An interface that VPP owns, or a network device of the host.'),
  };
}

/** The input has been validated; `name` is that of the switch. */
export function expandVpp(input: VppInput, name: string): VppDeclaration {
  const { tunnel, vni, bridge_domain: domain } = input;
  return {
    kind: 'vpp',
    ...expandPorted(input),
    hosts: expandHosts(input, ['switches', name]),
    ...(tunnel !== undefined && { tunnel }),
    ...(vni !== undefined && { vni }),
    ...(domain !== undefined && { domain }),
    learn: input.learn ?? true,
    arpTerm: input.arp_term ?? false,
  };
}

function expandHosts({ host, hosts, bvi, uplink }: VppInput, path: DocPath): readonly VppHost[] {
  const one = (name: string, own: VppHostInput, at: DocPath): VppHost => ({
    host: name,
    bvi: [own.bvi ?? []].flat(),
    ...(own.uplink !== undefined && { uplink: own.uplink }),
    path: at,
  });
  const beside = { ...(bvi !== undefined && { bvi }), ...(uplink !== undefined && { uplink }) };
  if (host !== undefined) return [one(host, beside, path)];
  if (Array.isArray(hosts)) return hosts.map(name => one(name, beside, path));
  return Object.entries(hosts ?? {}).map(([name, own]) => one(name, own ?? {}, [...path, 'hosts', name]));
}

/** Where it is, and how its hosts are joined. */
function checkHosts(value: Record<string, unknown>, context: z.RefinementCtx): void {
  const { host, hosts } = value;
  const say: Say = (code, summary, hint, path = []) =>
    complain(context, { is: 'said', code, summary, hint, at: 'key' }, path);
  if (host === undefined && hosts === undefined)
    return say('key.missing', 'a switch of kind vpp that does not say where it is', 'give it host, or hosts');
  if (host !== undefined && hosts !== undefined)
    return say('key.conflict', 'a switch has host or hosts, not both', 'leave one of them out', ['hosts']);
  const several = Array.isArray(hosts) ? hosts.length > 1 : isMap(hosts);
  for (const name of ['bvi', 'uplink'])
    if (several && value[name] !== undefined)
      say(
        'key.conflict',
        `"${name}" stands beside "hosts", of which each has its own`,
        `hosts: { ${Object.keys(isMap(hosts) ? hosts : {})[0] ?? 'tera'}: { ${name}: … } }`,
        [name],
      );
  checkJoined(value, say);
}

type Say = (code: string, summary: string, hint: string, path?: (string | number)[]) => void;

/** Uplinks lead from host to host, and so do tunnels: both together make a loop. */
function checkJoined({ hosts, tunnel }: Record<string, unknown>, say: Say): void {
  const uplinks = isMap(hosts) ? Object.values(hosts).filter(own => isMap(own) && own['uplink']) : [];
  const count = isMap(hosts) ? Object.keys(hosts).length : Array.isArray(hosts) ? hosts.length : 1;
  if (count === 1) return;
  const joined = tunnel ?? (uplinks.length === count ? 'uplink' : 'vxlan');
  if (joined === 'uplink' && uplinks.length < count)
    say(
      'key.missing',
      'a host without an uplink, which is to join it with the others',
      'give each host its uplink, or let tunnel be vxlan',
      ['tunnel'],
    );
  if (joined === 'vxlan' && uplinks.length > 1)
    say(
      'key.conflict',
      'hosts that are joined by VXLAN and by uplinks: frames would go round',
      'give every host its uplink and let tunnel be uplink, or give one alone an uplink',
      [tunnel === undefined ? 'hosts' : 'tunnel'],
    );
}

/** Names that VPP takes as they are: of what else there is it expands some and swallows some. */
export const VPP_WORD = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,62}$/;

export const VPP_WORD_HINT = 'letters, digits and ._:/@+- are what VPP takes as they are';

/** A name of VPP or of the kernel. */
function interfaceName(): z.ZodString {
  return text({
    what: 'the name of an interface of VPP or of a network device',
    test: VPP_WORD,
    hint: VPP_WORD_HINT,
    examples: ['GigabitEthernet0/8/0', 'eth2'],
  });
}
