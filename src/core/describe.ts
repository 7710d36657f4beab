import type { Argument, Step } from './call.js';
import { quoteArgv } from './quote.js';

/**
 * A step as one line for people and for JSON. Never what may be secret: the stdin of a command, the content of a
 * file and the body of an Engine API call are left out.
 */
export function describeStep(step: Step): string {
  switch (step.via) {
    case 'exec':
      return `${step.netns ? `nsenter --net=<${step.netns.container}> ` : ''}${quoteArgv(step.argv)}${step.stdin === undefined ? '' : ' < …'}`;
    case 'script':
      return `${[quoteArgv([step.name]), ...step.args.map(argument)].join(' ')}${step.stdin === undefined ? '' : ' < …'}`;
    case 'docker':
      return `${step.method} ${step.path}`;
    case 'file':
      return `write ${step.path} (mode ${step.mode.toString(8).padStart(4, '0')})`;
    case 'copy':
      return `copy ${step.files.map(f => f.path).join(', ')} into ${step.container}`;
    case 'build':
      return `build ${step.reference}`;
    case 'stream':
      return quoteArgv([step.name, ...step.args]);
  }
}

function argument(value: Argument): string {
  return typeof value === 'string' ? quoteArgv([value]) : `<namespace of ${value.container}>`;
}
