/** What of a text that is no published port is wrong; the form as a whole where that can't be said. */
export function portHint(text: string): string {
  const [ports = '', protocol] = text.split('/');
  if (protocol !== undefined && !['tcp', 'udp', 'sctp'].includes(protocol))
    return `"${protocol}" is no protocol: tcp, udp or sctp`;
  const [container = '', host = '', ...address] = splitEnds(ports);
  const wrong = [host, container].map(rangeTrouble).find(trouble => trouble !== undefined);
  if (wrong !== undefined) return wrong;
  const [hosts, containers] = [count(host), count(container)];
  if (hosts > 0 && hosts !== containers)
    return `${host} ${are(hosts)}, and ${container} ${are(containers)}: both sides have the same number, or the container's has one`;
  if (address.length > 0) return `"${address.reverse().join(':')}" is no address`;
  return 'such as "8080:80" or "53:53/udp"; ports are 1 to 65535';
}

/** The parts between colons, the last first; an IPv6 address in brackets is one part. */
function splitEnds(text: string): readonly string[] {
  return (text.match(/\[[^\]]*\]|[^:]+|(?<=:)(?=:)/g) ?? []).reverse();
}

function rangeTrouble(range: string): string | undefined {
  const [from = '', to = from] = range.split('-');
  for (const port of range === '' ? [] : [from, to]) {
    if (!/^\d+$/.test(port)) return `"${port}" is no port number`;
    if (Number(port) < 1 || Number(port) > 65535) return `${port} is no port: they are 1 to 65535`;
  }
  return Number(to) < Number(from) ? `${range} runs backwards` : undefined;
}

function count(range: string): number {
  const [from = '', to = from] = range.split('-');
  return range === '' ? 0 : Number(to) - Number(from) + 1;
}

function are(ports: number): string {
  return ports === 1 ? 'is one port' : `are ${ports} ports`;
}
