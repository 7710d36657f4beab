import { base32Hash, resourceId, shortMark } from '../core/index.js';
import type { Resolved, ResolvedLink, ResolvedService, ServiceEnd } from '../core/index.js';
import { CNI_DATA, cniContainer, cniDirectory, SOCKETS, type UserspacePort } from '../tools/index.js';

/** The file of a link's socket, as the Userspace CNI calls it: after its first end in a container. */
export function socketFile(topology: string, { ends }: ResolvedLink): string {
  const first = ends.find(end => end.is === 'service')!;
  const name = `${cniContainer(topology, first.replica).slice(0, 12)}-${first.device}`;
  return first.shared?.via === 'memif' ? `memif-${name}.sock` : name;
}

/** The ports that a container's own VPP has, in document order. `mtuOf` in bytes. */
export function userspacePorts(
  resolved: Resolved,
  replica: string,
  mtuOf: (link: ResolvedLink, n: 0 | 1) => number,
): readonly UserspacePort[] {
  return resolved.links.flatMap(link =>
    ([0, 1] as const).flatMap(n => {
      const end = link.ends[n];
      if (end.is !== 'service' || end.replica !== replica || !end.shared) return [];
      return [portOf(resolved, link, n, end, end.shared, mtuOf(link, n))];
    }),
  );
}

function portOf(
  { name: topology }: Resolved,
  link: ResolvedLink,
  n: 0 | 1,
  end: ServiceEnd,
  { via, number }: NonNullable<ServiceEnd['shared']>,
  mtu: number,
): UserspacePort {
  const { host, device, mac, addresses, routes, up } = end;
  return {
    name: device,
    via,
    // The host's VPP is the master; between containers the first end is.
    role: link.ends.every(one => one.is === 'service') && n === 0 ? 'master' : 'slave',
    socketId: number,
    file: socketFile(topology, link),
    tag: shortMark(topology, resourceId(host, 'userspace', `${link.name}/${n}`)),
    mac,
    addresses,
    routes,
    mtu,
    up,
  };
}

/** A service with what its VPP needs of the host, for one of its containers; one without a VPP as it is. */
export function withUserspace(
  topology: string,
  service: ResolvedService,
  replica: string,
  ports: readonly UserspacePort[],
): ResolvedService {
  if (!service.userspace) return service;
  const data = { source: cniDirectory(cniContainer(topology, replica)), target: CNI_DATA };
  const binds = [
    { source: SOCKETS, target: SOCKETS },
    ...(service.userspace.configure === 'vppctl' ? [] : [data, { source: HUGEPAGES, target: HUGEPAGES }]),
  ].filter(({ target }) => !service.mounts.some(mount => mount.target === target));
  return {
    ...service,
    mounts: [...service.mounts, ...binds.map(bind => ({ type: 'bind' as const, ...bind, readOnly: false }))],
    // What a VPP was told once can't be taken back from outside: a container whose ports are others is made anew.
    labels: { ...service.labels, 'topo.userspace': base32Hash(JSON.stringify(ports)).slice(0, 12) },
  };
}

const HUGEPAGES = '/dev/hugepages';
