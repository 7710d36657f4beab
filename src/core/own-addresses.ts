import type { DocPath } from './diagnostic.js';
import type { HostName } from './names.js';
import type { SwitchDeclaration } from './switch-declaration.js';

/** An address that a switch has itself, and where the file says it; `n`: which of the values there. */
export interface OwnAddress {
  readonly host: HostName;
  readonly address: string;
  readonly path: DocPath;
  readonly n: number;
}

/** The addresses of a host on a bridge, or of VPP in its domain on each host, with or without lengths. */
export function ownAddresses(name: string, declared: SwitchDeclaration): readonly OwnAddress[] {
  switch (declared.kind) {
    case 'bridge': {
      const path = ['switches', name, 'address'];
      return declared.addresses.map((address, n) => ({ host: declared.host, address, path, n }));
    }
    case 'vpp':
      return declared.hosts.flatMap(({ host, bvi, path }) =>
        bvi.map((address, n) => ({ host, address, path: [...path, 'bvi'], n })),
      );
    case 'segment':
    case 'vale':
    case 'vde':
    case 'vxlan':
      return [];
  }
}
