import type { Explanation, FieldDifference } from './differences.js';
import { ABSENT, AS_PLAIN } from './fields.js';

/** Why topo makes something in another way than docker compose, where that is meant so. */
export const EXPLANATIONS: readonly Explanation[] = [
  {
    kind: 'container',
    path: /^Config\.Labels\.topo\.(name|id|hash|spec|stack)$/,
    reason: "topo's marks: whose it is, and what it was last asked to be",
  },
  {
    kind: 'container',
    path: /^Config\.Labels\.topo\.build$/,
    reason: 'a label of the image that topo built, which its containers inherit: from what it was made',
  },
  {
    kind: 'network',
    path: /^Labels\.topo\.(name|id|hash|spec|stack)$/,
    reason: "topo's marks, as on containers",
  },
  {
    kind: 'volume',
    path: /^Labels\.topo\.(name|id|hash|spec|stack)$/,
    reason: "topo's marks, as on containers",
  },
  {
    kind: 'container',
    path: /^Config\.Labels\.com\.docker\.compose\.(version|image)$/,
    only: ({ topo }) => topo === AS_PLAIN,
    reason: 'by these docker compose knows what it made itself; topo has marks of its own',
  },
  {
    kind: 'container',
    path: /^Config\.Labels\.com\.docker\.compose\.project\.(working_dir|config_files)$/,
    only: ({ topo }) => topo !== AS_PLAIN,
    reason: 'topo says where the topology file is: that is what the project is made from',
  },
  {
    kind: 'network',
    path: /^Labels\.com\.docker\.compose\.(version|config-hash)$/,
    only: ({ topo }) => topo === AS_PLAIN,
    reason: 'as on containers',
  },
  {
    kind: 'volume',
    path: /^Labels\.com\.docker\.compose\.(version|config-hash)$/,
    only: ({ topo }) => topo === AS_PLAIN,
    reason: 'as on containers',
  },
  {
    kind: 'network',
    path: /^Options\.com\.docker\.network\.(bridge\.name|driver\.mtu)$/,
    only: ({ compose }) => compose === AS_PLAIN,
    reason:
      "topo names the bridge, as the host's rules for a fabric need it, and says the MTU; 1500 is the engine's default",
  },
  {
    kind: 'container',
    path: /^HostConfig\.RestartPolicy\.Name$/,
    only: ({ compose, topo }) => compose === '""' && (topo === AS_PLAIN || topo === '"no"'),
    reason: 'no policy and the policy "no" are one to the engine; topo writes the default',
  },
  {
    kind: 'container',
    path: /^HostConfig\.Cap(Add|Drop)$/,
    only: equalOnce(text => text.replace(/^CAP_/, '')),
    reason: "Docker's own client writes CAP_ before each; the engine takes both",
  },
  {
    kind: 'container',
    path: /^HostConfig\.SecurityOpt$/,
    only: equalOnce(text => text.replace(/^([\w-]+):/, '$1=')),
    reason: 'topo writes the sign that the engine documents; it takes both',
  },
  {
    kind: 'container',
    path: /^HostConfig\.(Binds|Mounts)$/,
    reason:
      'docker compose writes volumes of the short form as binds, topo as mounts; what comes of either is compared as Mounts',
  },
  {
    kind: 'container',
    path: /^Mounts$/,
    only: ({ compose, topo }) => withoutModes(compose) === withoutModes(topo),
    reason: 'the same mounts; the mode is the text of a bind, and a mount has none',
  },
  {
    kind: 'container',
    path: /^Mounts$/,
    only: ({ compose, topo }) =>
      topo === AS_PLAIN && /^\[\{[^{]*"Source":"<directory>\/[\w.]+"[^{]*\}\]$/.test(compose),
    reason:
      'docker compose mounts the files of configs and secrets from its own machine; topo copies them in, for the engine may be on another one',
  },
  {
    kind: 'container',
    path: /^Config\.Env$/,
    only: ({ compose, topo }) => compose === topo.replace('INT=007', 'INT=7'),
    reason: 'docker compose reads a number that begins with 0 as an octal one; topo keeps how it is written',
  },
  {
    kind: 'container',
    path: /^HostConfig\.NetworkMode$/,
    only: ({ compose, topo }) => compose.startsWith('"') && topo.startsWith('"'),
    reason:
      "of several networks docker compose gives the engine the first by the alphabet, topo the first of the file; the default route is the engine's choice in both",
  },
  {
    kind: 'container',
    path: /^NetworkSettings\.Networks\.[^.]+\.Aliases$/,
    only: ({ object, compose, topo }) => without(compose, nameOf(object)) === without(topo, nameOf(object)),
    reason:
      "the container's name is no alias by topo: engines find containers by their names anyway, and so a container can be renamed as it is",
  },
  {
    kind: 'container',
    path: /^(Config\.ExposedPorts|NetworkSettings\.Ports)(\.|$)/,
    reason:
      'docker compose hands exposed ports on as they are written, which the engine takes a range of for port 0; topo says each with its protocol',
  },
  {
    kind: 'container',
    path: /^HostConfig\.(UTSMode|UsernsMode|DeviceCgroupRules)$/,
    only: ({ topo }) => topo === AS_PLAIN,
    reason: 'topo does not act on uts, userns_mode and device_cgroup_rules, and warns of them',
  },
  {
    kind: 'container',
    path: /^(HostConfig\.VolumesFrom|Mounts)$/,
    only: ({ case: name }) => name === '37-volumes-from',
    reason: 'docker compose drops the mode of volumes_from; topo keeps it, and names the container',
  },
  {
    kind: 'network',
    path: /^$/,
    only: ({ compose }) => compose === ABSENT,
    reason: 'topo makes all networks of a file, docker compose those that a service is on',
  },
];

function nameOf(object: string): string {
  return object.split(' ')[1]!;
}

/** A list of texts without one. */
function without(json: string, text: string): string {
  return JSON.stringify((JSON.parse(json) as readonly string[]).filter(item => item !== text));
}

/** Whether two lists of texts are one once each text is written in one way. */
function equalOnce(written: (text: string) => string): (difference: FieldDifference) => boolean {
  const all = (json: string): string =>
    json === AS_PLAIN ? '[]' : JSON.stringify((JSON.parse(json) as readonly string[]).map(written).sort());
  return ({ compose, topo }) => all(compose) === all(topo);
}

function withoutModes(json: string): string {
  return json.replaceAll(/"Mode":"[a-z,]*",/g, '');
}
