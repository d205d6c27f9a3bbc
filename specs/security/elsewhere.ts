import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';

const tagged = TEST_MAILBOX.replace('@', '+x@');
const [local = '', domain = ''] = TEST_MAILBOX.split('@');
/** Ways to have a mail go elsewhere as well, or to look like the test mailbox and be none. */
export const ELSEWHERE = [
  `${tagged}, ada@mail.invalid`,
  `${tagged};ada@mail.invalid`,
  `${tagged}\r\nBcc: ada@mail.invalid`,
  `${tagged}%0d%0aBcc:ada@mail.invalid`,
  `${tagged}\nada@mail.invalid`,
  `ada@mail.invalid,<${tagged}>`,
  `ada@mail.invalid<${tagged}>`,
  `${local}@${domain}@mail.invalid`,
  `${local}@mail.invalid#@${domain}`,
  `${local}+(ada@mail.invalid)@${domain}`,
  `${local}@${domain.replace('.', '\u3002')}`,
  `${local}@${domain.replace('l', '\u217c')}`,
  `${local}@\uff47mail.com`,
  `${local.replace('s', '\u017f')}@${domain}`,
  `${local}\u0000@${domain}`,
  `${local}\u200b@${domain}`,
  `\u202e${local}@${domain}`,
  `@mail.invalid:${tagged}`,
  `..${local}@${domain}`,
];

/** Well-formed addresses of other people, as close to the test mailbox as can be. */
export const LOOK_ALIKES = [
  `${local}+x@${domain}.mail.invalid`,
  `x${local}@${domain}`,
  `${local}x@${domain}`,
  `${local}@x.${domain}`,
  `${local}@${domain.replace('.', '-x.')}`,
  `${local}-x@${domain}`,
  `+${tagged}`,
  `${local.replace('o', '0')}@${domain}`,
  `mail.invalid+${local}@${domain}`,
];

/** One reader, with a name before the address: fine for Resend, and one more lead a name where a form takes it for an address. */
export const NAMED = [`Ada<${tagged}>`, `"ada@mail.invalid"<${tagged}>`];
