import type { NetnsRef, Step } from '../core/index.js';

/** Turns checksums by the device off, and with them its large segments: what leaves it is frames as they go over a wire. */
export function plainFrames(device: string, netns?: NetnsRef): Step {
  const argv = ['ethtool', '-K', device, 'tx', 'off'];
  return { via: 'exec', argv, ...(netns && { netns }), mutates: true, label: `no offloads on ${device}` };
}
