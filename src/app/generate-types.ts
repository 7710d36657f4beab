/** The shapes that `generate` knows. */
export type Shape = 'ring' | 'mesh' | 'clos' | 'star';

export interface GenerateOptions {
  readonly shape: Shape;
  /** Of the topology (default: the shape's). */
  readonly name?: string;
  /** Each `NAME` (a sandbox), or `NAME=` and a host as in a file. What is made goes to them turn by turn (default: lab1, lab2). */
  readonly hosts?: readonly string[];
  /** What the inner nodes are: containers that forward, or bridges with containers on them (default: router). */
  readonly kind?: 'router' | 'bridge';
  /** Of the routers, or of the containers on bridges (default: a small one that sleeps). */
  readonly image?: string;
  /** Of a ring or mesh, or around the middle of a star. */
  readonly nodes?: number;
  /** Of a clos. */
  readonly spines?: number;
  readonly leaves?: number;
  readonly hostsPerLeaf?: number;
  /** Of the links between routers (default: /31); `none` also of what is on bridges. */
  readonly addresses?: '/31' | '/30' | 'none';
  /** Where they are taken from (default: 10.0.0.0/16). */
  readonly subnet?: string;
}
