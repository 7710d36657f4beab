import type { Commands } from '../cli.js';
import { refuse } from '../cli.js';
import { anything } from '../input.js';

/** Commands about the command line itself. */
export const wordCommands: Commands = {
  echo: ({ input, say }) => say(unbraced(input.line().rest())),
  comment: ({ input }) => void input.line(),
  // What is defined ends with the session, and macros are expanded before anything is defined.
  define: ({ input }) => void input.line(),
  undefine: ({ input, say }) => {
    const name = input.read(anything) ?? refuse('undefine without a name');
    say(`${name} wasn't set...`);
  },
  'show macro': () => undefined,
  'show terminal': ({ say }) =>
    say(
      'Terminal name:   unix-cli-local:0',
      'Terminal node:   unix-cli-process-0',
      'Terminal mode:   line-by-line',
      'Terminal width:  80',
      'Terminal height: 24',
      'ANSI capable:    no',
      'Interactive:     no',
      'History enabled: no',
      'Pager enabled:   no',
      'CRLF mode:       CR+LF',
    ),
};

const unbraced = (text: string): string => /^\{([^{}]*)\}$/.exec(text)?.[1] ?? text;
