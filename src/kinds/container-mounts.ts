import { posix } from 'node:path';
import { listOf, rowOf, stringsOf, textOf, type Row } from '../tools/index.js';

/** A container's own part and its host's part, of a create call or of what the engine says of it. */
export interface ContainerParts {
  readonly config: Row;
  readonly host: Row;
}

/** By target: what is mounted there, from where, whether it can be written. */
type Mounts = Readonly<Record<string, string>>;

/** The engine names volumes that nobody named by 64 hexadecimal digits. */
const ANONYMOUS = /^[0-9a-f]{64}$/;

/** What is mounted in a container. What it shares with others by `volumes_from` is theirs, and how a bind propagates the engine's own affair where nobody says. */
export function liveMounts(live: Row, asked: ContainerParts): Mounts {
  const shares = stringsOf(asked.host['VolumesFrom']).length > 0;
  const own = new Map(askedMounts(asked).map(m => [m.target, m]));
  const all = listOf(live['Mounts']).map((m): Mount => {
    const target = textOf(m['Destination']);
    const type = textOf(m['Type']);
    const source = type === 'volume' ? textOf(m['Name']) : textOf(m['Source']);
    const propagation = own.get(target)?.propagation && textOf(m['Propagation']);
    return { target, type, source, readOnly: m['RW'] === false, propagation: propagation ?? '' };
  });
  return byTarget(all.filter(({ target }) => !shares || own.has(target)));
}

/** What is asked for, and the image's own volumes where nothing else is. */
export function wantedMounts(asked: ContainerParts, image: Row): Mounts {
  const others = rowOf(asked.host['Tmpfs']);
  const shares = stringsOf(asked.host['VolumesFrom']).length > 0;
  const ofImage = Object.keys(rowOf(image['Volumes']))
    .filter(target => !shares && !(target in others))
    .map((target): Mount => ({ target, type: 'volume', source: '', readOnly: false, propagation: '' }));
  return byTarget([...ofImage, ...askedMounts(asked)]);
}

interface Mount {
  readonly target: string;
  readonly type: string;
  readonly source: string;
  readonly readOnly: boolean;
  /** Empty: nobody says. */
  readonly propagation: string;
}

function askedMounts({ host }: ContainerParts): readonly Mount[] {
  const mounts = listOf(host['Mounts']).map((m): Mount => {
    const propagation = textOf(rowOf(m['BindOptions'])['Propagation']);
    const [target, type, source] = [textOf(m['Target']), textOf(m['Type']), textOf(m['Source'])];
    return { target: posix.normalize(target), type, source, readOnly: m['ReadOnly'] === true, propagation };
  });
  const binds = stringsOf(host['Binds']).map((bind): Mount => {
    const [source = '', target = '', options = ''] = bind.split(':');
    const words = options.split(',');
    const propagation = words.find(word => /^r?(private|shared|slave)$/.test(word)) ?? '';
    return {
      target: posix.normalize(target),
      type: 'bind',
      source,
      readOnly: words.includes('ro'),
      propagation,
    };
  });
  return [...mounts, ...binds];
}

function byTarget(mounts: readonly Mount[]): Mounts {
  return Object.fromEntries(mounts.map(mount => [mount.target, textFor(mount)]));
}

function textFor({ type, source, readOnly, propagation }: Mount): string {
  const isNamed = type === 'bind' || (type === 'volume' && !ANONYMOUS.test(source));
  const place = type === 'bind' ? posix.normalize(source).replace(/(?<=.)\/$/, '') : source;
  return [type, isNamed ? place : '', propagation, readOnly ? 'ro' : 'rw'].filter(Boolean).join(' ');
}
