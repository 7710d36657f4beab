#!/usr/bin/env node
import module from 'node:module';

// Node 22 keeps compiled code between runs; Node 20 has no such thing.
module.enableCompileCache?.();
const { execute } = await import('@oclif/core/execute');
await execute({ dir: import.meta.url });
