/**
 * The only mailbox this project writes to: every lead's address is this one with a tag. No variable can change it, so no
 * run can be pointed at somebody else.
 */
export const TEST_MAILBOX = 'lengobaosang@gmail.com';
