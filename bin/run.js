#!/usr/bin/env node
import module from 'node:module';

// Node 22 keeps compiled code between runs; Node 20 has no such thing.
module.enableCompileCache?.();
const { start } = await import('../dist/commands/shared/start.js');
await start(import.meta.url);
