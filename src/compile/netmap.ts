import { NETMAP_DEVICE } from '../core/index.js';
import type { HostView, NetmapModule, Resolved, ServiceEnd, ValeDriver } from '../core/index.js';

/**
 * How netmap attaches a device, a wire's by its kind or one of the host by its name: by an adapter of the device driver's own where that
 * has one and `admode` lets it, else by the emulated one. Where `admode` asks for one that is not there the attachment is refused. Undefined where the host did not
 * tell.
 */
export function driverGiven(view: HostView | undefined, device: string): ValeDriver | undefined {
  const module = view?.inventory.vale?.module;
  if (!module) return undefined;
  const kind = view.inventory.links.find(l => l.name === device)?.kind || device;
  const driver = module.drivers[device] ?? kind;
  return module.admode !== 2 && module.holders.includes(driver) ? 'native' : 'generic';
}

/** Whether a service is given what programs of netmap open: these take a port out of the hands of the kernel's own stack. */
export function speaksNetmap({ stacks }: Resolved, { replica }: ServiceEnd): boolean {
  const [stack, name = ''] = replica.split('/');
  const key = name.replace(/#\d+$/, '');
  const service = stacks.find(s => s.name === stack)?.services.find(s => s.key === key);
  return service?.settings.devices?.some(d => d.host === NETMAP_DEVICE.host) === true;
}

/** Bytes of a frame's own header (IEEE 802.3, without a tag): a buffer holds it beside what the MTU counts. */
const HEADER = 14;

/** The largest MTU (bytes) whose frames fit a buffer: the module attaches a little more, and loses large frames without a word (seen). */
export function frameLimit({ bufSize }: NetmapModule): number {
  return bufSize - HEADER;
}
